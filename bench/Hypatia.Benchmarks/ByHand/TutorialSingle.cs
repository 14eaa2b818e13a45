using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hypatia.Benchmarks.ByHand;

/// <summary>
/// The large step of the tutorial in float32, fused: a tile of rows at a time, whose hidden units stay in the cache. Going
/// forward, the row's vectors one after another; going back, the rows one after another, with the sums in registers.
/// </summary>
internal sealed class TutorialSingle
{
    private const int Lanes = 16;
    private const int Tile = 20;
    private const float Epsilon = 0.01f;
    private const float RegLambda = 0.01f;

    private readonly int _hidden;
    private readonly Vector512<float>[] _w1;            // two rows of vectors, filled up with zeros
    private readonly Vector512<float>[] _b1;
    private readonly Vector512<float>[] _w2;            // two columns of vectors
    private readonly float[] _b2 = new float[2];
    private readonly Vector512<float>[] _units;
    private readonly Vector512<float>[] _sums;          // for each vector of units: dW1[0], dW1[1], db1, dW2[0], dW2[1]

    /// <summary>A network with its initial parameters, W1 [2, h] and W2 [h, 2] by rows.</summary>
    public TutorialSingle(float[] w1, float[] w2)
    {
        _hidden = w1.Length / 2;
        int vectors = (_hidden + Lanes - 1) / Lanes;
        _w1 = new Vector512<float>[2 * vectors];
        _w2 = new Vector512<float>[2 * vectors];
        _b1 = new Vector512<float>[vectors];
        _units = new Vector512<float>[Tile * vectors];
        _sums = new Vector512<float>[5 * vectors];
        for (int k = 0; k < 2; k++)
        {
            Span<float> first = Floats(_w1.AsSpan(k * vectors)), second = Floats(_w2.AsSpan(k * vectors));
            for (int j = 0; j < _hidden; j++)
            {
                (first[j], second[j]) = (w1[k * _hidden + j], w2[2 * j + k]);
            }
        }
    }

    /// <summary>W1, b1, W2 and b2 as now.</summary>
    public (float[] W1, float[] B1, float[] W2, float[] B2) Parameters()
    {
        int vectors = _b1.Length;
        float[] w1 = [.. Floats(_w1)[.._hidden], .. Floats(_w1.AsSpan(vectors))[.._hidden]];
        float[] w2 = [.. Enumerable.Range(0, 2 * _hidden).Select(k => Floats(_w2.AsSpan(k % 2 * vectors))[k / 2])];
        return (w1, Floats(_b1)[.._hidden].ToArray(), w2, [.. _b2]);
    }

    /// <summary>One step, given points [n, 2] and their classes as [n, 2] of 0 and 1, n a multiple of 20.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        int n = y.Length / 2;
        _sums.AsSpan().Clear();
        Span<(float D0, float D1)> deltas = stackalloc (float, float)[Tile];
        float db20 = 0, db21 = 0;
        for (int i = 0; i < n; i += Tile)
        {
            for (int t = 0; t < Tile; t++)
            {
                (float z0, float z1) = Forward(x[2 * (i + t)], x[2 * (i + t) + 1], t);
                float p1 = 1 / (1 + MathF.Exp(z0 - z1));
                (float d0, float d1) = ((1 - p1 - y[2 * (i + t)]) / n, (p1 - y[2 * (i + t) + 1]) / n);
                deltas[t] = (d0, d1);
                db20 += d0;
                db21 += d1;
            }

            Back(x[(2 * i)..], deltas);
        }

        Descend(n, db20, db21);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float Z0, float Z1) Forward(float x0, float x1, int t)
    {
        int vectors = _b1.Length;
        ReadOnlySpan<Vector512<float>> w10 = _w1.AsSpan(0, vectors), w11 = _w1.AsSpan(vectors, vectors), b1 = _b1;
        ReadOnlySpan<Vector512<float>> w20 = _w2.AsSpan(0, vectors), w21 = _w2.AsSpan(vectors, vectors);
        Span<Vector512<float>> units = _units.AsSpan(t * vectors, vectors);
        Vector512<float> v0 = Vector512.Create(x0), v1 = Vector512.Create(x1), z0 = default, z1 = default;
        for (int j = 0; j < units.Length; j++)
        {
            Vector512<float> z = Vector512.MultiplyAddEstimate(v1, w11[j], Vector512.MultiplyAddEstimate(v0, w10[j], b1[j]));
            Vector512<float> a = VectorMath.Tanh(z);
            units[j] = a;
            z0 = Vector512.MultiplyAddEstimate(a, w20[j], z0);
            z1 = Vector512.MultiplyAddEstimate(a, w21[j], z1);
        }

        return (Vector512.Sum(z0) + _b2[0], Vector512.Sum(z1) + _b2[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Back(ReadOnlySpan<float> x, ReadOnlySpan<(float D0, float D1)> deltas)
    {
        int vectors = _b1.Length;
        Vector512<float> one = Vector512<float>.One;
        for (int j = 0; j < vectors; j++)
        {
            Vector512<float> w20 = _w2[j], w21 = _w2[vectors + j];
            Span<Vector512<float>> sum = _sums.AsSpan(5 * j, 5);
            Vector512<float> dw10 = sum[0], dw11 = sum[1], db1 = sum[2], dw20 = sum[3], dw21 = sum[4];
            for (int t = 0; t < deltas.Length; t++)
            {
                Vector512<float> a = _units[t * vectors + j];
                Vector512<float> d0 = Vector512.Create(deltas[t].D0), d1 = Vector512.Create(deltas[t].D1);
                Vector512<float> delta = Vector512.MultiplyAddEstimate(d0, w20, d1 * w21) * (one - (a * a));
                dw10 = Vector512.MultiplyAddEstimate(Vector512.Create(x[2 * t]), delta, dw10);
                dw11 = Vector512.MultiplyAddEstimate(Vector512.Create(x[2 * t + 1]), delta, dw11);
                db1 += delta;
                dw20 = Vector512.MultiplyAddEstimate(a, d0, dw20);
                dw21 = Vector512.MultiplyAddEstimate(a, d1, dw21);
            }

            (sum[0], sum[1], sum[2], sum[3], sum[4]) = (dw10, dw11, db1, dw20, dw21);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Descend(int n, float db20, float db21)
    {
        int vectors = _b1.Length;
        Vector512<float> decay = Vector512.Create(1 - (Epsilon * RegLambda / n)), epsilon = Vector512.Create(Epsilon);
        for (int j = 0; j < vectors; j++)
        {
            for (int k = 0; k < 2; k++)
            {
                _w1[k * vectors + j] = (_w1[k * vectors + j] * decay) - (_sums[5 * j + k] * epsilon);
                _w2[k * vectors + j] = (_w2[k * vectors + j] * decay) - (_sums[5 * j + 3 + k] * epsilon);
            }

            _b1[j] -= _sums[5 * j + 2] * epsilon;
        }

        _b2[0] -= Epsilon * db20;
        _b2[1] -= Epsilon * db21;
    }

    private static Span<float> Floats(Span<Vector512<float>> vectors) => MemoryMarshal.Cast<Vector512<float>, float>(vectors);
}
