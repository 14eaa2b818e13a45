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
    /// to[p·toPanel + k·width + j] = from[k·row + (p·width + j)·column] for p·width + j &lt; columns, k &lt; length;
    /// the rest of the last panel is 0, or anything where it is a vector. The width is two vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels<T, TVector, TLanes>(
        nint length, nint columns, T* from, nint row, nint column, T* to, nint width, nint toPanel)
        where T : unmanaged
        where TVector : unmanaged
        where TLanes : struct, ILanes<T, TVector>
    {
        nint whole = column == 1 ? columns / width : 0;
        if (column == 1 && columns < width && columns % TLanes.Count == 0)
        {
            for (nint k = 0; k < length; k++)
            {
                TLanes.Store(TLanes.Load(from + k * row), to + k * width);
            }

            return;
        }

        for (nint k = 0; k < length; k++)
        {
            nint ahead = k + 8 < length ? 8 * row : 0;
            T* source = from + k * row;
            T* destination = to + k * width;
            for (nint panel = 0; panel < whole; panel++)
            {
                TLanes.Prefetch(source + ahead);
                TLanes.Prefetch(source + ahead + TLanes.Count);
                TLanes.Prefetch(destination + 8 * width);
                TLanes.Prefetch(destination + 8 * width + TLanes.Count);
                TVector first = TLanes.Load(source);
                TVector second = TLanes.Load(source + TLanes.Count);
                TLanes.Store(first, destination);
                TLanes.Store(second, destination + TLanes.Count);
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

        for (nint k = 0; k < length; k++)
        {
            for (nint j = 0; j < columns; j++)
            {
                to[k * width + j] = from[k * row + j * column];
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
