using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Loops.Decompositions;
using Xunit.Abstractions;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Tests.Loops.Decompositions;

/// <summary>The largest error of each decomposition, as it is stated there: interpreted, and with fused operations.</summary>
public class AccuracyTests(ITestOutputHelper output)
{
    private const int Samples = 1500;

    public static TheoryData<UnaryOp, double, double, double> Functions => new()
    {
        { UnaryOp.Exp, -700, 700, 1 },
        { UnaryOp.Exp, -1, 1, 1 },
        { UnaryOp.Exp2, -1000, 1000, 1 },
        { UnaryOp.Expm1, -40, 700, 2 },
        { UnaryOp.Expm1, -2, 2, 2 },
        { UnaryOp.Log, 1e-300, 1e300, 1 },
        { UnaryOp.Log, 0.5, 2, 1 },
        { UnaryOp.Log, 0, 1e5, 1 },
        { UnaryOp.Log2, 1e-300, 1e300, 2 },
        { UnaryOp.Log2, 0.5, 2, 2 },
        { UnaryOp.Log1p, -1, 3, 2 },
        { UnaryOp.Log1p, 0, 1e300, 2 },
        { UnaryOp.Tanh, -20, 20, 2.2 },
        { UnaryOp.Tanh, -1, 1, 2.2 },
        { UnaryOp.Sinh, -700, 700, 2 },
        { UnaryOp.Sinh, -2, 2, 2 },
        { UnaryOp.Cosh, -700, 700, 2 },
        { UnaryOp.Sin, -1e6, 1e6, 2 },
        { UnaryOp.Sin, -10, 10, 2 },
        { UnaryOp.Cos, -1e6, 1e6, 2 },
        { UnaryOp.Cos, -10, 10, 2 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Float64_functions_are_as_accurate_as_they_say(UnaryOp op, double low, double high, double ulps)
    {
        double[] x = Points(low, high, Samples);
        Check(op, x, (x, y) => Exact(op, x).UlpsFrom(y), ulps);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Float32_functions_are_as_accurate_as_they_say(UnaryOp op, double low, double high, double ulps)
    {
        double limit = op switch
        {
            UnaryOp.Sin or UnaryOp.Cos => 8000,
            UnaryOp.Log or UnaryOp.Log2 or UnaryOp.Log1p => 1e38,
            UnaryOp.Exp2 => 125,
            _ => 86,
        };
        float[] x = [.. Points(Math.Max(low, -limit), Math.Min(high, limit), 20 * Samples).Select(v => (float)v)];
        Check(op, x, (x, y) => Ulps(ScalarMath.Apply(op, ScalarValue.Of(DType.Float64, x)).AsDouble, y), ulps);
    }

    [Fact]
    public void Float32_powers_are_as_accurate_as_they_say()
    {
        var x = new Memory("x", DType.Float32, 1, MemoryScope.Global);
        var random = new System.Random(1);
        for (int n = 0; n < 5000; n++)
        {
            float a = (float)Math.Exp(20 * (random.NextDouble() - 0.5));
            float b = (float)(8 * (random.NextDouble() - 0.5));
            var y = new Memory("y", DType.Float32, 1, MemoryScope.Global);
            Scalar power = Decompose.Of(new Binary(
                BinaryOp.Pow, new Load(x, Scalar.Int(0)), Scalar.Of(DType.Float32, b)))!;
            float[] result = new float[1];
            Interpreter.Run(new Kernel("pow", [new(x, false), new(y, true)],
                new Block(new Store(y, Scalar.Int(0), power))), new[] { a }, result);
            Assert.InRange(Ulps(Math.Pow(a, b), result[0]), 0, 1);
        }
    }

    private void Check<T>(UnaryOp op, T[] x, Func<double, double, double> ulpsOf, double bound)
        where T : IConvertible
    {
        DType dtype = DTypes.Of<T>();
        var from = new Memory("x", dtype, x.Length, MemoryScope.Global);
        var to = new Memory("y", dtype, x.Length, MemoryScope.Global);
        Variable i = Variable.Index("i", x.Length);
        var kernel = new Kernel(op.ToString(), [new(from, false), new(to, true)], new Block(
            new For(i, Scalar.Int(x.Length), LoopKind.Vector, new Block(
                new Store(to, i, Scalar.Apply(op, new Load(from, i)))))));

        T[] interpreted = new T[x.Length];
        Interpreter.Run(Decompose.Apply(kernel), x, interpreted);
        T[] emitted = new T[x.Length];
        var device = new CpuDevice();
        using (Window a = device.Open(x), b = device.Open(emitted))
        {
            device.Compile(kernel).Run([a.Buffer, b.Buffer]);
        }

        foreach ((string how, T[] y) in ((string, T[])[])[("interpreted", interpreted), ("emitted", emitted)])
        {
            double worst = 0;
            int at = 0;
            for (int n = 0; n < x.Length; n++)
            {
                double error = ulpsOf(Convert.ToDouble(x[n]), Convert.ToDouble(y[n]));
                (worst, at) = error > worst || double.IsNaN(error) ? (error, n) : (worst, at);
            }

            output.WriteLine($"{op} {dtype.Name()} {how}: {worst:F3} ulp at {x[at]}");
            Assert.True(worst <= bound, $"{how}: {worst} ulp at {x[at]}, gives {y[at]}");
        }
    }

    private static Precise Exact(UnaryOp op, double value)
    {
        Precise x = Precise.Of(value);
        Precise one = Precise.Of(1);
        switch (op)
        {
            case UnaryOp.Exp:
                return Precise.Exp(x);
            case UnaryOp.Exp2:
                return Precise.Exp2(x);
            case UnaryOp.Expm1:
                return Precise.Exp(x) - one;
            case UnaryOp.Log:
                return Precise.Log(x, Math.Log(value));
            case UnaryOp.Log2:
                return Precise.Log2Of(x, Math.Log2(value));
            case UnaryOp.Log1p:
                return Precise.Log(x + one, ScalarMath.Apply(op, ScalarValue.Of(DType.Float64, value)).AsDouble);
            case UnaryOp.Sin:
                return Precise.Sin(x);
            case UnaryOp.Cos:
                return Precise.Cos(x);
        }

        Precise e = Precise.Exp(x);
        Precise inverse = Precise.Exp(Precise.Of(-value));
        Precise half = Precise.Of(0.5);
        return op switch
        {
            UnaryOp.Tanh => (e - inverse) / (e + inverse),
            UnaryOp.Sinh => (e - inverse) * half,
            UnaryOp.Cosh => (e + inverse) * half,
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
        };
    }

    private static double Ulps(double expected, double actual)
    {
        float size = Math.Abs((float)expected);
        float ulp = float.IsInfinity(MathF.BitIncrement(size)) ? MathF.Pow(2, 104) : MathF.BitIncrement(size) - size;
        return double.IsInfinity(actual) && size > 3.4e38 ? 0 : Math.Abs(expected - actual) / ulp;
    }

    /// <summary>Half of them spread evenly, half by magnitude; never the ends of the range, where results may be infinite.</summary>
    private static double[] Points(double low, double high, int count)
    {
        var random = new System.Random(7);
        return [.. Enumerable.Range(0, count).Select(n =>
        {
            if (n % 2 == 0)
            {
                return low + ((high - low) * random.NextDouble());
            }

            bool isNegative = low < 0 && (high <= 0 || random.Next(2) == 0);
            double limit = isNegative ? -low : high;
            double floor = low > 0 ? low : limit * 1e-20;
            double size = Math.Exp(Math.Log(floor) + ((Math.Log(limit) - Math.Log(floor)) * random.NextDouble()));
            return isNegative ? -size : size;
        })];
    }
}
