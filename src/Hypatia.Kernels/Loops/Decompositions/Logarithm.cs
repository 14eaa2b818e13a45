namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Logarithms by log x = k·log 2 + log(1 + f) with √½ ≤ 1 + f &lt; √2 and, with s = f / (2 + f),
/// log(1 + f) = f − ½f² + s·(½f² + R(s²)), where R is the polynomial of least error (Remez).
/// </summary>
/// <remarks>The scheme of FreeBSD's msun (Ng, 1993).</remarks>
internal static class Logarithm
{
    private static readonly double[] RestSingle = [0.6666668653488159, 0.3998865783214569, 0.2958480417728424];

    private static readonly double[] RestDouble =
    [
        0.666666666666667, 0.39999999999896857, 0.2857142862711703, 0.22222210956047825, 0.18182901703338086,
        0.15331315685950553, 0.146213407365825,
    ];

    /// <summary>log x: 1 ulp. 0 gives −∞, negative numbers NaN.</summary>
    public static Scalar Log(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar k, Scalar f) = Split(format, x);
        return WithSpecials(x, Sum(format, k, f, null));
    }

    /// <summary>log₂ x: 2 ulp, exact for powers of two.</summary>
    public static Scalar Log2(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar k, Scalar f) = Split(format, x);
        return WithSpecials(x, (Sum(format, null, f, null) * format.Number(1 / Math.Log(2))) + k);
    }

    /// <summary>log₁₀ x: 1 ulp; exact for powers of ten from 1 on.</summary>
    /// <remarks>log₁₀ 2 in two parts, of which k times the first is exact; so are log₁₀ e and f, and the product of the first.</remarks>
    public static Scalar Log10(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar k, Scalar f) = Split(format, x);
        (Scalar rest, Scalar half) = Tail(format, f);
        const double log10E = 0.4342944819032518, beyond = 1.098319650216765e-17;
        double high = format.HighOf(log10E);
        Scalar f1 = format.High(f);
        Scalar log = (f1 * high) + ((f1 * (log10E - high + beyond)) + ((f - f1 + (rest - half)) * log10E));
        log = (k * format.Number(format.Pick(7.903417155702138e-07, 3.694239077158931e-13))) + log;
        return WithSpecials(x, (k * format.Number(format.Pick(0.30102920532226562, 0.301029995663611771306))) + log);
    }

    /// <summary>log(1 + x): 1 ulp. −1 gives −∞, smaller numbers NaN.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="lost">What x should have besides, and is too small for it.</param>
    /// <remarks>The error of u = 1 + x, which is exactly c, adds c/u.</remarks>
    public static Scalar Log1p(Scalar x, Scalar? lost = null)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar u = x + 1;
        Scalar rounded = u - 1;
        Scalar c = (1 - (u - rounded)) + (x - rounded);
        c = lost is null ? c : c + lost;
        (Scalar k, Scalar f) = Split(format, u);
        return Exponential.KeepTiny(x, WithSpecials(u, Sum(format, k, f, c / u)));
    }

    /// <summary>k and f with x = 2ᵏ·(1 + f) and √½ ≤ 1 + f &lt; √2, for 0 &lt; x &lt; ∞.</summary>
    public static (Scalar K, Scalar F) Split(FloatFormat format, Scalar x)
    {
        const double grow = 1L << 54;
        Scalar isSmall = Scalar.Less(x, format.Number(format.MinNormal));
        Scalar bits = format.Bits(Scalar.If(isSmall, x * grow, x));
        Scalar mantissa = format.Int(format.Mantissa);
        Scalar exponent = Scalar.Apply(BinaryOp.ShiftRight, bits - format.Bits(format.Number(Math.Sqrt(0.5))), mantissa);
        Scalar f = format.FromBits(bits - Scalar.Apply(BinaryOp.ShiftLeft, exponent, mantissa)) - 1;
        return (format.ToFloat(exponent) - Scalar.If(isSmall, format.Number(54), format.Number(0)), f);
    }

    // k·log 2 + log(1 + f) + extra, small terms first
    private static Scalar Sum(FloatFormat format, Scalar? k, Scalar f, Scalar? extra)
    {
        (Scalar rest, Scalar half) = Tail(format, f);
        if (k is not null)
        {
            rest = (k * format.Number(format.Pick(1.428606765330187045e-06, 1.90821492927058770002e-10))) + rest;
        }

        if (extra is not null)
        {
            rest += extra;
        }

        Scalar sum = rest - half + f;
        return k is null
            ? sum
            : (k * format.Number(format.Pick(0.693145751953125, 6.93147180369123816490e-01))) + sum;
    }

    // rest and half with log(1 + f) = f + (rest − half)
    private static (Scalar Series, Scalar Half) Tail(FloatFormat format, Scalar f)
    {
        Scalar s = f / (f + 2);
        Scalar z = s * s;
        Scalar half = f * f * 0.5;
        return (s * (half + (z * format.Polynomial(z, format.Pick(RestSingle, RestDouble)))), half);
    }

    private static Scalar WithSpecials(Scalar x, Scalar value)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar zero = format.Number(0);
        Scalar infinity = format.Number(double.PositiveInfinity);
        Scalar special = Scalar.If(Scalar.Less(x, zero), format.Number(double.NaN), x);             // ∞ and NaN stay
        special = Scalar.If(Scalar.Apply(BinaryOp.Eq, x, zero), format.Number(double.NegativeInfinity), special);
        return Scalar.If(Scalar.And(Scalar.Less(zero, x), Scalar.Less(x, infinity)), value, special);
    }
}
