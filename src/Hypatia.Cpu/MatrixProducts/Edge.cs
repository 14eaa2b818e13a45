using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Register blocks at the edge of C, which were computed aside: rows of two vectors, one after the other.</summary>
internal static unsafe class Edge
{
    /// <summary>C (+)= the part of a block that lies in C.</summary>
    /// <remarks>Unsafe: the caller owns those elements of C, and the whole block.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store<T, TVector, TLanes>(
        nint rows, nint columns, T* edge, T* c, nint cRow, nint cColumn, bool accumulate)
        where T : unmanaged, INumber<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<T, TVector>
    {
        for (nint i = 0; i < rows; i++, edge += 2 * TLanes.Count, c += cRow)
        {
            if (cColumn == 1)
            {
                for (nint j = 0; j < columns; j += TLanes.Count)
                {
                    nint count = Math.Min(TLanes.Count, columns - j);
                    TVector value = TLanes.Load(edge + j);
                    TLanes.StoreFirst(accumulate ? TLanes.Add(TLanes.LoadFirst(c + j, count), value) : value, c + j, count);
                }

                continue;
            }

            for (nint j = 0; j < columns; j++)
            {
                T* to = c + j * cColumn;
                *to = accumulate ? *to + edge[j] : edge[j];
            }
        }
    }
}
