using Hypatia.Loops;

namespace Hypatia.Tests.Loops.Decompositions;

/// <summary>What functions are to be compared with: <see cref="Precise"/> for float64, float64 for float32.</summary>
internal static class Reference
{
    /// <summary>A function of a float64, exact for that purpose.</summary>
    public static Precise Exact(UnaryOp op, double value)
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
            case UnaryOp.Log10:
                return Precise.Log(x, Math.Log(value)) / Precise.Log(Precise.Of(10), Math.Log(10));
            case UnaryOp.Log1p:
                return Precise.Log(x + one, Double(op, value));
            case UnaryOp.Sin:
                return Precise.Sin(x);
            case UnaryOp.Cos:
                return Precise.Cos(x);
            case UnaryOp.Tan:
                return Precise.Sin(x) / Precise.Cos(x);
            case UnaryOp.Atan:
                return Precise.Angle(x, one, Double(op, value));
            case UnaryOp.Asin:
                return Precise.Angle(x, Precise.Sqrt(one - (x * x)), Double(op, value));
            case UnaryOp.Acos:
                return Precise.Angle(Precise.Sqrt(one - (x * x)), x, Double(op, value));
            case UnaryOp.Sqrt:
                return Precise.Sqrt(x);
            case UnaryOp.Erf:
                return Math.Abs(value) > 7 ? Precise.Of(Math.Sign(value)) : Precise.Erf(x);
            case UnaryOp.Asinh or UnaryOp.Acosh when Math.Abs(value) > 1e20:         // log 2x, to 40 digits
                return Precise.Of(Math.Sign(value)) * Precise.Log(Precise.Of(Math.Abs(value)) + Precise.Of(Math.Abs(value)), Math.Abs(Double(op, value)));
            case UnaryOp.Asinh:
                return Precise.Of(Math.Sign(value)) * Precise.Log(Precise.Of(Math.Abs(value)) + Precise.Sqrt((x * x) + one), Math.Abs(Double(op, value)));
            case UnaryOp.Acosh:
                return Precise.Log(x + Precise.Sqrt((x * x) - one), Double(op, value));
            case UnaryOp.Atanh:
                return Precise.Log((one + x) / (one - x), 2 * Double(op, value)) * Precise.Of(0.5);
            case UnaryOp.Tanh when Math.Abs(value) > 400:
                return Precise.Of(Math.Sign(value));
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

    /// <summary>xʸ for x &gt; 0.</summary>
    public static Precise Power(double x, double y)
    {
        Precise log = Precise.Log(Precise.Of(x), Math.Log(x));
        return Precise.Exp(log * Precise.Of(y));
    }

    /// <summary>A function in float64.</summary>
    public static double Double(UnaryOp op, double x) => ScalarMath.Apply(op, ScalarValue.Of(DType.Float64, x)).AsDouble;

    /// <summary>How far a float32 is from a number, in units in the last place of that number as a float32.</summary>
    public static double UlpsOfSingle(double expected, double actual)
    {
        float size = Math.Abs((float)expected);
        float ulp = float.IsInfinity(MathF.BitIncrement(size)) ? MathF.Pow(2, 104) : MathF.BitIncrement(size) - size;
        return double.IsInfinity(actual) && size > 3.4e38 ? 0 : Math.Abs(expected - actual) / ulp;
    }

    /// <summary>Zeros, infinities, NaN, the smallest and largest numbers, and 1.</summary>
    public static double[] Specials(double smallest, double largest, double smallestNormal) =>
    [
        0.0, -0.0, smallest, -smallest, 3 * smallest, smallestNormal, -smallestNormal, 1, -1, 0.5, -0.5, 2, largest, -largest,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    /// <summary>Arguments around those where results become infinite, subnormal, zero or constant.</summary>
    public static IEnumerable<double> Borders(UnaryOp op, bool isSingle)
    {
        double[] at = op switch
        {
            UnaryOp.Exp or UnaryOp.Expm1 => isSingle ? [88.7228391, -87.336544, -103.972076, -103.278929] : [709.782712893384, -708.3964185322641, -745.1332191019411],
            UnaryOp.Exp2 => isSingle ? [128, -126, -149] : [1024, -1022, -1074],
            UnaryOp.Sinh or UnaryOp.Cosh => isSingle ? [89.4159851, -89.4159851] : [710.4758600739439, -710.4758600739439],
            UnaryOp.Erf => [0.95, 3.8325, 4, 5.8635, 5.9215, 6],
            UnaryOp.Tan => [1.5707963267948966, 3.1415926535897931, 2048, 1e6],
            UnaryOp.Atan => [1, 2.4],
            UnaryOp.Asin or UnaryOp.Acos => [-1, -0.5, 0.5, 1],
            UnaryOp.Asinh or UnaryOp.Acosh => isSingle ? [1, 8192] : [1, 268435456],
            UnaryOp.Atanh => [-1, -0.5, 0.5, 1, 3, 1e10, 1e16, 1e20],
            UnaryOp.Tanh => [9.01091, 9.5, 10, 19.0615, 20, 22],
            _ => [],
        };
        return at.SelectMany(x => isSingle
            ? (double[])[MathF.BitDecrement((float)x), (float)x, MathF.BitIncrement((float)x)]
            : [Math.BitDecrement(x), x, Math.BitIncrement(x)]);
    }
}
