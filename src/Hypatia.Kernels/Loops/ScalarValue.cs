using System.Globalization;

namespace Hypatia.Loops;

/// <summary>One value of any dtype. Floats are held as a double, everything else as 64 bits.</summary>
public readonly record struct ScalarValue
{
    private readonly long _bits;

    private ScalarValue(DType dtype, long bits)
    {
        DType = dtype;
        _bits = bits;
    }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>The value as a double: exact for floats and for integers below 2⁵³.</summary>
    public double AsDouble =>
        DType.IsFloat() ? BitConverter.Int64BitsToDouble(_bits) :
        DType == DType.UInt64 ? (ulong)_bits : _bits;

    /// <summary>The value as 64 bits: floats are truncated toward zero, with 0 for NaN; a uint64 is reinterpreted.</summary>
    public long AsInt64 => DType.IsFloat() ? (long)BitConverter.Int64BitsToDouble(_bits) : _bits;

    /// <summary>Whether the value is not zero.</summary>
    public bool AsBool => DType.IsFloat() ? AsDouble != 0 : _bits != 0;

    /// <inheritdoc/>
    public bool Equals(ScalarValue other) => other.DType == DType && other._bits == _bits;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine((int)DType, _bits);

    /// <summary>The value, rounded to a float; or, as C# converts, truncated to an integer, with 0 for NaN.</summary>
    public static ScalarValue Of(DType dtype, double value) =>
        dtype switch
        {
            DType.Float64 => new(dtype, BitConverter.DoubleToInt64Bits(value)),
            DType.Float32 => new(dtype, BitConverter.DoubleToInt64Bits((float)value)),
            DType.Bool => new(dtype, value != 0 ? 1 : 0),
            DType.Int64 => new(dtype, (long)value),
            DType.UInt64 => new(dtype, (long)(ulong)value),
            DType.UInt32 => new(dtype, (uint)value),
            _ => Of(dtype, (long)(int)value),
        };

    /// <summary>The value, rounded or wrapped into <paramref name="dtype"/>.</summary>
    public static ScalarValue Of(DType dtype, long value) =>
        dtype switch
        {
            DType.Bool => new(dtype, value != 0 ? 1 : 0),
            DType.Int8 => new(dtype, (sbyte)value),
            DType.Int16 => new(dtype, (short)value),
            DType.Int32 => new(dtype, (int)value),
            DType.UInt8 => new(dtype, (byte)value),
            DType.UInt16 => new(dtype, (ushort)value),
            DType.UInt32 => new(dtype, (uint)value),
            DType.Int64 or DType.UInt64 => new(dtype, value),
            _ => Of(dtype, (double)value),
        };

    /// <summary>A bool.</summary>
    public static ScalarValue Of(bool value) => new(DType.Bool, value ? 1 : 0);

    /// <summary>
    /// This value converted as C# does: floats to integers truncate, to the nearest one that 32-bit and wider types
    /// can hold; integers wrap; anything but zero is true. A 64-bit integer becomes a float32 by way of float64.
    /// </summary>
    public ScalarValue To(DType dtype) =>
        dtype == DType ? this :
        DType.IsFloat() ? Of(dtype, AsDouble) :
        DType == DType.UInt64 && dtype.IsFloat() ? Of(dtype, AsDouble) : Of(dtype, _bits);

    /// <summary>This value's bits read as another dtype of the same size.</summary>
    public ScalarValue Reinterpret(DType dtype) => (DType, dtype) switch
    {
        (DType.Float32, _) => Of(dtype, BitConverter.SingleToInt32Bits((float)AsDouble)),
        (_, DType.Float32) => Of(dtype, BitConverter.Int32BitsToSingle((int)_bits)),
        (_, DType.Float64) => new(dtype, _bits),
        _ => Of(dtype, _bits),
    };

    /// <summary>The shortest text that reads back as this value.</summary>
    public override string ToString() => DType switch
    {
        DType.Bool => _bits != 0 ? "true" : "false",
        DType.Float32 => Decimal(((float)AsDouble).ToString("R", CultureInfo.InvariantCulture)),
        DType.Float64 => Decimal(AsDouble.ToString("R", CultureInfo.InvariantCulture)),
        DType.UInt64 => ((ulong)_bits).ToString(CultureInfo.InvariantCulture),
        _ => _bits.ToString(CultureInfo.InvariantCulture),
    };

    private static string Decimal(string digits) =>
        digits switch
        {
            "NaN" => "nan",
            "Infinity" => "inf",
            "-Infinity" => "-inf",
            _ => digits.AsSpan().IndexOfAny('.', 'E') < 0 ? digits + ".0" : digits,
        };
}
