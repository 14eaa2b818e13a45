using System.Runtime.InteropServices;
using Hypatia.Random.Laws;

namespace Hypatia.Random;

/// <content>Integers, each as likely as any other, and raw bits.</content>
public sealed partial class RandomState
{
    /// <summary>An integer in [0, high).</summary>
    /// <exception cref="ArgumentException"><paramref name="high"/> ≤ 0.</exception>
    public long RandInt(long high) => RandInt<long>(0, high);

    /// <summary>An integer in [low, high).</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">One above the largest.</param>
    /// <remarks>From the fewest low bits of 32 that hold high − low − 1, or of 64 if it needs them.</remarks>
    /// <exception cref="ArgumentException">low ≥ high.</exception>
    public long RandInt(long low, long high) => RandInt<long>(low, high);

    /// <inheritdoc cref="RandInt(long, long)"/>
    public long[] RandInt(long low, long high, int size) => RandInt<long>(low, high, size);

    /// <inheritdoc cref="RandInt(long, long)"/>
    public long[,] RandInt(long low, long high, (int Rows, int Columns) size) => RandInt<long>(low, high, size);

    /// <summary>An integer of some type in [low, high): NumPy's <c>randint(low, high, dtype=…)</c>.</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">One above the largest; one more than <typeparamref name="T"/> holds is allowed.</param>
    /// <typeparam name="T">bool, sbyte … ulong.</typeparam>
    /// <exception cref="ArgumentException">
    /// low ≥ high, an end is out of the bounds of <typeparamref name="T"/>, or it is no integer type.
    /// </exception>
    public T RandInt<T>(Int128 low, Int128 high)
        where T : struct => RandInt<T>(low, high, 1)[0];

    /// <inheritdoc cref="RandInt{T}(Int128, Int128)"/>
    /// <remarks>
    /// Types of 8 and 16 bits and bool use each word of 32 random bits for 4, 2 and 32 entries; so these are not the
    /// draws of single calls. A range of one integer draws nothing.
    /// </remarks>
    public T[] RandInt<T>(Int128 low, Int128 high, int size)
        where T : struct
    {
        var result = new T[Extent(size)];
        FillIntegers(result.AsSpan(), low, high);
        return result;
    }

    /// <inheritdoc cref="RandInt{T}(Int128, Int128, int)"/>
    public T[,] RandInt<T>(Int128 low, Int128 high, (int Rows, int Columns) size)
        where T : struct
    {
        var result = new T[Extent(size.Rows), Extent(size.Columns)];
        FillIntegers(Elements<T>(result), low, high);
        return result;
    }

    /// <summary>An integer in [1, high], both ends included.</summary>
    /// <exception cref="ArgumentException"><paramref name="high"/> &lt; 1.</exception>
    public long RandomIntegers(long high) => RandInt<long>(1, (Int128)high + 1);

    /// <summary>An integer in [low, high], both ends included.</summary>
    /// <exception cref="ArgumentException">low &gt; high.</exception>
    public long RandomIntegers(long low, long high) => RandInt<long>(low, (Int128)high + 1);

    /// <inheritdoc cref="RandomIntegers(long, long)"/>
    public long[] RandomIntegers(long low, long high, int size) => RandInt<long>(low, (Int128)high + 1, size);

    /// <inheritdoc cref="RandomIntegers(long, long)"/>
    public long[,] RandomIntegers(long low, long high, (int Rows, int Columns) size) =>
        RandInt<long>(low, (Int128)high + 1, size);

    /// <summary>An integer in [0, 2⁶³).</summary>
    public long ToMaxInt() => (long)(_bits.NextUInt64() >> 1);

    /// <inheritdoc cref="ToMaxInt()"/>
    public long[] ToMaxInt(int size)
    {
        var result = new long[Extent(size)];
        foreach (ref var value in result.AsSpan())
        {
            value = ToMaxInt();
        }

        return result;
    }

    /// <summary>Random bytes, four to a word of 32 bits, the lowest first: [length].</summary>
    /// <exception cref="ArgumentException"><paramref name="length"/> is negative.</exception>
    public byte[] Bytes(int length)
    {
        var result = new byte[Extent(length)];
        var rest = result.AsSpan();
        do
        {
            var word = _bits.NextUInt32(); // one even for no bytes, as NumPy
            for (var i = 0; i < Math.Min(4, rest.Length); i++)
            {
                rest[i] = (byte)(word >> (8 * i));
            }

            rest = rest[Math.Min(4, rest.Length)..];
        }
        while (!rest.IsEmpty);

        return result;
    }

    private void FillIntegers<T>(Span<T> values, Int128 low, Int128 high)
        where T : struct
    {
        var dtype = DTypes.TryOf(typeof(T));
        var (bits, least, most) = dtype switch
        {
            DType.Bool => (1, (Int128)0, (Int128)1),
            DType.Int8 => (8, sbyte.MinValue, sbyte.MaxValue),
            DType.Int16 => (16, short.MinValue, short.MaxValue),
            DType.Int32 => (32, int.MinValue, int.MaxValue),
            DType.Int64 => (64, long.MinValue, long.MaxValue),
            DType.UInt8 => (8, byte.MinValue, byte.MaxValue),
            DType.UInt16 => (16, ushort.MinValue, ushort.MaxValue),
            DType.UInt32 => (32, uint.MinValue, uint.MaxValue),
            DType.UInt64 => (64, ulong.MinValue, ulong.MaxValue),
            _ => throw new ArgumentException($"Unsupported dtype {typeof(T)} for randint: use bool, sbyte … ulong"),
        };
        if (values.IsEmpty)
        {
            return; // before the ends are looked at, as NumPy
        }

        CheckEnds(low, high, least, most, dtype.Value.Name());
        var integers = new MaskedInteger((ulong)(high - 1 - low), bits);
        var offset = unchecked((ulong)low);
        var bytes = MemoryMarshal.AsBytes(values);
        switch (bits)
        {
            case 64:
                foreach (ref var value in MemoryMarshal.Cast<byte, ulong>(bytes))
                {
                    value = unchecked(offset + integers.Next(_bits));
                }

                break;
            case 32:
                foreach (ref var value in MemoryMarshal.Cast<byte, uint>(bytes))
                {
                    value = unchecked((uint)(offset + integers.Next(_bits)));
                }

                break;
            case 16:
                foreach (ref var value in MemoryMarshal.Cast<byte, ushort>(bytes))
                {
                    value = unchecked((ushort)(offset + integers.Next(_bits)));
                }

                break;
            default:
                foreach (ref var value in bytes)
                {
                    value = unchecked((byte)(offset + integers.Next(_bits)));
                }

                break;
        }
    }

    private static void CheckEnds(Int128 low, Int128 high, Int128 least, Int128 most, string type)
    {
        if (low < least)
        {
            throw new ArgumentOutOfRangeException(nameof(low), low, $"low is out of bounds for {type}");
        }

        if (high - 1 > most)
        {
            throw new ArgumentOutOfRangeException(nameof(high), high, $"high is out of bounds for {type}");
        }

        if (low >= high)
        {
            throw new ArgumentOutOfRangeException(
                nameof(high), high, low == 0 ? "high <= 0" : $"low >= high: {low} >= {high}");
        }
    }
}
