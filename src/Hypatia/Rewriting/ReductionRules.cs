namespace Hypatia.Rewriting;

/// <summary>Rules about sums, extremes and their operands.</summary>
internal static class ReductionRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Reduction>("reduction of nothing", x =>
            ((Reduction)x.Op).Axes.Count == 0 && x.DType == x.Inputs[0].DType ? x.Inputs[0] : null),
        Rule.From<Reduction>("reduction over length 1", OverOne),
        Rule.From<Reduction>("reduction of reduction", Nested),
        Rule.From<Sum>("sum(-x)", x => x.Inputs[0].Op is Neg ? -Expr.Make(x.Op, x.Inputs[0].Inputs[0]) : null),
        Rule.From<Sum>("sum(c*x)", ConstantFactor),
        Rule.From<Sum>("sum of constant", SumOfConstant),
        Rule.From<Extreme>("extreme of constant", x =>
            Uniform.Value(x.Inputs[0]) is { } value && x.Inputs[0].Type.Shape.IsKnown && x.Inputs[0].Type.Shape.Count > 0
                ? BroadcastTo.Of(Constant.Of(NDArray.Of(value)), Lengths.Of(x))
                : null),
        Rule.From<Neg>("-max(-x)", x =>
            x.Inputs[0] is { Op: Max or Min } best && best.Inputs[0].Op is Neg
                ? Expr.Make(best.Op is Max ? new Min(((Max)best.Op).Axes) : new Max(((Min)best.Op).Axes), best.Inputs[0].Inputs[0])
                : null),
        Rule.From<ArgExtreme>("argmax of increasing function", ArgmaxOfIncreasing),
    ];

    private static Expr? OverOne(Expr x)
    {
        var reduction = (Reduction)x.Op;
        Shape shape = x.Inputs[0].Type.Shape;
        return reduction.Axes.Count > 0 && reduction.Axes.All(axis => shape[axis] == 1)
            ? T.Cast(Dimshuffle.Drop(x.Inputs[0], [.. reduction.Axes]), x.DType)
            : null;
    }

    private static Expr? Nested(Expr x)
    {
        var outer = (Reduction)x.Op;
        Expr inner = x.Inputs[0];
        if (inner.Op is not Reduction first || first.GetType() != outer.GetType() || first is Sum { InFloat32: true })
        {
            return null;
        }

        int[] left = [.. Axes.All(inner.Inputs[0].Rank).Where(axis => !first.Axes.Contains(axis))];
        Axes axes = [.. first.Axes.Concat(outer.Axes.Select(axis => left[axis])).Order()];
        return Expr.Make(
            outer switch
            {
                Sum sum => sum with { Axes = axes },
                Prod prod => prod with { Axes = axes },
                Max max => max with { Axes = axes },
                Min min => min with { Axes = axes },
                All all => all with { Axes = axes },
                _ => new Any(axes),
            },
            inner.Inputs[0]);
    }

    // Σ c·x = c·Σ x, also for a factor that does not change along the axes.
    private static Expr? ConstantFactor(Expr x)
    {
        Expr product = x.Inputs[0];
        Axes axes = ((Sum)x.Op).Axes;
        if (product.Op is not Mul || !x.DType.IsFloat())
        {
            return null;
        }

        for (int k = 0; k < 2; k++)
        {
            Expr factor = product.Inputs[k];
            Expr other = product.Inputs[1 - k];
            if (Uniform.Value(factor) is { } c && product.Type.Shape == other.Type.Shape && other.Type.Shape.IsKnown)
            {
                return Expr.Make(x.Op, other) * c.AsDouble;
            }
        }

        return null;
    }

    private static Expr? SumOfConstant(Expr x)
    {
        Expr operand = x.Inputs[0];
        Axes axes = ((Sum)x.Op).Axes;
        if (operand.Op is not BroadcastTo)
        {
            return null;
        }

        // Repeated axes that are summed over become a factor.
        Expr inner = operand.Inputs[0];
        int[] repeated = [.. axes.Where(axis => inner.Type.Shape[axis] == 1)];
        if (repeated.Length != axes.Count || !operand.Type.Shape.IsKnown || !x.DType.IsFloat())
        {
            return null;
        }

        double count = repeated.Aggregate(1.0, (n, axis) => n * operand.Type.Shape[axis]);
        return BroadcastTo.Of(Dimshuffle.Drop(inner, repeated) * count, Lengths.Of(x));
    }

    // The order of elements along the axis is all that counts.
    private static Expr? ArgmaxOfIncreasing(Expr x)
    {
        var op = (ArgExtreme)x.Op;
        Expr of = x.Inputs[0];
        return of.Op switch
        {
            Softmax softmax when softmax.Axis == op.Axis => Expr.Make(op, of.Inputs[0]),
            LogSoftmax log when log.Axis == op.Axis => Expr.Make(op, of.Inputs[0]),
            Neg => Expr.Make(op with { Largest = !op.Largest }, of.Inputs[0]),
            _ => null,
        };
    }
}
