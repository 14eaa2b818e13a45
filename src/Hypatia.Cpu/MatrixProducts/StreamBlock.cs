using System.Numerics;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>A few rows of C, streamed: C[r,j] (+)= Σₛ A[r,s]·B[s,j], r rows, s steps of k, j over whole vectors.</summary>
/// <param name="vectors">How many vectors of columns.</param>
/// <param name="a">The address of the first element of A; all of A is held in registers.</param>
/// <param name="b">The address of the first row of B.</param>
/// <param name="c">The address of the first row of C.</param>
/// <param name="shape">The strides; nothing else of it is read.</param>
/// <remarks>Unsafe: the caller owns those elements; C overlaps neither A nor B.</remarks>
internal unsafe delegate void StreamBlock(nint vectors, nint a, nint b, nint c, BlockShape* shape);

/// <summary>The blocks for elements of one type that stream. Compiled when they are asked for first.</summary>
internal static class StreamBlocks<T>
    where T : unmanaged, INumber<T>
{
    private const int MaxRows = 4;
    private const int MaxSteps = 4;

    private static readonly StreamBlock?[] All = new StreamBlock?[Lanes.Widths * (MaxRows + 1) * (MaxSteps + 1) * 2];

    /// <summary>The block of 1 … 4 rows and 1 … 4 steps.</summary>
    public static StreamBlock Of(Lanes lanes, nint rows, nint steps, bool accumulate)
    {
        ref StreamBlock? block = ref All[((lanes.Number * (MaxRows + 1) + rows) * (MaxSteps + 1) + steps) * 2 + (accumulate ? 1 : 0)];
        return block ??= new StreamBlockEmitter(lanes.Vector<T>(), lanes.CodeFor<T>(), (int)rows, (int)steps, accumulate).Emit();
    }
}
