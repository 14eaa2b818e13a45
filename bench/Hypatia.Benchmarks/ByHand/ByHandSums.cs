using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypatia.Benchmarks.ByHand;

/// <summary>Sums of float32 matrices whose lengths are multiples of 64, in as many registers as hide an addition's latency.</summary>
internal static class ByHandSums
{
    /// <summary>The sum of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float All(ReadOnlySpan<float> x)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        for (int i = 0; i < x.Length; i += 64)
        {
            a += Vector512.Create(x[i..]);
            b += Vector512.Create(x[(i + 16)..]);
            c += Vector512.Create(x[(i + 32)..]);
            d += Vector512.Create(x[(i + 48)..]);
        }

        return Vector512.Sum(a + b + (c + d));
    }

    /// <summary>The sum of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfRows(ReadOnlySpan<float> x, Span<float> to)
    {
        int columns = x.Length / to.Length;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = All(x.Slice(i * columns, columns));
        }
    }

    /// <summary>The sum of each column: eight rows at a time are added to what is in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfColumns(ReadOnlySpan<float> x, Span<float> to)
    {
        int columns = to.Length;
        to.Clear();
        for (int i = 0; i < x.Length; i += 8 * columns)
        {
            for (int j = 0; j < columns; j += 16)
            {
                ReadOnlySpan<float> at = x[(i + j)..];
                Vector512<float> a = Vector512.Create(at) + Vector512.Create(at[columns..]);
                Vector512<float> b = Vector512.Create(at[(2 * columns)..]) + Vector512.Create(at[(3 * columns)..]);
                Vector512<float> c = Vector512.Create(at[(4 * columns)..]) + Vector512.Create(at[(5 * columns)..]);
                Vector512<float> d = Vector512.Create(at[(6 * columns)..]) + Vector512.Create(at[(7 * columns)..]);
                (Vector512.Create((ReadOnlySpan<float>)to[j..]) + (a + b + (c + d))).CopyTo(to[j..]);
            }
        }
    }

    /// <summary>The mean and the variance of each column, by two passes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Moments(ReadOnlySpan<float> x, Span<float> mean, Span<float> variance)
    {
        int columns = mean.Length, rows = x.Length / columns;
        OfColumns(x, mean);
        for (int j = 0; j < columns; j++)
        {
            mean[j] /= rows;
        }

        variance.Clear();
        for (int i = 0; i < x.Length; i += 4 * columns)
        {
            for (int j = 0; j < columns; j += 16)
            {
                Vector512<float> center = Vector512.Create((ReadOnlySpan<float>)mean[j..]);
                Vector512<float> sum = Vector512.Create((ReadOnlySpan<float>)variance[j..]);
                for (int k = 0; k < 4; k++)
                {
                    Vector512<float> d = Vector512.Create(x[(i + k * columns + j)..]) - center;
                    sum = Vector512.MultiplyAddEstimate(d, d, sum);
                }

                sum.CopyTo(variance[j..]);
            }
        }

        for (int j = 0; j < columns; j++)
        {
            variance[j] /= rows;
        }
    }
}
