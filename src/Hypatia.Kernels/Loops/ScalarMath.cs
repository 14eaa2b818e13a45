using System.Numerics;

namespace Hypatia.Loops;

/// <summary>What each scalar operation computes: the definition that interpreters, constant folding and tests share.</summary>
public static class ScalarMath
{
    /// <summary>The value of an operation on one scalar.</summary>
    public static ScalarValue Apply(UnaryOp op, ScalarValue x)
    {
        if (op.IsPredicate())
        {
            return ScalarValue.Of(op == UnaryOp.IsNaN ? double.IsNaN(x.AsDouble) : double.IsInfinity(x.AsDouble));
        }

        return x.DType.IsFloat() ? ScalarValue.Of(x.DType, Float(op, x.AsDouble))
            : x.DType == DType.Bool ? ScalarValue.Of(op == UnaryOp.Not ? !x.AsBool : x.AsBool)
            : ScalarValue.Of(x.DType, Integer(op, x.AsInt64, x.DType.IsUnsigned()));
    }

    /// <summary>The value of an operation on two scalars of one dtype.</summary>
    public static ScalarValue Apply(BinaryOp op, ScalarValue x, ScalarValue y)
    {
        if (op.IsComparison())
        {
            return ScalarValue.Of(x.DType.IsFloat() ? Compare(op, x.AsDouble, y.AsDouble)
                : x.DType == DType.UInt64 ? Compare(op, (ulong)x.AsInt64, (ulong)y.AsInt64)
                : Compare(op, x.AsInt64, y.AsInt64));
        }

        return x.DType.IsFloat() ? ScalarValue.Of(x.DType, Float(op, x.AsDouble, y.AsDouble))
            : x.DType == DType.Bool ? ScalarValue.Of(Logical(op, x.AsBool, y.AsBool))
            : x.DType == DType.UInt64
                ? ScalarValue.Of(DType.UInt64, (long)Unsigned(op, (ulong)x.AsInt64, (ulong)y.AsInt64))
                : ScalarValue.Of(x.DType, Integer(op, x.AsInt64, y.AsInt64));
    }

    private static double Float(UnaryOp op, double x) => op switch
    {
        UnaryOp.Neg => -x,
        UnaryOp.Abs => Math.Abs(x),
        UnaryOp.Sign => double.IsNaN(x) ? x : Math.Sign(x),
        UnaryOp.Exp => Math.Exp(x),
        UnaryOp.Exp2 => Math.Pow(2, x),
        UnaryOp.Expm1 => Expm1(x),
        UnaryOp.Log => Math.Log(x),
        UnaryOp.Log2 => Math.Log2(x),
        UnaryOp.Log10 => Math.Log10(x),
        UnaryOp.Log1p => Log1p(x),
        UnaryOp.Sqrt => Math.Sqrt(x),
        UnaryOp.Sin => Math.Sin(x),
        UnaryOp.Cos => Math.Cos(x),
        UnaryOp.Tan => Math.Tan(x),
        UnaryOp.Asin => Math.Asin(x),
        UnaryOp.Acos => Math.Acos(x),
        UnaryOp.Atan => Math.Atan(x),
        UnaryOp.Sinh => Math.Sinh(x),
        UnaryOp.Cosh => Math.Cosh(x),
        UnaryOp.Tanh => Math.Tanh(x),
        UnaryOp.Erf => ErrorPolynomials.Erf(x),
        UnaryOp.Asinh => Math.Asinh(x),
        UnaryOp.Acosh => Math.Acosh(x),
        UnaryOp.Atanh => Math.Atanh(x),
        UnaryOp.Floor => Math.Floor(x),
        UnaryOp.Ceil => Math.Ceiling(x),
        UnaryOp.Trunc => Math.Truncate(x),
        UnaryOp.Round => Math.Round(x, MidpointRounding.ToEven),
        UnaryOp.Exponent => Exponent(x),
        UnaryOp.Significand => x > 0 && x < double.PositiveInfinity ? Math.ScaleB(x, -(int)Exponent(x)) : 1,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not defined on floats"),
    };

    private static long Integer(UnaryOp op, long x, bool unsigned) => op switch
    {
        UnaryOp.Neg => -x,
        UnaryOp.Not => ~x,
        UnaryOp.Abs => unsigned || x >= 0 ? x : -x,
        UnaryOp.Sign => unsigned ? (x == 0 ? 0 : 1) : Math.Sign(x),
        UnaryOp.Floor or UnaryOp.Ceil or UnaryOp.Trunc or UnaryOp.Round => x,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not defined on integers"),
    };

