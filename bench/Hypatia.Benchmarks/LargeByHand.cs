using System.Numerics.Tensors;

namespace Hypatia.Benchmarks;

/// <summary>
/// The step of <see cref="LargeProgram"/> as someone writes it who knows that memory is the limit: row by row, so that a
/// row's 1000 hidden units stay in the cache, with the framework's vector loops.
/// </summary>
internal sealed class LargeByHand
{
    private const int Hidden = LargeProgram.Hidden;

    private readonly float[,] _x;
    private readonly float[,] _y;
    private readonly float[][] _w1;
    private readonly float[] _b1 = new float[Hidden];
    private readonly float[][] _w2;         // by columns
    private readonly float[] _b2 = new float[2];
    private readonly float[] _a = new float[Hidden];
    private readonly float[] _delta = new float[Hidden];
    private readonly float[][] _dW1 = [new float[Hidden], new float[Hidden]];
    private readonly float[] _db1 = new float[Hidden];
    private readonly float[][] _dW2 = [new float[Hidden], new float[Hidden]];

    public LargeByHand(LargeProgram program)
    {
        (_x, _y) = (program.TrainX, program.TrainY);
        _w1 = [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, Hidden).Select(j => program.InitialW1[i, j]).ToArray())];
        _w2 = [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, Hidden).Select(j => program.InitialW2[j, i]).ToArray())];
    }

    /// <summary>The parameters b1.</summary>
    public float[] HiddenBias => _b1;

    public void Step()
    {
        foreach (float[] gradient in (float[][])[.. _dW1, .. _dW2, _db1])
        {
            Array.Clear(gradient);
        }

        float db20 = 0, db21 = 0;
        for (int i = 0; i < LargeProgram.Samples; i++)
        {
            float x0 = _x[i, 0], x1 = _x[i, 1];
            TensorPrimitives.MultiplyAdd(_w1[0], x0, _b1, _a);
            TensorPrimitives.MultiplyAdd(_w1[1], x1, _a, _a);
            TensorPrimitives.Tanh<float>(_a, _a);
            float z0 = TensorPrimitives.Dot<float>(_a, _w2[0]) + _b2[0];
            float z1 = TensorPrimitives.Dot<float>(_a, _w2[1]) + _b2[1];
            float max = Math.Max(z0, z1);
            float e0 = MathF.Exp(z0 - max), e1 = MathF.Exp(z1 - max);
            float delta0 = (e0 / (e0 + e1) - _y[i, 0]) / LargeProgram.Samples;
            float delta1 = (e1 / (e0 + e1) - _y[i, 1]) / LargeProgram.Samples;
            db20 += delta0;
            db21 += delta1;
            TensorPrimitives.MultiplyAdd(_a, delta0, _dW2[0], _dW2[0]);
            TensorPrimitives.MultiplyAdd(_a, delta1, _dW2[1], _dW2[1]);
            TensorPrimitives.Multiply(_w2[0], delta0, _delta);
            TensorPrimitives.MultiplyAdd(_w2[1], delta1, _delta, _delta);
            TensorPrimitives.Multiply<float>(_a, _a, _a);
            TensorPrimitives.Subtract(1, _a, _a);
            TensorPrimitives.Multiply<float>(_delta, _a, _delta);
            TensorPrimitives.MultiplyAdd(_delta, x0, _dW1[0], _dW1[0]);
            TensorPrimitives.MultiplyAdd(_delta, x1, _dW1[1], _dW1[1]);
            TensorPrimitives.Add<float>(_db1, _delta, _db1);
        }

        for (int k = 0; k < 2; k++)
        {
            Descend(_w1[k], _dW1[k], LargeProgram.RegLambda);
            Descend(_w2[k], _dW2[k], LargeProgram.RegLambda);
        }

        Descend(_b1, _db1, 0);
        _b2[0] -= LargeProgram.Epsilon * db20;
        _b2[1] -= LargeProgram.Epsilon * db21;
    }

    // w − ε·(dw + λ/N·w)
    private static void Descend(float[] w, float[] dw, float regLambda)
    {
        TensorPrimitives.Multiply(w, 1 - LargeProgram.Epsilon * regLambda / LargeProgram.Samples, w);
        TensorPrimitives.MultiplyAdd(dw, -LargeProgram.Epsilon, w, w);
    }
}
