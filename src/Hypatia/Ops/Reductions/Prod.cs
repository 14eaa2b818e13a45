using Hypatia.Autodiff;
using Hypatia.Loops;
using Hypatia.Rewriting;

namespace Hypatia;

/// <summary>The product over axes. d/dxᵢ = the product of the others, also where some are 0.</summary>
internal sealed record Prod(Axes Axes) : Reduction(BinaryOp.Mul, Axes)
{
    internal override DType Accumulator(DType x) => x == DType.Float32 ? DType.Float64 : Widened(x);

    protected override DType ResultDType(DType x) => Widened(x);

    internal override double Neutral(DType accumulator) => 1;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [Spread(dy, x[0]) * Expr.Make(new ProdOfOthers(Axes), x[0])];
}

/// <summary>For each element, the product over axes of the others: [..] → [..].</summary>
internal sealed record ProdOfOthers(Axes Axes) : Composite
{
    protected override string Parameters => $"axis={Axes}";

    public override TensorType Infer(Inputs x) => x[0].Type;

    // With no zero, the quotient. With one, only that element's others have a product that is not 0.
    public override Expr Expand(Inputs x)
    {
        Expr isZero = T.Eq(x[0], 0);
        Expr zeros = T.Sum(T.Cast(isZero, DType.Int64), Axes, keepDims: true);
        Expr others = T.Prod(T.Switch(isZero, 1, x[0]), Axes, keepDims: true);
        Expr direct = others / T.Switch(isZero, 1, x[0]);
        return T.Switch(T.Eq(zeros, 0), direct, T.Switch(isZero & T.Eq(zeros, 1), others, 0));
    }

    /// <summary>That of a definition in n² elements, which is right where there are zeros too.</summary>
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Reverse.Through(Masked(x[0]), dy, [x[0]]);

    // Πⱼ (xⱼ if j ≠ i, else 1), over one axis that all the axes are flattened to.
    private Expr Masked(Expr x)
    {
        int[] kept = [.. Hypatia.Axes.All(x.Rank).Where(axis => !Axes.Contains(axis))];
        int[] order = [.. kept, .. Axes];
        Expr[] lengths = [.. order.Select(axis => Lengths.Of(x, axis))];
        Expr count = Folding.Fold(lengths.Skip(kept.Length).Aggregate(Lengths.Of(1L), (a, b) => a * b));
        Expr rows = Reshape.Of(Dimshuffle.Of(x, [.. order]), [.. lengths.Take(kept.Length), count]);
        Expr self = T.Eye(count, dtype: DType.Bool);
        Expr others = T.Prod(T.Switch(self, 1, Dimshuffle.Insert(rows, kept.Length)), kept.Length + 1);
        return Dimshuffle.Of(
            Reshape.Of(others, lengths), [.. Hypatia.Axes.All(x.Rank).Select(axis => Array.IndexOf(order, axis))]);
    }
}

public static partial class T
{
    /// <summary>The product over axes (all if null). Integers give int64 or uint64. An empty product is 1.</summary>
    /// <inheritdoc cref="Sum(Expr, Axes?, bool, DType?, DType?)"/>
    public static Expr Prod(
        Expr x, Axes? axis = null, bool keepDims = false, DType? dtype = null, DType? accDType = null) =>
        Reduction.Make(axes => new Prod(axes), nameof(Prod), x, axis, keepDims, dtype, accDType);
}
