namespace Hypatia.Rewriting;

/// <summary>Rules that avoid overflow, cancellation and 0·∞: applied before differentiating, and before compiling.</summary>
internal static class StabilityRules
{
    /// <summary>Equations between elementwise functions.</summary>
    public static IReadOnlyList<Equation> Equations { get; } =
    [
        Rule.Of("log(1+x)", x => (T.Log(1 + x), T.Log1p(x)), low: -1),
        Rule.Of("log(1-x)", x => (T.Log(1 - x), T.Log1p(-x)), high: 1),
        Rule.Of("exp(x)-1", x => (T.Exp(x) - 1, T.Expm1(x))),
        Rule.Of("log(exp)", x => (T.Log(T.Exp(x)), x)),
        Rule.Of("log1p(exp)", x => (T.Log1p(T.Exp(x)), NNet.Softplus(x))),
        Rule.Of("1/(1+exp)", x => (1 / (1 + T.Exp(x)), NNet.Sigmoid(-x))),
        Rule.Of("exp/(1+exp)", x => (T.Exp(x) / (1 + T.Exp(x)), NNet.Sigmoid(x))),
        Rule.Of("1-sigmoid", x => (1 - NNet.Sigmoid(x), NNet.Sigmoid(-x))),
        Rule.Of("sigmoid*exp", x => (NNet.Sigmoid(x) * T.Exp(-x), NNet.Sigmoid(-x))),
        Rule.Of("log(sigmoid)", x => (T.Log(NNet.Sigmoid(x)), -NNet.Softplus(-x))),
        Rule.Of("log1p(-sigmoid)", x => (T.Log1p(-NNet.Sigmoid(x)), -NNet.Softplus(x))),
        Rule.Of(
            "log(exp+exp)",
            (x, y) => (T.Log(T.Exp(x) + T.Exp(y)), T.Maximum(x, y) + T.Log1p(T.Exp(-T.Abs(x - y))))),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Equations,
        Rule.From<Log>("log(softmax)", x =>
            x.Inputs[0] is { Op: Softmax softmax } p ? Expr.Make(new LogSoftmax(softmax.Axis), p.Inputs[0]) : null),
        Rule.From<Log>("log(selection)", LogOfSelection),
        Rule.From<Log>("log(sum(exp))", x =>
            x.Inputs[0] is { Op: Sum sum } total && total.Inputs[0].Op is Exp
                ? Expr.Make(new LogSumExp(sum.Axes), total.Inputs[0].Inputs[0])
                : null),
        Rule.From<CrossentropyCategorical1Hot>("crossentropy(softmax)", x =>
            x.Inputs[0] is { Op: Softmax softmax } p
                ? -CrossentropyCategorical1Hot.Pick(Expr.Make(new LogSoftmax(softmax.Axis), p.Inputs[0]), x.Inputs[1])
                : null),
        Rule.From<TrueDiv>("exp/sum(exp)", SoftmaxByHand),
    ];

    // log(p[i]) = log(p)[i], where log p has a stable form.
    private static Expr? LogOfSelection(Expr x)
    {
        Expr selection = x.Inputs[0];
        return selection.Op is Gather or Subtensor or Slice or Dimshuffle or Reshape && HasStableLog(selection.Inputs[0])
            ? Expr.Make(selection.Op, [T.Log(selection.Inputs[0]), .. selection.Inputs.List.Skip(1)])
            : null;
    }


    private static bool HasStableLog(Expr x) => x.Op switch
    {
        Softmax or Sigmoid or Exp => true,
        Gather or Subtensor or Slice or Dimshuffle or Reshape => HasStableLog(x.Inputs[0]),
        Sum => x.Inputs[0].Op is Exp,
        _ => false,
    };

    // exp(x) / Σ exp(x), the sum kept or put back as an axis of length 1.
    private static Expr? SoftmaxByHand(Expr x)
    {
        Expr exp = x.Inputs[0];
        Expr divisor = x.Inputs[1];
        return exp.Op is Exp && divisor is { Op: Dimshuffle order } && divisor.Inputs[0] is { Op: Sum { Axes.Count: 1 } sum } total
            && ReferenceEquals(total.Inputs[0], exp)
            && order.Equals(Dimshuffle.Restore(total, sum.Axes).Op)
            ? Expr.Make(new Softmax(sum.Axes[0]), exp.Inputs[0])
            : null;
    }
}
