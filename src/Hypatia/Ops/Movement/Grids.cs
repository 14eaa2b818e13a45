namespace Hypatia;

/// <summary>
/// Coordinates of a grid's points, by ranges as in subscripts: <c>T.OGrid[0..3, (1..9, 2)]</c>. Made by
/// <see cref="T.OGrid"/> and <see cref="T.MGrid"/>.
/// </summary>
public sealed class Grid
{
    private readonly bool _open;

    internal Grid(bool open) => _open = open;

    /// <summary>For each range, the coordinates along its axis, as int64 (or the bounds' dtype) tensors.</summary>
    /// <exception cref="ShapeException">A subscript is not a range with an end.</exception>
    public Expr[] this[params Subscript[] ranges]
    {
        get
        {
            Expr[] lines = [.. ranges.Select(Line)];
            Expr[] open = [.. lines.Select((line, axis) => Dimshuffle.Of(
                line, [.. Axes.All(lines.Length).Select(other => other == axis ? 0 : Dimshuffle.New)]))];
            Expr[] lengths = [.. lines.Select(line => Lengths.Of(line, 0))];
            return _open ? open : [.. open.Select(line => BroadcastTo.Of(line, lengths))];
        }
    }

    private static Expr Line(Subscript range) => range is { Kind: SubscriptKind.Slice, Stop: { } stop }
        ? T.Arange(range.Start ?? Lengths.Of(0L), stop, range.Step)
        : throw new ShapeException(
            "A grid is made of ranges that end.", nameof(Grid), [], "write T.OGrid[0..3, 0..4], or T.Slice(start, stop, step).");
}

public static partial class T
{
    /// <summary>Coordinates that broadcast to a grid: <c>T.OGrid[0..2, 0..3]</c> gives [2,1] and [1,3].</summary>
    public static Grid OGrid { get; } = new(open: true);

    /// <summary>Coordinates of every point of a grid: <c>T.MGrid[0..2, 0..3]</c> gives [2,3] and [2,3].</summary>
    public static Grid MGrid { get; } = new(open: false);
}
