namespace Hypatia;

/// <summary>The type of one element of a tensor. The names are NumPy's; the order is only a numbering.</summary>
public enum DType : byte
{
    /// <summary>True or false, one byte.</summary>
    Bool,

    /// <summary>Signed, 8 bits.</summary>
    Int8,

    /// <summary>Signed, 16 bits.</summary>
    Int16,

    /// <summary>Signed, 32 bits.</summary>
    Int32,

    /// <summary>Signed, 64 bits.</summary>
    Int64,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType dtype) => dtype switch
    {
        DType.Bool or DType.Int8 or DType.UInt8 => 1,
        DType.Int16 or DType.UInt16 => 2,
        DType.Int32 or DType.UInt32 or DType.Float32 => 4,
        _ => 8,
    };

    /// <summary>Whether values are floating point.</summary>
    public static bool IsFloat(this DType dtype) => dtype is DType.Float32 or DType.Float64;

    /// <summary>Whether values are integers, signed or not; a bool is not one.</summary>
    public static bool IsInteger(this DType dtype) => dtype is >= DType.Int8 and <= DType.UInt64;

    /// <summary>Whether values are unsigned integers.</summary>
    public static bool IsUnsigned(this DType dtype) => dtype is >= DType.UInt8 and <= DType.UInt64;

    /// <summary>NumPy's name: <c>float64</c>, <c>int8</c>, <c>bool</c>.</summary>
    public static string Name(this DType dtype) => dtype.ToString().ToLowerInvariant();

    /// <summary>The element type with NumPy's name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static DType Parse(string name) => Enum.GetValues<DType>().Cast<DType?>().FirstOrDefault(d => d!.Value.Name() == name)
        ?? throw new ArgumentException(
            $"There is no dtype '{name}'; use one of {string.Join(", ", Enum.GetValues<DType>().Select(Name))}.", nameof(name));

    /// <summary>The element type that a C# type stands for.</summary>
    /// <exception cref="ArgumentException"><paramref name="type"/> is no element type.</exception>
    public static DType Of(Type type) => TryOf(type)
        ?? throw new ArgumentException($"{type} is not an element type; use bool, sbyte … ulong, float or double.", nameof(type));

    /// <summary>The element type that a C# type stands for.</summary>
    public static DType Of<T>() => Of(typeof(T));

    /// <summary>The element type that a C# type stands for, or null.</summary>
    public static DType? TryOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => DType.Bool,
        TypeCode.SByte => DType.Int8,
        TypeCode.Int16 => DType.Int16,
        TypeCode.Int32 => DType.Int32,
        TypeCode.Int64 => DType.Int64,
        TypeCode.Byte => DType.UInt8,
        TypeCode.UInt16 => DType.UInt16,
        TypeCode.UInt32 => DType.UInt32,
        TypeCode.UInt64 => DType.UInt64,
        TypeCode.Single => DType.Float32,
        TypeCode.Double => DType.Float64,
        _ => null,
    };

    /// <summary>The C# type of one element.</summary>
    public static Type ClrType(this DType dtype) => dtype switch
    {
        DType.Bool => typeof(bool),
        DType.Int8 => typeof(sbyte),
        DType.Int16 => typeof(short),
        DType.Int32 => typeof(int),
        DType.Int64 => typeof(long),
        DType.UInt8 => typeof(byte),
        DType.UInt16 => typeof(ushort),
        DType.UInt32 => typeof(uint),
        DType.UInt64 => typeof(ulong),
        DType.Float32 => typeof(float),
        DType.Float64 => typeof(double),
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, null),
    };
}
