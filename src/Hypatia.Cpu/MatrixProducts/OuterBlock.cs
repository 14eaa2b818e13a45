using System.Numerics;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Rows of C, streamed one after the other: C[i,j] (+)= Σₛ A[i,s]·B[s,j], a row of A held in registers.</summary>
/// <param name="rows">How many rows.</param>
/// <param name="columns">How many columns. Rows of B may be read up to a vector past them.</param>
/// <param name="a">The address of the first row of A.</param>
/// <param name="b">The address of the first row of B.</param>
/// <param name="c">The address of the first row of C.</param>
/// <param name="shape">The strides; nothing else of it is read.</param>
/// <remarks>Unsafe: the caller owns those elements; C overlaps neither A nor B.</remarks>
internal unsafe delegate void OuterBlock(nint rows, nint columns, nint a, nint b, nint c, BlockShape* shape);

/// <summary>What becomes of C.</summary>
internal enum Outcome
{
    /// <summary>It is replaced.</summary>
    Stored,

    /// <summary>It is replaced, past the caches.</summary>
    StoredPast,

    /// <summary>It is added to.</summary>
    Added,
}

/// <summary>The outer products for elements of one type. Compiled when they are asked for first.</summary>
internal static class OuterBlocks<T>
    where T : unmanaged, INumber<T>
{
    private const int MaxSteps = 3;

    private static readonly OuterBlock?[] All = new OuterBlock?[Lanes.Widths * (MaxSteps + 1) * 3];

    /// <summary>The block of 1 … 3 steps of k.</summary>
    public static OuterBlock Of(Lanes lanes, nint steps, Outcome outcome)
    {
        ref OuterBlock? block = ref All[(lanes.Number * (MaxSteps + 1) + steps) * 3 + (nint)outcome];
        return block ??= new OuterBlockEmitter(lanes.Vector<T>(), lanes.CodeFor<T>(), (int)steps, outcome).Emit();
    }
}
