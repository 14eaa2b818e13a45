using Hypatia.Loops;

namespace Hypatia;

/// <summary>The length of an axis, as an int64 scalar. Known as soon as a plan is made: x itself is not computed.</summary>
internal sealed record LengthOf(int Axis) : Op
{
    public override string Name => "Length";

    protected override string Parameters => Axis.ToString();

    public override TensorType Infer(Inputs x) => new(DType.Int64, default);

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

/// <summary>Lengths of axes as expressions.</summary>
internal static class Lengths
{
    /// <summary>A length that is known.</summary>
    public static Expr Of(long length) => Hypatia.Constant.Of(NDArray.From(length));

    /// <summary>The length of an axis: a constant where it is known.</summary>
    public static Expr Of(Expr x, int axis) =>
        x.Type.Shape[axis] is var length and not Shape.Unknown ? Of(length) : Expr.Make(new LengthOf(axis), x);

    /// <summary>The lengths of all axes.</summary>
    public static Expr[] Of(Expr x) => Axes.All(x.Rank).Select(axis => Of(x, axis));

    /// <summary>The value of a constant integer scalar, or null.</summary>
    public static long? Constant(Expr length) =>
        length.Op is Constant { Value: { Count: 1 } value } && !value.DType.IsFloat() ? value.Scalar(0).AsInt64 : null;

    /// <summary>A shape of the lengths that are an op's inputs after the first.</summary>
    public static Shape KnownAfterFirst(Inputs x)
    {
        var lengths = new long[x.Count - 1];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = Known(x[axis + 1]);
        }

        return new Shape(lengths);
    }

    /// <summary>The value of a length that is constant, else <see cref="Shape.Unknown"/>.</summary>
    /// <exception cref="ShapeException">It is negative.</exception>
    public static long Known(Expr length) => Constant(length) switch
    {
        null => Shape.Unknown,
        < 0 and var n => throw new ShapeException(
            $"A length can't be {n}.", "length", [length], "pass 0 or more; only Reshape takes −1, for what is left."),
        var n => n.Value,
    };

    /// <summary>An expression that the user gave as a length or index, as an int64 scalar.</summary>
    public static Expr Int64(Expr length) =>
        length.Rank == 0 && !length.DType.IsFloat()
            ? T.Cast(length, DType.Int64)
            : throw new DTypeException(
                "A length or an index must be an integer scalar.", "length", [length], "cast it with T.Cast(…, \"int64\").");
}

public static partial class T
{
    /// <summary>The lengths of x as an int64 vector: [n₀, n₁, …] → [rank].</summary>
    public static Expr Shape(Expr x) => x.Rank == 0
        ? Constant(Array.Empty<long>())
        : Stack(Lengths.Of(x));
}
