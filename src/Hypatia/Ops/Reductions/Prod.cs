using Hypatia.Loops;

namespace Hypatia;

/// <summary>The product over axes. d/dxᵢ = the product of the others, also where some are 0.</summary>
internal sealed record Prod(Axes Axes) : Reduction(BinaryOp.Mul, Axes)
{
    internal override DType Accumulator(DType x) => x == DType.Float32 ? DType.Float64 : Widened(x);

    protected override DType ResultDType(DType x) => Widened(x);

    internal override double Neutral(DType accumulator) => 1;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy)
    {
        // With no zero, y/x. With one, only that element's gradient is not 0: the product of the others.
        Expr isZero = T.Eq(x[0], 0);
        Expr zeros = Spread(T.Sum(T.Cast(isZero, DType.Int64), Axes), x[0]);
        Expr others = Spread(T.Prod(T.Switch(isZero, 1, x[0]), Axes), x[0]);
        Expr direct = others / T.Switch(isZero, 1, x[0]);
        Expr partial = T.Switch(T.Eq(zeros, 0), direct, T.Switch(isZero & T.Eq(zeros, 1), others, 0));
        return [Spread(dy, x[0]) * partial];
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
