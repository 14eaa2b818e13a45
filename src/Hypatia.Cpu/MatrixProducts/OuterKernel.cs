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
    /// B is packed into panels of one vector, the last one padded; strides are in elements.
    /// Unsafe: the caller owns those elements of A, B and C; C overlaps neither A nor B.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        nint rows, nint columns, T* a, nint aRow, nint aStep, T* b, T* c, nint cRow, bool accumulate)
    {
        nint whole = columns / TLanes.Count * TLanes.Count;
        for (; rows > 0; rows--, a += aRow, c += cRow)
        {
            TVector a0 = TLanes.Broadcast(a[0]);
            TVector a1 = TSteps.Value > 1 ? TLanes.Broadcast(a[aStep]) : default;
            TVector a2 = TSteps.Value > 2 ? TLanes.Broadcast(a[2 * aStep]) : default;
            T* panel = b;
            T* to = c;
            T* end = c + whole;
            if (accumulate)
            {
                for (; to < end; to += TLanes.Count, panel += TSteps.Value * TLanes.Count)
                {
                    TLanes.Store(Add(TLanes.Load(to), panel, a0, a1, a2), to);
                }
            }
            else
            {
                for (; to < end; to += TLanes.Count, panel += TSteps.Value * TLanes.Count)
                {
                    TLanes.Store(Add(default, panel, a0, a1, a2), to);
                }
            }

            nint rest = columns - whole;
            if (rest > 0)
            {
                TLanes.StoreFirst(Add(accumulate ? TLanes.LoadFirst(to, rest) : default, panel, a0, a1, a2), to, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, T* b, TVector a0, TVector a1, TVector a2)
    {
        sum = TLanes.MultiplyAdd(a0, TLanes.Load(b), sum);
        if (TSteps.Value > 1)
        {
            sum = TLanes.MultiplyAdd(a1, TLanes.Load(b + TLanes.Count), sum);
        }

        if (TSteps.Value > 2)
        {
            sum = TLanes.MultiplyAdd(a2, TLanes.Load(b + 2 * TLanes.Count), sum);
        }

        return sum;
    }
}
