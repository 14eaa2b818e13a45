using System.Numerics;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The register block: C[r,v] (+)= Σₖ A[r,k]·B[k,v], r rows by v vectors, all sums held in registers.</summary>
/// <param name="a">The address of the block's first element of A.</param>
/// <param name="b">The address of a panel of B.</param>
/// <param name="c">The address of the block's first element of C.</param>
/// <param name="ahead">The address of what will be read later: a line is asked for at each step of k.</param>
/// <param name="shape">What the blocks of a panel have in common.</param>
/// <remarks>Unsafe: the caller owns those elements; C overlaps neither A nor B.</remarks>
internal unsafe delegate void RegisterBlock(nint a, nint b, nint c, nint ahead, BlockShape* shape);

/// <summary>What the register blocks of a panel have in common. Strides and offsets are in bytes.</summary>
internal struct BlockShape
{
    /// <summary>Steps of k.</summary>
    public nint Steps;

    public nint ARow;
    public nint AStep;
    public nint BStep;
    public nint CRow;

    /// <summary>From a line that is asked for, for later, to the next.</summary>
    public nint AheadStep;

    /// <summary>From C to where C is asked for, as it will be read soon.</summary>
    public nint Soon;

    /// <summary>From there to what the epilogue will read with it, which is asked for too; 0 if nothing.</summary>
    public nint Alike;

    /// <summary>Lanes of the last vector of a row that are read and written, if not all; else 0.</summary>
    public nint Rest;

    /// <summary>Whether the product is added to what C holds.</summary>
    public bool Accumulate;

    /// <summary>Steps that are not in a round: one for each row and vector that is asked for, and what does not fill a round.</summary>
    public readonly nint SingleSteps(nint rows, nint vectors, nint roundSteps)
    {
        nint steps = Math.Min(Steps, rows * vectors * (Alike == 0 ? 1 : 2));
        return steps + (Steps - steps) % roundSteps;
    }

    /// <summary>From C to what a part of those steps, one for each row, asks for: first and second vectors, then what is alike.</summary>
    public readonly nint SoonOfPart(nint part, nint vectors, nint vectorBytes) =>
        Soon + part % vectors * vectorBytes + part / vectors * Alike;
}

/// <summary>Which elements of A adjoin: a register block then finds them at constant offsets.</summary>
internal enum Adjoining
{
    Nothing,
    Rows,
    Columns,
}

/// <summary>The register blocks for elements of one type. Compiled when they are asked for first.</summary>
internal static unsafe class RegisterBlocks<T>
    where T : unmanaged, INumber<T>
{
    private const int Line = 64;

    private static readonly RegisterBlock?[] All = new RegisterBlock?[Lanes.Widths * (Lanes.MostRows + 1) * 2 * 2 * 3 * 2];

    /// <summary>The block of 1 … <see cref="Lanes.MaxRows"/> rows by 1 or 2 vectors, for the strides of a shape.</summary>
    public static RegisterBlock Of(Lanes lanes, nint rows, int vectors, in BlockShape shape)
    {
        Adjoining a = shape.AStep == sizeof(T) ? Adjoining.Rows : shape.ARow == sizeof(T) ? Adjoining.Columns : Adjoining.Nothing;
        bool aheadByRound = Math.Abs(shape.AheadStep) * RegisterBlockEmitter.RoundSteps <= Line;
        ref RegisterBlock? block = ref All[((((lanes.Number * (Lanes.MostRows + 1) + rows) * 2 + vectors - 1) * 2 + (shape.Rest > 0 ? 1 : 0)) * 3 + (nint)a) * 2 + (aheadByRound ? 1 : 0)];
        return block ??= new RegisterBlockEmitter(lanes.Vector<T>(), lanes.CodeFor<T>(), (int)rows, vectors, shape.Rest > 0, a, aheadByRound).Emit();
    }
}
