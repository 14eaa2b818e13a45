namespace Hypatia;

/// <summary>
/// What selects along one axis of <c>x[…]</c>: an integer (also <c>^1</c> or an expression), a range (<c>1..^1</c>), a
/// range with a step (<c>(.., -1)</c>), a slice with bounds that are expressions (<see cref="T.Slice"/>), an index
/// array, a new axis (<see cref="T.NewAxis"/>), or all axes not named (<see cref="T.Ellipsis"/>).
/// </summary>
public sealed class Subscript
{
    private Subscript(SubscriptKind kind, Expr? index = null, Expr? start = null, Expr? stop = null, Expr? step = null)
    {
        Kind = kind;
        Index = index;
        Start = start;
        Stop = stop;
        Step = step;
    }

    internal SubscriptKind Kind { get; }

    internal Expr? Index { get; }

    internal Expr? Start { get; }

    internal Expr? Stop { get; }

    internal Expr? Step { get; }

    internal static Subscript NewAxis { get; } = new(SubscriptKind.NewAxis);

    internal static Subscript Ellipsis { get; } = new(SubscriptKind.Ellipsis);

    /// <summary>One element; a negative number counts from the end.</summary>
    public static implicit operator Subscript(int index) => Number(index);

    /// <summary>One element; a negative number counts from the end.</summary>
    public static implicit operator Subscript(long index) => Number(index);

    /// <summary>One element, as <c>^1</c>.</summary>
    public static implicit operator Subscript(Index index) => Number(Signed(index));

    /// <summary>A range of elements, as <c>1..^1</c>.</summary>
    public static implicit operator Subscript(Range range) => (range, 1);

    /// <summary>
    /// A range with a step: every step-th element from the start on; with a negative step, downward from the start to
    /// just above the end, or, for <c>..</c>, all elements in reverse.
    /// </summary>
    public static implicit operator Subscript((Range Range, int Step) slice)
    {
        bool whole = slice.Range.Equals(Range.All);
        bool toEnd = slice.Range.End.Equals(System.Index.End);
        bool fromStart = slice.Range.Start.Equals(System.Index.Start);
        return new(
            SubscriptKind.Slice,
            start: whole || fromStart ? null : Constant(Signed(slice.Range.Start)),
            stop: whole || toEnd ? null : Constant(Signed(slice.Range.End)),
            step: Constant(slice.Step));
    }

    /// <summary>One element (an integer scalar), or an index array (an integer tensor).</summary>
    public static implicit operator Subscript(Expr index) => index.DType.IsInteger()
        ? new(index.Rank == 0 ? SubscriptKind.Integer : SubscriptKind.Array, index: T.Cast(index, DType.Int64))
        : throw new DTypeException(
            $"An index must be an integer, not {index.DType.Name()}.",
            "Subtensor",
            [index],
            index.DType == DType.Bool
                ? "choose with T.Switch(mask, x, 0), which keeps the shape."
                : "cast it with T.Cast(…, \"int64\").");

    /// <summary>An index array.</summary>
    public static implicit operator Subscript(int[] indices) => T.Constant(indices);

    /// <summary>An index array.</summary>
    public static implicit operator Subscript(long[] indices) => T.Constant(indices);

    internal static Subscript Slice(Expr? start, Expr? stop, Expr? step) => new(
        SubscriptKind.Slice,
        start: start is null ? null : Lengths.Int64(start),
        stop: stop is null ? null : Lengths.Int64(stop),
        step: step is null ? Constant(1) : Lengths.Int64(step));

    private static Subscript Number(long index) => new(SubscriptKind.Integer, index: Constant(index));

    private static Expr Constant(long value) => Lengths.Of(value);

    // ^0, the end itself, is never a start from the front: only null means "to the end".
    private static long Signed(Index index) => index.IsFromEnd ? -index.Value : index.Value;
}

/// <summary>The kinds of <see cref="Subscript"/>.</summary>
internal enum SubscriptKind
{
    Integer,
    Slice,
    Array,
    NewAxis,
    Ellipsis,
}

public static partial class T
{
    /// <summary>As a subscript: a new axis of length 1. NumPy's <c>None</c>.</summary>
    public static Subscript NewAxis => Subscript.NewAxis;

    /// <summary>As a subscript: all axes that are not named. NumPy's <c>...</c>.</summary>
    public static Subscript Ellipsis => Subscript.Ellipsis;

    /// <summary>As a subscript: Python's <c>start:stop:step</c>, with bounds that may be expressions or left out.</summary>
    public static Subscript Slice(Expr? start = null, Expr? stop = null, Expr? step = null) =>
        Subscript.Slice(start, stop, step);
}
