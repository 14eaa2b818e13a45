using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>What all dot-product kernels have in common.</summary>
internal static class DotKernel
{
    /// <summary>Columns up to which the processor itself looks ahead far enough.</summary>
    public const int FewColumns = 2;
}

/// <summary>Dot products of a few rows of A with a few columns of B, along k, contiguous in both.</summary>
/// <remarks>One vector of partial sums for each element of C. At most 4 rows, 5 columns.</remarks>
internal static unsafe class DotKernel<T, TVector, TLanes, TRows, TColumns>
    where T : unmanaged, INumber<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
    where TRows : struct, ILength
    where TColumns : struct, ILength
{
    /// <summary>C[i,j] (+)= Σₖ A[i,k]·B[k,j], k &lt; <paramref name="length"/>. Strides are in elements.</summary>
    /// <remarks>
    /// Meanwhile asks for as many rows from <paramref name="soon"/> on, <paramref name="soonStep"/> elements for each vector of k.
    /// Unsafe: the caller owns those elements of A, B and C; C overlaps neither A nor B.
    /// </remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        nint length, T* a, nint aRow, T* soon, nint soonStep, T* b, nint bColumn, T* c, nint cRow, nint cColumn, bool accumulate)
    {
        TVector c00 = default, c01 = default, c02 = default, c03 = default, c04 = default;
        TVector c10 = default, c11 = default, c12 = default, c13 = default, c14 = default;
        TVector c20 = default, c21 = default, c22 = default, c23 = default, c24 = default;
        TVector c30 = default, c31 = default, c32 = default, c33 = default, c34 = default;
        TVector b0, b1, b2, b3, b4;
        T* end = a + length / TLanes.Count * TLanes.Count;
        for (; a < end; a += TLanes.Count, b += TLanes.Count, soon += soonStep)
        {
            b0 = TLanes.Load(b);
            b1 = TColumns.Value > 1 ? TLanes.Load(b + 1 * bColumn) : default;
            b2 = TColumns.Value > 2 ? TLanes.Load(b + 2 * bColumn) : default;
            b3 = TColumns.Value > 3 ? TLanes.Load(b + 3 * bColumn) : default;
            b4 = TColumns.Value > 4 ? TLanes.Load(b + 4 * bColumn) : default;
            Ahead(soon);
            Row(TLanes.Load(a), b0, b1, b2, b3, b4, ref c00, ref c01, ref c02, ref c03, ref c04);
            if (TRows.Value > 1)
            {
                Ahead(soon + 1 * aRow);
                Row(
                    TLanes.Load(a + 1 * aRow), b0, b1, b2, b3, b4,
                    ref c10, ref c11, ref c12, ref c13, ref c14);
            }

            if (TRows.Value > 2)
            {
                Ahead(soon + 2 * aRow);
                Row(
                    TLanes.Load(a + 2 * aRow), b0, b1, b2, b3, b4,
                    ref c20, ref c21, ref c22, ref c23, ref c24);
            }

            if (TRows.Value > 3)
            {
                Ahead(soon + 3 * aRow);
                Row(
                    TLanes.Load(a + 3 * aRow), b0, b1, b2, b3, b4,
                    ref c30, ref c31, ref c32, ref c33, ref c34);
            }
        }

        nint rest = length % TLanes.Count;
        if (rest > 0)
        {
            b0 = TLanes.LoadFirst(b, rest);
            b1 = TColumns.Value > 1 ? TLanes.LoadFirst(b + 1 * bColumn, rest) : default;
            b2 = TColumns.Value > 2 ? TLanes.LoadFirst(b + 2 * bColumn, rest) : default;
            b3 = TColumns.Value > 3 ? TLanes.LoadFirst(b + 3 * bColumn, rest) : default;
            b4 = TColumns.Value > 4 ? TLanes.LoadFirst(b + 4 * bColumn, rest) : default;
            Row(TLanes.LoadFirst(a, rest), b0, b1, b2, b3, b4, ref c00, ref c01, ref c02, ref c03, ref c04);
            if (TRows.Value > 1)
            {
                Row(
                    TLanes.LoadFirst(a + 1 * aRow, rest), b0, b1, b2, b3, b4,
                    ref c10, ref c11, ref c12, ref c13, ref c14);
            }

            if (TRows.Value > 2)
            {
                Row(
                    TLanes.LoadFirst(a + 2 * aRow, rest), b0, b1, b2, b3, b4,
                    ref c20, ref c21, ref c22, ref c23, ref c24);
            }

            if (TRows.Value > 3)
            {
                Row(
                    TLanes.LoadFirst(a + 3 * aRow, rest), b0, b1, b2, b3, b4,
                    ref c30, ref c31, ref c32, ref c33, ref c34);
            }
        }

        T* sums = stackalloc T[5 * 4];
        TLanes.Sums(c00, c01, c02, c03, sums);
        if (TRows.Value > 1)
        {
            TLanes.Sums(c10, c11, c12, c13, sums + 4);
        }

        if (TRows.Value > 2)
        {
            TLanes.Sums(c20, c21, c22, c23, sums + 8);
        }

        if (TRows.Value > 3)
        {
            TLanes.Sums(c30, c31, c32, c33, sums + 12);
        }

        if (TColumns.Value > 4)
        {
            TLanes.Sums(c04, c14, c24, c34, sums + 16);
        }

        for (nint i = 0; i < TRows.Value; i++, c += cRow)
        {
            Store(0, sums[4 * i], c, cColumn, accumulate);
            Store(1, sums[4 * i + 1], c, cColumn, accumulate);
            Store(2, sums[4 * i + 2], c, cColumn, accumulate);
            Store(3, sums[4 * i + 3], c, cColumn, accumulate);
            Store(4, sums[16 + i], c, cColumn, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(
        TVector a, TVector b0, TVector b1, TVector b2, TVector b3, TVector b4,
        ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3, ref TVector c4)
    {
        c0 = TLanes.MultiplyAdd(a, b0, c0);
        if (TColumns.Value > 1)
        {
            c1 = TLanes.MultiplyAdd(a, b1, c1);
        }

        if (TColumns.Value > 2)
        {
            c2 = TLanes.MultiplyAdd(a, b2, c2);
        }

        if (TColumns.Value > 3)
        {
            c3 = TLanes.MultiplyAdd(a, b3, c3);
        }

        if (TColumns.Value > 4)
        {
            c4 = TLanes.MultiplyAdd(a, b4, c4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ahead(T* soon)
    {
        if (TColumns.Value > DotKernel.FewColumns)
        {
            TLanes.Prefetch(soon);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(int column, T sum, T* c, nint cColumn, bool accumulate)
    {
        if (column < TColumns.Value)
        {
            T* to = c + column * cColumn;
            *to = accumulate ? *to + sum : sum;
        }
    }
}
