namespace Hypatia.Rewriting;

/// <summary>Rules that avoid overflow, cancellation and 0·∞: applied before differentiating, and before compiling.</summary>
internal static class StabilityRules
{
    private const string Exact = "where the left side overflows, vanishes or is inf-inf: the right side has the limit";

    /// <summary>Equations between elementwise functions.</summary>
    public static IReadOnlyList<Equation> Equations { get; } =
    [
        Rule.Of("1/(1+exp(-x))", x => (1 / (1 + T.Exp(-x)), NNet.Sigmoid(x))),
        Rule.Of("1/(1+exp)", x => (1 / (1 + T.Exp(x)), NNet.Sigmoid(-x))),
        Rule.Of("exp/(1+exp)", x => (T.Exp(x) / (1 + T.Exp(x)), NNet.Sigmoid(x)), except: Exact),
        Rule.Of("1-sigmoid(-x)", x => (1 - NNet.Sigmoid(-x), NNet.Sigmoid(x)), except: Exact),
        Rule.Of("1-sigmoid", x => (1 - NNet.Sigmoid(x), NNet.Sigmoid(-x)), except: Exact),
        Rule.Of("sigmoid*exp(-x)", x => (NNet.Sigmoid(x) * T.Exp(-x), NNet.Sigmoid(-x)), except: Exact),
        Rule.Of("sigmoid(-x)*exp", x => (NNet.Sigmoid(-x) * T.Exp(x), NNet.Sigmoid(x)), except: Exact),
        Rule.Of("log(exp)", x => (T.Log(T.Exp(x)), x), except: Exact),
        Rule.Of("log(sigmoid)", x => (T.Log(NNet.Sigmoid(x)), -NNet.Softplus(-x)), except: Exact),
        Rule.Of("log1p(-sigmoid)", x => (T.Log1p(-NNet.Sigmoid(x)), -NNet.Softplus(x)), except: Exact),
        Rule.Of(
            "log(exp+exp)",
            (x, y) => (
                T.Log(T.Exp(x) + T.Exp(y)),
                T.Switch(T.Eq(x, y), x + Math.Log(2), T.Maximum(x, y) + T.Log1p(T.Exp(-T.Abs(x - y))))),
            except: Exact),
        Rule.Of("log(1+x)", x => (T.Log(1 + x), T.Log1p(x)), low: -1, except: Exact),
        Rule.Of("log(1-x)", x => (T.Log(1 - x), T.Log1p(-x)), high: 1, except: Exact),
        Rule.Of("log1p(exp)", x => (T.Log1p(T.Exp(x)), NNet.Softplus(x)), except: Exact),
        Rule.Of("log1p(expm1)", x => (T.Log1p(T.Expm1(x)), x), except: Exact),
        Rule.Of("expm1(log1p)", x => (T.Expm1(T.Log1p(x)), x), low: -1, except: "x < -1: NaN turns into a number"),
        Rule.Of("exp(x)-1", x => (T.Exp(x) - 1, T.Expm1(x)), except: Exact),
        Rule.Of("exp(x)+-1", x => (T.Exp(x) + -1, T.Expm1(x)), except: Exact),
        Rule.Of("softplus(x)-x", x => (NNet.Softplus(x) - x, NNet.Softplus(-x)), except: Exact),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Equations,
        Rule.From<Log>("log(softmax)", x =>
            x.Inputs[0] is { Op: Softmax softmax } p ? Expr.Make(new LogSoftmax(softmax.Axis), p.Inputs[0]) : null),
        Rule.From<Log>("log(selection)", LogOfSelection),
        Rule.From<Log>("log(x*y)", LogOfProduct),
        Rule.From<Log>("log(sum(exp))", x =>
            x.Inputs[0] is { Op: Sum sum } total && total.Inputs[0].Op is Exp
                ? Expr.Make(new LogSumExp(sum.Axes), total.Inputs[0].Inputs[0])
                : null),
        Rule.From<CrossentropyCategorical1Hot>("crossentropy(softmax)", x =>
            x.Inputs[0] is { Op: Softmax softmax } p
                ? -CrossentropyCategorical1Hot.Pick(Expr.Make(new LogSoftmax(softmax.Axis), p.Inputs[0]), x.Inputs[1])
                : null),
        Rule.From<TrueDiv>("exp/sum(exp)", SoftmaxByHand),
        Rule.From<Mul>("exp*(1/sum(exp))", x => InverseOf(x.Inputs[1]) is { } sum ? SoftmaxByHand(x.Inputs[0] / sum)
            : InverseOf(x.Inputs[0]) is { } other ? SoftmaxByHand(x.Inputs[1] / other)
            : null),
    ];

