using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// A family of ops that combine all elements along some axes, which the result does not have. An empty combination
/// gives the neutral element.
/// </summary>
internal abstract record Reduction(BinaryOp Combine, Axes Axes) : Op
{
    protected override string Parameters => $"axis={Axes}";

    public virtual bool Equals(Reduction? other) => base.Equals(other) && other.Axes.Equals(Axes);

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Axes.GetHashCode());

    /// <summary>The dtype in which elements are combined; the result is converted from it.</summary>
    internal virtual DType Accumulator(DType x) => x;

    /// <summary>The dtype of the result.</summary>
    protected virtual DType ResultDType(DType x) => x;

    /// <summary>What an empty combination gives.</summary>
    internal abstract double Neutral(DType accumulator);

    public override TensorType Infer(Inputs x) =>
        new(ResultDType(x[0].DType), [.. x[0].Type.Shape.Where((_, axis) => !Axes.Contains(axis))]);

    /// <summary>A tensor of the result's shape, repeated over the reduced axes of x.</summary>
    protected Expr Spread(Expr y, Expr x) => BroadcastTo.Of(Dimshuffle.Restore(y, Axes), Lengths.Of(x));

    /// <summary>A reduction, with the reduced axes kept as length 1 if asked.</summary>
    internal static Expr Make(
        Func<Axes, Reduction> op,
        string name,
        Expr x,
        Axes? axis,
        bool keepDims,
        DType? dtype = null,
        DType? accumulator = null)
    {
        Axes axes = Axes.Normalize(axis, x.Rank, name, x);

        // Elements that are to be combined in another dtype, or for a result of one, are converted first.
        DType inner = accumulator ?? (dtype is { } wanted && wanted.IsFloat() ? DType.Float64 : x.DType);
        Expr reduced = Expr.Make(op(axes), T.Cast(x, inner));
        DType result = dtype ?? (accumulator is null ? reduced.DType : op(axes).ResultDType(x.DType));
        Expr converted = T.Cast(reduced, result);
        return keepDims ? Dimshuffle.Restore(converted, axes) : converted;
    }

    /// <summary>int64 or uint64 for narrower integers and bools, the dtype itself for others.</summary>
    protected static DType Widened(DType x) =>
        x.IsFloat() ? x : x.IsUnsigned() ? DType.UInt64 : DType.Int64;
}
