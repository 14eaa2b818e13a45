using Hypatia.Cpu;
using Hypatia.Devices;

namespace Hypatia.Tests;

/// <summary>Functions that are called with ever different batch sizes.</summary>
public class FlexibleLengthTests
{
    private static readonly int[] BatchSizes = [200, 31, 97, 64, 1, 150, 199, 200, 333, 7, 128, 129, 640, 5, 1000, 2, 63];

    [Theory]
    [InlineData(3, "float64")]
    [InlineData(40, "float64")]
    [InlineData(100, "float32")]
    public void A_training_step_takes_any_batch(int hidden, string dtype)
    {
        Function flexible = Step(hidden, dtype, new CpuDevice());
        Function interpreted = Step(hidden, dtype, new ReferenceDevice());
        var random = new System.Random(1);
        foreach (int rows in BatchSizes)
        {
            NDArray x = NDArray.Wrap(Enumerable.Range(0, 2 * rows).Select(_ => random.NextDouble() - 0.5).ToArray(), rows, 2).Cast(DTypes.Parse(dtype));
            long[] y = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt64(2))];
            Results actual = flexible.Call(x, y);
            Results expected = interpreted.Call(x, y);
            Assert.Equal(new Shape(rows, 2), actual[1].Shape);
            for (int k = 0; k < expected.Count; k++)
            {
                for (int i = 0; i < expected[k].Count; i++)
                {
                    double value = expected[k].Scalar(i).AsDouble;
                    Assert.Equal(value, actual[k].Scalar(i).AsDouble, (dtype == "float64" ? 1e-12 : 1e-5) * (1 + Math.Abs(value)));
                }
            }
        }

        Assert.Equal(3, flexible.Plans.Count());        // for 200, up to 400, up to 1280
    }

    [Theory]
    [InlineData("wide layers")]
    [InlineData("a layer as wide as a capacity")]
    [InlineData("softmax")]
    [InlineData("normalized rows")]
    [InlineData("normalized columns")]
    [InlineData("covariance")]
    [InlineData("rows by index")]
    [InlineData("batch of products")]
    [InlineData("sequences")]
    [InlineData("largest")]
    [InlineData("long vectors")]
    public void A_plan_for_any_length_computes_what_one_for_a_length_does(string program)
    {
        Function flexible = Make(program);
        foreach (int n in (int[])[200, 64, 199, 7, 640, 1])
        {
            Argument x = Values(n, program);
            Results expected = Make(program).Call(x), actual = flexible.Call(x);
            for (int k = 0; k < expected.Count; k++)
            {
                Assert.Equal(expected[k].Shape, actual[k].Shape);
                double largest = Enumerable.Range(0, (int)expected[k].Count).Max(i => Math.Abs(expected[k].Scalar(i).AsDouble));
                for (int i = 0; i < expected[k].Count; i++)
                {
                    Assert.Equal(expected[k].Scalar(i).AsDouble, actual[k].Scalar(i).AsDouble, 1e-5 * largest);
                }
            }
        }

        Assert.InRange(flexible.Plans.Count(), 2, 3);

        static NDArray Drawn(int seed, params long[] shape)
        {
            var random = new System.Random(seed);
            return NDArray.Wrap(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f).ToArray(), shape);
        }

        static Argument Values(int n, string program) => program switch
        {
            "batch of products" or "sequences" => Drawn(n, n, 20, 30),
            "long vectors" => Drawn(n, 300 * n),
            "rows by index" => NDArray.Wrap(Enumerable.Range(0, n).Select(i => i * 7L % 12).ToArray(), n),
            _ => Drawn(n, n, 200),
        };

        static Function Make(string program)
        {
            Expr x = program switch
            {
                "batch of products" or "sequences" => T.Tensor(DType.Float32, Shape.UnknownOf(3), "x"),
                "long vectors" => T.FVector("x"),
                "rows by index" => T.LVector("x"),
                _ => T.FMatrix("x"),
            };
            Shared w = T.Shared(Drawn(1, 200, 300), "w"), v = T.Shared(Drawn(2, 300, 5), "v"), table = T.Shared(Drawn(3, 12, 40), "table");
            Shared each = T.Shared(Drawn(4, 30, 25), "each");
            Expr hidden = NNet.Relu(x.Rank == 2 ? x.Dot(w) : w);
            Expr loss = -T.Mean(T.Log(NNet.Softmax(hidden.Dot(v))[.., 0]));
            return program switch
            {
                "a layer as wide as a capacity" => T.Function([x], NNet.Relu(x.Dot(T.Shared(Drawn(5, 200, 521), "u")))),
                "wide layers" => T.Function([x], [loss, hidden, .. T.Grad(loss, [w, v])]),
                "softmax" => T.Function([x], [NNet.Softmax(x), T.Argmax(x, 1), T.Std(x, 1)]),
                "normalized rows" => T.Function([x], (x - x.Mean(1, keepDims: true)) / T.Std(x, 1, keepDims: true)),
                "normalized columns" => T.Function([x], (x - x.Mean(0)) / T.Sqrt(T.Var(x, 0) + 1e-3f)),
                "covariance" => T.Function([x], x.Transpose().Dot(x)),
                "rows by index" => T.Function([x], [table[x], T.Grad(T.Sum(T.Sqr(table[x])), table)]),
                "batch of products" => T.Function([x], x.Dot(each)),
                "sequences" => Sequences(x, each),
                "largest" => T.Function([x], [T.Max(x), T.Min(x, 0), T.Max(x, 1)]),
                _ => T.Function([x], [T.Sum(T.Sqr(x)), x / T.Norm(x)]),
            };
        }
    }

    private static Function Sequences(Expr x, Shared each)
    {
        Expr h = T.Tanh(x.Dot(each)), centered = h - h.Mean(2, keepDims: true);
        Expr loss = T.Sqr(centered).Mean();
        return T.Function([x], [loss, h, h.Reshape(-1, 25), h.Reshape(-1), x.Reshape(-1, 30), T.Grad(loss, each)]);
    }

    [Fact]
    public void A_mean_over_rows_is_taken_of_the_rows_that_are_there()
    {
        Expr x = T.Matrix("x");
        Function f = T.Function([x], [x.Mean(0), x.Sum(1), T.Max(x), x - x.Mean(0, keepDims: true)]);
        foreach (int rows in BatchSizes)
        {
            double[,] data = new double[rows, 3];
            for (int i = 0; i < rows; i++)
            {
                (data[i, 0], data[i, 1], data[i, 2]) = (i, -2 * i, 1);
            }

            Results r = f.Call(data);
            Assert.Equal([(rows - 1) / 2.0, 1.0 - rows, 1], r[0].ToArray<double>());
            Assert.Equal(Enumerable.Range(0, rows).Select(i => 1.0 - i), r[1].ToArray<double>());
            Assert.Equal(Math.Max(1, rows - 1), (double)r[2]);
            Assert.Equal(rows * 3, r[3].Count);
        }

        Assert.Equal(3, f.Plans.Count());
    }

    [Fact]
    public void The_length_itself_is_a_result()
    {
        Expr x = T.Vector("x");
        Function f = T.Function([x], [x.Sum(), x.Size, x.Shape[0] + 1, x * 2]);
        foreach (int count in BatchSizes)
        {
            Results r = f.Call(Enumerable.Repeat(1.0, count).ToArray());
            Assert.Equal([count, count, count + 1], [(double)r[0], (long)r[1], (long)r[2]]);
            Assert.Equal(count, r[3].Count);
        }

        Assert.Equal(3, f.Plans.Count());
    }

    [Fact]
    public void What_needs_to_know_the_length_gets_a_plan_for_each()
    {
        Expr x = T.Vector("x");
        Function f = T.Function([x], [x[T.Slice(null, null, -1)], T.Concatenate([x, x])]);
        for (int n = 1; n < 9; n++)
        {
            double[] data = [.. Enumerable.Range(0, n).Select(i => (double)i)];
            Results r = f.Call(data);
            Assert.Equal(data.Reverse(), r[0].ToArray<double>());
            Assert.Equal([.. data, .. data], r[1].ToArray<double>());
        }

        Assert.Equal(8, f.Plans.Count());
    }

    [Fact]
    public void The_first_batch_size_keeps_its_plan()
    {
        Expr x = T.Vector("x");
        Function f = T.Function([x], T.Sum(x * 0.1));
        double Sum(int n) => (double)f.Call(Enumerable.Range(0, n).Select(i => i * 0.3).ToArray()).Single;
        double first = Sum(1000);
        double[] others = [.. Enumerable.Range(900, 50).Select(Sum)];
        Assert.Equal(2, f.Plans.Count());
        Assert.Equal(first, Sum(1000));
        Assert.Equal(others, Enumerable.Range(900, 50).Select(Sum));
        Assert.Equal(2, f.Plans.Count());
    }

    [Fact]
    public void A_bad_label_is_found_in_any_batch()
    {
        Function step = Step(3, "float64", new CpuDevice());
        foreach (int rows in BatchSizes)
        {
            double[,] x = new double[rows, 2];
            long[] y = new long[rows];
            step.Call(x, y);
            y[rows / 2] = 2;
            IndexException e = Assert.Throws<IndexException>(() => step.Call(x, y));
            Assert.Contains($"position ({rows / 2},)", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Calls_with_ever_different_lengths_allocate_nothing()
    {
        Expr x = T.Matrix("x");
        Shared w = T.Shared(new double[2, 3], "w");
        Expr y = T.Tanh(x.Dot(w));
        var rows = Enumerable.Range(40, 20).Select(n => (X: NDArray.Zeros(DType.Float64, [n, 2]), Y: NDArray.Zeros(DType.Float64, [n, 3]))).ToArray();
        var call = T.Function([x], y, updates: [(w, w + T.Grad(T.Sum(y), w))]).As<Action<NDArray, NDArray>>();
        long before = 0;
        for (int k = 0; k < 200; k++)
        {
            before = k == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            call(rows[k % 20].X, rows[k % 20].Y);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Elements_of_vectors_of_any_length()
    {
        Expr x = T.Vector("x");
        Expr y = T.Vector("y");
        Function f = T.Function([x, y], [(x * y) + 1, T.Sum(x * y)]);
        foreach (int n in (int[])[.. BatchSizes, 100_000, 70_001])
        {
            double[] data = [.. Enumerable.Range(0, n).Select(i => (double)(i % 7))];
            Results r = f.Call(data, data);
            Assert.Equal(data.Select(v => (v * v) + 1), r[0].ToArray<double>());
            Assert.Equal(data.Sum(v => v * v), (double)r[1]);
        }
    }

    private static Function Step(int hidden, string dtype, Device device)
    {
        var random = new System.Random(hidden);
        DType type = DTypes.Parse(dtype);
        Shared Draw(string name, params long[] shape) => T.Shared(NDArray.Wrap(
            Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextDouble() - 0.5).ToArray(), shape).Cast(type), name);
        using (Options.Use(new Options { CustomDevice = device }))
        {
            Expr x = T.Tensor(type, Shape.UnknownOf(2), "x");
            Expr y = T.LVector("y");
            Shared[] p = [Draw("w1", 2, hidden), Draw("b1", hidden), Draw("w2", hidden, 2), Draw("b2", 2)];
            Expr z = T.Tanh(x.Dot(p[0]) + p[1]).Dot(p[2]) + p[3];
            Expr loss = NNet.CategoricalCrossentropy(NNet.Softmax(z), y).Mean() + (0.01 * T.Sum(T.Sqr(p[0])));
            Expr[] gradients = T.Grad(loss, p);
            return T.Function([x, y], [loss, z, .. gradients], updates: [.. p.Zip(gradients, (w, g) => (w, (Expr)(w - (0.1 * g))))]);
        }
    }
}
