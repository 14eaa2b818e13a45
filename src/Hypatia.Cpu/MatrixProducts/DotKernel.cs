using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Dot products of a few rows of A with a few columns of B, along k, contiguous in both.</summary>
/// <remarks>One vector of partial sums for each element of C. At most 4 rows, 4 columns.</remarks>
internal static unsafe class DotKernel<T, TVector, TLanes, TRows, TColumns>
    where T : unmanaged, INumber<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
    where TRows : struct, ILength
    where TColumns : struct, ILength
{
    /// <summary>
    /// C[i,j] (+)= Σₖ A[i,k]·B[k,j], k &lt; vectors · lanes + the tail, if <paramref name="tail"/> is not null.
    /// </summary>
    /// <remarks>
    /// The tail holds a whole vector, zero-padded, for each row of A, then for each column of B.
    /// Unsafe: the caller owns those elements of A, B and C; C overlaps neither A nor B.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        nint vectors, T* a, nint aRow, T* b, nint bColumn, T* tail, T* c, nint cRow, nint cColumn, bool accumulate)
    {
        TVector c00 = default, c01 = default, c02 = default, c03 = default;
        TVector c10 = default, c11 = default, c12 = default, c13 = default;
        TVector c20 = default, c21 = default, c22 = default, c23 = default;
        TVector c30 = default, c31 = default, c32 = default, c33 = default;

        nint ahead = 4 * aRow;
        T* end = a + vectors * TLanes.Count;
        while (true)
        {
            if (a == end)
            {
                if (tail is null)
                {
                    break;
                }

                a = tail;                                   // the last, padded vectors: then stop for good
                b = tail + 4 * TLanes.Count;
                (aRow, bColumn) = (TLanes.Count, TLanes.Count);
                end = a + TLanes.Count;
                tail = null;
            }

            TVector b0 = TLanes.Load(b);
            TVector b1 = TColumns.Value > 1 ? TLanes.Load(b + 1 * bColumn) : default;
            TVector b2 = TColumns.Value > 2 ? TLanes.Load(b + 2 * bColumn) : default;
            TVector b3 = TColumns.Value > 3 ? TLanes.Load(b + 3 * bColumn) : default;
            b += TLanes.Count;
            Row(a, ahead, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
            if (TRows.Value > 1)
            {
                Row(a + 1 * aRow, ahead, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
            }

            if (TRows.Value > 2)
            {
                Row(a + 2 * aRow, ahead, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
            }

            if (TRows.Value > 3)
            {
                Row(a + 3 * aRow, ahead, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
            }

            a += TLanes.Count;
        }

        Store(c, cColumn, accumulate, c00, c01, c02, c03);
        if (TRows.Value > 1)
        {
            Store(c + 1 * cRow, cColumn, accumulate, c10, c11, c12, c13);
        }

        if (TRows.Value > 2)
        {
            Store(c + 2 * cRow, cColumn, accumulate, c20, c21, c22, c23);
        }

        if (TRows.Value > 3)
        {
            Store(c + 3 * cRow, cColumn, accumulate, c30, c31, c32, c33);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(
        T* a, nint ahead, TVector b0, TVector b1, TVector b2, TVector b3,
        ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
    {
        TVector x = TLanes.Load(a);
        TLanes.Prefetch(a + ahead);
        c0 = TLanes.MultiplyAdd(x, b0, c0);
        if (TColumns.Value > 1)
        {
            c1 = TLanes.MultiplyAdd(x, b1, c1);
        }

        if (TColumns.Value > 2)
        {
            c2 = TLanes.MultiplyAdd(x, b2, c2);
        }

        if (TColumns.Value > 3)
        {
            c3 = TLanes.MultiplyAdd(x, b3, c3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        T* c, nint cColumn, bool accumulate, TVector c0, TVector c1, TVector c2, TVector c3)
    {
        StoreOne(c, accumulate, c0);
        if (TColumns.Value > 1)
        {
            StoreOne(c + 1 * cColumn, accumulate, c1);
        }

        if (TColumns.Value > 2)
        {
            StoreOne(c + 2 * cColumn, accumulate, c2);
        }

        if (TColumns.Value > 3)
        {
            StoreOne(c + 3 * cColumn, accumulate, c3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreOne(T* c, bool accumulate, TVector sums)
    {
        T sum = TLanes.Sum(sums);
        *c = accumulate ? *c + sum : sum;
    }
}
