using System.Runtime.CompilerServices;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>A few rows of C, streamed: C[r,j] (+)= Σₛ A[r,s]·B[s,j], r rows, s steps of k, j over any length.</summary>
/// <remarks>Every element of A stays in a register; B and C are walked by rows. At most 4 rows, 4 steps.</remarks>
internal static unsafe class StreamKernel<T, TVector, TLanes, TRows, TSteps>
    where T : unmanaged
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
    where TRows : struct, ILength
    where TSteps : struct, ILength
{
    /// <summary>Runs over <paramref name="vectors"/> whole vectors of columns. Strides are in elements.</summary>
    /// <remarks>Unsafe: the caller owns those elements of A, B and C; C overlaps neither A nor B.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        nint vectors, T* a, nint aRow, nint aStep, T* b, nint bRow, T* c, nint cRow, bool accumulate)
    {
        TVector a00 = Scalar(a, 0, 0, aRow, aStep), a01 = Scalar(a, 0, 1, aRow, aStep);
        TVector a02 = Scalar(a, 0, 2, aRow, aStep), a03 = Scalar(a, 0, 3, aRow, aStep);
        TVector a10 = Scalar(a, 1, 0, aRow, aStep), a11 = Scalar(a, 1, 1, aRow, aStep);
        TVector a12 = Scalar(a, 1, 2, aRow, aStep), a13 = Scalar(a, 1, 3, aRow, aStep);
        TVector a20 = Scalar(a, 2, 0, aRow, aStep), a21 = Scalar(a, 2, 1, aRow, aStep);
        TVector a22 = Scalar(a, 2, 2, aRow, aStep), a23 = Scalar(a, 2, 3, aRow, aStep);
        TVector a30 = Scalar(a, 3, 0, aRow, aStep), a31 = Scalar(a, 3, 1, aRow, aStep);
        TVector a32 = Scalar(a, 3, 2, aRow, aStep), a33 = Scalar(a, 3, 3, aRow, aStep);

        T* end = c + vectors * TLanes.Count;
        for (; c < end; c += TLanes.Count, b += TLanes.Count)
        {
            TVector b0 = TLanes.Load(b);
            TVector b1 = TSteps.Value > 1 ? TLanes.Load(b + 1 * bRow) : default;
            TVector b2 = TSteps.Value > 2 ? TLanes.Load(b + 2 * bRow) : default;
            TVector b3 = TSteps.Value > 3 ? TLanes.Load(b + 3 * bRow) : default;
            Row(c, accumulate, a00, a01, a02, a03, b0, b1, b2, b3);
            if (TRows.Value > 1)
            {
                Row(c + 1 * cRow, accumulate, a10, a11, a12, a13, b0, b1, b2, b3);
            }

            if (TRows.Value > 2)
            {
                Row(c + 2 * cRow, accumulate, a20, a21, a22, a23, b0, b1, b2, b3);
            }

            if (TRows.Value > 3)
            {
                Row(c + 3 * cRow, accumulate, a30, a31, a32, a33, b0, b1, b2, b3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scalar(T* a, int row, int step, nint aRow, nint aStep) =>
        row < TRows.Value && step < TSteps.Value ? TLanes.Broadcast(a[row * aRow + step * aStep]) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(
        T* c, bool accumulate, TVector a0, TVector a1, TVector a2, TVector a3,
        TVector b0, TVector b1, TVector b2, TVector b3)
    {
        TVector sum = TLanes.MultiplyAdd(a0, b0, accumulate ? TLanes.Load(c) : default);
        if (TSteps.Value > 1)
        {
            sum = TLanes.MultiplyAdd(a1, b1, sum);
        }

        if (TSteps.Value > 2)
        {
            sum = TLanes.MultiplyAdd(a2, b2, sum);
        }

        if (TSteps.Value > 3)
        {
            sum = TLanes.MultiplyAdd(a3, b3, sum);
        }

        TLanes.Store(sum, c);
    }
}
