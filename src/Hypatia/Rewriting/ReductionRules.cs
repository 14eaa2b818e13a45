using Hypatia.Loops;

namespace Hypatia.Rewriting;

/// <summary>Rules about sums, extremes and matrix products, and their operands.</summary>
internal static class ReductionRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Reduction>("reduction over nothing", (x, op) => op.Axes.Count == 0 && x.DType == x.Inputs[0].DType ? x.Inputs[0] : null),
        Rule.From<Reduction>("reduction over length 1", OverOne),
        Rule.From<Reduction>("reduction of reduction", Nested),
        Rule.From<Reduction>("reduction of dimshuffle", OfDimshuffle),
        Rule.From<Reduction>("reduction of repetition", OfRepetition),
        Rule.From<Sum>("sum(-x)", (x, op) => x.Inputs[0].Op is Neg && x.DType == x.Inputs[0].DType ? -Expr.Make(op, x.Inputs[0].Inputs[0]) : null),
        Rule.From<Sum>("sum(c*x)", FactorOut),
        Rule.From<Sum>("sum of one-hot rows", OfOneHot),
        Rule.From<Extreme>("max(-x)", (x, op) =>
            x.Inputs[0].Op is Neg && x.DType.IsFloat()
                ? -Expr.Make(op is Max ? new Min(op.Axes) : new Max(op.Axes), x.Inputs[0].Inputs[0])
                : null),
        Rule.From<ArgExtreme>("argmax of monotone function", ArgmaxOfMonotone),
        Rule.From<Softmax>("softmax(x-c)", (x, op) => WithoutShift(x.Inputs[0], op.Axis) is { } bare ? Expr.Make(op, bare) : null),
        Rule.From<LogSoftmax>("logsoftmax(x-c)", (x, op) => WithoutShift(x.Inputs[0], op.Axis) is { } bare ? Expr.Make(op, bare) : null),
        Rule.From<MatMul>("product with zeros", x =>
            Uniform.Is(x.Inputs[0], 0) || Uniform.Is(x.Inputs[1], 0) || x.Inputs[0].Type.Shape[x.Rank - 1] == 0
                ? Uniform.Of(x.DType, 0)
                : null),
        Rule.From<MatMul>("outer product", x =>
            x.Inputs[0].Type.Shape[x.Rank - 1] == 1 || x.Inputs[1].Type.Shape[x.Rank - 2] == 1 ? x.Inputs[0] * x.Inputs[1] : null),
        Rule.From<MatMul>("(-a)·b", x => WithInput(x, 0, Negated) ?? WithInput(x, 1, Negated)),
        Rule.From<MatMul>("(c*a)·b", x => ScaledOut(x, 0) ?? ScaledOut(x, 1)),
    ];

    private static Expr? OverOne(Expr x, Reduction op)
    {
        Shape shape = x.Inputs[0].Type.Shape;
        return op.Axes.Count > 0 && op.Axes.All(axis => shape[axis] == 1)
            ? T.Cast(Dimshuffle.Drop(x.Inputs[0], op.Axes), x.DType)
            : null;
    }

    private static Reduction Over(Reduction op, Axes axes) => op switch
    {
        Sum sum => sum with { Axes = axes },
        Prod => new Prod(axes),
        Max => new Max(axes),
        Min => new Min(axes),
        Hypatia.All => new Hypatia.All(axes),
        Hypatia.Any => new Hypatia.Any(axes),
        _ => throw new CompilerException($"{op} can't be made over other axes."),
    };

    private static Expr? Nested(Expr x, Reduction outer)
    {
        Expr inner = x.Inputs[0];
        if (inner.Op is not Reduction first || first.GetType() != outer.GetType() || first is Sum { InFloat32: true })
        {
            return null;
        }

        int[] left = [.. Axes.All(inner.Inputs[0].Rank).Where(axis => !first.Axes.Contains(axis))];
        return Expr.Make(Over(outer, [.. first.Axes.Concat(outer.Axes.Select(axis => left[axis])).Order()]), inner.Inputs[0]);
    }

    // Σ over axes of xᵀ is Σ over other axes of x; an axis of length 1 that was inserted is not summed over.
    private static Expr? OfDimshuffle(Expr x, Reduction op)
    {
        Expr moved = x.Inputs[0];
        if (moved.Op is not Dimshuffle { Order: var order } || op.Axes.Count == 0)
        {
            return null;
        }

        Expr operand = moved.Inputs[0];
        Axes axes = [.. op.Axes.Select(axis => order[axis]).Where(axis => axis != Dimshuffle.New).Order()];
        int[] left = [.. Axes.All(operand.Rank).Where(axis => !axes.Contains(axis))];
        Axes back = [.. Axes.All(order.Count).Where(axis => !op.Axes.Contains(axis)).Select(axis => Array.IndexOf(left, order[axis]))];
        return Dimshuffle.Of(Expr.Make(Over(op, axes), operand), back);
    }

    // What is repeated along a reduced axis: a factor for a sum, nothing for an extreme.
    private static Expr? OfRepetition(Expr x, Reduction op)
    {
        Expr operand = x.Inputs[0];
        if (operand.Op is not BroadcastTo || op is not (Sum or Extreme))
        {
            return null;
        }

        Expr inner = operand.Inputs[0];
        Axes repeated = [.. op.Axes.Where(axis => inner.Type.Shape[axis] == 1)];
        if (repeated.Count == 0 || (op is Extreme && repeated.Any(axis => operand.Type.Shape[axis] is 0 or Shape.Unknown)))
        {
            return null;
        }

        Expr once = Expr.Make(op, inner);
        Expr count = repeated.Select(axis => operand.Inputs[axis + 1]).Aggregate((a, b) => a * b);
        Expr reduced = op is Sum ? once * T.Cast(count, once.DType) : once;
        Expr[] lengths = [.. Axes.All(operand.Rank).Where(axis => !op.Axes.Contains(axis)).Select(axis => operand.Inputs[axis + 1])];
        return BroadcastTo.Of(reduced, lengths);
    }

    // Σ c·x = c·Σ x, Σ x/c = (Σ x)/c, for a factor that does not change along the axes.
    private static Expr? FactorOut(Expr x, Sum op)
    {
        Expr product = x.Inputs[0];
        if (product.Op is not (Mul or TrueDiv) || !x.DType.IsFloat() || op.Axes.Count == 0)
        {
            return null;
        }

        return Factored(product.Inputs[0], product.Inputs[1]) is { } right ? right
            : product.Op is Mul ? Factored(product.Inputs[1], product.Inputs[0])
            : null;

        Expr? Factored(Expr of, Expr factor)
        {
            foreach (int axis in op.Axes)
            {
                if (factor.Type.Shape[axis] != 1 || !ShapeFacts.SameLength(of, product, axis))
                {
                    return null;
                }
            }

            Expr sum = Expr.Make(op, of);
            Expr outside = Dimshuffle.Drop(factor, op.Axes);
            return product.Op is Mul ? sum * outside : sum / outside;
        }
    }

    // Σⱼ (y[i] = j ? v[i] : 0) is v[i], unless y[i] is no column.
    private static Expr? OfOneHot(Expr x, Sum op)
    {
        Expr choice = x.Inputs[0];
        Expr condition = choice.Op is Switch ? choice.Inputs[0] : choice.Op is CastTo ? choice.Inputs[0] : choice;
        if (op.Axes.Count != 1 || condition.Op is not Eq || choice.Op is not (Switch or CastTo))
        {
            return null;
        }

        int axis = op.Axes[0];
        Expr value = choice.Op is Switch ? choice.Inputs[1] : Uniform.Of(choice.DType, 1);
        bool oneHot = choice.Op is CastTo || (Uniform.Is(choice.Inputs[2], 0) && value.Type.Shape[axis] == 1);
        if (!oneHot || choice.DType == DType.Bool)
        {
            return null;
        }

        for (int k = 0; k < 2; k++)
        {
            (Expr columns, Expr label) = (condition.Inputs[k], condition.Inputs[1 - k]);
            if (columns is { Op: Dimshuffle { Order: var order } } && columns.Inputs[0].Op is Iota && order[axis] == 0
                && label.Type.Shape[axis] == 1)
            {
                Expr exists = T.Ge(label, 0) & T.Lt(label, columns.Inputs[0].Inputs[0]);
                Expr kept = T.Switch(exists, value, 0);
                return ShapeFacts.SameShape(Dimshuffle.Drop(kept, axis), x) ? Dimshuffle.Drop(kept, axis) : null;
            }
        }

        return null;
    }

    // The order of elements along the axis is all that counts.
    private static Expr? ArgmaxOfMonotone(Expr x, ArgExtreme op)
    {
        Expr of = x.Inputs[0];
        Expr bare = of.Op is Elementwise && of.Inputs.Count > 0 ? of.Inputs[0] : of;
        switch (of.Op)
        {
            case Softmax { Axis: var axis } when axis == op.Axis:
                return Expr.Make(op, of.Inputs[0]);
            case LogSoftmax { Axis: var axis } when axis == op.Axis:
                return Expr.Make(op, of.Inputs[0]);
            case Exp or Exp2 or Expm1 or Tanh or Sigmoid or Softplus or Sinh or Arcsinh or Arctan or Erf:
                return Expr.Make(op, bare);
            case Neg when of.DType.IsFloat():
                return Expr.Make(op with { Largest = !op.Largest }, bare);
            case Mul when Uniform.Value(of.Inputs[1]) is { AsDouble: var c } && of.DType.IsFloat() && c != 0 && double.IsFinite(c):
                return Expr.Make(op with { Largest = op.Largest == c > 0 }, bare);
            case Add when of.DType.IsFloat() && WithoutShift(of, op.Axis) is { } unshifted:
                return Expr.Make(op, unshifted);
            default:
                return null;
        }
    }

    // x of x ± c, where c does not change along an axis, and x has all of its lengths.
    private static Expr? WithoutShift(Expr x, int axis)
    {
        if (x.Op is not (Add or Sub) || x.Type.Shape[axis] == 1)
        {
            return null;
        }

        return IsShift(x.Inputs[1]) && ShapeFacts.SameShape(x.Inputs[0], x) ? x.Inputs[0]
            : x.Op is Add && IsShift(x.Inputs[0]) && ShapeFacts.SameShape(x.Inputs[1], x) ? x.Inputs[1]
            : null;

        bool IsShift(Expr c) => c.Type.Shape[axis] == 1;
    }

    private static Expr? Negated(Expr operand) => operand.Op is Neg ? operand.Inputs[0] : null;

    // f(g(a), b) → g(f(a, b)) for a negation.
    private static Expr? WithInput(Expr x, int operand, Func<Expr, Expr?> bare)
    {
        if (bare(x.Inputs[operand]) is not { } inner)
        {
            return null;
        }

        Expr[] inputs = [.. x.Inputs.List];
        inputs[operand] = inner;
        return -Expr.Make(x.Op, inputs);
    }

    // A constant factor of an operand multiplies the result instead, where it meets other constants.
    private static Expr? ScaledOut(Expr x, int operand)
    {
        Expr scaled = Transposed(x.Inputs[operand]) ? x.Inputs[operand].Inputs[0] : x.Inputs[operand];
        if (scaled.Op is not Mul || !x.DType.IsFloat() || Uniform.Value(scaled.Inputs[1]) is not { } c
            || !ShapeFacts.SameShape(scaled.Inputs[0], scaled))
        {
            return null;
        }

        Expr[] inputs = [.. x.Inputs.List];
        inputs[operand] = Transposed(x.Inputs[operand]) ? Expr.Make(x.Inputs[operand].Op, scaled.Inputs[0]) : scaled.Inputs[0];
        return Expr.Make(x.Op, inputs) * Uniform.Of(c);
    }

    private static bool Transposed(Expr x) => x.Op is Dimshuffle { Order.Count: var count } && count == x.Inputs[0].Rank;
}
