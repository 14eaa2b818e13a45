using Hypatia.Cpu;
using Hypatia.Devices;

namespace Hypatia.Tests.Scheduling;

/// <summary>
/// Programs that reduce, over shapes and axes drawn at random and some chosen by size, against formulas in double on
/// each line; and the same bits for any number of threads.
/// </summary>
public class ReductionTests
{
    /// <summary>A program over x and some axes; what it gives for the elements of one line: one value, or one for each.</summary>
    private sealed record Case(string Name, Func<Expr, Axes, Expr> Program, Func<double[], double[]> Line);

    private static readonly Case[] Cases =
    [
        new("sum", (x, axes) => T.Sum(x, axes), line => [line.Sum()]),
        new("mean of squares", (x, axes) => T.Mean(T.Sqr(x), axes), line => [line.Sum(v => v * v) / line.Length]),
        new("variance", (x, axes) => T.Var(x, axes), line => [Variance(line)]),
        new("maximum", (x, axes) => T.Max(x, axes), line => [line.Max()]),
        new("range", (x, axes) => T.Ptp(x, axes), line => [line.Max() - line.Min()]),
        new("product", (x, axes) => T.Prod(T.Switch(T.Gt(x, 1.99f), 1.5f, 1), axes), line => [Math.Pow(1.5, line.Count(v => v > 1.99f))]),
        new("count", (x, axes) => T.Sum(T.Cast(T.Gt(x, 0), DType.Int64), axes), line => [line.Count(v => v > 0)]),
        new("masked sum", (x, axes) => T.Sum(T.Switch(T.Gt(x, 0), x, 0), axes), line => [line.Where(v => v > 0).Sum()]),
        new("any", (x, axes) => T.Any(T.Gt(x, 1.9f), axes), line => [line.Any(v => v > 1.9f) ? 1 : 0]),
        new("log-sum-exp", (x, axes) => T.LogSumExp(x, axes), line => [Math.Log(line.Sum(Math.Exp))]),
        new("softmax", (x, axes) => NNet.Softmax(x, axes[^1]), Softmax),
        new("log-softmax", (x, axes) => NNet.LogSoftmax(x, axes[^1]), line => [.. Softmax(line).Select(p => Math.Log(p))]),
        new("argmax", (x, axes) => T.Argmax(x, axes[^1]), line => [Array.IndexOf(line, line.Max())]),
        new("normalized", (x, axes) => (x - T.Mean(x, axes, keepDims: true)) / T.Sqrt(T.Var(x, axes, keepDims: true) + 1),
            Normalized),
    ];

    private static readonly string[] OneAxis = ["softmax", "log-softmax", "argmax"];