    // log(p[i]) = log(p)[i], where log p has a stable form.
    private static Expr? LogOfSelection(Expr x)
    {
        Expr selection = x.Inputs[0];
        return IsSelection(selection) && HasStableLog(selection)
            ? Expr.Make(selection.Op, [T.Log(selection.Inputs[0]), .. selection.Inputs.List.Skip(1)])
            : null;
    }

    // log(x·y) = log x + log y and log(x/y) = log x − log y, where both are positive and one has a stable logarithm.
    private static Expr? LogOfProduct(Expr x)
    {
        Expr of = x.Inputs[0];
        if (of.Op is not (Mul or TrueDiv))
        {
            return null;
        }

        (Expr a, Expr b) = (of.Inputs[0], of.Inputs[1]);
        bool stable = HasStableLog(a) ? HasStableLog(b) || IsPositive(b) : HasStableLog(b) && IsPositive(a);
        return !stable ? null : of.Op is Mul ? T.Log(a) + T.Log(b) : T.Log(a) - T.Log(b);
    }

    private static bool IsPositive(Expr x) => Uniform.Value(x) is { } c ? c.AsDouble > 0 : ShapeFacts.IsNonNegative(x);

    private static bool IsSelection(Expr x) => x.Op is Gather or Subtensor or Slice or Dimshuffle or Reshape or BroadcastTo;

    private static bool HasStableLog(Expr x)
    {
        for (int depth = 0; depth < 8 && IsSelection(x); depth++)
        {
            x = x.Inputs[0];
        }

        return x.Op is Softmax or Sigmoid or Exp || (x.Op is Sum && x.Inputs[0].Op is Exp);
    }

    private static Expr? InverseOf(Expr x)
    {
        Expr inverse = x.Op is Dimshuffle ? x.Inputs[0] : x;
        return inverse.Op is TrueDiv && Uniform.Is(inverse.Inputs[0], 1)
            ? x.Op is Dimshuffle { Order: var order } ? Dimshuffle.Of(inverse.Inputs[1], order) : inverse.Inputs[1]
            : null;
    }

    // A quotient of exp(x) and Σ exp(x), the sum kept or put back as axes of length 1. Over several axes: exp(x − log Σ exp(x)).
    private static Expr? SoftmaxByHand(Expr x)
    {
        (Expr exp, Expr divisor) = (x.Inputs[0], x.Inputs[1]);
        if (exp.Op is Mul)
        {
            // (y·exp(x)) / Σ exp(x) = y · softmax(x)
            return divisor.Op is not Dimshuffle ? null
                : SoftmaxByHand(exp.Inputs[0] / divisor) is { } left ? left * exp.Inputs[1]
                : SoftmaxByHand(exp.Inputs[1] / divisor) is { } right ? exp.Inputs[0] * right
                : null;
        }

        if (exp.Op is not Exp || divisor is not { Op: Dimshuffle order } || divisor.Inputs[0] is not { Op: Sum sum } total
            || !ReferenceEquals(total.Inputs[0], exp) || order.Order != RestoredOrder(exp.Rank, sum.Axes))
        {
            return null;
        }

        Expr logits = exp.Inputs[0];
        return sum.Axes.Count == 1
            ? Expr.Make(new Softmax(sum.Axes[0]), logits)
            : T.Exp(logits - Dimshuffle.Restore(Expr.Make(new LogSumExp(sum.Axes), logits), sum.Axes));
    }

    private static Axes RestoredOrder(int rank, Axes axes)
    {
        int next = 0;
        return [.. Axes.All(rank).Select(axis => axes.Contains(axis) ? Dimshuffle.New : next++)];
    }
}
