using System.Runtime.CompilerServices;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Rows of C, streamed: C[i,j] (+)= Σₛ A[i,s]·B[s,j], a row of A held in registers, j over any length.</summary>
/// <remarks>At most 3 steps; those beyond <typeparamref name="TSteps"/> vanish when the JIT specializes.</remarks>
internal static unsafe class OuterKernel<T, TVector, TLanes, TSteps>
    where T : unmanaged
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
    where TSteps : struct, ILength
{
    /// <summary>Runs over <paramref name="columns"/> columns of <paramref name="rows"/> rows, one after the other.</summary>
    /// <remarks>
    /// Rows of B may be read up to a vector past their end; strides are in elements. With <paramref name="past"/>, C goes past the caches.
    /// Unsafe: the caller owns those elements of A, B and C; C overlaps neither A nor B.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        nint rows, nint columns, T* a, nint aRow, nint aStep, T* b, nint bRow, T* c, nint cRow, bool accumulate, bool past)
    {
        for (; rows > 0; rows--, a += aRow, c += cRow)
        {
            TVector a0 = TLanes.Broadcast(a[0]);
            TVector a1 = TSteps.Value > 1 ? TLanes.Broadcast(a[aStep]) : default;
            TVector a2 = TSteps.Value > 2 ? TLanes.Broadcast(a[2 * aStep]) : default;
            T* from = b;
            T* to = c;
            T* end = c + columns;
            if (accumulate)
            {
                for (; to <= end - TLanes.Count; to += TLanes.Count, from += TLanes.Count)
                {
                    TLanes.Store(Add(TLanes.Load(to), from, bRow, a0, a1, a2), to);
                }
            }
            else if (past)
            {
                nint first = Math.Min(columns, (nint)(-(nint)to & (sizeof(TVector) - 1)) / sizeof(T));
                TLanes.StoreFirst(Add(default, from, bRow, a0, a1, a2), to, first);
                to += first;
                from += first;
                for (; to <= end - TLanes.Count; to += TLanes.Count, from += TLanes.Count)
                {
                    TLanes.StorePast(Add(default, from, bRow, a0, a1, a2), to);
                }
            }
            else
            {
                for (; to <= end - TLanes.Count; to += TLanes.Count, from += TLanes.Count)
                {
                    TLanes.Store(Add(default, from, bRow, a0, a1, a2), to);
                }
            }

            nint rest = (nint)(end - to);
            if (rest > 0)
            {
                TLanes.StoreFirst(Add(accumulate ? TLanes.LoadFirst(to, rest) : default, from, bRow, a0, a1, a2), to, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, T* b, nint bRow, TVector a0, TVector a1, TVector a2)
    {
        sum = TLanes.MultiplyAdd(a0, TLanes.Load(b), sum);
        if (TSteps.Value > 1)
        {
            sum = TLanes.MultiplyAdd(a1, TLanes.Load(b + bRow), sum);
        }

        if (TSteps.Value > 2)
        {
            sum = TLanes.MultiplyAdd(a2, TLanes.Load(b + 2 * bRow), sum);
        }

        return sum;
    }
}
