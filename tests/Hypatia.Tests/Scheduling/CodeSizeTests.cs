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
