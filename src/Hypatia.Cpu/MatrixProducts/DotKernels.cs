using System.Numerics;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The dot-product kernels of one vector width, by rows of A and columns of B.</summary>
internal static unsafe class DotKernels<T, TVector, TLanes>
    where T : unmanaged, INumber<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    private static readonly delegate*<nint, T*, nint, T*, nint, T*, nint, T*, nint, nint, bool, void>[] All =
    [
        &DotKernel<T, TVector, TLanes, Length1, Length1>.Run,
        &DotKernel<T, TVector, TLanes, Length1, Length2>.Run,
        &DotKernel<T, TVector, TLanes, Length1, Length3>.Run,
        &DotKernel<T, TVector, TLanes, Length1, Length4>.Run,
        &DotKernel<T, TVector, TLanes, Length1, Length5>.Run,
        &DotKernel<T, TVector, TLanes, Length2, Length1>.Run,
        &DotKernel<T, TVector, TLanes, Length2, Length2>.Run,
        &DotKernel<T, TVector, TLanes, Length2, Length3>.Run,
        &DotKernel<T, TVector, TLanes, Length2, Length4>.Run,
        &DotKernel<T, TVector, TLanes, Length2, Length5>.Run,
        &DotKernel<T, TVector, TLanes, Length3, Length1>.Run,
        &DotKernel<T, TVector, TLanes, Length3, Length2>.Run,
        &DotKernel<T, TVector, TLanes, Length3, Length3>.Run,
        &DotKernel<T, TVector, TLanes, Length3, Length4>.Run,
        &DotKernel<T, TVector, TLanes, Length3, Length5>.Run,
        &DotKernel<T, TVector, TLanes, Length4, Length1>.Run,
        &DotKernel<T, TVector, TLanes, Length4, Length2>.Run,
        &DotKernel<T, TVector, TLanes, Length4, Length3>.Run,
        &DotKernel<T, TVector, TLanes, Length4, Length4>.Run,
        &DotKernel<T, TVector, TLanes, Length4, Length5>.Run,
    ];

    /// <summary>The kernel of 1 … 4 rows and 1 … 5 columns. Compiled at its first call.</summary>
    public static delegate*<nint, T*, nint, T*, nint, T*, nint, T*, nint, nint, bool, void> Of(nint rows, nint columns) =>
        All[5 * (rows - 1) + columns - 1];
}