    public static TheoryData<string> Names => [.. Cases.Select(x => x.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Programs_compute_their_formulas_at_any_width(string name)
    {
        var random = new System.Random(name.Length);
        Case test = Cases.Single(x => x.Name == name);
        for (int round = 0; round < 24; round++)
        {
            Shape shape = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)Length(random))];
            int bits = new[] { 0, 128, 256, 512 }[round % 4];
            Check(test, shape, Pick(test, shape, random), round % 3 == 0 ? DType.Float64 : DType.Float32, bits, random);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Large_programs_compute_their_formulas(string name)
    {
        var random = new System.Random(name.Length);
        Case test = Cases.Single(x => x.Name == name);
        foreach ((Shape shape, Axes axes) in (ReadOnlySpan<(Shape, Axes)>)[
            ([300, 200], 0), ([300, 200], 1), ([40000, 3], 0), ([40000, 3], 1), ([5000, 37], 0), ([5000, 37], 1), ([70000], 0),
            ([3, 40000], 0), ([3, 40000], 1), ([5, 30000], 1), ([17, 65, 67], 1), ([17, 65, 67], new Axes())])
        {
            Axes chosen = axes.Count == 0 ? OneAxis.Contains(name) ? 2 : [0, 2] : axes;
            Check(test, shape, chosen, DType.Float32, 512, random);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bits_are_the_same_for_any_number_of_threads(string name)
    {
        var random = new System.Random(name.Length);
        Case test = Cases.Single(x => x.Name == name);
        foreach (Shape shape in (ReadOnlySpan<Shape>)[[300, 200], [40000, 3], [70001], [2, 40000], [17, 65, 67], [20, 30]])
        {
            Axes axes = Pick(test, shape, random);
            NDArray x = Draw(shape, DType.Float32, random);
            double[] expected = Run(test, x, axes, new CpuDevice(new CpuOptions { Threads = 1 }));
            foreach (int threads in (ReadOnlySpan<int>)[2, 4, 8])
            {
                Assert.Equal(expected, Run(test, x, axes, new CpuDevice(new CpuOptions { Threads = threads })));
            }
        }
    }

    [Fact]
    public void An_axis_of_one_index_costs_no_division()
    {
        using (Options.Use(new Options { CustomDevice = new CpuDevice() }))
        {
            Expr x = T.FMatrix("x");
            Function f = T.Function([x], NNet.Softmax(x));
            f.Call(new float[1, 1_000_001]);
            foreach (Hypatia.Compilation.Step step in f.Plans.Single().Steps)
            {
                Assert.DoesNotContain("%", step.Executable.Kernel.ToString(), StringComparison.Ordinal);
            }
        }
    }

    // 1 MB and more, lines of 0.5 to 16 KB: else the processor needs no help.
    [Theory]
    [InlineData(300, 1024, 1)]
    [InlineData(5, 1024, 0)]
    [InlineData(5000, 64, 0)]
    [InlineData(60, 8192, 0)]
    public void The_next_line_is_asked_for_while_functions_of_this_one_are_computed(int rows, int columns, int count)
    {
        using (Options.Use(new Options { CustomDevice = new CpuDevice() }))
        {
            Expr x = T.FMatrix("x");
            Function f = T.Function([x], NNet.Softmax(x));
            f.Call(new float[rows, columns]);
            string kernel = Assert.Single(f.Plans.Single().Steps).Executable.Kernel.ToString();
            Assert.Equal(count, kernel.Split("prefetch").Length - 1);
            Assert.True(count == 0 || kernel.Contains($"prefetch x0[line * {columns} + {columns} + i1]", StringComparison.Ordinal), kernel);
        }
    }

    [Fact]
    public void Lines_may_read_a_vector_that_has_an_element_for_each_line_across_them()
    {
        const int n = 300;
        var random = new System.Random(n);
        NDArray a = Draw([n, n], DType.Float64, random), v = Draw([n], DType.Float64, random);
        using (Options.Use(new Options { CustomDevice = new CpuDevice() }))
        {
            (Expr m, Expr w) = (T.DMatrix("m"), T.DVector("w"));
            Expr weights = T.Exp(T.Sin(w));
            Results results = T.Function([m, w], [T.Sum(m * weights, 1), weights, NNet.Softmax(m * weights)]).Call(a, v);
            double[] sums = results[0].ToArray<double>(), p = results[2].ToArray<double>();
            for (int i = 0; i < n; i++)
            {
                double[] row = [.. Enumerable.Range(0, n).Select(j => a[i, j] * Math.Exp(Math.Sin(v[j])))];
                Assert.Equal(row.Sum(), sums[i], 1e-11);
                Assert.Equal(Softmax(row)[i], p[(i * n) + i], 1e-14);
            }
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(70001)]
    [InlineData(1 << 18)]
    public void A_loss_and_its_gradient_are_computed_in_one_pass(int n)
    {
        var random = new System.Random(n);
        NDArray x = Draw([n], DType.Float32, random), y = Draw([n], DType.Float32, random);
        float[][] results = [.. new[] { 1, 2, 8 }.Select(threads => LossAndGradient(x, y, threads))];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
        (float[] a, float[] b) = (x.ToArray<float>(), y.ToArray<float>());
        Assert.Equal(a.Zip(b, (u, v) => Math.Pow(u - v, 2)).Average(), results[0][n], 4e-6);
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(2 * (a[i] - b[i]), results[0][i] * n, 4e-6);
        }
    }

    [Theory]
    [InlineData(5000, 2)]
    [InlineData(20001, 3)]
    [InlineData(999, 31)]
    [InlineData(300, 7)]
    public void Short_rows_share_what_is_added_to_each(int rows, int columns)
    {
        var random = new System.Random(rows);
        NDArray x = Draw([rows, columns], DType.Float32, random), b = Draw([columns], DType.Float32, random);
        foreach (CpuOptions options in (ReadOnlySpan<CpuOptions>)[new(1, 512), new(8, 512), new(2, 128), new(1, 0)])
        {
            using (Options.Use(new Options { CustomDevice = new CpuDevice(options) }))
            {
                (Expr m, Expr v) = (T.FMatrix("m"), T.FVector("v"));
                float[] sums = T.Function([m, v], (m * v) + v).Call(x, b)[0].ToArray<float>();
                (float[] a, float[] c) = (x.ToArray<float>(), b.ToArray<float>());
                for (int i = 0; i < sums.Length; i++)
                {
                    Assert.Equal(((double)a[i] * c[i % columns]) + c[i % columns], sums[i], 1e-6);
                }
            }
        }
    }

    [Theory]
    [InlineData(70, 300)]
    [InlineData(400, 129)]
    [InlineData(17, 16)]
    public void What_is_read_across_memory_is_what_is_there(int rows, int columns)
    {
        NDArray x = Draw([rows, columns], DType.Float32, new System.Random(rows));
        float[] a = x.ToArray<float>();
        foreach (CpuOptions options in (ReadOnlySpan<CpuOptions>)[new(1, 512), new(8, 512), new(2, 128), new(1, 0)])
        {
            using (Options.Use(new Options { CustomDevice = new CpuDevice(options) }))
            {
                Expr m = T.FMatrix("m");
                float[] across = T.Function([m], m.T * 2).Call(x)[0].ToArray<float>();
                Assert.Equal(Enumerable.Range(0, across.Length).Select(i => a[(i % rows * columns) + (i / rows)] * 2), across);
            }
        }
    }

    private static float[] LossAndGradient(NDArray x, NDArray y, int threads)
    {
        using (Options.Use(new Options { CustomDevice = new CpuDevice(new CpuOptions { Threads = threads }) }))
        {
            (Expr a, Expr b) = (T.FVector("a"), T.FVector("b"));
            Expr loss = T.Mean(T.Sqr(a - b));
            Results results = T.Function([a, b], [loss, T.Grad(loss, a)]).Call(x, y);
            return [.. results[1].ToArray<float>(), results[0].ToScalar<float>()];
        }
    }

    private static void Check(Case test, Shape shape, Axes axes, DType dtype, int bits, System.Random random)
    {
        NDArray x = Draw(shape, dtype, random);
        double[] actual = Run(test, x, axes, new CpuDevice(new CpuOptions(2, bits)));
        double[] expected = ByLine(test, x, axes);
        string what = $"{test.Name} of {dtype} {shape} over {axes} with {bits} bits";
        Assert.True(expected.Length == actual.Length, what);
        double tolerance = dtype == DType.Float64 ? 1e-12 : 4e-6;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]) / (1 + Math.Abs(expected[i]));
            Assert.True(error < tolerance, $"{what}: element {i} is {actual[i]}, not {expected[i]}");
        }
    }

