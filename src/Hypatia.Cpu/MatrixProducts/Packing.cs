using System.Numerics;
using System.Runtime.CompilerServices;

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
    /// to[k·width + j] = from[k·row + j·column], j &lt; columns, and 0 for columns ≤ j &lt; width; k &lt; length.
    /// The width is 1 or 2 vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel<T, TVector, TLanes>(
        nint length, nint columns, T* from, nint row, nint column, T* to, nint width)
        where T : unmanaged
        where TVector : unmanaged
        where TLanes : struct, ILanes<T, TVector>
    {
        if (column == 1 && columns == 2 * TLanes.Count && width == columns)
        {
            for (nint k = 0; k < length; k++, from += row, to += width)
            {
                TVector first = TLanes.Load(from);
                TVector second = TLanes.Load(from + TLanes.Count);
                TLanes.Store(first, to);
                TLanes.Store(second, to + TLanes.Count);
            }

            return;
        }

        if (columns < width)
        {
            new Span<T>(to, (int)(length * width)).Clear();
        }

        if (row == 1)
        {
            Transposed(length, columns, from, column, to, width);
            return;
        }

        for (nint k = 0; k < length; k++, from += row, to += width)
        {
            for (nint j = 0; j < columns; j++)
            {
                to[j] = from[j * column];
            }
        }
    }

    /// <summary>to[k·width + j] = from[j·column + k], j &lt; columns, k &lt; length.</summary>
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

        for (nint k = 0; k < length; k++)
        {
            for (nint j = k < wholeLength ? wholeColumns : 0; j < columns; j++)
            {
                to[k * width + j] = from[j * column + k];
            }
        }
    }
}
