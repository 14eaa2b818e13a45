using Hypatia.Cpu;
using Hypatia.Devices;

namespace Hypatia.Tests.Properties;

public class RandomGraphTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<string> Backends => new("reference", "0", "128", "256", "512");

    [Theory]
    [MemberData(nameof(Backends))]
    public void Optimized_graphs_compute_what_plain_ones_do(string backend)
    {
        Device device = backend == "reference"
            ? new ReferenceDevice()
            : new CpuDevice(new CpuOptions(Threads: 2, VectorBits: int.Parse(backend)));
        for (int seed = 0; seed < 60; seed++)
        {
            var graph = new RandomGraph(seed, size: 8 + (seed % 23));
            NDArray[] expected = Compute(graph, new Options { Rewrite = false, CustomDevice = new ReferenceDevice() });
            NDArray[] actual = Compute(graph, new Options { CustomDevice = device });
            for (int k = 0; k < expected.Length; k++)
            {
                AssertClose(expected[k], actual[k], $"seed {seed}, output {k}: {graph.Outputs[k]}");
            }
        }
    }

    private static NDArray[] Compute(RandomGraph graph, Options options)
    {
        using (Options.Use(options))
        {
            Function function = T.Function(
                [.. graph.Inputs.Select(input => new In(input.Variable))], graph.Outputs, onUnusedInput: OnUnusedInput.Ignore);
            return [.. function.Call([.. graph.Inputs.Select(input => new Argument(input.Value))])];
        }
    }

    private static void AssertClose(NDArray expected, NDArray actual, string what)
    {
        Assert.Equal(expected.Type, actual.Type);
        ReadOnlySpan<double> x = expected.AsSpan<double>();
        ReadOnlySpan<double> y = actual.AsSpan<double>();
        double scale = 1;
        foreach (double value in x)
        {
            scale = double.IsFinite(value) ? Math.Max(scale, Math.Abs(value)) : scale;
        }

        for (int i = 0; i < x.Length; i++)
        {
            bool close = Math.Abs(x[i] - y[i]) <= Tolerance * scale || x[i].Equals(y[i]);
            Assert.True(close, $"{what}: element {i} is {y[i]:R}, not {x[i]:R}");
        }
    }
}
