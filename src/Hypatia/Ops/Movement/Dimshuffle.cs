using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// Reorders axes: axis k of the result is axis <c>Order[k]</c> of x, or a new one of length 1 where Order[k] is −1.
/// Axes of x that are not named must have length 1.
/// </summary>
internal sealed record Dimshuffle(Axes Order) : Op
{
    public const int New = -1;

    protected override string Parameters => string.Join(",", Order.Select(axis => axis == New ? "x" : axis.ToString()));

    public bool Equals(Dimshuffle? other) => base.Equals(other) && other.Order.Equals(Order);

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Order.GetHashCode());

    /// <summary>x with axes of length 1 in front, up to a rank.</summary>
    public static Expr PadLeft(Expr x, int rank) =>
        x.Rank == rank ? x : Of(x, Axes.All(rank).Select(k => k < rank - x.Rank ? New : k - (rank - x.Rank)));

    /// <summary>x with a new axis of length 1 at a place.</summary>
    public static Expr Insert(Expr x, int axis) => Restore(x, axis);

    /// <summary>x with axes of length 1 inserted where a reduction over <paramref name="axes"/> took them away.</summary>
    public static Expr Restore(Expr x, Axes axes)
    {
        int next = 0;
        return Of(x, Axes.All(x.Rank + axes.Count).Select(k => axes.Contains(k) ? New : next++));
    }

    /// <summary>x without some axes, which must have length 1.</summary>
    public static Expr Drop(Expr x, Axes axes) => Of(x, Axes.All(x.Rank).Where(axis => !axes.Contains(axis)));

    /// <summary>The operand that was padded to meet others of higher rank: what the user wrote; else x itself.</summary>
    public static Expr WithoutPadding(Expr x) =>
        x.Name is null && x.Op is Dimshuffle { Order: var order } && x.Rank > x.Inputs[0].Rank
        && order.Skip(x.Rank - x.Inputs[0].Rank).SequenceEqual(Axes.All(x.Inputs[0].Rank))
            ? x.Inputs[0]
            : x;

    /// <summary>x with its axes in another order; x itself if it is the same order.</summary>
    public static Expr Of(Expr x, Axes order) => order.IsAll(x.Rank) ? x : Expr.Make(new Dimshuffle(order), x);

    public override TensorType Infer(Inputs x)
    {
        Shape shape = x[0].Type.Shape;
        Axes named = Order.Where(axis => axis != New);
        if (!named.AreWithin(shape.Rank) || !named.AreDistinct)
        {
            throw new ShapeException(
                $"The order ({Parameters}) does not name axes of a tensor of {shape.Rank} axes, each at most once.",
                ToString(),
                x.List,
                "name each axis by its number, and new ones by 'x'.");
        }

        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (!named.Contains(axis) && shape[axis] is not (1 or Shape.Unknown))
            {
                throw new ShapeException(
                    $"Axis {axis} has length {shape[axis]}; only an axis of length 1 can be dropped.",
                    ToString(),
                    x.List,
                    "name the axis in the order, or reduce over it (T.Sum, T.Max …) or index it first.");
            }
        }

        return new(x[0].DType, new Shape([.. Order.Select(axis => axis == New ? 1 : shape[axis])]));
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [Of(dy, Axes.All(x[0].Rank).Select(axis => Order.IndexOf(axis)))];

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i)
    {
        return x.At(0, Axes.All(x.Rank(0)).Select(axis => Order.IndexOf(axis) is >= 0 and var k ? i[k] : Scalar.Int(0)));
    }
}
