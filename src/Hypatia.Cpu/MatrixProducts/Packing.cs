using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Copies blocks of an operand into the order in which the register blocks read them.</summary>
/// <remarks>Unsafe: sources and destinations hold the whole block, and do not overlap.</remarks>
internal static unsafe class Packing
{
    /// <summary>to[i·toRow + k] = from[i·row + k·column], i &lt; rows, k &lt; length.</summary>
    public static void Rows<T>(nint rows, nint length, T* from, nint row, nint column, T* to, nint toRow)
        where T : unmanaged
    {
        for (nint i = 0; i < rows; i++, from += row, to += toRow)
        {
            if (column == 1)
            {
                Unsafe.CopyBlockUnaligned(to, from, (uint)(length * sizeof(T)));
            }
            else
            {
                for (nint k = 0; k < length; k++)
                {
                    to[k] = from[k * column];
                }
            }
        }
    }

    /// <summary>
    /// to[p·toPanel + k·width + j] = from[k·row + (p·width + j)·column] for p·width + j &lt; columns, k &lt; length;
    /// the rest of the last panel is 0, or anything where it is a vector. The width is two vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels<T>(Lanes lanes, nint length, nint columns, T* from, nint row, nint column, T* to, nint toPanel)
        where T : unmanaged
    {
        nint width = lanes.PanelWidth;
        if (column == 1 && columns == lanes.Count)
        {
            for (nint k = 0; k < length; k++)
            {
                Copy(from + k * row, to + k * width, columns * sizeof(T));
            }

            return;
        }

        nint whole = column == 1 ? columns / width : 0;
        for (nint k = 0; whole > 0 && k < length; k++)
        {
            nint ahead = k + 8 < length ? 8 * row : 0;
            T* source = from + k * row;
            T* destination = to + k * width;
            for (nint panel = 0; panel < whole; panel++)
            {
                Prefetch(source + ahead, width * sizeof(T));
                Prefetch(destination + 8 * width, width * sizeof(T));
                Copy(source, destination, width * sizeof(T));
                source += width;
                destination += toPanel;
            }
        }

        for (nint panel = whole; panel * width < columns; panel++)
        {
            Panel(
                length, Math.Min(width, columns - panel * width), from + panel * width * column, row, column,
                to + panel * toPanel, width);
        }
    }

    /// <summary>to[p·toPiece + i] = from[first[p] + i], p &lt; pieces, i &lt; length: whole vectors; what lies ahead of each is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pieces<T>(nint pieces, nint length, T* from, nint* first, nint ahead, T* to, nint toPiece)
        where T : unmanaged
    {
        for (nint piece = 0; piece < pieces; piece++, to += toPiece)
        {
            T* source = from + first[piece];
            Prefetch(source + ahead, sizeof(T));
            Copy(source, to, length * sizeof(T));
        }
    }

    /// <summary>Copies bytes of whole vectors of 128 bits, two at a time where there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(void* from, void* to, nint bytes)
    {
        nint i = 0;
        for (; i <= bytes - 32; i += 32)
        {
            Unsafe.CopyBlockUnaligned((byte*)to + i, (byte*)from + i, 32);
        }

        if (i < bytes)
        {
            Unsafe.CopyBlockUnaligned((byte*)to + i, (byte*)from + i, 16);
        }
    }

    /// <summary>Asks for the lines of some bytes that will be used soon; any address is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address, nint bytes)
    {
        for (nint i = 0; i < bytes && Sse.IsSupported; i += 64)
        {
            Sse.Prefetch0((byte*)address + i);
        }
    }

    /// <summary>One panel of any layout and width.</summary>
    public static void Panel<T>(nint length, nint columns, T* from, nint row, nint column, T* to, nint width)
        where T : unmanaged
    {
        if (columns < width)
        {
            new Span<T>(to, (int)(length * width)).Clear();
        }

        if (row == 1)
        {
            Transposed(length, columns, from, column, to, width);
            return;
        }

        if (column == 1)
        {
            Rows(length, columns, from, row, to, width);
            return;
        }

        for (nint k = 0; k < length; k++)
        {
            for (nint j = 0; j < columns; j++)
            {
                to[k * width + j] = from[k * row + j * column];
            }
        }
    }

    /// <summary>to[i·toRow + j] = from[i·row + j], i &lt; rows, j &lt; length, for rows of less than 128 bytes.</summary>
    public static void Rows<T>(nint rows, nint length, T* from, nint row, T* to, nint toRow)
        where T : unmanaged =>
        Halves(rows, length * sizeof(T), (byte*)from, row * sizeof(T), (byte*)to, toRow * sizeof(T));

    private static void Halves(nint rows, nint bytes, byte* from, nint row, byte* to, nint toRow)
    {
        switch (bytes)
        {
            case >= 64:
                Halves<Vector512<byte>>(rows, bytes, from, row, to, toRow);
                break;
            case >= 32:
                Halves<Vector256<byte>>(rows, bytes, from, row, to, toRow);
                break;
            case >= 16:
                Halves<Vector128<byte>>(rows, bytes, from, row, to, toRow);
                break;
            case >= 8:
                Halves<ulong>(rows, bytes, from, row, to, toRow);
                break;
            case >= 4:
                Halves<uint>(rows, bytes, from, row, to, toRow);
                break;
            default:
                for (nint i = 0; i < rows; i++)
                {
                    Unsafe.CopyBlockUnaligned(to + i * toRow, from + i * row, (uint)bytes);
                }

                break;
        }
    }

    // The first bytes of each row and the last ones, which overlap.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halves<THalf>(nint rows, nint bytes, byte* from, nint row, byte* to, nint toRow)
        where THalf : unmanaged
    {
        nint last = bytes - sizeof(THalf);
        for (nint i = 0; i < rows; i++, from += row, to += toRow)
        {
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<THalf>(from));
            Unsafe.WriteUnaligned(to + last, Unsafe.ReadUnaligned<THalf>(from + last));
        }
    }

    /// <summary>to[k·width + j] = from[j·column + k], j &lt; columns, k &lt; length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed<T>(nint length, nint columns, T* from, nint column, T* to, nint width)
        where T : unmanaged
    {
        nint block = Transposition.Length<T>();
        nint wholeColumns = columns / block * block;
        nint wholeLength = length / block * block;
        for (nint j = 0; j < wholeColumns; j += block)
        {
            for (nint k = 0; k < wholeLength; k += block)
            {
                Transposition.Block(from + j * column + k, column, to + k * width + j, width);
            }
        }

        TransposedRest(columns - wholeColumns, length, from + wholeColumns * column, column, to + wholeColumns, width);
        TransposedRest(wholeColumns, length - wholeLength, from + wholeLength, column, to + wholeLength * width, width);
    }

    // What is left of larger blocks.
    private static void TransposedRest<T>(nint columns, nint length, T* from, nint column, T* to, nint width)
        where T : unmanaged
    {
        nint block = Transposition.SmallLength<T>();
        for (nint j = 0; j < columns; j += block)
        {
            for (nint k = 0; k < length; k += block)
            {
                T* source = from + j * column + k;
                T* destination = to + k * width + j;
                if (j + block <= columns && k + block <= length)
                {
                    Transposition.SmallBlock(source, column, destination, width);
                    continue;
                }

                for (nint i = 0; i < block && j + i < columns; i++)
                {
                    for (nint l = 0; l < block && k + l < length; l++)
                    {
                        destination[l * width + i] = source[i * column + l];
                    }
                }
            }
        }
    }
}
