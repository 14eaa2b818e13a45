using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypatia.Benchmarks.ByHand;

/// <summary>
/// Functions of vectors as someone writes them who wants speed: a few units in the last place, no care for subnormal
/// results. Arguments that would overflow are clamped.
/// </summary>
internal static class VectorMath
{
    private const float ShifterSingle = 1.5f * (1 << 23);
    private const double ShifterDouble = 1.5 * (1L << 52);

    /// <summary>eˣ = 2ⁿ·eʳ, with eʳ a polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(-87.3f)), Vector512.Create(88.0f));
        Vector512<float> shifter = Vector512.Create(ShifterSingle);
        Vector512<float> shifted = Fused(x, 1.44269504f, shifter);
        Vector512<float> n = shifted - shifter;
        Vector512<float> r = Fused(n, -0.693145752f, x);
        r = Fused(n, -1.42860677e-06f, r);
        Vector512<float> p = Fused(r, 0.0013939646f, Vector512.Create(0.00833327509f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.0416663774f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.166666672f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.5f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512<float>.One);
        p = Vector512.MultiplyAddEstimate(p, r, Vector512<float>.One);
        return (p.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();
    }

    /// <summary>eˣ − 1 for |x| that is not large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Expm1(Vector512<double> x)
    {
        (Vector512<double> p, Vector512<double> scale) = Split(x);
        return Vector512.MultiplyAddEstimate(p, scale, scale - Vector512<double>.One);
    }

    /// <summary>eˣ = 2ⁿ·eʳ, with eʳ a polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x)
    {
        x = Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(-708.0)), Vector512.Create(709.0));
        (Vector512<double> p, Vector512<double> scale) = Split(x);
        return Vector512.MultiplyAddEstimate(p, scale, scale);
    }

    /// <summary>tanh x as x times a quotient of polynomials in x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        x = Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(-9.01f)), Vector512.Create(9.01f));
        Vector512<float> z = x * x;
        Vector512<float> p = Fused(z, 1.33184867e-08f, Vector512.Create(2.05830497e-05f));
        p = Vector512.MultiplyAddEstimate(p, z, Vector512.Create(0.00349400829f));
        p = Vector512.MultiplyAddEstimate(p, z, Vector512.Create(0.13379696f));
        p = Vector512.MultiplyAddEstimate(p, z, Vector512.Create(0.99999998f));
        Vector512<float> q = Fused(z, 7.76177665e-07f, Vector512.Create(0.000328304983f));
        q = Vector512.MultiplyAddEstimate(q, z, Vector512.Create(0.0258709736f));
        q = Vector512.MultiplyAddEstimate(q, z, Vector512.Create(0.467130112f));
        q = Vector512.MultiplyAddEstimate(q, z, Vector512<float>.One);
        return x * p / q;
    }

    /// <summary>tanh x = e / (e + 2), e = e²ˣ − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Tanh(Vector512<double> x)
    {
        x = Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(-20.0)), Vector512.Create(20.0));
        Vector512<double> e = Expm1(x + x);
        return e / (e + Vector512.Create(2.0));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Sigmoid(Vector512<double> x) => Vector512<double>.One / (Vector512<double>.One + Exp(-x));

    // p = eʳ − 1 and 2ⁿ
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> P, Vector512<double> Scale) Split(Vector512<double> x)
    {
        Vector512<double> shifter = Vector512.Create(ShifterDouble);
        Vector512<double> shifted = Fused(x, 1.4426950408889634, shifter);
        Vector512<double> n = shifted - shifter;
        Vector512<double> r = Fused(n, -6.93147180369123816490e-01, x);
        r = Fused(n, -1.90821492927058770002e-10, r);
        Vector512<double> p = Fused(r, 2.5110348748311002e-08, Vector512.Create(2.7620414289024464e-07));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(2.755724154178541e-06));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(2.480152060850776e-05));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.00019841269887295506));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.0013888888917657832));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.008333333333321976));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.041666666666623234));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.16666666666666674));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.5));
        p = Vector512.MultiplyAddEstimate(p, r * r, r);
        return (p, ((shifted.AsInt64() << 52) + Vector512.Create(1023L << 52)).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fused(Vector512<float> x, float factor, Vector512<float> term) =>
        Vector512.MultiplyAddEstimate(x, Vector512.Create(factor), term);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fused(Vector512<double> x, double factor, Vector512<double> term) =>
        Vector512.MultiplyAddEstimate(x, Vector512.Create(factor), term);
}
