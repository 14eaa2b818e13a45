using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// x repeated along axes of length 1 up to given lengths: inputs are x and one int64 scalar per axis of x.
/// </summary>
internal sealed record BroadcastTo : Op
{
    internal override bool IsStatic(int input) => input > 0;

    /// <summary>x repeated to lengths, of which there may be more than x has axes.</summary>
    public static Expr Of(Expr x, IReadOnlyList<Expr> lengths) =>
        lengths.Count == 0 ? x : Expr.Make(new BroadcastTo(), [Dimshuffle.PadLeft(x, lengths.Count), .. lengths]);

    public override TensorType Infer(Inputs x)
    {
        long[] lengths = new long[x[0].Rank];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = Lengths.Known(x[axis + 1]);
            long from = x[0].Type.Shape[axis];
            if (from is not (1 or Shape.Unknown) && lengths[axis] is not Shape.Unknown && from != lengths[axis])
            {
                throw new ShapeException(
                    $"Axis {axis} has length {from}, which can't be repeated to {lengths[axis]}.",
                    Name,
                    [x[0]],
                    "only an axis of length 1 is repeated.");
            }
        }

        return new(x[0].DType, new Shape(lengths));
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [SumTo.ShapeOf(dy, x[0]), .. new Expr?[x.Count - 1]];

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i)
    {
        Shape shape = x.Shape(0);
        return x.At(0, [.. i.Select((index, axis) => shape[axis] == 1 ? Scalar.Int(0) : index)]);
    }
}

public static partial class T
{
    /// <summary>x repeated to a shape of the given lengths, by NumPy's broadcasting: Theano's <c>alloc</c>.</summary>
    /// <exception cref="ShapeException">x has more axes, or an axis that is neither 1 nor the length.</exception>
    public static Expr Alloc(Expr x, params IReadOnlyList<Expr> lengths) =>
        x.Rank <= lengths.Count
            ? BroadcastTo.Of(x, [.. lengths.Select(Lengths.Int64)])
            : throw new ShapeException(
                $"{x.Rank} axes do not fit into {lengths.Count}.", nameof(Alloc), [x], "give a length for each axis.");

    /// <summary><paramref name="value"/> repeated to the shape of x, with the dtype of x.</summary>
    public static Expr Fill(Expr x, Expr value) => BroadcastTo.Of(Cast(value, x.DType), Lengths.Of(x));

    /// <summary>Zeros of a shape.</summary>
    public static Expr Zeros(IReadOnlyList<Expr> lengths, DType? dtype = null) =>
        Alloc(Cast(0, dtype ?? Options.Current.FloatX), lengths);

    /// <summary>Ones of a shape.</summary>
    public static Expr Ones(IReadOnlyList<Expr> lengths, DType? dtype = null) =>
        Alloc(Cast(1, dtype ?? Options.Current.FloatX), lengths);

    /// <summary>Zeros of the shape and dtype of x.</summary>
    public static Expr ZerosLike(Expr x, DType? dtype = null) => BroadcastTo.Of(Cast(0, dtype ?? x.DType), Lengths.Of(x));

    /// <summary>Ones of the shape and dtype of x.</summary>
    public static Expr OnesLike(Expr x, DType? dtype = null) => BroadcastTo.Of(Cast(1, dtype ?? x.DType), Lengths.Of(x));
}
