using Hypatia.Loops;

namespace Hypatia;

/// <summary>The elements of x, in row-major order, under other lengths: inputs are x and one int64 scalar per axis.</summary>
internal sealed record Reshape : Op
{
    internal override bool IsStatic(int input) => input > 0;

    public override TensorType Infer(Inputs x)
    {
        Shape shape = Lengths.KnownAfterFirst(x);
        Shape from = x[0].Type.Shape;
        if (shape.IsKnown && from.IsKnown && shape.Count != from.Count)
        {
            throw new ShapeException(
                $"{from.Count} elements of shape {from} can't take the shape {shape}, which has {shape.Count}.",
                Name,
                [x[0]],
                "choose lengths with the same product; one of them may be −1.");
        }

        return new(x[0].DType, shape);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [Of(dy, Lengths.Of(x[0])), .. new Expr?[x.Count - 1]];

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i) =>
        throw new CompilerException("Reshape is lowered by linear index.");

    public static Expr Of(Expr x, IReadOnlyList<Expr> lengths) => Expr.Make(new Reshape(), [x, .. lengths]);
}

public static partial class T
{
    /// <summary>As <see cref="Reshape(Expr, IReadOnlyList{Expr})"/>, with the number of axes that there will be.</summary>
    /// <exception cref="ShapeException">The number of axes is not the number of lengths.</exception>
    public static Expr Reshape(Expr x, IReadOnlyList<Expr> lengths, int ndim) => lengths.Count == ndim
        ? Reshape(x, lengths)
        : throw new ShapeException($"{lengths.Count} lengths for {ndim} axes.", nameof(Reshape), [x], "leave ndim out.");

    /// <summary>
    /// The elements of x in row-major order under other lengths: [..] → [lengths]. One length may be −1: it is what
    /// the others leave. Lengths may be expressions.
    /// </summary>
    /// <exception cref="ShapeException">The number of elements is known to differ, or two lengths are −1.</exception>
    public static Expr Reshape(Expr x, params IReadOnlyList<Expr> lengths)
    {
        int[] free = [.. Enumerable.Range(0, lengths.Count).Where(k => Lengths.Constant(lengths[k]) == -1)];
        if (free.Length > 1 || lengths.Any(length => Lengths.Constant(length) < -1))
        {
            throw new ShapeException(
                "Lengths must be 0 or more, and at most one may be −1.", nameof(Reshape), [x, .. lengths], "give all others.");
        }

        Expr[] full = [.. lengths.Select(Lengths.Int64)];
        if (free is [int missing])
        {
            Expr others = full.Where((_, k) => k != missing).Aggregate(Lengths.Of(1L), (a, b) => a * b);
            full[missing] = IntDiv(Lengths.Of(x).Aggregate(Lengths.Of(1L), (a, b) => a * b), others);
        }

        return Hypatia.Reshape.Of(x, full);
    }

    /// <summary>x with all but the first <paramref name="ndim"/> − 1 axes joined into one.</summary>
    /// <exception cref="ShapeException">x has fewer axes, or <paramref name="ndim"/> is less than 1.</exception>
    public static Expr Flatten(Expr x, int ndim = 1) =>
        ndim >= 1 && (ndim <= x.Rank || ndim == 1)
            ? Reshape(x, [.. Lengths.Of(x).Take(ndim - 1), -1])
            : throw new ShapeException($"A tensor of {x.Rank} axes can't be flattened to {ndim}.", "Flatten", [x], "use 1 … its rank.");
}
