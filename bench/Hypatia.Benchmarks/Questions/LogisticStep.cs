using Hypatia.Benchmarks.ByHand;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Theano's logistic regression: 400×784 in float64, data passed at each call.</summary>
internal sealed class LogisticStep : Question
{
    private const int Samples = 400;
    private const int Features = 784;

    public override string Name => "LOG";

    public override string Program => $"a step of logistic regression as in Theano's tutorial, {Samples}×{Features}, float64; "
        + "returns predictions and cross-entropies; data and classes passed.";

    public override string Limit => "One pass over 2.5 MB, which a row's second use finds in the first-level cache.";

    protected override double? Due => 40e-6;

    protected override double Tolerance => 1e-9;

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        NDArray x = Draw.Normal(DType.Float64, 1, Samples, Features);
        NDArray y = Draw.Classes(2, Samples).Cast(DType.Float64);
        NDArray w = Draw.Normal(DType.Float64, 0.05, Features);
        yield return WithThreads(settings.Threads, () => Compile(w, x, y));
        var byHand = new Logistic(w.ToArray<double>());
        double[] prediction = new double[Samples], entropy = new double[Samples];
        yield return new InProcess(
            ByHand,
            () => byHand.Step(x.AsSpan<double>(), y.AsSpan<double>(), prediction, entropy),
            () => [NDArray.Wrap(prediction, Samples), NDArray.Wrap(entropy, Samples), NDArray.Wrap(byHand.W, Features), NDArray.From(byHand.B)]);
        foreach (Contender peer in PythonPeer.Contenders("logistic", settings.Threads, ("x", x), ("y", y), ("w", w)))
        {
            yield return peer;
        }
    }

    private static Contender Compile(NDArray initial, NDArray data, NDArray classes)
    {
        Expr x = T.DMatrix("x"), y = T.DVector("y");
        Shared w = T.Shared(initial, "w"), b = T.Shared(0.0, "b");
        Expr p1 = 1 / (1 + T.Exp(-x.Dot(w) - b));
        Expr prediction = p1 > 0.5;
        Expr entropy = (-y * T.Log(p1)) - ((1 - y) * T.Log(1 - p1));
        Expr cost = entropy.Mean() + (0.01 * T.Sqr(w).Sum());
        Function train = T.Function(
            [x, y], [prediction, entropy], [(w, w - (0.1 * T.Grad(cost, w))), (b, b - (0.1 * T.Grad(cost, b)))], name: "train");
        NDArray[] outputs = [NDArray.Zeros(DType.Bool, [Samples]), NDArray.Zeros(DType.Float64, [Samples])];
        return Compiled.Step(train, [w, b], [data, classes], outputs);
    }
}
