using System.Runtime.InteropServices;

namespace Hypatia.Loops;

/// <summary>
/// Part of a host array of any rank, seen as a flat array of one dtype: what the interpreter computes on.
/// Every access is checked; bytes are in the order of the machine.
/// </summary>
/// <param name="Array">Holds the bytes: an array of an element type.</param>
/// <param name="ByteOffset">Where in the array's bytes element 0 starts.</param>
/// <param name="DType">How the bytes are read.</param>
/// <param name="Count">Number of elements.</param>
internal readonly record struct HostElements(Array Array, long ByteOffset, DType DType, long Count)
{
    /// <summary>All elements of an array.</summary>
    public HostElements(Array array)
        : this(array, 0, DTypes.Of(array.GetType().GetElementType()!), array.LongLength)
    {
    }

    /// <summary>The bytes of all elements.</summary>
    public Span<byte> Bytes
    {
        get
        {
            Span<byte> all = MemoryMarshal.CreateSpan(
                ref MemoryMarshal.GetArrayDataReference(Array), Buffer.ByteLength(Array));
            return all.Slice(checked((int)ByteOffset), checked((int)(Count * DType.Size())));
        }
    }

    /// <summary>One element.</summary>
    /// <exception cref="CompilerException">The index is outside.</exception>
    public ScalarValue this[long index]
    {
        get
        {
            Span<byte> bytes = At(index);
            return DType switch
            {
                DType.Bool => ScalarValue.Of(bytes[0] != 0),
                DType.Int8 => ScalarValue.Of(DType, (sbyte)bytes[0]),
                DType.Int16 => ScalarValue.Of(DType, MemoryMarshal.Read<short>(bytes)),
                DType.Int32 => ScalarValue.Of(DType, MemoryMarshal.Read<int>(bytes)),
                DType.UInt8 => ScalarValue.Of(DType, bytes[0]),
                DType.UInt16 => ScalarValue.Of(DType, MemoryMarshal.Read<ushort>(bytes)),
                DType.UInt32 => ScalarValue.Of(DType, MemoryMarshal.Read<uint>(bytes)),
                DType.Float32 => ScalarValue.Of(DType, MemoryMarshal.Read<float>(bytes)),
                DType.Float64 => ScalarValue.Of(DType, MemoryMarshal.Read<double>(bytes)),
                _ => ScalarValue.Of(DType, MemoryMarshal.Read<long>(bytes)),
            };
        }

        set
        {
            if (value.DType != DType)
            {
                throw new CompilerException($"A {value.DType.Name()} was stored to an array of {DType.Name()}.");
            }

            Span<byte> bytes = At(index);
            switch (DType)
            {
                case DType.Float32:
                    MemoryMarshal.Write(bytes, (float)value.AsDouble);
                    break;
                case DType.Float64:
                    MemoryMarshal.Write(bytes, value.AsDouble);
                    break;
                default:
                    long bits = value.AsInt64;
                    MemoryMarshal.AsBytes(new ReadOnlySpan<long>(ref bits))[..bytes.Length].CopyTo(bytes);
                    break;
            }
        }
    }

    private Span<byte> At(long index) =>
        index >= 0 && index < Count
            ? Bytes.Slice(checked((int)(index * DType.Size())), DType.Size())
            : throw new CompilerException($"Index {index} is outside an array of {Count} elements.");
}
