using Hypatia.Cpu;

namespace Hypatia.Tests.Scheduling;

/// <summary>Several reductions of the columns of one array, which is read once for all of them.</summary>
public class JointReductionTests
{
    public static TheoryData<long[], int[]> Shapes => new()
    {
        { [300, 200], [0] }, { [5000, 37], [0] }, { [40001, 3], [0] }, { [3, 40000], [0] }, { [700, 5001], [0] }, { [20, 30], [0] },
        { [17, 65, 67], [1] }, { [40, 33, 50], [0, 1] }, { [50, 3, 70, 5], [0, 2] }, { [0, 7], [0] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sums_of_columns_are_those_of_each_alone(long[] lengths, int[] over)
    {
        Shape shape = [.. lengths];
        Axes axes = [.. over];
        NDArray x = Draw(shape, 1), y = Draw(shape, 2);
        Func<Expr, Expr, Expr>[] sums =
        [
            (a, _) => T.Sum(a, axes), (a, b) => T.Sum(a * b, axes), (a, _) => T.Sum(T.Sqr(a) + 1, axes),
            (_, b) => T.Any(T.Gt(b, 1.9f), axes), (a, b) => T.Sum(T.Cast(T.Gt(a, b), DType.Int64), axes), (_, b) => T.Sum(b, axes),
        ];
        foreach (CpuOptions options in (ReadOnlySpan<CpuOptions>)[new(1, 512), new(2, 256), new(8, 512), new(2, 128), new(1, 0)])
        {
            using (Options.Use(new Options { CustomDevice = new CpuDevice(options) }))
            {
                (Expr a, Expr b) = (T.Tensor(DType.Float32, Shape.UnknownOf(shape.Rank), "a"), T.Tensor(DType.Float32, Shape.UnknownOf(shape.Rank), "b"));
                Results together = T.Function([a, b], [.. sums.Select(sum => sum(a, b))]).Call(x, y);
                for (int k = 0; k < sums.Length; k++)
                {
                    NDArray alone = T.Function([a, b], sums[k](a, b), onUnusedInput: OnUnusedInput.Ignore).Call(x, y)[0];
                    Assert.Equal(alone.Shape, together[k].Shape);
                    double terms = shape.Count / Math.Max(1.0, alone.Count);
                    for (int i = 0; i < alone.Count; i++)
                    {
                        Assert.Equal(alone.Scalar(i).AsDouble, together[k].Scalar(i).AsDouble, 1e-6 * terms);      // terms up to 5
                    }
                }
            }
        }
    }

    [Fact]
    public void They_are_one_loop_unless_one_needs_the_other()
    {
        Assert.Equal([2], Reductions([30000, 100], a => [T.Sum(a, 0), T.Sum(T.Sqr(a), 0)]));
        Assert.Equal([4, 1], Reductions([30000, 100], a => [.. Enumerable.Range(0, 5).Select(k => T.Sum(T.Sqr(a - (float)k), 0))]));
        Assert.Equal([1, 1], Reductions([30000, 100], a => [T.Sum(T.Sin(a - T.Sum(a, 0)), 0)]));
    }

    // Of 1 MB and more. A first row like no other, a far mean, columns that are constant, and not numbers.
    [Theory]
    [InlineData(4096, 128)]
    [InlineData(3001, 100)]
    [InlineData(20011, 64)]
    public void Variances_are_right_in_one_pass(int rows, int columns)
    {
        var random = new System.Random(rows);
        float[] data = [.. Enumerable.Range(0, rows * columns).Select(i => (float)((i % columns) switch
        {
            0 => random.NextDouble(),
            1 => 1e4 + Math.Round(random.NextDouble() * 16),
            2 => i < columns ? 1e6 : random.NextDouble(),
            3 => i < columns ? -3e18 : 1 + random.NextDouble(),
            4 => 0.1,
            5 => 1e-15 * random.NextDouble(),
            6 => i == 500 * columns + 6 ? double.NaN : random.NextDouble(),
            7 => i == 500 * columns + 7 ? double.PositiveInfinity : random.NextDouble(),
            8 => i < columns ? double.PositiveInfinity : random.NextDouble(),
            _ => (random.NextDouble() * 6) - 1,
        }))];
        NDArray x = NDArray.Wrap(data, rows, columns);
        float[][] results = [.. new[] { 1, 2, 8 }.Select(threads =>
        {
            using (Options.Use(new Options { CustomDevice = new CpuDevice(new CpuOptions { Threads = threads }) }))
            {
                Expr a = T.FMatrix("a");
                Function f = T.Function([a], [T.Mean(a, 0), T.Var(a, 0), T.Std(a, 0, ddof: 1)]);
                Results r = f.Call(x);
                Assert.Equal(3, f.Plans.Single().Schedule.Groups.Single(group => group.Outputs.Any(IsOfColumns)).Outputs.Count);
                return (float[])[.. r[1].ToArray<float>(), .. r[2].ToArray<float>(), .. r[0].ToArray<float>()];
            }
        })];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
        for (int j = 0; j < columns; j++)
        {
            double[] column = [.. Enumerable.Range(0, rows).Select(i => (double)data[(i * columns) + j])];
            double mean = column.Average(), squares = column.Sum(v => Math.Pow(v - mean, 2));
            Close(squares / rows, results[0][j], j);
            Close(Math.Sqrt(squares / (rows - 1)), results[0][columns + j], j);
            Close(mean, results[0][(2 * columns) + j], j);
        }
    }

    [Theory]
    [InlineData(new[] { 0, 1 })]
    [InlineData(new[] { 0, 2 })]
    [InlineData(new[] { 0, 1, 2 })]
    public void Variances_over_several_axes_are_right_in_one_pass(int[] over)
    {
        NDArray x = Draw([300, 20, 60], 5);
        Expr a = T.Tensor(DType.Float32, Shape.UnknownOf(3), "a");
        Function f = T.Function([a], [T.Var(a, [.. over]), T.Sum(T.Sqr(a - T.Max(a, [.. over], keepDims: true)), [.. over])]);
        Results r = f.Call(x);
        double[] wide = [.. x.ToArray<float>().Select(v => (double)v)];
        Expr d = T.Tensor(DType.Float64, Shape.UnknownOf(3), "d");
        Results expected = T.Function([d], [T.Var(d, [.. over]), T.Sum(T.Sqr(d - T.Max(d, [.. over], keepDims: true)), [.. over])])
            .Call(NDArray.Wrap(wide, 300, 20, 60));
        for (int k = 0; k < 2; k++)
        {
            for (int i = 0; i < r[k].Count; i++)
            {
                Close(expected[k].Scalar(i).AsDouble, r[k].Scalar(i).AsDouble, i);
            }
        }
    }

    private static void Close(double expected, double actual, int column)
    {
        bool isClose = double.IsNaN(expected) ? double.IsNaN(actual)
            : double.IsInfinity((float)expected) || expected == 0 ? (float)expected == actual
            : Math.Abs(actual / expected - 1) < 1.5e-7;
        Assert.True(isClose, $"column {column}: {actual}, not {expected}");
    }

    private static int[] Reductions(Shape shape, Func<Expr, Expr[]> program)
    {
        using (Options.Use(new Options { CustomDevice = new CpuDevice(new CpuOptions { Threads = 1 }) }))
        {
            Expr a = T.FMatrix("a");
            Function f = T.Function([a], program(a));
            f.Call(Draw(shape, 1));
            return [.. f.Plans.Single().Schedule.Groups.Select(group => group.Outputs.Count(IsOfColumns)).Where(n => n > 0)];
        }
    }

    private static bool IsOfColumns(Expr x) => x.Op is Reduction or PartialReduction && x.Inputs[0].Type.Shape[0] > 1000;

    private static NDArray Draw(Shape shape, int seed)
    {
        var random = new System.Random(seed);
        return NDArray.Wrap(Enumerable.Range(0, (int)shape.Count).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray(), [.. shape]);
    }
}
