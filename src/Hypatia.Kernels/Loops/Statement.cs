using System.Collections.Immutable;

namespace Hypatia.Loops;

/// <summary>A step of a kernel. Immutable.</summary>
public abstract class Statement
{
    private protected Statement()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => KernelPrinter.Print(this);
}

/// <summary>How the iterations of a loop are run. What the loop computes is the same for every kind.</summary>
public enum LoopKind
{
    /// <summary>One after the other.</summary>
    Serial,

    /// <summary>
    /// In any order by any thread: iterations write different elements. Only the outermost statement of a kernel.
    /// </summary>
    Parallel,

    /// <summary>
    /// Several at once in the lanes of vectors: iterations are independent, but for <see cref="Accumulate"/> into a
    /// target that does not depend on the index, whose order of combination is then the emitter's. Such a target is not
    /// read in the loop, and all its updates combine by one operation.
    /// </summary>
    Vector,

    /// <summary>Written out; <see cref="Passes.Unroll"/> removes it.</summary>
    Unrolled,
}

/// <summary><c>for index in 0 … extent − 1: body</c>.</summary>
public sealed class For(Variable index, Scalar extent, LoopKind kind, Block body) : Statement
{
    /// <summary>The int64 index.</summary>
    public Variable Index { get; } = index;

    /// <summary>The number of iterations, an int64 computed once before the loop.</summary>
    public Scalar Extent { get; } = extent;

    /// <summary>How iterations are run.</summary>
    public LoopKind Kind { get; } = kind;

    /// <summary>What is repeated.</summary>
    public Block Body { get; } = body;
}

/// <summary>Statements in order. Names and memories introduced in a block end with it.</summary>
public sealed class Block(ImmutableArray<Statement> statements) : Statement
{
    /// <summary>Statements in order.</summary>
    public Block(params IEnumerable<Statement> statements)
        : this([.. statements])
    {
    }

    /// <summary>The statements.</summary>
    public ImmutableArray<Statement> Statements { get; } = statements;
}

/// <summary><c>let variable = value</c>, for the rest of the block.</summary>
public sealed class Let(Variable variable, Scalar value) : Statement
{
    /// <summary>The name.</summary>
    public Variable Variable { get; } = variable;

    /// <summary>What it stands for.</summary>
    public Scalar Value { get; } = value;
}

/// <summary><c>memory[index] = value</c>.</summary>
public sealed class Store(Memory memory, Scalar index, Scalar value) : Statement
{
    /// <summary>What is written.</summary>
    public Memory Memory { get; } = memory;

    /// <summary>Which element, as an int64.</summary>
    public Scalar Index { get; } = index;

    /// <summary>The value, of the memory's dtype.</summary>
    public Scalar Value { get; } = value;
}

/// <summary><c>memory[index] = memory[index] op value</c>, with op one of Add, Mul, Min, Max, And, Or.</summary>
public sealed class Accumulate(Memory memory, Scalar index, BinaryOp op, Scalar value) : Statement
{
    /// <summary>What is updated.</summary>
    public Memory Memory { get; } = memory;

    /// <summary>Which element, as an int64; 0 for a register.</summary>
    public Scalar Index { get; } = index;

    /// <summary>How values combine: associative and commutative but for rounding.</summary>
    public BinaryOp Op { get; } = op;

    /// <summary>The value, of the memory's dtype.</summary>
    public Scalar Value { get; } = value;
}

/// <summary>
/// Says that an element will be used soon, so that a device may fetch it from memory meanwhile. Computes nothing; the index
/// may be outside the memory.
/// </summary>
public sealed class Prefetch(Memory memory, Scalar index) : Statement
{
    /// <summary>What will be read.</summary>
    public Memory Memory { get; } = memory;

    /// <summary>Which element, as an int64.</summary>
    public Scalar Index { get; } = index;
}

/// <summary><c>if condition: then</c>.</summary>
public sealed class If(Scalar condition, Block then) : Statement
{
    /// <summary>A bool.</summary>
    public Scalar Condition { get; } = condition;

    /// <summary>What is done where it holds.</summary>
    public Block Then { get; } = then;
}

/// <summary>Makes a scratch or register memory for the rest of the block. Its content is undefined until stored.</summary>
public sealed class Allocate(Memory memory) : Statement
{
    /// <summary>The memory.</summary>
    public Memory Memory { get; } = memory;
}
