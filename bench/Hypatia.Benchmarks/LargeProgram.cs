using Hypatia.Random;

namespace Hypatia.Benchmarks;

/// <summary>The tutorial's program for a GPU: 5000×2 → 1000 → 2 in float32, data and one-hot labels shared.</summary>
internal sealed class LargeProgram
{
    public const int Samples = 5000;
    public const int Hidden = 1000;
    public const float Epsilon = 0.01f;
    public const float RegLambda = 0.01f;

    private readonly Function _gradientStep;

    public LargeProgram()
    {
        var random = new RandomState(0);
        (double[,] points, long[] classes) = Datasets.MakeMoons(Samples, 0.20, random);
        TrainX = Floats(points);
        TrainY = new float[Samples, 2];
        for (int i = 0; i < Samples; i++)
        {
            TrainY[i, classes[i]] = 1;
        }

        InitialW1 = Floats(random.Randn(2, Hidden));
        InitialW2 = Floats(random.Randn(Hidden, 2));
        Shared x = T.Shared(TrainX, "X"), y = T.Shared(TrainY, "y");
        Shared w1 = T.Shared(InitialW1, "W1"), b1 = T.Shared(new float[Hidden], "b1");
        HiddenBias = b1;
        Shared w2 = T.Shared(InitialW2, "W2"), b2 = T.Shared(new float[2], "b2");
        Expr yHat = NNet.Softmax(T.Tanh(x.Dot(w1) + b1).Dot(w2) + b2);
        Expr lossReg = 1.0 / Samples * RegLambda / 2 * (T.Sum(T.Sqr(w1)) + T.Sum(T.Sqr(w2)));
        Expr loss = NNet.CategoricalCrossentropy(yHat, y).Mean() + lossReg;
        Shared[] parameters = [w1, b1, w2, b2];
        _gradientStep = T.Function(
            [], updates: [.. parameters.Select(w => (w, w - Epsilon * T.Grad(loss, w)))], name: "gradient_step");
    }

    public float[,] TrainX { get; }

    public float[,] TrainY { get; }

    public float[,] InitialW1 { get; }

    public float[,] InitialW2 { get; }

    /// <summary>The parameters b1.</summary>
    public Shared HiddenBias { get; }

    public void Step() => _gradientStep.Call();

    private static float[,] Floats(double[,] values)
    {
        float[,] floats = new float[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < floats.GetLength(0); i++)
        {
            for (int j = 0; j < floats.GetLength(1); j++)
            {
                floats[i, j] = (float)values[i, j];
            }
        }

        return floats;
    }
}
