using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>What a reduction combines, and where its results go; of partial reductions, one chunk at a time.</summary>
internal sealed class ReducedElements
{
    private readonly Expr _result;
    private readonly Func<Expr, Scalar[], Scalar> _element;
    private readonly Func<IReadOnlyList<Scalar>, Scalar, Statement> _store;
    private readonly Scalar? _leading;
    private readonly PartialReduction? _partial;
    private readonly Extents _extents;

    /// <summary>The elements of a reduction's operand.</summary>
    /// <param name="result">The reduction, or partial ones.</param>
    /// <param name="element">Elements of its operand.</param>
    /// <param name="store">The store of an element of the result.</param>
    /// <param name="leading">If not null, the only index of axis 0 that is computed.</param>
    /// <param name="chunk">If not null, the chunk of partial reductions: a loop's variable that others have, too.</param>
    /// <param name="extents">The lengths as code.</param>
    public ReducedElements(
        Expr result,
        Func<Expr, Scalar[], Scalar> element,
        Func<IReadOnlyList<Scalar>, Scalar, Statement> store,
        Scalar? leading = null,
        Variable? chunk = null,
        Extents? extents = null)
    {
        _result = result;
        _element = element;
        _store = store;
        _leading = leading;
        _extents = extents ?? Extents.Known;
        _partial = result.Op as PartialReduction;
        Op = _partial?.Of ?? (Reduction)result.Op;
        Shape = leading is null ? Operand.Type.Shape : [1, .. Operand.Type.Shape.Skip(1).AsSpan()];
        Accumulator = Op.Accumulator(Operand.DType);
        Kept = [.. Axes.All(Shape.Rank).Where(axis => !Op.Axes.Contains(axis))];
        Chunk = _partial is null ? null : chunk ?? Variable.Index("chunk", result.Type.Shape[0]);
    }

    /// <summary>How elements combine, over which axes.</summary>
    public Reduction Op { get; }

    /// <summary>The shape of what is combined.</summary>
    public Shape Shape { get; }

    /// <summary>The axes that are not reduced.</summary>
    public int[] Kept { get; }

    /// <summary>The dtype in which elements are combined.</summary>
    public DType Accumulator { get; }

    /// <summary>The chunk that is computed, or null if the result is not in chunks.</summary>
    public Variable? Chunk { get; }

    /// <summary>What an empty combination gives.</summary>
    public Scalar Neutral => Scalar.Of(Accumulator, Op.Neutral(Accumulator));

    private Expr Operand => _result.Inputs[0];

    /// <summary>The most indices of an axis that are combined at once: those of a chunk, if it is cut.</summary>
    public long LongestExtent(int axis) => axis == _partial?.Axis ? Math.Min(_partial.ChunkLength, Shape[axis]) : Shape[axis];

    /// <summary>The number of indices of an axis: in the last chunk of the axis that is cut, what is left.</summary>
    public Scalar Extent(int axis)
    {
        long longest = LongestExtent(axis);
        return longest == Shape[axis] ? _extents.Of(longest)
            : Shape[axis] % longest == 0 ? Scalar.Int(longest)
            : Scalar.Apply(BinaryOp.Min, Scalar.Int(Shape[axis]) - Start(axis), Scalar.Int(longest));
    }

    /// <summary>An element, converted to the accumulator; its index along the axis that is cut counts from the chunk's first.</summary>
    public Scalar At(Scalar[] index)
    {
        Scalar[] at = [.. index.Select((i, axis) => Start(axis) + i)];
        return Scalar.Convert(Accumulator, _element(Operand, _leading is null ? at : [_leading, .. at.Skip(1)]));
    }

    /// <summary>Stores the result of an index of the kept axes.</summary>
    public Statement Store(IReadOnlyList<Scalar> kept, Scalar total)
    {
        Scalar value = Scalar.Convert(_result.DType, total);
        return _store(Chunk is not null ? [Chunk, .. kept] : _leading is not null ? [_leading, .. kept.Skip(1)] : kept, value);
    }

    /// <summary>A loop over chunks, which threads share, if there are any.</summary>
    public Statement AroundChunks(Statement loops) => Chunk is null
        ? loops
        : new For(Chunk, Scalar.Int(Chunk.Extent), LoopKind.Parallel, loops as Block ?? new Block(loops));

    private Scalar Start(int axis) => axis == _partial?.Axis ? Chunk! * Scalar.Int(_partial.ChunkLength) : Scalar.Int(0);
}
