using Hypatia.Loops;

namespace Hypatia;

/// <summary>The sum over axes. d/dx = 1. float32 is added up in float64 unless <see cref="InFloat32"/>.</summary>
internal sealed record Sum(Axes Axes, bool InFloat32 = false) : Reduction(BinaryOp.Add, Axes)
{
    internal override DType Accumulator(DType x) => x == DType.Float32 && !InFloat32 ? DType.Float64 : Widened(x);

    protected override DType ResultDType(DType x) => Widened(x);

    internal override double Neutral(DType accumulator) => 0;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [Spread(dy, x[0])];
}

public static partial class T
{
    /// <summary>
    /// The sum over axes (all if null): [.., n, ..] → [.., ..]. Integers give int64 or uint64. float32 gives float32,
    /// added up in float64. An empty sum is 0.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axis">The axes; negative ones count from the last.</param>
    /// <param name="keepDims">Whether the axes stay, with length 1.</param>
    /// <param name="dtype">The dtype of the result, if another one.</param>
    /// <param name="accDType">The dtype in which elements are added up, if another one.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Expr Sum(
        Expr x, Axes? axis = null, bool keepDims = false, DType? dtype = null, DType? accDType = null) =>
        Reduction.Make(
            axes => new Sum(axes, InFloat32: accDType == DType.Float32), nameof(Sum), x, axis, keepDims, dtype, accDType);

    /// <summary>The mean over axes (all if null): Σ x / n. Integers give float64. An empty mean is NaN.</summary>
    /// <inheritdoc cref="Sum(Expr, Axes?, bool, DType?, DType?)"/>
    public static Expr Mean(
        Expr x, Axes? axis = null, bool keepDims = false, DType? dtype = null, DType? accDType = null)
    {
        Axes axes = Axes.Normalize(axis, x.Rank, nameof(Mean), x);
        DType result = dtype ?? (x.DType.IsFloat() ? x.DType : DType.Float64);
        Expr mean = Sum(x.DType.IsFloat() ? x : Cast(x, result), axes, dtype: result, accDType: accDType) / Cast(CountOver(x, axes), result);
        return keepDims ? Dimshuffle.Restore(mean, axes) : mean;
    }

    /// <summary>The variance over axes (all if null): Σ (x − mean)² / (n − ddof).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axis">The axes; negative ones count from the last.</param>
    /// <param name="ddof">"Delta degrees of freedom": 1 for the unbiased estimate.</param>
    /// <param name="keepDims">Whether the axes stay, with length 1.</param>
    /// <param name="corrected">Whether the mean's rounding error is taken out: − (Σ (x − mean))² / n.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Expr Var(Expr x, Axes? axis = null, int ddof = 0, bool keepDims = false, bool corrected = false)
    {
        Axes axes = Axes.Normalize(axis, x.Rank, nameof(Var), x);
        Expr centered = x - Mean(x, axes, keepDims: true);
        Expr squares = Sum(Sqr(centered), axes, keepDims);
        if (corrected)
        {
            squares -= Sqr(Sum(centered, axes, keepDims)) / Cast(CountOver(x, axes), centered.DType);
        }

        return squares / Cast(CountOver(x, axes) - Lengths.Of(ddof), centered.DType);
    }

    /// <summary>The standard deviation over axes (all if null): the square root of <see cref="Var"/>.</summary>
    /// <inheritdoc cref="Var(Expr, Axes?, int, bool, bool)"/>
    public static Expr Std(Expr x, Axes? axis = null, int ddof = 0, bool keepDims = false, bool corrected = false) =>
        Sqrt(Var(x, axis, ddof, keepDims, corrected));

    /// <summary>
    /// The norm over axes (all if null): (Σ |x|ᵒʳᵈ)^(1/ord); the largest |x| for ord = ∞, the smallest for −∞, the number
    /// of nonzero elements for 0.
    /// </summary>
    public static Expr Norm(Expr x, double ord = 2, Axes? axis = null, bool keepDims = false)
    {
        Expr size = Abs(AsFloat(x));
        return ord switch
        {
            double.PositiveInfinity => Max(size, axis, keepDims),
            double.NegativeInfinity => Min(size, axis, keepDims),
            0 => Sum(Cast(Neq(size, 0), size.DType), axis, keepDims),
            1 => Sum(size, axis, keepDims),
            2 => Sqrt(Sum(Sqr(size), axis, keepDims)),
            _ => Pow(Sum(Pow(size, ord), axis, keepDims), 1 / ord),
        };
    }

    private static Expr CountOver(Expr x, Axes axes) =>
        axes.Select(axis => Lengths.Of(x, axis)).Aggregate(Lengths.Of(1L), (a, b) => a * b);
}
