namespace Hypatia;

/// <summary>eˣ / Σ eˣ over one axis, shifted by the maximum so that nothing overflows.</summary>
internal sealed record Softmax(int Axis) : Composite
{
    protected override string Parameters => $"axis={Axis}";

    public override TensorType Infer(Inputs x) => x[0].Type;

    public override Expr Expand(Inputs x)
    {
        Expr exp = T.Exp(x[0] - LogSumExp.Shift(x[0], Axis));
        return exp / T.Sum(exp, Axis, keepDims: true);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [(dy - T.Sum(dy * y, Axis, keepDims: true)) * y];
}

/// <summary>x − ln Σ eˣ over one axis: the logarithm of <see cref="Softmax"/>, finite wherever x is.</summary>
internal sealed record LogSoftmax(int Axis) : Composite
{
    protected override string Parameters => $"axis={Axis}";

    public override TensorType Infer(Inputs x) => x[0].Type;

    public override Expr Expand(Inputs x)
    {
        Expr shifted = x[0] - LogSumExp.Shift(x[0], Axis);
        return shifted - T.Log(T.Sum(T.Exp(shifted), Axis, keepDims: true));
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [dy - (Expr.Make(new Softmax(Axis), x[0]) * T.Sum(dy, Axis, keepDims: true))];
}

/// <summary>ln Σ eˣ over axes, which the result does not have; finite for finite x. d/dx = eˣ⁻ʸ, a softmax.</summary>
internal sealed record LogSumExp(Axes Axes) : Composite
{
    protected override string Parameters => $"axis={Axes}";

    /// <summary>The maximum along axes, or 0 where it is infinite: subtracting it never makes a NaN of ∞ − ∞.</summary>
    public static Expr Shift(Expr x, Axes axes)
    {
        Expr max = T.Max(x, axes, keepDims: true);
        return T.Switch(T.IsInf(max), 0, max);
    }

    public override TensorType Infer(Inputs x) => new Sum(Axes).Infer(x);

    public override Expr Expand(Inputs x)
    {
        Expr shift = Shift(x[0], Axes);
        return T.Log(T.Sum(T.Exp(x[0] - shift), Axes)) + Dimshuffle.Drop(shift, Axes);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
    [
        Dimshuffle.Restore(dy, Axes)
            * (Axes.Count == 1 ? Expr.Make(new Softmax(Axes[0]), x[0]) : T.Exp(x[0] - Dimshuffle.Restore(y, Axes))),
    ];
}

public static partial class T
{
    /// <summary>ln Σ eˣ over axes (all if null): [.., n, ..] → [.., ..].</summary>
    /// <remarks>
    /// Shifted by the maximum, so finite for any finite x. A row of −∞ gives −∞; NaN gives NaN.
    /// Source: Blanchard, Higham &amp; Higham, "Accurately computing the log-sum-exp and softmax functions", 2021.
    /// </remarks>
    /// <exception cref="ShapeException"><paramref name="axis"/> is not an axis of <paramref name="x"/>.</exception>
    public static Expr LogSumExp(Expr x, Axes? axis = null, bool keepDims = false)
    {
        Axes axes = Axes.Normalize(axis, x.Rank, nameof(LogSumExp), x);
        Expr result = Expr.Make(new LogSumExp(axes), AsFloat(x));
        return keepDims ? Dimshuffle.Restore(result, axes) : result;
    }
}

public static partial class NNet
{
    /// <summary>
    /// eˣ / Σ eˣ over an axis (the last one unless given): each row of a matrix becomes a distribution. A vector gives a
    /// matrix of one row, as in Theano, unless an axis is given. Never overflows.
    /// </summary>
    /// <exception cref="ShapeException">x is a scalar, or the axis does not exist.</exception>
    public static Expr Softmax(Expr x, int? axis = null) =>
        OverRows(x, axis, nameof(Softmax), along => new Softmax(along));

    /// <summary>ln softmax x = x − ln Σ eˣ over an axis, as <see cref="Softmax"/>, finite wherever x is.</summary>
    /// <exception cref="ShapeException">x is a scalar, or the axis does not exist.</exception>
    public static Expr LogSoftmax(Expr x, int? axis = null) =>
        OverRows(x, axis, nameof(LogSoftmax), along => new LogSoftmax(along));

    /// <summary>softmax(x + bias): [n,c], [c] → [n,c].</summary>
    public static Expr SoftmaxWithBias(Expr x, Expr bias) => Softmax(x + bias);

    private static Expr OverRows(Expr x, int? axis, string name, Func<int, Op> op)
    {
        Expr rows = T.AsFloat(x.Rank == 1 && axis is null ? Dimshuffle.Insert(x, 0) : x);
        return Expr.Make(op(Axes.Normalize(axis ?? -1, rows.Rank, name, rows)), rows);
    }
}
