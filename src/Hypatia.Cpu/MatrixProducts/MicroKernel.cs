using System.Runtime.CompilerServices;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The register block: C[r,v] (+)= Σₖ A[r,k]·B[k,v], r rows by v vectors, all sums held in registers.</summary>
/// <remarks>
/// A is read one element at a time, so it may have any strides; rows of B and C are read by whole vectors. Rows and
/// vectors beyond <typeparamref name="TRows"/> and <typeparamref name="TVectors"/> vanish when the JIT specializes.
/// </remarks>
internal static unsafe class MicroKernel<T, TVector, TLanes, TRows, TVectors>
    where T : unmanaged
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
    where TRows : struct, ILength
    where TVectors : struct, ILength
{
    /// <summary>Runs over k = 0 … <paramref name="length"/> − 1. Strides are in elements.</summary>
    /// <remarks>
    /// Meanwhile asks for C at <paramref name="soonC"/> and for what lies <paramref name="alike"/> after it, and for one line every <paramref name="aheadStep"/> bytes from <paramref name="ahead"/> on,
    /// one for each k: a burst of misses would delay its own loads.
    /// Unsafe: the caller owns rows·length elements of A, whole vectors in each of length rows of B, and whole
    /// vectors in each row of C, which overlaps neither.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        nint length, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, bool accumulate,
        byte* ahead, nint aheadStep, T* soonC, nint alike)
    {
        TVector c0 = default, d0 = default;
        TVector c1 = default, d1 = default;
        TVector c2 = default, d2 = default;
        TVector c3 = default, d3 = default;
        TVector c4 = default, d4 = default;
        TVector c5 = default, d5 = default;
        TVector c6 = default, d6 = default;
        TVector c7 = default, d7 = default;
        TVector c8 = default, d8 = default;
        TVector c9 = default, d9 = default;
        TVector c10 = default, d10 = default;
        TVector c11 = default, d11 = default;
        TVector c12 = default, d12 = default;
        TVector c13 = default, d13 = default;

        nint aRow2 = 2 * aRow;
        nint aRow3 = 3 * aRow;
        T* a4 = a + 4 * aRow;
        T* a8 = a4 + 4 * aRow;
        T* a12 = a8 + 4 * aRow;

        // C is asked for in parts, a row for each step of a part; what is left is one part that asks for the last of it again.
        T* firstC = soonC;
        nint soonRow = cRow;
        for (int part = 0; length > 0; part++)
        {
            nint k = Math.Min(length, TRows.Value);
            if (part < 2 * TVectors.Value)
            {
                soonC = firstC + part % TVectors.Value * TLanes.Count + (part < TVectors.Value ? 0 : alike);
            }
            else
            {
                (k, soonRow) = (length, 0);
            }

            length -= k;
            do
            {
                TVector b0 = TLanes.Load(b);
                TVector b1 = TVectors.Value > 1 ? TLanes.Load(b + TLanes.Count) : default;
                b += bStep;
                TLanes.PrefetchFar(ahead);
                ahead += aheadStep;
                TLanes.Prefetch(soonC);
                soonC += soonRow;

                if (TRows.Value > 0)
                {
                    MultiplyAdd(a[0], b0, b1, ref c0, ref d0);
                }

                if (TRows.Value > 1)
                {
                    MultiplyAdd(a[aRow], b0, b1, ref c1, ref d1);
                }

                if (TRows.Value > 2)
                {
                    MultiplyAdd(a[aRow2], b0, b1, ref c2, ref d2);
                }

                if (TRows.Value > 3)
                {
                    MultiplyAdd(a[aRow3], b0, b1, ref c3, ref d3);
                }

                if (TRows.Value > 4)
                {
                    MultiplyAdd(a4[0], b0, b1, ref c4, ref d4);
                }

                if (TRows.Value > 5)
                {
                    MultiplyAdd(a4[aRow], b0, b1, ref c5, ref d5);
                }

                if (TRows.Value > 6)
                {
                    MultiplyAdd(a4[aRow2], b0, b1, ref c6, ref d6);
                }

                if (TRows.Value > 7)
                {
                    MultiplyAdd(a4[aRow3], b0, b1, ref c7, ref d7);
                }

                if (TRows.Value > 8)
                {
                    MultiplyAdd(a8[0], b0, b1, ref c8, ref d8);
                }

                if (TRows.Value > 9)
                {
                    MultiplyAdd(a8[aRow], b0, b1, ref c9, ref d9);
                }

                if (TRows.Value > 10)
                {
                    MultiplyAdd(a8[aRow2], b0, b1, ref c10, ref d10);
                }

                if (TRows.Value > 11)
                {
                    MultiplyAdd(a8[aRow3], b0, b1, ref c11, ref d11);
                }

                if (TRows.Value > 12)
                {
                    MultiplyAdd(a12[0], b0, b1, ref c12, ref d12);
                }

                if (TRows.Value > 13)
                {
                    MultiplyAdd(a12[aRow], b0, b1, ref c13, ref d13);
                }

                a += aStep;
                a4 += aStep;
                a8 += aStep;
                a12 += aStep;
            }
            while (--k != 0);
        }

        // All loads before any store: a store delays loads that are a multiple of 4 KiB away.
        if (accumulate)
        {
            if (TRows.Value > 0)
            {
                Add(c + 0 * cRow, ref c0, ref d0);
            }

            if (TRows.Value > 1)
            {
                Add(c + 1 * cRow, ref c1, ref d1);
            }

            if (TRows.Value > 2)
            {
                Add(c + 2 * cRow, ref c2, ref d2);
            }

            if (TRows.Value > 3)
            {
                Add(c + 3 * cRow, ref c3, ref d3);
            }

            if (TRows.Value > 4)
            {
                Add(c + 4 * cRow, ref c4, ref d4);
            }

            if (TRows.Value > 5)
            {
                Add(c + 5 * cRow, ref c5, ref d5);
            }

            if (TRows.Value > 6)
            {
                Add(c + 6 * cRow, ref c6, ref d6);
            }

            if (TRows.Value > 7)
            {
                Add(c + 7 * cRow, ref c7, ref d7);
            }

            if (TRows.Value > 8)
            {
                Add(c + 8 * cRow, ref c8, ref d8);
            }

            if (TRows.Value > 9)
            {
                Add(c + 9 * cRow, ref c9, ref d9);
            }

            if (TRows.Value > 10)
            {
                Add(c + 10 * cRow, ref c10, ref d10);
            }

            if (TRows.Value > 11)
            {
                Add(c + 11 * cRow, ref c11, ref d11);
            }

            if (TRows.Value > 12)
            {
                Add(c + 12 * cRow, ref c12, ref d12);
            }

            if (TRows.Value > 13)
            {
                Add(c + 13 * cRow, ref c13, ref d13);
            }
        }

        if (TRows.Value > 0)
        {
            Store(c + 0 * cRow, c0, d0);
        }

        if (TRows.Value > 1)
        {
            Store(c + 1 * cRow, c1, d1);
        }

        if (TRows.Value > 2)
        {
            Store(c + 2 * cRow, c2, d2);
        }

        if (TRows.Value > 3)
        {
            Store(c + 3 * cRow, c3, d3);
        }

        if (TRows.Value > 4)
        {
            Store(c + 4 * cRow, c4, d4);
        }

        if (TRows.Value > 5)
        {
            Store(c + 5 * cRow, c5, d5);
        }

        if (TRows.Value > 6)
        {
            Store(c + 6 * cRow, c6, d6);
        }

        if (TRows.Value > 7)
        {
            Store(c + 7 * cRow, c7, d7);
        }

        if (TRows.Value > 8)
        {
            Store(c + 8 * cRow, c8, d8);
        }

        if (TRows.Value > 9)
        {
            Store(c + 9 * cRow, c9, d9);
        }

        if (TRows.Value > 10)
        {
            Store(c + 10 * cRow, c10, d10);
        }

        if (TRows.Value > 11)
        {
            Store(c + 11 * cRow, c11, d11);
        }

        if (TRows.Value > 12)
        {
            Store(c + 12 * cRow, c12, d12);
        }

        if (TRows.Value > 13)
        {
            Store(c + 13 * cRow, c13, d13);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(T a, TVector b0, TVector b1, ref TVector c0, ref TVector c1)
    {
        TVector x = TLanes.Broadcast(a);
        c0 = TLanes.MultiplyAdd(x, b0, c0);
        if (TVectors.Value > 1)
        {
            c1 = TLanes.MultiplyAdd(x, b1, c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* c, ref TVector c0, ref TVector c1)
    {
        c0 = TLanes.Add(TLanes.Load(c), c0);
        if (TVectors.Value > 1)
        {
            c1 = TLanes.Add(TLanes.Load(c + TLanes.Count), c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector c0, TVector c1)
    {
        TLanes.Store(c0, c);
        if (TVectors.Value > 1)
        {
            TLanes.Store(c1, c + TLanes.Count);
        }
    }
}
