using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Register blocks at the edge of C, which are computed aside: rows of two vectors, one after the other.</summary>
internal static unsafe class Edge
{
    /// <summary>Elements in the largest block, whose rows have 128 bytes.</summary>
    public static int Length<T>()
        where T : unmanaged => Lanes.MostRows * 128 / sizeof(T);

    /// <summary>C (+)= the part of a block that lies in C.</summary>
    /// <remarks>Unsafe: the caller owns those elements of C, and the whole block.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store<T>(
        nint rows, nint columns, T* edge, nint edgeRow, T* c, nint cRow, nint cColumn, bool accumulate)
        where T : unmanaged, INumber<T>
    {
        if (cColumn == 1 && !accumulate)
        {
            Packing.Rows(rows, columns, edge, edgeRow, c, cRow);
            return;
        }

        nint whole = cColumn == 1 ? columns & -Vector128<T>.Count : 0;
        for (nint i = 0; i < rows; i++, edge += edgeRow, c += cRow)
        {
            for (nint j = 0; j < whole; j += Vector128<T>.Count)
            {
                Vector128<T> values = Vector128.Load(edge + j);
                (Vector128.Load(c + j) + values).Store(c + j);
            }

            for (nint j = whole; j < columns; j++)
            {
                T* to = c + j * cColumn;
                *to = accumulate ? *to + edge[j] : edge[j];
            }
        }
    }
}
