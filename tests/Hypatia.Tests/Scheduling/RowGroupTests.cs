using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Random;
using Hypatia.Scheduling;

namespace Hypatia.Tests.Scheduling;

public class RowGroupTests
{
    public static TheoryData<int, int, string> Networks => new()
    {
        { 200, 3, "float64" }, { 37, 3, "float64" }, { 8, 3, "float64" }, { 97, 100, "float64" }, { 200, 100, "float64" },
        { 61, 130, "float32" }, { 128, 257, "float32" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_s_gradients_are_those_of_the_plain_program(int rows, int hidden, string dtype)
    {
        NDArray[] expected = Gradients(rows, hidden, dtype, new Options { Rewrite = false, CustomDevice = new ReferenceDevice() });
        NDArray[] actual = Gradients(rows, hidden, dtype, new Options { CustomDevice = new CpuDevice() });
        double tolerance = dtype == "float64" ? 1e-12 : 2e-5;
        for (int k = 0; k < expected.Length; k++)
        {
            double scale = Enumerable.Range(0, (int)expected[k].Count).Max(i => Math.Abs(expected[k].Scalar(i).AsDouble));
            for (int i = 0; i < expected[k].Count; i++)
            {
                Assert.Equal(expected[k].Scalar(i).AsDouble, actual[k].Scalar(i).AsDouble, tolerance * scale);
            }
        }
    }

    [Fact]
    public void A_large_network_keeps_its_intermediates_in_cache()
    {
        Function step = Network(512, 257, "float32", new Options { CustomDevice = new CpuDevice() }, out object[] values);
        step.Call([.. values.Select(value => new Argument(value))]);
        string schedule = step.Plans.Single().Schedule.ToString();
        Assert.Contains("Tiles", schedule, StringComparison.Ordinal);
        Assert.Contains("rows of 257: Tanh (stored), MatMul (stored)", schedule, StringComparison.Ordinal);
        Assert.Matches("columns of 257: Mul.*, PartialSum{MatMul, chunks=4}, PartialSum{MatMul, chunks=4}, PartialSum", schedule);
        Assert.True(step.Plans.Single().ArenaBytes < 512 * 257, "No temporary is as large as the hidden layer.");
    }

    [Fact]
    public void A_small_network_is_one_loop_over_its_rows()
    {
        Function step = Network(200, 3, "float64", new Options { CustomDevice = new CpuDevice() }, out object[] values);
        step.Call([.. values.Select(value => new Argument(value))]);
        Assert.Single(step.Plans.Single().Steps);
        string schedule = step.Plans.Single().Schedule.ToString();
        Assert.Contains("Tiles of 200 rows of 200", schedule, StringComparison.Ordinal);
        Assert.Contains("stage 0, narrow", schedule, StringComparison.Ordinal);
        Assert.DoesNotMatch("stage \\d, (rows|columns)", schedule);
    }

    [Fact]
    public void Sums_over_rows_stay_in_their_group_when_they_are_split_into_chunks()
    {
        const int width = 64;
        Expr x = T.Matrix("x");
        Expr y = x;
        Shared[] weights = [.. Enumerable.Range(0, 3).Select(k => T.Shared(new double[width, width], $"W{k}"))];
        foreach (Shared w in weights)
        {
            y = T.Tanh(y.Dot(w));
        }

        Function step = T.Function([x], T.Grad(T.Sum(T.Sqr(y)), weights));
        step.Call(new double[256, width]);
        Schedule schedule = step.Plans.Single().Schedule;
        Assert.Contains(schedule.Groups, group => group.Members.Any(x => x.Op is PartialSum));
        Assert.All(schedule.Groups, group => Assert.Equal(group.Kind == GroupKind.Tiles, group.Tiles is not null));
    }

    [Fact]
    public void Data_that_two_products_read_is_read_once()
    {
        var random = new RandomState(3);
        Shared x = T.Shared(NDArray.Wrap(random.Randn(400 * 200), [400, 200])), y = T.Shared(random.RandomSample(400));
        Shared w = T.Shared(random.Uniform(-0.1, 0.1, 200));
        Expr p = 1 / (1 + T.Exp(-x.Dot(w)));
        Expr cost = (-(y * T.Log(p)) - (1 - y) * T.Log(1 - p)).Mean();
        Function Gradient(Options options)
        {
            using IDisposable scope = Options.Use(options);
            return T.Function([], [T.Grad(cost, w)]);
        }

        Function fused = Gradient(new Options { CustomDevice = new CpuDevice() });
        double[] actual = fused.Call()[0].ToArray<double>();
        double[] expected = Gradient(new Options { Rewrite = false, CustomDevice = new ReferenceDevice() }).Call()[0].ToArray<double>();
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], actual[k], 1e-12);
        }

