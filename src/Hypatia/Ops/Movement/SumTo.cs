using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// The gradient of broadcasting: x summed over the axes whose target length is 1, which stay with length 1. Inputs are
/// x and one int64 scalar per axis. Becomes a <see cref="Sum"/>, or nothing, once lengths are known.
/// </summary>
internal sealed record SumTo : Op
{
    internal override bool IsStatic(int input) => input > 0;

    /// <summary>x summed to the shape of an expression of the same rank.</summary>
    public static Expr ShapeOf(Expr x, Expr target)
    {
        Shape from = x.Type.Shape;
        Shape to = target.Type.Shape;
        int[] repeated = [.. Axes.All(x.Rank).Where(axis => to[axis] == 1 && from[axis] != 1)];
        Expr sum = repeated.Length == 0 ? x : T.Sum(x, repeated, keepDims: true);
        bool certain = Axes.All(x.Rank).All(axis => to[axis] != Shape.Unknown || from[axis] == 1);
        return certain ? sum : Expr.Make(new SumTo(), [sum, .. Lengths.Of(target)]);
    }

    public override TensorType Infer(Inputs x) =>
        new(x[0].DType, Lengths.KnownAfterFirst(x));

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [BroadcastTo.Of(dy, Lengths.Of(x[0])), .. new Expr?[x.Count - 1]];
}
