using Hypatia.Loops;

namespace Hypatia;

/// <summary>The largest or smallest element over axes; NaN if there is one. The gradient goes to all that equal it.</summary>
internal abstract record Extreme(BinaryOp Combine, Axes Axes) : Reduction(Combine, Axes)
{
    public override TensorType Infer(Inputs x)
    {
        foreach (int axis in Axes)
        {
            if (x[0].Type.Shape[axis] == 0)
            {
                throw new ShapeException(
                    $"Axis {axis} is empty, and {Name} of nothing is not defined.", ToString(), x.List, "test the length first.");
            }
        }

        return base.Infer(x);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [T.Switch(T.Eq(x[0], Spread(y, x[0])), Spread(dy, x[0]), 0)];

    /// <summary>The smallest value of a dtype, or the largest.</summary>
    protected static double Bound(DType dtype, bool largest)
    {
        double high = dtype switch
        {
            DType.Float32 or DType.Float64 => double.PositiveInfinity,
            DType.Bool => 1,
            _ => Math.Pow(2, (dtype.Size() * 8) - (dtype.IsUnsigned() ? 0 : 1)) - 1,
        };
        return largest ? high : dtype.IsFloat() ? double.NegativeInfinity : dtype.IsUnsigned() || dtype == DType.Bool ? 0 : -high - 1;
    }
}

/// <summary>The largest element over axes.</summary>
internal sealed record Max(Axes Axes) : Extreme(BinaryOp.Max, Axes)
{
    internal override double Neutral(DType accumulator) => Bound(accumulator, largest: false);
}

/// <summary>The smallest element over axes.</summary>
internal sealed record Min(Axes Axes) : Extreme(BinaryOp.Min, Axes)
{
    internal override double Neutral(DType accumulator) => Bound(accumulator, largest: true);
}

/// <summary>Whether all elements over axes hold.</summary>
internal sealed record All(Axes Axes) : Reduction(BinaryOp.And, Axes)
{
    internal override double Neutral(DType accumulator) => 1;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

/// <summary>Whether any element over axes holds.</summary>
internal sealed record Any(Axes Axes) : Reduction(BinaryOp.Or, Axes)
{
    internal override double Neutral(DType accumulator) => 0;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

public static partial class T
{
    /// <summary>The largest element over axes (all if null), with x's dtype; NaN if one is NaN.</summary>
    /// <inheritdoc cref="Sum(Expr, Axes?, bool, DType?, DType?)"/>
    public static Expr Max(Expr x, Axes? axis = null, bool keepDims = false) =>
        Reduction.Make(axes => new Max(axes), nameof(Max), x, axis, keepDims);

    /// <summary>The smallest element over axes (all if null), with x's dtype; NaN if one is NaN.</summary>
    /// <inheritdoc cref="Sum(Expr, Axes?, bool, DType?, DType?)"/>
    public static Expr Min(Expr x, Axes? axis = null, bool keepDims = false) =>
        Reduction.Make(axes => new Min(axes), nameof(Min), x, axis, keepDims);

    /// <summary>Max − min over axes (all if null).</summary>
    /// <inheritdoc cref="Sum(Expr, Axes?, bool, DType?, DType?)"/>
    public static Expr Ptp(Expr x, Axes? axis = null, bool keepDims = false) => Max(x, axis, keepDims) - Min(x, axis, keepDims);

    /// <summary>Whether all elements over axes (all if null) are not zero, as a bool.</summary>
    /// <inheritdoc cref="Sum(Expr, Axes?, bool, DType?, DType?)"/>
    public static Expr All(Expr x, Axes? axis = null, bool keepDims = false) =>
        Reduction.Make(axes => new All(axes), nameof(All), Cast(x, DType.Bool), axis, keepDims);

    /// <summary>Whether any element over axes (all if null) is not zero, as a bool.</summary>
    /// <inheritdoc cref="Sum(Expr, Axes?, bool, DType?, DType?)"/>
    public static Expr Any(Expr x, Axes? axis = null, bool keepDims = false) =>
        Reduction.Make(axes => new Any(axes), nameof(Any), Cast(x, DType.Bool), axis, keepDims);
}