    private static double Float(BinaryOp op, double x, double y) => op switch
    {
        BinaryOp.Add => x + y,
        BinaryOp.Sub => x - y,
        BinaryOp.Mul => x * y,
        BinaryOp.Div => x / y,
        BinaryOp.FloorDiv => Math.Floor(x / y),
        BinaryOp.Mod => FloorMod(x, y),
        BinaryOp.Pow => Math.Pow(x, y),
        BinaryOp.Scale => Math.ScaleB(x, (int)y),
        BinaryOp.Min => Math.Min(x, y),
        BinaryOp.Max => Math.Max(x, y),
        BinaryOp.Atan2 => Math.Atan2(x, y),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not defined on floats"),
    };

    private static long Integer(BinaryOp op, long x, long y) => op switch
    {
        BinaryOp.Add => x + y,
        BinaryOp.Sub => x - y,
        BinaryOp.Mul => x * y,
        BinaryOp.FloorDiv => y == 0 ? 0 : y == -1 ? -x : (x / y) - (x % y != 0 && (x % y < 0) != (y < 0) ? 1 : 0),
        BinaryOp.Mod => y is 0 or -1 ? 0 : x % y != 0 && (x % y < 0) != (y < 0) ? (x % y) + y : x % y,
        BinaryOp.Pow => Power(x, y),
        BinaryOp.Min => Math.Min(x, y),
        BinaryOp.Max => Math.Max(x, y),
        BinaryOp.And => x & y,
        BinaryOp.Or => x | y,
        BinaryOp.Xor => x ^ y,
        BinaryOp.ShiftLeft => x << (int)y,
        BinaryOp.ShiftRight => x >> (int)y,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not defined on integers"),
    };

    private static ulong Unsigned(BinaryOp op, ulong x, ulong y) => op switch
    {
        BinaryOp.FloorDiv => y == 0 ? 0 : x / y,
        BinaryOp.Mod => y == 0 ? 0 : x % y,
        BinaryOp.Min => Math.Min(x, y),
        BinaryOp.Max => Math.Max(x, y),
        BinaryOp.ShiftRight => x >> (int)y,
        BinaryOp.Pow => (ulong)Power((long)x, (long)y),
        _ => (ulong)Integer(op, (long)x, (long)y),
    };

    private static bool Logical(BinaryOp op, bool x, bool y) => op switch
    {
        BinaryOp.And or BinaryOp.Mul or BinaryOp.Min => x && y,
        BinaryOp.Or or BinaryOp.Add or BinaryOp.Max => x || y,
        BinaryOp.Xor => x ^ y,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not defined on bool"),
    };

    private static bool Compare<T>(BinaryOp op, T x, T y)
        where T : IComparisonOperators<T, T, bool> => op switch
        {
            BinaryOp.Eq => x == y,
            BinaryOp.Ne => x != y,
            BinaryOp.Lt => x < y,
            _ => x <= y,
        };

    /// <summary>xʸ by squaring, wrapping; a negative exponent gives 0 except for ±1.</summary>
    private static long Power(long x, long y)
    {
        if (y < 0)
        {
            return x switch { 1 => 1, -1 => (y & 1) == 0 ? 1 : -1, _ => 0 };
        }

        long result = 1;
        for (; y > 0; y >>= 1, x *= x)
        {
            if ((y & 1) != 0)
            {
                result *= x;
            }
        }

        return result;
    }

    private static double Exponent(double x)
    {
        if (!(x > 0 && x < double.PositiveInfinity))
        {
            return x == 0 ? double.NegativeInfinity : x;
        }

        int exponent = Math.ILogB(x);
        return Math.ScaleB(x, -exponent) < 1.5 ? exponent : exponent + 1;
    }

    private static double FloorMod(double x, double y)
    {
        double r = x % y;
        return r == 0 ? Math.CopySign(0, y) : (r < 0) != (y < 0) ? r + y : r;
    }

    /// <summary>eˣ − 1 without cancellation: Kahan's (u − 1)·x / log u, u = eˣ.</summary>
    private static double Expm1(double x)
    {
        double u = Math.Exp(x);
        if (u == 1)
        {
            return x;
        }

        double difference = u - 1;
        return difference == -1 ? -1 : double.IsInfinity(u) ? u : difference * (x / Math.Log(u));
    }

    /// <summary>log(1 + x) without cancellation: Kahan's log(u)·x / (u − 1), u = 1 + x.</summary>
    private static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) || u <= 0 ? Math.Log(u) : Math.Log(u) * (x / (u - 1));
    }
}
