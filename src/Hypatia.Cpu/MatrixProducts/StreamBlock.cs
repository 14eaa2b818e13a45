using Hypatia.Cpu.Instructions;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>A few rows of C, streamed: C[r,j] (+)= Σₛ A[r,s]·B[s,j], r rows, s steps of k, j over whole vectors.</summary>
/// <param name="vectors">How many vectors of columns.</param>
/// <param name="a">The address of the first element of A; all of A is held in registers.</param>
/// <param name="b">The address of the first row of B.</param>
/// <param name="c">The address of the first row of C.</param>
/// <param name="shape">The strides; nothing else of it is read.</param>
/// <remarks>Unsafe: the caller owns those elements; C overlaps neither A nor B.</remarks>
internal unsafe delegate void StreamBlock(nint vectors, nint a, nint b, nint c, BlockShape* shape);

/// <summary>The blocks of one vector width that stream. Compiled when they are asked for first.</summary>
internal static class StreamBlocks<T, TVector, TLanes>
    where T : unmanaged
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    private const int MaxRows = 4;
    private const int MaxSteps = 4;

    private static readonly VectorType Vector = new(DTypes.Of<T>(), TLanes.Count);
    private static readonly StreamBlock?[] All = new StreamBlock?[(MaxRows + 1) * (MaxSteps + 1) * 2];

    /// <summary>The block of 1 … 4 rows and 1 … 4 steps.</summary>
    public static StreamBlock Of(nint rows, nint steps, bool accumulate)
    {
        ref StreamBlock? block = ref All[(rows * (MaxSteps + 1) + steps) * 2 + (accumulate ? 1 : 0)];
        return block ??= new StreamBlockEmitter(Vector, (int)rows, (int)steps, accumulate).Emit();
    }
}
