using Hypatia.Benchmarks.ByHand;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>The step of the tutorial's program for a GPU: 5000×2 → 1000 → 2 in float32, data and one-hot labels shared.</summary>
internal sealed class LargeStep : Question
{
    private const int Samples = 5000;
    private const int Hidden = 1000;

    public override string Name => "L";

    public override string Program =>
        $"a gradient step of {Samples}×2 → {Hidden} (tanh) → 2 (softmax, cross-entropy), L2, float32; data and one-hot labels shared.";

    public override string Limit =>
        "Arithmetic in the cache: 5 million tanh, and ten multiply-adds each; by hand: tiles of 20 rows, fused.";

    protected override double? Due => 2.3e-3;

    protected override double Tolerance => 1e-5;

    /// <summary>The step's function and the variables that it updates: W1, b1, W2, b2.</summary>
    public static (Function Step, Shared[] Parameters) Compile()
    {
        (NDArray points, NDArray classes) = Draw.Moons(Samples, DType.Float32);
        return Compile(points, OneHot(classes), W1(), W2());
    }

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        (NDArray x, NDArray classes) = Draw.Moons(Samples, DType.Float32);
        (NDArray y, NDArray w1, NDArray w2) = (OneHot(classes), W1(), W2());
        (Function step, Shared[] parameters) = WithThreads(settings.Threads, () => Compile(x, y, w1, w2));
        yield return Compiled.Step(step, parameters, []);
        var byHand = new TutorialSingle(w1.ToArray<float>(), w2.ToArray<float>());
        yield return new InProcess(ByHand, () => byHand.Step(x.AsSpan<float>(), y.AsSpan<float>()), () =>
        {
            (float[] a, float[] b, float[] c, float[] d) = byHand.Parameters();
            return [NDArray.Wrap(a, 2, Hidden), NDArray.Wrap(b, Hidden), NDArray.Wrap(c, Hidden, 2), NDArray.Wrap(d, 2)];
        });
        foreach (Contender peer in PythonPeer.Contenders("tutorial", settings.Threads, ("x", x), ("y", y), ("w1", w1), ("w2", w2)))
        {
            yield return peer;
        }
    }

    private static NDArray W1() => Draw.Normal(DType.Float32, 1, 2, Hidden);

    private static NDArray W2() => Draw.Normal(DType.Float32, 1, Hidden, 2);

    private static (Function Step, Shared[] Parameters) Compile(NDArray points, NDArray labels, NDArray w1, NDArray w2)
    {
        const float epsilon = 0.01f, regLambda = 0.01f;
        Shared x = T.Shared(points, "X"), y = T.Shared(labels, "y");
        Shared[] parameters =
            [T.Shared(w1, "W1"), T.Shared(new float[Hidden], "b1"), T.Shared(w2, "W2"), T.Shared(new float[2], "b2")];
        Expr yHat = NNet.Softmax(T.Tanh(x.Dot(parameters[0]) + parameters[1]).Dot(parameters[2]) + parameters[3]);
        Expr lossReg = 1.0 / Samples * regLambda / 2 * (T.Sum(T.Sqr(parameters[0])) + T.Sum(T.Sqr(parameters[2])));
        Expr loss = NNet.CategoricalCrossentropy(yHat, y).Mean() + lossReg;
        Function step = T.Function(
            [], updates: [.. parameters.Select(w => (w, w - (epsilon * T.Grad(loss, w))))], name: "gradient_step");
        return (step, parameters);
    }

    private static NDArray OneHot(NDArray classes)
    {
        float[] labels = GC.AllocateArray<float>(2 * Samples, pinned: true);
        for (int i = 0; i < Samples; i++)
        {
            labels[2 * i + (int)classes.AsSpan<long>()[i]] = 1;
        }

        return NDArray.Wrap(labels, Samples, 2);
    }
}
