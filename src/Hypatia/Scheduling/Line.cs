using Hypatia.Loops;

namespace Hypatia.Scheduling;

/// <summary>
/// The lines of a shape: for each index of the axes that a reduction keeps, the elements that it combines; of partial
/// reductions of everything, those of one chunk. Values are either along the lines (of the shape itself) or one for each
/// line.
/// </summary>
/// <param name="Shape">The shape of what is combined.</param>
/// <param name="Axes">The axes that lines run along, in order.</param>
/// <param name="ChunkLength">Of partial reductions, the indices of the first of these axes in each chunk; else 0.</param>
internal sealed record Line(Shape Shape, Axes Axes, long ChunkLength = 0)
{
    /// <summary>The other axes.</summary>
    public int[] Kept => [.. Hypatia.Axes.All(Shape.Rank).Where(axis => !Axes.Contains(axis))];

    /// <summary>Whether lines are chunks of everything.</summary>
    public bool IsChunk => ChunkLength > 0;

    /// <summary>The number of lines.</summary>
    public long Count => IsChunk
        ? (Shape[Axes[0]] + ChunkLength - 1) / ChunkLength
        : Shape.At(Kept).Count;

    /// <summary>The lengths of the axes of a line; the last chunk may have less of the first.</summary>
    public Shape Along => IsChunk ? [ChunkLength, .. Shape.At(Axes.AsSpan()).Skip(1).AsSpan()] : Shape.At(Axes.AsSpan());

    /// <summary>Whether neighbors in memory are neighbors on a line.</summary>
    public bool IsInnermost =>
        Hypatia.Axes.All(Shape.Rank).LastOrDefault(axis => Shape[axis] > 1, -1) is var last && Axes.Contains(last);

    /// <summary>The lines that a stored reduction combines; null for anything else.</summary>
    public static Line? Of(Expr x) => Scheduler.KindOf(x) != GroupKind.Reduce ? null : x.Op switch
    {
        Reduction op => new Line(x.Inputs[0].Type.Shape, op.Axes),
        PartialReduction { Of: var op } chunks when chunks.Axis == op.Axes[0] && x.Rank == 1 =>
            new Line(x.Inputs[0].Type.Shape, op.Axes, chunks.ChunkLength),
        _ => null,
    };

    /// <summary>How elements combine in a stored reduction of lines.</summary>
    public static Reduction Reduction(Expr x) => (x.Op as PartialReduction)?.Of ?? (Reduction)x.Op;

    /// <summary>Whether a value has an element for each element of the lines.</summary>
    public bool IsAlong(Expr x) => Of(x) is null && x.Type.Shape == Shape;

    /// <summary>Whether a value that is no reduction has one element for each line.</summary>
    public bool IsPerLine(Expr x) => !IsChunk && (x.Type.Shape == Shape.At(Kept) || HasAnElementForEach(x.Type.Shape));

    /// <summary>The index of a value's element, for an index of the shape; null if it has none.</summary>
    public Scalar[]? IndexOf(Expr x, IReadOnlyList<Scalar> index) =>
        IsAlong(x) ? [.. index]
        : IsChunk ? null
        : x.Rank == Kept.Length ? [.. Kept.Select(axis => index[axis])]
        : [.. index.Select((i, axis) => Axes.Contains(axis) ? Scalar.Int(0) : i)];

    public bool Equals(Line? other) =>
        other is not null && other.Shape == Shape && other.Axes.Equals(Axes) && other.ChunkLength == ChunkLength;

    public override int GetHashCode() => HashCode.Combine(Shape.GetHashCode(), Axes.GetHashCode(), ChunkLength);

    // Whether the axes of a shape are those of the lines' shape, with length 1 along lines.
    private bool HasAnElementForEach(Shape shape)
    {
        for (int axis = 0; axis < Math.Min(shape.Rank, Shape.Rank); axis++)
        {
            if (shape[axis] != (Axes.Contains(axis) ? 1 : Shape[axis]))
            {
                return false;
            }
        }

        return shape.Rank == Shape.Rank;
    }
}
