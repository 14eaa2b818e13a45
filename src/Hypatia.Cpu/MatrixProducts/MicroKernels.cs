namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The register blocks of one vector width, by rows and vectors.</summary>
internal static unsafe class MicroKernels<T, TVector, TLanes>
    where T : unmanaged
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    private static readonly delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, byte*, nint, T*, nint, void>[] ByRows1 = All<Length1>();
    private static readonly delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, byte*, nint, T*, nint, void>[] ByRows2 = All<Length2>();

    /// <summary>The blocks of 1 … 14 rows by 1 or 2 vectors: entry r − 1 has r rows. Compiled at first call.</summary>
    public static delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, byte*, nint, T*, nint, void>[] OfVectors(int vectors) =>
        vectors == 1 ? ByRows1 : ByRows2;

    private static delegate*<nint, T*, nint, nint, T*, nint, T*, nint, bool, byte*, nint, T*, nint, void>[] All<TVectors>()
        where TVectors : struct, ILength =>
    [
        &MicroKernel<T, TVector, TLanes, Length1, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length2, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length3, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length4, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length5, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length6, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length7, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length8, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length9, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length10, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length11, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length12, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length13, TVectors>.Run,
        &MicroKernel<T, TVector, TLanes, Length14, TVectors>.Run,
    ];
}
