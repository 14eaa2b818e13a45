using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypatia.Benchmarks.ByHand;

/// <summary>A step of Theano's logistic regression in one pass over the data: a row while it is in the cache.</summary>
internal sealed class Logistic(double[] w)
{
    private const double Rate = 0.1;
    private const double Decay = 0.02;

    private readonly double[] _gradient = new double[w.Length];

    public double[] W { get; } = [.. w];

    public double B { get; private set; }

    /// <summary>One step, given data [n, d] and classes of 0 and 1; d is a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> prediction, Span<double> entropy)
    {
        int d = W.Length;
        double sum = 0;
        _gradient.AsSpan().Clear();
        for (int i = 0; i < y.Length; i++)
        {
            ReadOnlySpan<double> row = x.Slice(i * d, d);
            double z = Dot(row, W) + B;
            double p = 1 / (1 + Math.Exp(-z));
            prediction[i] = p > 0.5 ? 1 : 0;
            double e = Math.Log(1 + Math.Exp(-Math.Abs(z))) + Math.Max(z, 0);
            entropy[i] = e - (y[i] * z);
            double delta = (p - y[i]) / y.Length;
            sum += delta;
            AddMultiple(row, delta, _gradient);
        }

        for (int j = 0; j < d; j++)
        {
            W[j] -= Rate * (_gradient[j] + (Decay * W[j]));
        }

        B -= Rate * sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Vector512<double> a = default, b = default;
        for (int j = 0; j <= x.Length - 16; j += 16)
        {
            a = Vector512.MultiplyAddEstimate(Vector512.Create(x[j..]), Vector512.Create(y[j..]), a);
            b = Vector512.MultiplyAddEstimate(Vector512.Create(x[(j + 8)..]), Vector512.Create(y[(j + 8)..]), b);
        }

        return Vector512.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMultiple(ReadOnlySpan<double> x, double factor, Span<double> to)
    {
        Vector512<double> f = Vector512.Create(factor);
        for (int j = 0; j <= x.Length - 8; j += 8)
        {
            Vector512<double> sum = Vector512.Create((ReadOnlySpan<double>)to[j..]);
            Vector512.MultiplyAddEstimate(Vector512.Create(x[j..]), f, sum).CopyTo(to[j..]);
        }
    }
}
