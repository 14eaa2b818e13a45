namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The streaming kernels of one vector width, by rows and steps of k.</summary>
internal static unsafe class StreamKernels<T, TVector, TLanes>
    where T : unmanaged
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    private static readonly delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, void>[] All =
    [
        &StreamKernel<T, TVector, TLanes, Length1, Length1>.Run,
        &StreamKernel<T, TVector, TLanes, Length1, Length2>.Run,
        &StreamKernel<T, TVector, TLanes, Length1, Length3>.Run,
        &StreamKernel<T, TVector, TLanes, Length1, Length4>.Run,
        &StreamKernel<T, TVector, TLanes, Length2, Length1>.Run,
        &StreamKernel<T, TVector, TLanes, Length2, Length2>.Run,
        &StreamKernel<T, TVector, TLanes, Length2, Length3>.Run,
        &StreamKernel<T, TVector, TLanes, Length2, Length4>.Run,
        &StreamKernel<T, TVector, TLanes, Length3, Length1>.Run,
        &StreamKernel<T, TVector, TLanes, Length3, Length2>.Run,
        &StreamKernel<T, TVector, TLanes, Length3, Length3>.Run,
        &StreamKernel<T, TVector, TLanes, Length3, Length4>.Run,
        &StreamKernel<T, TVector, TLanes, Length4, Length1>.Run,
        &StreamKernel<T, TVector, TLanes, Length4, Length2>.Run,
        &StreamKernel<T, TVector, TLanes, Length4, Length3>.Run,
        &StreamKernel<T, TVector, TLanes, Length4, Length4>.Run,
    ];

    /// <summary>The kernel of 1 … 4 rows and 1 … 4 steps. Compiled at its first call.</summary>
    public static delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, void> Of(nint rows, nint steps) =>
        All[4 * (rows - 1) + steps - 1];
}
