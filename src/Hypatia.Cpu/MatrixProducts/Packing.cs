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
    /// </summary>
    public static void Panel<T>(nint length, nint columns, T* from, nint row, nint column, T* to, nint width)
        where T : unmanaged
    {
        if (columns < width)
        {
            new Span<T>(to, (int)(length * width)).Clear();
        }

        if (column == 1)
        {
            for (nint k = 0; k < length; k++)
            {
                Unsafe.CopyBlockUnaligned(to + k * width, from + k * row, (uint)(columns * sizeof(T)));
            }

            return;
        }

        for (nint j = 0; j < columns; j++)
        {
            T* source = from + j * column;
            T* destination = to + j;
            for (nint k = 0; k < length; k++)
            {
                *destination = *source;
                source += row;
                destination += width;
            }
        }
    }
}
