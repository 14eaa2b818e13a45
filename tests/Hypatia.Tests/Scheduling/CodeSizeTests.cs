using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Random;

namespace Hypatia.Tests.Scheduling;

/// <summary>However deep a network is, its kernels stay short enough for the JIT to optimize, and repeat.</summary>
public class CodeSizeTests
{
    // The JIT optimizes no method of more than 60,000 bytes, or of 8000 uses of local variables: 5 to 6 bytes each.
    private const int LongestCode = 42_000;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    public void Kernels_of_deep_networks_are_short(int width)
    {
        foreach (int depth in (int[])[1, 4, 10, 30, 100])
        {
            AssertShort(16, depth, width);
        }
    }

    [Theory]
    [InlineData(1000, 6, 8)]
    [InlineData(5000, 30, 3)]
    public void Kernels_of_deep_networks_over_many_rows_are_short(int rows, int depth, int width) => AssertShort(rows, depth, width);

    [Fact]
    public void Layers_that_repeat_are_compiled_once()
    {
        Function step = Step(60, 8, new Options { CustomDevice = new CpuDevice() }, out _);
        step.Call(new double[16, 8]);
        IReadOnlyList<Hypatia.Compilation.Step> steps = step.Plans.Single().Steps;
        Assert.InRange(steps.Count, 30, 200);
        Assert.InRange(steps.Select(x => x.Executable).Distinct().Count(), 1, 16);
    }

    [Theory]
    [InlineData(16, 12, 3)]
    [InlineData(37, 7, 8)]
    [InlineData(9, 120, 2)]
    [InlineData(16, 6, 12)]
    [InlineData(1000, 12, 3)]
    public void What_is_cut_computes_the_same(int rows, int depth, int width)
    {
        var random = new RandomState(5);
        double[,] x = new double[rows, width];
        for (int k = 0; k < x.Length; k++)
        {
            x[k / width, k % width] = random.Randn(1)[0];
        }

        Function cut = Step(depth, width, new Options { CustomDevice = new CpuDevice() }, out Shared[] actual);
        Function plain = Step(depth, width, new Options { Rewrite = false, CustomDevice = new ReferenceDevice() }, out Shared[] expected);
        Assert.Equal((double)plain.Call(x)[0], (double)cut.Call(x)[0], 1e-9);
        for (int k = 0; k < actual.Length; k++)
        {
            NDArray a = actual[k].GetValue(), b = expected[k].GetValue();
            for (long i = 0; i < a.Count; i++)
            {
                Assert.Equal(b.Scalar(i).AsDouble, a.Scalar(i).AsDouble, 1e-10);
            }
        }
    }

    // Where a row group ends depends on its code, which splitting its sums changes: every partial sum still has its tiles.
    [Theory]
    [InlineData(1000, 3, 8, 8, 10)]
    [InlineData(1000, 5, 8, 13, 3)]
    [InlineData(3000, 2, 5, 5, 13, 1)]
    [InlineData(100, 1, 1000, 1, 512, 3)]
    [InlineData(1000, 13, 4, 4, 4, 4, 4, 4, 10)]
    [InlineData(1000, 3, 3, 3, 3, 3, 3, 13, 3, 3, 4, 4, 4, 4, 3, 3)]
    public void Layers_of_any_widths_may_be_cut(int rows, params int[] widths)
    {
        NDArray[] cut = Run(new CpuDevice()), plain = Run(new ReferenceDevice());
        for (int k = 0; k < cut.Length; k++)
        {
            double size = plain[k].Cast(DType.Float64).ToArray<double>().Max(Math.Abs);
            for (long i = 0; i < cut[k].Count; i++)
            {
                Assert.Equal(plain[k].Scalar(i).AsDouble, cut[k].Scalar(i).AsDouble, 1e-10 * (1 + size));
            }
        }

        NDArray[] Run(Device device)
        {
            using IDisposable use = Options.Use(new Options { CustomDevice = device, Rewrite = device is CpuDevice });
            var random = new RandomState(rows);
            Expr x = T.Matrix("x"), y = T.Matrix("y");
            Expr a = x;
            List<Shared> parameters = [];
            for (int k = 1; k < widths.Length; k++)
            {
                Shared w = T.Shared(random.Randn(widths[k - 1], widths[k])), b = T.Shared(random.Randn(widths[k]));
                a = k == widths.Length - 1 ? NNet.Sigmoid(a.Dot(w) + b) : NNet.Softplus(a.Dot(w) + b);
                parameters.AddRange([w, b]);
            }

            Expr loss = T.Sqr(a - y).Mean();
            Function f = T.Function([x, y], [loss, .. T.Grad(loss, parameters)]);
            return [.. f.Call(random.Randn(rows, widths[0]), random.Uniform(0, 1, (rows, widths[^1])))];
        }
    }

    private static void AssertShort(int rows, int depth, int width)
    {
        Function step = Step(depth, width, new Options { CustomDevice = new CpuDevice() }, out _);
        step.Call(new double[rows, width]);
        int longest = step.Plans.Single().Steps.Max(x => ((CpuExecutable)x.Executable).CodeBytes);
        Assert.True(longest <= LongestCode, $"{rows} rows, {depth} layers of {width}: {longest} bytes");
    }

    private static Function Step(int depth, int width, Options options, out Shared[] state)
    {
        using IDisposable use = Options.Use(options);
        var random = new RandomState(depth);
        Expr x = T.Matrix("x");
        Expr a = x;
        List<Shared> parameters = [];
        for (int k = 0; k < depth; k++)
        {
            Shared w = T.Shared(random.Randn(width, width)), b = T.Shared(new double[width]);
            a = T.Tanh(a.Dot(w) + b);
            parameters.AddRange([w, b]);
        }

        Expr loss = T.Sum(T.Sqr(a));
        Expr[] gradients = T.Grad(loss, parameters);
        state = [.. parameters];
        return T.Function([x], loss, [.. parameters.Select((p, k) => (p, p - (1e-3 * gradients[k])))]);
    }
}