    private static double[] Run(Case test, NDArray x, Axes axes, Device device)
    {
        using (Options.Use(new Options { CustomDevice = device }))
        {
            Expr variable = T.Tensor(x.DType, Shape.UnknownOf(x.Rank), "x");
            NDArray result = T.Function([variable], T.Cast(test.Program(variable, axes), DType.Float64)).Call(x)[0];
            return [.. Enumerable.Range(0, (int)result.Count).Select(i => result.Scalar(i).AsDouble)];
        }
    }

    // In the order of the result: over the kept axes, or over all where there is a value for each element.
    private static double[] ByLine(Case test, NDArray x, Axes axes)
    {
        long[] strides = x.Shape.Strides();
        int[] kept = [.. Enumerable.Range(0, x.Rank).Where(axis => !axes.Contains(axis))];
        List<long> starts = Places(kept), steps = Places([.. axes]);
        double[]? all = null;
        List<double> perLine = [];
        foreach (long start in starts)
        {
            double[] line = test.Line([.. steps.Select(step => x.Scalar(start + step).AsDouble)]);
            if (line.Length == 1 && steps.Count > 1)
            {
                perLine.Add(line[0]);
                continue;
            }

            all ??= new double[x.Count];
            for (int k = 0; k < line.Length; k++)
            {
                all[start + steps[k]] = line[k];
            }
        }

        return all ?? [.. perLine];

        List<long> Places(int[] over)
        {
            List<long> places = [0];
            foreach (int axis in over)
            {
                places = [.. places.SelectMany(place => Enumerable.Range(0, (int)x.Shape[axis]).Select(i => place + (i * strides[axis])))];
            }

            return places;
        }
    }

    private static Axes Pick(Case test, Shape shape, System.Random random)
    {
        int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(_ => random.Next(2) == 0)];
        return axes.Length == 0 || OneAxis.Contains(test.Name) ? random.Next(shape.Rank) : axes;
    }

    // Around an axis that is kept, sums are made of two; those between are float64, too: 2²⁴ + 1 is no float32.
    [Fact]
    public void Sums_of_sums_lose_nothing_between()
    {
        float[,,] x = new float[64, 8, 100];
        for (int i = 0; i < 64; i++)
        {
            for (int j = 0; j < 8; j++)
            {
                (x[i, j, 3], x[i, j, 60]) = i % 2 == 0 ? (1 << 24, 1) : (-(1 << 24), 0);
            }
        }

        Assert.All(T.Function([], T.Sum(T.Shared(x), [0, 2])).Call().Single.ToArray<float>(), sum => Assert.Equal(32, sum));
    }

    private static int Length(System.Random random) => random.Next(4) switch
    {
        0 => random.Next(1, 4),
        1 => random.Next(60, 70),
        _ => random.Next(1, 20),
    };

    private static NDArray Draw(Shape shape, DType dtype, System.Random random) =>
        NDArray.Wrap(Enumerable.Range(0, (int)shape.Count).Select(_ => (random.NextDouble() * 4) - 2).ToArray(), [.. shape]).Cast(dtype);

    private static double Variance(double[] line)
    {
        double mean = line.Average();
        return line.Sum(v => Math.Pow(v - mean, 2)) / line.Length;
    }

    private static double[] Normalized(double[] line)
    {
        (double mean, double scale) = (line.Average(), Math.Sqrt(Variance(line) + 1));
        return [.. line.Select(v => (v - mean) / scale)];
    }

    private static double[] Softmax(double[] line)
    {
        double sum = line.Sum(Math.Exp);
        return [.. line.Select(v => Math.Exp(v) / sum)];
    }
}
