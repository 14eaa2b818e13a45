using Hypatia.Autodiff;

namespace Hypatia;

/// <summary>−ln p[i, y[i]] for integer class labels y: [n,c], [n] → [n].</summary>
internal sealed record CrossentropyCategorical1Hot : Composite
{
    public override TensorType Infer(Inputs x)
    {
        long rows = x[0].Type.Shape[0];
        long labels = x[1].Type.Shape[0];
        return rows == labels || rows == Shape.Unknown || labels == Shape.Unknown
            ? new(x[0].DType, [labels == Shape.Unknown ? rows : labels])
            : throw new ShapeException(
                $"There are {rows} rows of predictions and {labels} labels.",
                nameof(NNet.CategoricalCrossentropy),
                x.List,
                "give one label per row.");
    }

    public override Expr Expand(Inputs x) => -T.Log(Pick(x[0], x[1]));

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [Reverse.Through(Expand(x), dy, [x[0]])[0], null];

    /// <summary>p[i, y[i]]; a label outside 0 … c − 1 is an error at run time, also a negative one.</summary>
    internal static Expr Pick(Expr p, Expr labels) =>
        Expr.Make(new Gather(Strict: true), p, Iota.Of(Lengths.Of(labels, 0)), labels);
}

public static partial class NNet
{
    /// <summary>
    /// The cross-entropy of predicted distributions p, one a row, and true classes: for integer labels [n],
    /// −ln p[i, y[i]]; for distributions [n,c], −Σⱼ yᵢⱼ·ln pᵢⱼ. The result is [n]. With <see cref="Softmax"/> below it,
    /// finite for any finite logits.
    /// </summary>
    /// <exception cref="ShapeException">p is not a matrix, or y neither a vector nor a matrix.</exception>
    /// <exception cref="DTypeException">Labels in a vector are not integers.</exception>
    public static Expr CategoricalCrossentropy(Expr p, Expr y)
    {
        if (p.Rank == y.Rank)
        {
            return -T.Sum(y * T.Log(p), p.Rank - 1);
        }

        if (p.Rank != 2 || y.Rank != 1)
        {
            throw new ShapeException(
                "Cross-entropy needs a matrix of predictions, and a vector of labels or a matrix of distributions.",
                nameof(CategoricalCrossentropy),
                [p, y],
                "give one row of predictions per example.");
        }

        return y.DType.IsInteger()
            ? Expr.Make(new CrossentropyCategorical1Hot(), T.AsFloat(p), T.Cast(y, DType.Int64))
            : throw new DTypeException(
                $"Class labels must be integers, not {y.DType.Name()}.",
                nameof(CategoricalCrossentropy),
                [p, y],
                "use T.LVector for labels, or a matrix for distributions.");
    }

    /// <summary>−ln p[i, y[i]] for integer class labels: [n,c], [n] → [n].</summary>
    /// <inheritdoc cref="CategoricalCrossentropy"/>
    public static Expr CrossentropyCategorical1Hot(Expr p, Expr y) => CategoricalCrossentropy(p, y);

    /// <summary>The cross-entropy of softmax(x + bias) and integer labels, and that softmax.</summary>
    /// <exception cref="ShapeException">x is not a matrix, or y is not a vector.</exception>
    public static (Expr Crossentropy, Expr Softmax) CrossentropySoftmax1HotWithBias(Expr x, Expr bias, Expr y) =>
        CrossentropySoftmax1Hot(x + bias, y);

    /// <summary>The cross-entropy of softmax(x) and integer labels, and that softmax.</summary>
    /// <exception cref="ShapeException">x is not a matrix, or y is not a vector.</exception>
    public static (Expr Crossentropy, Expr Softmax) CrossentropySoftmax1Hot(Expr x, Expr y)
    {
        Expr p = Softmax(x);
        return (CategoricalCrossentropy(p, y), p);
    }

    /// <summary>The cross-entropy of softmax(x + bias) and integer labels, that softmax, and the likeliest labels.</summary>
    /// <exception cref="ShapeException">x is not a matrix, or y is not a vector.</exception>
    public static (Expr Crossentropy, Expr Softmax, Expr Argmax) CrossentropySoftmaxArgmax1HotWithBias(
        Expr x, Expr bias, Expr y)
    {
        (Expr loss, Expr p) = CrossentropySoftmax1HotWithBias(x, bias, y);
        return (loss, p, T.Argmax(p, 1));
    }

    /// <summary>−(y·ln p + (1 − y)·ln(1 − p)), elementwise.</summary>
    public static Expr BinaryCrossentropy(Expr p, Expr y) => -((y * T.Log(p)) + ((1 - y) * T.Log(1 - p)));

    /// <summary>The binary cross-entropy of sigmoid x and y, elementwise: softplus(x) − x·y, never infinite for finite x.</summary>
    public static Expr SigmoidBinaryCrossentropy(Expr x, Expr y) => Softplus(x) - (x * y);
}