        Assert.StartsWith("0: Tiles of ", fused.Plans.Single().Schedule.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Contract", fused.Plans.Single().Schedule.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, 100)]
    [InlineData(613, 300)]
    public void The_bits_are_the_same_for_any_number_of_threads(int rows, int hidden)
    {
        NDArray[][] results = [.. new[] { 1, 2, 4, 8 }.Select(threads => Gradients(
            rows, hidden, "float32", new Options { CustomDevice = new CpuDevice(new CpuOptions { Threads = threads }) }))];
        foreach (NDArray[] other in results.Skip(1))
        {
            for (int k = 0; k < other.Length; k++)
            {
                Assert.Equal(results[0][k].ToArray<float>(), other[k].ToArray<float>());
            }
        }
    }

    private static NDArray[] Gradients(int rows, int hidden, string dtype, Options options)
    {
        Function function = Network(rows, hidden, dtype, options, out object[] values);
        return [.. function.Call([.. values.Select(value => new Argument(value))])];
    }

    private static Function Network(int rows, int hidden, string dtype, Options options, out object[] values)
    {
        var random = new RandomState(rows + hidden);
        DType type = DTypes.Parse(dtype);
        NDArray Draw(params long[] shape) =>
            NDArray.Wrap(random.Randn((int)shape.Aggregate(1L, (a, b) => a * b)), shape).Cast(type);
        values = [Draw(rows, 2), random.RandInt(0, 2, rows), Draw(2, hidden), Draw(hidden), Draw(hidden, 2), Draw(2)];
        using (Options.Use(options))
        {
            Expr x = T.Tensor(type, Shape.UnknownOf(2), "x");
            Expr y = T.LVector("y");
            Expr w1 = T.Tensor(type, Shape.UnknownOf(2), "w1");
            Expr b1 = T.Tensor(type, Shape.UnknownOf(1), "b1");
            Expr w2 = T.Tensor(type, Shape.UnknownOf(2), "w2");
            Expr b2 = T.Tensor(type, Shape.UnknownOf(1), "b2");
            Expr p = NNet.Softmax(T.Tanh(x.Dot(w1) + b1).Dot(w2) + b2);
            Expr loss = NNet.CategoricalCrossentropy(p, y).Mean() + (0.01 * T.Sum(T.Sqr(w1)));
            return T.Function([x, y, w1, b1, w2, b2], [loss, .. T.Grad(loss, [w1, b1, w2, b2])]);
        }
    }

    // Threads share chunks: a tile of all rows would be summed up in each of them.
    [Fact]
    public void A_tile_has_no_more_rows_than_a_chunk()
    {
        Expr x = T.Constant(new double[1000, 3]);
        Expr finished = PartialSum.Finished(Expr.Make(new Sum([0]), x), 5);
        Expr partial = Traversal.Sort([finished]).Single(node => node.Op is PartialSum);
        var plan = new TilePlan([partial], [partial], new HashSet<Expr> { partial }, anyRows: false, isShared: true);
        Assert.InRange(plan.TileRows, 1, 200);
    }

    // Of a few tiles, each of eight chunks has as many: else some threads would wait for others.
    [Theory]
    [InlineData(2643, 112)]
    [InlineData(1000, 128)]
    [InlineData(512, 128)]
    [InlineData(380, 96)]
    [InlineData(100, 100)]
    [InlineData(5000, 128)]
    public void Chunks_have_as_many_tiles_as_each_other(int rows, long expected)
    {
        Expr x = T.Constant(new double[rows, 16]);
        Expr y = T.Exp(x);
        Expr[] members = [y, T.Sum(y, axis: 1)];
        var plan = new TilePlan(members, members, new HashSet<Expr>(members), anyRows: false, isShared: true);
        Assert.Equal(expected, plan.TileRows);
        long tiles = (rows + expected - 1) / expected;
        Assert.True(tiles >= 64 || tiles % RowTiles.ChunksFor(plan) == 0);
    }

    // However little code fits into a group, and whether or not that pays: partial sums have no other loops.
    [Fact]
    public void Every_partial_sum_is_in_tiles()
    {
        Expr x = T.Constant(new double[1000, 3]);
        Expr a = T.Exp(x), b = T.Exp(a * 2);
        Expr finished = PartialSum.Finished(Expr.Make(new Sum([0]), b), 5);
        Expr partial = Traversal.Sort([finished]).Single(node => node.Op is PartialSum);
        Group[] groups = [new(GroupKind.Map, [a]), new(GroupKind.Map, [b]), new(GroupKind.Tiles, [partial])];
        IReadOnlyList<Group> formed = RowTiles.Form(groups, [partial], new HashSet<Expr> { a, b, partial }, TileForm.ToSaveMemory, anyRows: false, mostCode: 1);
        Assert.NotNull(formed.Single(group => group.Members.Contains(partial)).Tiles);
    }
}
