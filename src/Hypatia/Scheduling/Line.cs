using Hypatia.Loops;

namespace Hypatia.Scheduling;

/// <summary>
/// The lines of a shape: for each index of the axes that a reduction keeps, the elements that it combines. Values are
/// either along the lines (of the shape itself) or one for each line.
/// </summary>
/// <param name="Shape">The shape of what is combined.</param>
/// <param name="Axes">The axes that lines run along, in order.</param>
internal sealed record Line(Shape Shape, Axes Axes)
{
    /// <summary>The other axes.</summary>
    public int[] Kept => [.. Hypatia.Axes.All(Shape.Rank).Where(axis => !Axes.Contains(axis))];

    /// <summary>The number of lines.</summary>
    public long Count => Kept.Aggregate(1L, (n, axis) => n * Shape[axis]);

    /// <summary>The number of elements of each.</summary>
    public long Length => Axes.Aggregate(1L, (n, axis) => n * Shape[axis]);

    /// <summary>Whether neighbors in memory are neighbors on a line.</summary>
    public bool IsInnermost =>
        Hypatia.Axes.All(Shape.Rank).LastOrDefault(axis => Shape[axis] > 1, -1) is var last && Axes.Contains(last);

    /// <summary>The lines that a stored reduction combines; null for anything else.</summary>
    public static Line? Of(Expr x) =>
        Scheduler.KindOf(x) == GroupKind.Reduce && x.Op is Reduction op ? new Line(x.Inputs[0].Type.Shape, op.Axes) : null;

    /// <summary>Whether a value has an element for each element of the lines.</summary>
    public bool IsAlong(Expr x) => Of(x) is null && x.Type.Shape == Shape;

    /// <summary>Whether a value has one element for each line.</summary>
    public bool IsPerLine(Expr x) => x.Type.Shape.SequenceEqual(Kept.Select(axis => Shape[axis]))
        || x.Type.Shape.SequenceEqual(Shape.Select((n, axis) => Axes.Contains(axis) ? 1 : n));

    /// <summary>The index of a value's element, for an index of the shape.</summary>
    public Scalar[] IndexOf(Expr x, IReadOnlyList<Scalar> index) =>
        IsAlong(x) ? [.. index]
        : x.Rank == Kept.Length ? [.. Kept.Select(axis => index[axis])]
        : [.. index.Select((i, axis) => Axes.Contains(axis) ? Scalar.Int(0) : i)];
}
