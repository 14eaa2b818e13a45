using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Random;

namespace Hypatia.Tests.Scheduling;

public class ShortProductTests
{
    [Theory]
    [InlineData("alone", "Contract")]
    [InlineData("transposed", "Contract")]
    [InlineData("of a stored operand", "Contract")]
    [InlineData("of a computed operand", "Map")]
    [InlineData("with a map", "Map")]
    public void A_large_short_product_is_left_to_the_micro_kernels_if_it_is_alone(string name, string kind)
    {
        foreach (int k in (int[])[2, 8])
        {
            NDArray expected = Program(name, k, new Options { Rewrite = false, CustomDevice = new ReferenceDevice() }).Call()[0];
            Function function = Program(name, k, new Options { CustomDevice = new CpuDevice() });
            NDArray actual = function.Call()[0];
            for (int i = 0; i < expected.Count; i++)
            {
                double value = expected.Scalar(i).AsDouble;
                Assert.Equal(value, actual.Scalar(i).AsDouble, 1e-12 * Math.Max(1, Math.Abs(value)));
            }

            Assert.Equal(kind, function.Plans.Single().Schedule.Groups[^1].Kind.ToString());
        }
    }

    private static Function Program(string name, int k, Options options)
    {
        var random = new RandomState(7);
        Expr a = T.Shared(random.Randn(9000, k), "a"), b = T.Shared(random.Randn(k, 70), "b");
        Expr columns = T.Shared(random.Randn(70, k), "columns");
        using (Options.Use(options))
        {
            return T.Function([], name switch
            {
                "alone" => a.Dot(b),
                "transposed" => a.Dot(columns.T),
                "of a stored operand" => a.Dot(T.Sum(T.Shared(random.Randn(30, k, 70), "c"), 0)),
                "of a computed operand" => (2 * a).Dot(b),
                _ => T.Tanh(a.Dot(b)),
            });
        }
    }
}
