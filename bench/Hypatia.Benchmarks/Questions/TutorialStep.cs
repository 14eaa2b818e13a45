using Hypatia.Benchmarks.ByHand;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>One step of the tutorial's network, 200×2 → h → 2 in float64, data passed at each call.</summary>
/// <param name="name">The row's name.</param>
/// <param name="hidden">The number of hidden units.</param>
/// <param name="due">The seconds that are due.</param>
internal sealed class TutorialStep(string name, int hidden, double due) : Question
{
    private const int Samples = 200;

    public override string Name => name;

    public override string Program =>
        $"a gradient step of {Samples}×2 → {hidden} (tanh) → 2 (softmax, cross-entropy), L2, float64; points and classes passed.";

    public override string Limit => hidden < 10
        ? "Latency and the vector tanh; by hand: points in the lanes, units one after another."
        : "The vector tanh: two thirds of the time; by hand as in S3.";

    protected override double? Due => due;

    protected override double Tolerance => 1e-10;

    /// <summary>The step's function and the variables that it updates: W1, b1, W2, b2.</summary>
    public static (Function Step, Shared[] Parameters) Compile(NDArray w1, NDArray w2, int samples)
    {
        const double epsilon = 0.01, regLambda = 0.01;
        Expr x = T.Matrix("X");
        Expr y = T.LVector("y");
        Shared[] parameters =
        [
            T.Shared(w1, "W1"), T.Shared(new double[w1.Shape[1]], "b1"), T.Shared(w2, "W2"), T.Shared(new double[2], "b2"),
        ];
        Expr yHat = NNet.Softmax(T.Tanh(x.Dot(parameters[0]) + parameters[1]).Dot(parameters[2]) + parameters[3]);
        Expr lossReg = 1.0 / samples * regLambda / 2 * (T.Sum(T.Sqr(parameters[0])) + T.Sum(T.Sqr(parameters[2])));
        Expr loss = NNet.CategoricalCrossentropy(yHat, y).Mean() + lossReg;
        Function step = T.Function(
            [x, y], updates: [.. parameters.Select(w => (w, w - (epsilon * T.Grad(loss, w))))], name: "gradient_step");
        return (step, parameters);
    }

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        (NDArray x, NDArray y) = Draw.Moons(Samples, DType.Float64);
        NDArray w1 = Draw.Normal(DType.Float64, Math.Sqrt(0.5), 2, hidden);
        NDArray w2 = Draw.Normal(DType.Float64, Math.Sqrt(1.0 / hidden), hidden, 2);
        (Function step, Shared[] parameters) = WithThreads(settings.Threads, () => Compile(w1, w2, Samples));
        yield return Compiled.Step(step, parameters, [x, y]);
        var byHand = new TutorialDouble(w1.ToArray<double>(), w2.ToArray<double>());
        yield return new InProcess(
            ByHand,
            () => byHand.Step(x.AsSpan<double>(), y.AsSpan<long>()),
            () => [NDArray.Wrap(byHand.W1, 2, hidden), NDArray.Wrap(byHand.B1, hidden), NDArray.Wrap(byHand.W2, hidden, 2), NDArray.Wrap(byHand.B2, 2)]);
        foreach (Contender peer in PythonPeer.Contenders(
            "tutorial", settings.Threads, ("x", x), ("y", y), ("w1", w1), ("w2", w2)))
        {
            yield return peer;
        }
    }
}
