using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypatia.Benchmarks.ByHand;

/// <summary>
/// A step of the tutorial's network in float64, fused: eight points in the lanes of a vector, unit after unit, nothing
/// stored but the units' values of some points.
/// </summary>
internal sealed class TutorialDouble
{
    private const int Lanes = 8;
    private const double Epsilon = 0.01;
    private const double RegLambda = 0.01;

    private readonly Vector512<double>[] _units;        // tanh of each hidden unit for one vector of points
    private readonly Vector512<double>[] _sums;         // for each unit: dW1[0], dW1[1], db1, dW2[0], dW2[1]

    /// <summary>A network with its initial parameters, W1 [2, h] and W2 [h, 2] by rows.</summary>
    public TutorialDouble(double[] w1, double[] w2)
    {
        (W1, W2) = ([.. w1], [.. w2]);
        B1 = new double[w1.Length / 2];
        B2 = new double[2];
        _units = new Vector512<double>[B1.Length];
        _sums = new Vector512<double>[5 * B1.Length];
    }

    public double[] W1 { get; }

    public double[] B1 { get; }

    public double[] W2 { get; }

    public double[] B2 { get; }

    /// <summary>One step, given points [n, 2] and their classes, n a multiple of 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(ReadOnlySpan<double> x, ReadOnlySpan<long> y)
    {
        int h = B1.Length;
        ReadOnlySpan<double> w1 = W1, w2 = W2, b1 = B1;
        Span<Vector512<double>> units = _units, sums = _sums;
        sums.Clear();
        Vector512<double> sum0 = default, sum1 = default;
        Vector512<double> one = Vector512<double>.One;
        Vector512<double> scale = Vector512.Create(1.0 / y.Length);
        Vector512<long> evenFirst = Vector512.Create(0L, 2, 4, 6, 1, 3, 5, 7);
        for (int i = 0; i < y.Length; i += Lanes)
        {
            Vector512<double> low = Vector512.Shuffle(Vector512.Create(x[(2 * i)..]), evenFirst);
            Vector512<double> high = Vector512.Shuffle(Vector512.Create(x[(2 * i + Lanes)..]), evenFirst);
            Vector512<double> x0 = Vector512.Create(low.GetLower(), high.GetLower());
            Vector512<double> x1 = Vector512.Create(low.GetUpper(), high.GetUpper());
            Vector512<double> z0 = Vector512.Create(B2[0]), z1 = Vector512.Create(B2[1]);
            for (int j = 0; j < units.Length; j++)
            {
                Vector512<double> z = Vector512.MultiplyAddEstimate(x0, Vector512.Create(w1[j]), Vector512.Create(b1[j]));
                Vector512<double> a = VectorMath.Tanh(Vector512.MultiplyAddEstimate(x1, Vector512.Create(w1[h + j]), z));
                units[j] = a;
                z0 = Vector512.MultiplyAddEstimate(a, Vector512.Create(w2[2 * j]), z0);
                z1 = Vector512.MultiplyAddEstimate(a, Vector512.Create(w2[2 * j + 1]), z1);
            }

            Vector512<double> p1 = VectorMath.Sigmoid(z1 - z0);
            Vector512<double> isOne = Vector512.ConvertToDouble(Vector512.Create(y[i..]));
            Vector512<double> delta1 = (p1 - isOne) * scale, delta0 = -delta1;
            sum0 += delta0;
            sum1 += delta1;
            for (int j = 0; j < units.Length; j++)
            {
                Vector512<double> a = units[j];
                Vector512<double> back = delta1 * Vector512.Create(w2[2 * j + 1] - w2[2 * j]);
                Vector512<double> delta = back * (one - (a * a));
                Span<Vector512<double>> sum = sums.Slice(5 * j, 5);
                sum[0] = Vector512.MultiplyAddEstimate(x0, delta, sum[0]);
                sum[1] = Vector512.MultiplyAddEstimate(x1, delta, sum[1]);
                sum[2] += delta;
                sum[3] = Vector512.MultiplyAddEstimate(a, delta0, sum[3]);
                sum[4] = Vector512.MultiplyAddEstimate(a, delta1, sum[4]);
            }
        }

        Descend(1.0 / y.Length, Vector512.Sum(sum0), Vector512.Sum(sum1));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Descend(double scale, double db20, double db21)
    {
        int h = B1.Length;
        for (int j = 0; j < h; j++)
        {
            Span<Vector512<double>> sum = _sums.AsSpan(5 * j, 5);
            W1[j] -= Epsilon * (Vector512.Sum(sum[0]) + (RegLambda * scale * W1[j]));
            W1[h + j] -= Epsilon * (Vector512.Sum(sum[1]) + (RegLambda * scale * W1[h + j]));
            B1[j] -= Epsilon * Vector512.Sum(sum[2]);
            W2[2 * j] -= Epsilon * (Vector512.Sum(sum[3]) + (RegLambda * scale * W2[2 * j]));
            W2[2 * j + 1] -= Epsilon * (Vector512.Sum(sum[4]) + (RegLambda * scale * W2[2 * j + 1]));
        }

        B2[0] -= Epsilon * db20;
        B2[1] -= Epsilon * db21;
    }
}
