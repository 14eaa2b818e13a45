using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Loops.Decompositions;
using Xunit.Abstractions;

namespace Hypatia.Tests.Loops.Decompositions;

/// <summary>
/// The largest error of each function, as docs/accuracy.md states it: on arguments of any exponent and on those where it is
/// hard, with products fused or not. HYPATIA_SAMPLES multiplies the number of arguments.
/// </summary>
public class AccuracyTests(ITestOutputHelper output)
{
    private const int SamplesDouble = 400;
    private const int SamplesSingle = 60_000;
    private const int Interpreted = 1_500;

    private static readonly int More = int.Parse(Environment.GetEnvironmentVariable("HYPATIA_SAMPLES") ?? "1");

    /// <summary>Functions, where they are hard, and the units in the last place that they may be off.</summary>
    public static TheoryData<UnaryOp, double, double, double> Functions => new()
    {
        { UnaryOp.Exp, -1, 1, 1.1 },
        { UnaryOp.Exp2, -1, 1, 1.1 },
        { UnaryOp.Expm1, -2, 2, 1.5 },
        { UnaryOp.Log, 0.5, 2, 1 },
        { UnaryOp.Log2, 0.5, 2, 2 },
        { UnaryOp.Log10, 0.5, 2, 2 },
        { UnaryOp.Log1p, -0.7, 1, 1 },
        { UnaryOp.Tanh, -1, 1, 2 },
        { UnaryOp.Erf, -1.5, 1.5, 1.2 },
        { UnaryOp.Sinh, -2, 2, 2 },
        { UnaryOp.Cosh, -2, 2, 2 },
        { UnaryOp.Asinh, -2, 2, 2 },
        { UnaryOp.Acosh, 1, 2, 2 },
        { UnaryOp.Atanh, -1, 1, 2 },
        { UnaryOp.Sin, -2000, 2000, 2 },
        { UnaryOp.Cos, -2000, 2000, 2 },
        { UnaryOp.Tan, -2000, 2000, 2 },
        { UnaryOp.Asin, -1, 1, 2 },
        { UnaryOp.Acos, -1, 1, 2 },
        { UnaryOp.Atan, -3, 3, 2 },
        { UnaryOp.Sqrt, 1, 4, 0.5 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Float64_functions_are_as_accurate_as_they_say(UnaryOp op, double low, double high, double ulps)
    {
        double limit = Limit(op, 700, 1e6, double.MaxValue);
        double[] x =
        [
            .. Bits(op, SamplesDouble * More).Select(BitConverter.Int64BitsToDouble).Where(v => v >= Lowest(op) && Math.Abs(v) <= limit),
            .. Points(Math.Max(Lowest(op), -limit), limit, SamplesDouble * More), .. Points(low, high, SamplesDouble * More),
        ];
        Check(op, x, (x, y) => Reference.Exact(op, x).UlpsFrom(y), ulps);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Float32_functions_are_as_accurate_as_they_say(UnaryOp op, double low, double high, double ulps)
    {
        double limit = Limit(op, 104, 2048, float.MaxValue);
        float[] x =
        [
            .. Bits(op, SamplesSingle * More).Select(bits => BitConverter.Int32BitsToSingle((int)(bits >> 32))).Where(v => v >= Lowest(op) && MathF.Abs(v) <= limit),
            .. Points(Math.Max(Lowest(op), -limit), limit, SamplesSingle * More).Select(v => (float)v),
            .. Points(low, high, SamplesSingle * More).Select(v => (float)v),
        ];
        Check(op, x, (x, y) => Reference.UlpsOfSingle(Reference.Double(op, x), y), ulps);
    }

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.Float64, false)]
    [InlineData(DType.Float64, true)]
    public void Powers_are_as_accurate_as_they_say(DType dtype, bool interpreted)
    {
        var random = new System.Random(1);
        int count = interpreted ? Interpreted / 3 : dtype == DType.Float32 ? SamplesSingle * More : SamplesDouble * More;
        (double X, double Y)[] points = [.. Enumerable.Range(0, 3 * count).Select(n => Power(n % 3)).Where(p => IsFinite(Math.Pow(p.X, p.Y)))];
        double[] results = dtype == DType.Float32
            ? [.. Of<float>(BinaryOp.Pow, [.. points.Select(p => (float)p.X)], [.. points.Select(p => (float)p.Y)], interpreted).Select(v => (double)v)]
            : Of<double>(BinaryOp.Pow, [.. points.Select(p => p.X)], [.. points.Select(p => p.Y)], interpreted);
        double worst = 0;
        foreach (((double x, double y), double result) in points.Zip(results))
        {
            double ulps = dtype == DType.Float32
                ? Reference.UlpsOfSingle(Math.Pow(x, y), (float)result)
                : Reference.Power(x, y).UlpsFrom(result);
            Assert.True(ulps <= 1.2, $"{ulps} ulp: {x:R}^{y:R} gives {result:R}");
            worst = Math.Max(worst, ulps);
        }

        output.WriteLine($"pow {dtype.Name()}{(interpreted ? " interpreted" : "")}: {worst:F3} ulp");

        // Any exponents, results of any size, and bases near 1 with large exponents.
        (double X, double Y) Power(int kind)
        {
            double wide = dtype == DType.Float32 ? 80 : 600;
            double x = kind switch
            {
                0 => Math.Exp(20 * (random.NextDouble() - 0.5)),
                1 => Math.Exp(wide * (random.NextDouble() - 0.5)),
                _ => 1 + ((random.NextDouble() - 0.5) / 64),
            };
            x = dtype == DType.Float32 ? (float)x : x;
            double y = (kind == 0 ? 8 : wide / Math.Abs(Math.Log(x))) * (random.NextDouble() - 0.5) * 2;
            return (x, dtype == DType.Float32 ? (float)y : y);
        }

        bool IsFinite(double v) => dtype == DType.Float32 ? Math.Abs(v) is > 1e-44 and < 3.4e38 : Math.Abs(v) is > 1e-320 and < 1.7e308;
    }

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.Float64, false)]
    [InlineData(DType.Float64, true)]
    public void Angles_of_points_are_as_accurate_as_they_say(DType dtype, bool interpreted)
    {
        var random = new System.Random(1);
        int count = interpreted ? Interpreted / 3 : dtype == DType.Float32 ? SamplesSingle * More : SamplesDouble * More;
        (double Y, double X)[] points = [.. Enumerable.Range(0, 3 * count).Select(n => (Coordinate(n % 3), Coordinate(n % 3)))];
        double[] results = dtype == DType.Float32
            ? [.. Of<float>(BinaryOp.Atan2, [.. points.Select(p => (float)p.Y)], [.. points.Select(p => (float)p.X)], interpreted).Select(v => (double)v)]
            : Of<double>(BinaryOp.Atan2, [.. points.Select(p => p.Y)], [.. points.Select(p => p.X)], interpreted);
        double worst = 0;
        foreach (((double y, double x), double result) in points.Zip(results))
        {
            double ulps = dtype == DType.Float32
                ? Reference.UlpsOfSingle(Math.Atan2(y, x), (float)result)
                : Precise.Angle(Precise.Of(y), Precise.Of(x), Math.Atan2(y, x)).UlpsFrom(result);
            Assert.True(ulps <= 2, $"{ulps} ulp: ({x:R}, {y:R}) gives {result:R}");
            worst = Math.Max(worst, ulps);
        }

        output.WriteLine($"atan2 {dtype.Name()}{(interpreted ? " interpreted" : "")}: {worst:F3} ulp");

        // Directions that are spread evenly, nearly so, and of any kind.
        double Coordinate(int kind)
        {
            double wide = dtype == DType.Float32 ? 80 : 300;
            double size = kind switch
            {
                0 => random.NextDouble() + 1e-9,
                1 => Math.Exp(6 * (random.NextDouble() - 0.5)),
                _ => Math.Exp(wide * (random.NextDouble() - 0.5)),
            };
            return (random.Next(2) == 0 ? 1 : -1) * (dtype == DType.Float32 ? (float)size : size);
        }
    }

    [Fact]
    public void Sigmoid_is_as_accurate_as_it_says()
    {
        Expr x = T.DVector("x"), z = T.FVector("z");
        double[] doubles = [.. Points(-745, 745, SamplesDouble * More), .. Points(-2, 2, SamplesDouble * More), 0, -0.0, 1e300, -1e300];
        double[] y = T.Function([x], NNet.Sigmoid(x)).Call(doubles).Single.ToArray<double>();
        double worstDouble = 0;
        for (int n = 0; n < y.Length; n++)
        {
            double size = Math.Min(800, Math.Abs(doubles[n]));
            Precise e = Precise.Exp(Precise.Of(Math.CopySign(size, doubles[n])));
            worstDouble = Math.Max(worstDouble, (e / (e + Precise.Of(1))).UlpsFrom(y[n]));
        }

        output.WriteLine($"sigmoid float64: {worstDouble:F3} ulp");
        Assert.InRange(worstDouble, 0, 2);

        float[] singles = [.. Points(-104, 104, SamplesSingle * More).Concat(Points(-2, 2, SamplesSingle * More)).Select(v => (float)v)];
        float[] w = T.Function([z], NNet.Sigmoid(z)).Call(singles).Single.ToArray<float>();
        double worst = singles.Zip(w, (a, b) => Reference.UlpsOfSingle(1 / (1 + Math.Exp(-(double)a)), b)).Max();
        output.WriteLine($"sigmoid float32: {worst:F3} ulp");
        Assert.InRange(worst, 0, System.Runtime.Intrinsics.X86.Fma.IsSupported ? 2 : 2.1);
    }

    [Fact]
    public void Logarithms_of_powers_of_ten_are_exact()
    {
        double[] exponents = [.. Enumerable.Range(0, 23).Select(k => (double)k)];
        Assert.Equal(exponents, Emitted(UnaryOp.Log10, exponents.Select(k => double.Parse($"1e{k}", System.Globalization.CultureInfo.InvariantCulture)).ToArray()));
        float[] few = [.. exponents.Take(11).Select(k => (float)k)];
        Assert.Equal(few, Emitted(UnaryOp.Log10, few.Select(k => float.Parse($"1e{k}", System.Globalization.CultureInfo.InvariantCulture)).ToArray()));
    }

    /// <summary>Zeros and their signs, infinities, NaN, and the borders of overflow and underflow.</summary>
    /// <param name="emitted">Whether by this machine's instructions; else as for a target that has the fewest.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Special_values_are_those_of_the_definition(bool emitted)
    {
        List<string> wrong = [];
        foreach (UnaryOp op in Enum.GetValues<UnaryOp>().Where(op => op is >= UnaryOp.Exp and <= UnaryOp.Erf))
        {
            double[] x = [.. Reference.Specials(double.Epsilon, double.MaxValue, 2.2250738585072014e-308), .. Reference.Borders(op, isSingle: false)];
            Compare(op, x, emitted ? Emitted(op, x) : ByInterpreter(op, x), (a, b) => Math.Abs(a - b) <= 4 * Math.Max(Math.BitIncrement(Math.Abs(a)) - Math.Abs(a), double.Epsilon));
            float[] z = [.. Reference.Specials(float.Epsilon, float.MaxValue, 1.17549435E-38).Concat(Reference.Borders(op, isSingle: true)).Select(v => (float)v)];
            Compare(op, z, emitted ? Emitted(op, z) : ByInterpreter(op, z), (a, b) => Math.Abs(a - b) <= 2 * Math.Max(MathF.BitIncrement(Math.Abs((float)a)) - Math.Abs(a), float.Epsilon));
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));

        void Compare<T>(UnaryOp op, T[] x, T[] y, Func<double, double, bool> isNear)
            where T : IConvertible
        {
            for (int n = 0; n < x.Length; n++)
            {
                double actual = Convert.ToDouble(y[n]);
                ScalarValue argument = ScalarValue.Of(DTypes.Of<T>(), Convert.ToDouble(x[n]));
                double expected = ScalarMath.Apply(op, argument).AsDouble;
                bool isRight = double.IsFinite(expected) && expected != 0
                    ? isNear(expected, actual)
                    : expected.Equals(actual) && (double.IsNaN(expected) || double.IsNegative(expected) == double.IsNegative(actual));
                if (!isRight)
                {
                    wrong.Add($"{op} {DTypes.Of<T>().Name()} of {x[n]}: {actual:R}, not {expected:R}");
                }
            }
        }
    }

    [Theory]
    [InlineData(BinaryOp.Pow, DType.Float32)]
    [InlineData(BinaryOp.Pow, DType.Float64)]
    [InlineData(BinaryOp.Atan2, DType.Float32)]
    [InlineData(BinaryOp.Atan2, DType.Float64)]
    public void Special_powers_and_angles_are_those_of_the_definition(BinaryOp op, DType dtype)
    {
        double[] values = [0.0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 2.5, 1e30, -1e30, 16777215, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        (double X, double Y)[] pairs = [.. values.SelectMany(_ => values, (x, y) => (x, y))];
        double[] results = dtype == DType.Float32
            ? [.. Of<float>(op, [.. pairs.Select(p => (float)p.X)], [.. pairs.Select(p => (float)p.Y)]).Select(v => (double)v)]
            : Of<double>(op, [.. pairs.Select(p => p.X)], [.. pairs.Select(p => p.Y)]);
        foreach (((double x, double y), double result) in pairs.Zip(results))
        {
            double expected = ScalarMath.Apply(op, ScalarValue.Of(dtype, x), ScalarValue.Of(dtype, y)).AsDouble;
            bool isNear = double.IsFinite(expected) && expected != 0
                ? Math.Abs(result / expected - 1) < (dtype == DType.Float32 ? 2e-7 : 4e-16)
                : expected.Equals(result);
            Assert.True(
                isNear && (double.IsNaN(expected) || double.IsNegative(expected) == double.IsNegative(result)),
                $"{op} of {x} and {y} is {result:R}, not {expected:R}");
        }
    }

    private void Check<T>(UnaryOp op, T[] x, Func<double, double, double> ulpsOf, double bound)
        where T : IConvertible
    {
        DType dtype = DTypes.Of<T>();
        T[] some = [.. x.Where((_, n) => n % (1 + (x.Length / Interpreted)) == 0)];
        foreach ((string how, T[] from, T[] y) in ((string, T[], T[])[])[("interpreted", some, ByInterpreter(op, some)), ("emitted", x, Emitted(op, x))])
        {
            double worst = 0;
            int at = 0;
            for (int n = 0; n < from.Length; n++)
            {
                double error = ulpsOf(Convert.ToDouble(from[n]), Convert.ToDouble(y[n]));
                (worst, at) = error > worst || double.IsNaN(error) ? (error, n) : (worst, at);
            }

            output.WriteLine($"{op} {dtype.Name()} {how}: {worst:F3} ulp at {from[at]}");
            Assert.True(worst <= bound, $"{how}: {worst} ulp at {from[at]}, gives {y[at]}");
        }
    }

    private static Kernel Map(UnaryOp op, DType dtype, int count)
    {
        var from = new Memory("x", dtype, count, MemoryScope.Global);
        var to = new Memory("y", dtype, count, MemoryScope.Global);
        Variable i = Variable.Index("i", count);
        return new Kernel(op.ToString(), [new(from, false), new(to, true)], new Block(
            new For(i, Scalar.Int(count), LoopKind.Vector, new Block(new Store(to, i, Scalar.Apply(op, new Load(from, i)))))));
    }

    private static T[] Emitted<T>(UnaryOp op, T[] x)
    {
        T[] y = new T[x.Length];
        var device = new CpuDevice();
        using Window a = device.Open(x), b = device.Open(y);
        device.Compile(Map(op, DTypes.Of<T>(), x.Length)).Run([a.Buffer, b.Buffer]);
        return y;
    }

    private static T[] ByInterpreter<T>(UnaryOp op, T[] x)
    {
        T[] y = new T[x.Length];
        Interpreter.Run(Decompose.Apply(Map(op, DTypes.Of<T>(), x.Length)), x, y);
        return y;
    }

    private static T[] Of<T>(BinaryOp op, T[] x, T[] y, bool interpreted = false)
    {
        DType dtype = DTypes.Of<T>();
        Memory[] memories = [.. ((string[])["x", "y", "z"]).Select(name => new Memory(name, dtype, x.Length, MemoryScope.Global))];
        Variable i = Variable.Index("i", x.Length);
        var kernel = new Kernel(op.ToString(), [.. memories.Select((memory, k) => new Parameter(memory, k == 2))], new Block(
            new For(i, Scalar.Int(x.Length), LoopKind.Vector, new Block(new Store(
                memories[2], i, Scalar.Apply(op, new Load(memories[0], i), new Load(memories[1], i)))))));
        T[] z = new T[x.Length];
        if (interpreted)
        {
            Interpreter.Run(Decompose.Apply(kernel), x, y, z);
            return z;
        }

        var device = new CpuDevice();
        using Window a = device.Open(x), b = device.Open(y), c = device.Open(z);
        device.Compile(kernel).Run([a.Buffer, b.Buffer, c.Buffer]);
        return z;
    }

    // Beyond, results are infinite, or the platform's function is called.
    private static double Limit(UnaryOp op, double exponential, double angle, double otherwise) => op switch
    {
        UnaryOp.Sin or UnaryOp.Cos or UnaryOp.Tan => angle,
        UnaryOp.Asin or UnaryOp.Acos or UnaryOp.Atanh => 1,
        UnaryOp.Exp2 => exponential * 1.2,
        UnaryOp.Exp or UnaryOp.Expm1 or UnaryOp.Sinh or UnaryOp.Cosh => exponential * 0.84,
        _ => otherwise,
    };

    private static double Lowest(UnaryOp op) => op switch
    {
        UnaryOp.Log or UnaryOp.Log2 or UnaryOp.Log10 or UnaryOp.Sqrt => 0,
        UnaryOp.Log1p => -1,
        UnaryOp.Acosh => 1,
        _ => double.NegativeInfinity,
    };

    /// <summary>Random bits of floats of which the function is a finite number.</summary>
    private static IEnumerable<long> Bits(UnaryOp op, int count)
    {
        var random = new System.Random(5);
        double lowest = Lowest(op);
        for (int n = 0; n < count; n++)
        {
            long bits = random.NextInt64(long.MinValue, long.MaxValue);
            bits = lowest > double.NegativeInfinity ? bits & long.MaxValue : bits;
            bool isFinite = double.IsFinite(BitConverter.Int64BitsToDouble(bits)) && float.IsFinite(BitConverter.Int32BitsToSingle((int)(bits >> 32)));
            if (isFinite)
            {
                yield return bits;
            }
        }
    }

    /// <summary>Half of them spread evenly, half by magnitude; never the ends of the range, where results may be infinite.</summary>
    private static double[] Points(double low, double high, int count)
    {
        var random = new System.Random(7);
        return [.. Enumerable.Range(0, count).Select(n =>
        {
            if (n % 2 == 0)
            {
                double part = random.NextDouble();
                return (low * (1 - part)) + (high * part);
            }

            bool isNegative = low < 0 && (high <= 0 || random.Next(2) == 0);
            double limit = isNegative ? -low : high;
            double floor = low > 0 ? low : limit * 1e-20;
            double size = Math.Exp(Math.Log(floor) + ((Math.Log(limit) - Math.Log(floor)) * random.NextDouble()));
            return isNegative ? -size : size;
        })];
    }
}
