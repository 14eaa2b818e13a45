using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypatia.Benchmarks.ByHand;

/// <summary>Elementwise expressions in one pass, over lengths that vectors divide.</summary>
internal static class Maps
{
    /// <summary>2x + y² + tanh z − e^(−x²)·sigmoid y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Elementwise(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> to)
    {
        for (int i = 0; i <= to.Length - 16; i += 16)
        {
            Vector512<float> a = Vector512.Create(x[i..]), b = Vector512.Create(y[i..]);
            Vector512<float> value = a + a + (b * b) + VectorMath.Tanh(Vector512.Create(z[i..]));
            (value - (VectorMath.Exp(-(a * a)) * VectorMath.Sigmoid(b))).CopyTo(to[i..]);
        }
    }

    /// <summary>2x + y² + tanh z − e^(−x²)·sigmoid y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Elementwise(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> z, Span<double> to)
    {
        for (int i = 0; i <= to.Length - 8; i += 8)
        {
            Vector512<double> a = Vector512.Create(x[i..]), b = Vector512.Create(y[i..]);
            Vector512<double> value = a + a + (b * b) + VectorMath.Tanh(Vector512.Create(z[i..]));
            (value - (VectorMath.Exp(-(a * a)) * VectorMath.Sigmoid(b))).CopyTo(to[i..]);
        }
    }

    /// <summary>x·y + 2z − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Axpb(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> to)
    {
        Vector512<float> two = Vector512.Create(2f), minusOne = Vector512.Create(-1f);
        for (int i = 0; i <= to.Length - 16; i += 16)
        {
            Vector512<float> sum = Vector512.MultiplyAddEstimate(Vector512.Create(z[i..]), two, minusOne);
            Vector512.MultiplyAddEstimate(Vector512.Create(x[i..]), Vector512.Create(y[i..]), sum).CopyTo(to[i..]);
        }
    }
}
