using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// x, whose lengths must be as given: inputs are x and one int64 scalar for each of <see cref="Axes"/>. Gone once
/// lengths are known and have been compared.
/// </summary>
internal sealed record SpecifyShape(Axes Axes) : Op
{
    protected override string Parameters => $"axis={Axes}";

    internal override bool IsStatic(int input) => input > 0;

    /// <summary>x with lengths that must hold; a null is any length. x itself if they are known to hold.</summary>
    public static Expr Of(Expr x, IReadOnlyList<Expr?> lengths)
    {
        Axes axes = [.. Axes.All(x.Rank).Where(axis => lengths[axis] is { } length
            && (x.Type.Shape[axis] == Shape.Unknown || Lengths.Constant(length) != x.Type.Shape[axis]))];
        return axes.Count == 0 ? x : Expr.Make(new SpecifyShape(axes), [x, .. axes.Select(axis => lengths[axis]!)]);
    }

    public override TensorType Infer(Inputs x)
    {
        long[] lengths = [.. x[0].Type.Shape];
        for (int k = 0; k < Axes.Count; k++)
        {
            long have = lengths[Axes[k]];
            long need = Lengths.Known(x[k + 1]);
            if (have != need && have != Shape.Unknown && need != Shape.Unknown)
            {
                throw new ShapeException(
                    $"Axis {Axes[k]} has length {have}, and must have {need}.",
                    Name,
                    [x[0]],
                    "pass data of the length that the program asks for here, or ask for another.");
            }

            lengths[Axes[k]] = have == Shape.Unknown ? need : have;
        }

        return new(x[0].DType, new Shape(lengths));
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy, .. new Expr?[x.Count - 1]];

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i) => x.At(0, i);
}

public static partial class T
{
    /// <summary>x, whose lengths must be as given at run time; a null is any length. Theano's <c>specify_shape</c>.</summary>
    /// <exception cref="ShapeException">There is not one length per axis, or one is known to be another.</exception>
    public static Expr SpecifyShape(Expr x, params IReadOnlyList<Expr?> lengths) => lengths.Count == x.Rank
        ? Hypatia.SpecifyShape.Of(x, [.. lengths.Select(length => length is null ? null : Lengths.Int64(length))])
        : throw new ShapeException(
            $"{lengths.Count} lengths for a tensor of {x.Rank} axes.", nameof(SpecifyShape), [x], "give one per axis; null for any.");

    /// <summary>x, whose given axes must have length 1 at run time and may be repeated. Theano's <c>addbroadcast</c>.</summary>
    /// <exception cref="ShapeException">An axis does not exist, or is known to have another length.</exception>
    public static Expr AddBroadcast(Expr x, params int[] axes)
    {
        var lengths = new Expr?[x.Rank];
        foreach (int axis in axes)
        {
            lengths[Axes.Normalize(axis, x.Rank, nameof(AddBroadcast), x)] = Lengths.Of(1L);
        }

        return Hypatia.SpecifyShape.Of(x, lengths);
    }
}
