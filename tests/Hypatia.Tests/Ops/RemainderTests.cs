namespace Hypatia.Tests.Ops;

/// <summary>Remainders of floats beside C#'s, which are exact.</summary>
public class RemainderTests
{
    private static readonly double[] Special =
    [
        0.0, -0.0, 1, -1, 0.1, 0.3, -0.7, 7, 1 << 24, (1L << 53) - 1, 1e300, -1e300, 1e30, 1e-30, 1e-310, 5e-324, double.MaxValue,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN, Math.PI, 2.5, -2.5, 67108863, 67108864, 67108865, 3e-45, 1e-40,
    ];

    [Fact]
    public void Remainders_of_float64_are_exact()
    {
        (double[] x, double[] y) = Cases((a, steps) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a) + steps));
        double[] actual = Call(x, y).ToArray<double>();
        for (int i = 0; i < x.Length; i++)
        {
            Check(x[i], y[i], Expected(x[i], y[i]), actual[i]);
        }
    }

    [Fact]
    public void Remainders_of_float32_are_exact()
    {
        (double[] x, double[] y) = Cases((a, steps) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits((float)a) + steps));
        float[] a = [.. x.Select(value => (float)value)], b = [.. y.Select(value => (float)value)];
        float[] actual = Call(a, b).ToArray<float>();
        for (int i = 0; i < a.Length; i++)
        {
            Check(a[i], b[i], (float)Expected(a[i], b[i]), actual[i]);
        }
    }

    private static NDArray Call(Array x, Array y)
    {
        Shared left = T.Shared(NDArray.From(x)), right = T.Shared(NDArray.From(y));
        return T.Function([], left % right).Call().Single;
    }

    // All pairs of special numbers; and numbers near multiples of others, where a quotient may be rounded up.
    private static (double[] X, double[] Y) Cases(Func<double, int, double> next)
    {
        List<(double X, double Y)> cases = [.. Special.SelectMany(x => Special.Select(y => (x, y)))];
        System.Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            double y = (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-40, 40));
            double n = Math.Floor(Math.Pow(2, random.NextDouble() * 30));
            cases.Add((next(n * y, random.Next(-2, 3)), y));
            cases.Add(((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-60, 60)), y));
            cases.Add((random.NextDouble() * 1e-305, random.NextDouble() * 1e-309));                // a divisor that is subnormal
        }

        return ([.. cases.Select(pair => pair.X)], [.. cases.Select(pair => pair.Y)]);
    }

    private static double Expected(double x, double y)
    {
        double r = x % y;
        return r == 0 ? Math.CopySign(0, y) : (r < 0) != (y < 0) ? r + y : r;
    }

    private static void Check(double x, double y, double expected, double actual) =>
        Assert.True(expected.Equals(actual) && double.IsNegative(expected) == double.IsNegative(actual) || double.IsNaN(expected) && double.IsNaN(actual),
            $"{x:R} % {y:R} is {expected:R}, not {actual:R}");
}
