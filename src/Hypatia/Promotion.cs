namespace Hypatia;

/// <summary>
/// Which dtype an operation on two dtypes has. Source: NumPy's table as Theano 1.0.5 applies it; a float32 with an
/// integer of 32 or 64 bits gives float64, unless <see cref="Options.FloatX"/> is float32.
/// </summary>
public static class Promotion
{
    /// <summary>The smallest dtype that holds the values of both.</summary>
    public static DType Of(DType x, DType y)
    {
        if (x == y)
        {
            return x;
        }

        if (x == DType.Bool || y == DType.Bool)
        {
            return x == DType.Bool ? y : x;
        }

        if (x.IsFloat() || y.IsFloat())
        {
            return FloatOf(x, y);
        }

        if (x.IsUnsigned() == y.IsUnsigned())
        {
            return x.Size() > y.Size() ? x : y;
        }

        (DType signed, DType unsigned) = x.IsUnsigned() ? (y, x) : (x, y);
        return signed.Size() > unsigned.Size() ? signed : unsigned switch
        {
            DType.UInt8 => DType.Int16,
            DType.UInt16 => DType.Int32,
            DType.UInt32 => DType.Int64,
            _ => DType.Float64,
        };
    }

    /// <summary>
    /// The dtype when one operand is a C# literal, which is weak: it takes the other operand's kind, and never widens
    /// a float. Source: as in JAX and NumPy 2; an integer that does not fit widens an integer operand, as in Theano.
    /// </summary>
    /// <param name="strong">The other operand's dtype.</param>
    /// <param name="weak">The literal's dtype: int64 or float64.</param>
    /// <param name="value">The literal.</param>
    public static DType OfWeak(DType strong, DType weak, double value)
    {
        if (strong.IsFloat())
        {
            return strong;
        }

        if (weak.IsFloat())
        {
            return ToFloat(strong);
        }

        DType dtype = strong == DType.Bool ? DType.Int8 : strong;
        return Fits(value, dtype) ? dtype : Of(dtype, Smallest(value));
    }

    /// <summary>
    /// The float dtype of a function such as exp: float32 for bool and 8- or 16-bit integers, float64 for wider ones.
    /// </summary>
    public static DType ToFloat(DType x) => x switch
    {
        DType.Float32 or DType.Float64 => x,
        _ when x.Size() <= 2 => DType.Float32,
        _ => Options.Current.FloatX == DType.Float32 ? DType.Float32 : DType.Float64,
    };

    /// <summary>The smallest signed dtype that holds an integer.</summary>
    public static DType Smallest(double value) =>
        Fits(value, DType.Int8) ? DType.Int8
        : Fits(value, DType.Int16) ? DType.Int16
        : Fits(value, DType.Int32) ? DType.Int32
        : DType.Int64;

    /// <summary>Whether <paramref name="from"/> converts to <paramref name="to"/> without loss of range or kind.</summary>
    public static bool IsSafe(DType from, DType to) =>
        from == to || from == DType.Bool
        || (to.IsFloat()
            ? from.IsFloat() ? from.Size() <= to.Size() : from.Size() < to.Size() || to == DType.Float64
            : from.IsInteger() && to.IsInteger() && Of(from, to) == to);

    private static DType FloatOf(DType x, DType y)
    {
        if (x.IsFloat() && y.IsFloat())
        {
            return DType.Float64;
        }

        (DType floating, DType other) = x.IsFloat() ? (x, y) : (y, x);
        bool narrow = other.Size() <= 2 || Options.Current.FloatX == DType.Float32;
        return floating == DType.Float32 && narrow ? DType.Float32 : DType.Float64;
    }

    private static bool Fits(double value, DType dtype) => dtype switch
    {
        DType.Int8 => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        DType.Int16 => value is >= short.MinValue and <= short.MaxValue,
        DType.Int32 => value is >= int.MinValue and <= int.MaxValue,
        DType.UInt8 => value is >= 0 and <= byte.MaxValue,
        DType.UInt16 => value is >= 0 and <= ushort.MaxValue,
        DType.UInt32 => value is >= 0 and <= uint.MaxValue,
        DType.UInt64 => value >= 0,
        _ => true,
    };
}
