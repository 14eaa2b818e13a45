namespace Hypatia;

/// <summary>
/// The index of the first largest (or smallest) element along one axis, which the result does not have; of the first
/// NaN, if there is one.
/// </summary>
internal sealed record ArgExtreme(int Axis, bool Largest) : Composite
{
    public override string Name => Largest ? "Argmax" : "Argmin";

    protected override string Parameters => $"axis={Axis}";

    public override Expr Expand(Inputs x)
    {
        Expr best = Largest ? T.Max(x[0], Axis, keepDims: true) : T.Min(x[0], Axis, keepDims: true);
        Expr length = Lengths.Of(x[0], Axis);
        Axes along = [.. Enumerable.Range(0, x[0].Rank).Select(axis => axis == Axis ? 0 : Dimshuffle.New)];
        Expr index = Dimshuffle.Of(Iota.Of(length), along);
        Expr isBest = T.Eq(x[0], best);
        return T.Min(T.Switch(x[0].DType.IsFloat() ? isBest | T.IsNan(x[0]) : isBest, index, length), Axis);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

public static partial class T
{
    /// <summary>
    /// The index of the largest element along an axis, as int64: the first one where several are equal, the first NaN if
    /// there is one. Without an axis, the index into the elements in row-major order.
    /// </summary>
    /// <exception cref="ShapeException">The axis does not exist, or is empty.</exception>
    public static Expr Argmax(Expr x, int? axis = null, bool keepDims = false) => ArgExtreme(x, axis, keepDims, largest: true);

    /// <summary>As <see cref="Argmax"/>, of the smallest element.</summary>
    /// <exception cref="ShapeException">The axis does not exist, or is empty.</exception>
    public static Expr Argmin(Expr x, int? axis = null, bool keepDims = false) => ArgExtreme(x, axis, keepDims, largest: false);

    /// <summary>The largest elements along an axis and their indices.</summary>
    /// <exception cref="ShapeException">The axis does not exist, or is empty.</exception>
    public static (Expr Max, Expr Argmax) MaxAndArgmax(Expr x, int? axis = null, bool keepDims = false) =>
        (Max(x, axis is { } a ? a : (Axes?)null, keepDims), Argmax(x, axis, keepDims));

    private static Expr ArgExtreme(Expr x, int? axis, bool keepDims, bool largest)
    {
        string name = largest ? nameof(Argmax) : nameof(Argmin);
        Expr from = axis is null ? Flatten(x) : x;
        int along = Axes.Normalize(axis ?? 0, from.Rank, name, from);
        Expr index = Expr.Make(new ArgExtreme(along, largest), from);
        return !keepDims ? index
            : axis is null ? Dimshuffle.PadLeft(index, x.Rank)
            : Dimshuffle.Insert(index, along);
    }
}
