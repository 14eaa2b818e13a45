namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Logarithms by log x = k·log 2 + log(1 + f) with ¾ ≤ 1 + f &lt; 1½ and, with s = f / (2 + f),
/// log(1 + f) = f − ½f² + s·(½f² + R(s²)), where R is the polynomial of least error (Remez).
/// </summary>
/// <remarks>The scheme of FreeBSD's msun (Ng, 1993), but for the range of f, which processors have an instruction for.</remarks>
internal static class Logarithm
{
    /// <summary>The least 1 + f.</summary>
    public const double LeastSignificand = 0.75;

    private static readonly double[] RestSingle = [0.66666947351337, 0.39957825340929753, 0.3036057134552729];

    private static readonly double[] RestDouble =
    [
        0.6666666666667271, 0.39999999996161484, 0.285714293953171, 0.22222138499643787, 0.1818635614056284,
        0.15250187240100993, 0.1536820103359525,
    ];

    /// <summary>log x: 1 ulp. 0 gives −∞, negative numbers NaN.</summary>
    public static Scalar Log(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar k, Scalar f) = Split(x);
        return OfPositive(x, Sum(format, k, f, null));
    }

    /// <summary>log₂ x: 2 ulp, exact for powers of two.</summary>
    public static Scalar Log2(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar k, Scalar f) = SplitAtRoot(x);
        return WithSpecials(x, (Sum(format, null, f, null) * format.Number(1 / Math.Log(2))) + k);
    }

    /// <summary>log₁₀ x: 1.1 ulp; exact for powers of ten from 1 on.</summary>
    /// <remarks>log₁₀ 2 in two parts, of which k times the first is exact; so are log₁₀ e and f, and the product of the first.</remarks>
    public static Scalar Log10(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar k, Scalar f) = SplitAtRoot(x);
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
        (Scalar k, Scalar f) = Split(u);
        return Exponential.KeepTiny(x, WithSpecials(u, Sum(format, k, f, c / u)));
    }

    /// <summary><see cref="UnaryOp.Exponent"/> by operations on bits.</summary>
    public static Scalar Exponent(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar infinity = format.Number(double.PositiveInfinity);
        Scalar isFinite = Scalar.Less(x, infinity);
        return Scalar.If(
            Scalar.And(Scalar.Less(format.Number(0), x), isFinite), Parts(x, LeastSignificand).Exponent, Scalar.If(isFinite, -infinity, x));
    }

    /// <summary>k and m with x = m · 2ᵏ and least ≤ m &lt; 2·least, for 0 &lt; x &lt; ∞; m is finite for 0 and ∞.</summary>
    public static (Scalar Exponent, Scalar Significand) Parts(Scalar x, double least)
    {
        const double grow = 1L << 54;
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar isSmall = Scalar.Less(x, format.Number(format.MinNormal));
        Scalar bits = format.Bits(Scalar.If(isSmall, x * grow, x));
        Scalar mantissa = format.Int(format.Mantissa);
        Scalar exponent = Scalar.Apply(BinaryOp.ShiftRight, bits - format.Bits(format.Number(least)), mantissa);
        Scalar significand = format.FromBits(bits - Scalar.Apply(BinaryOp.ShiftLeft, exponent, mantissa));
        return (format.ToFloat(exponent) - Scalar.If(isSmall, format.Number(54), format.Number(0)), significand);
    }

    // k and f with x = 2ᵏ·(1 + f)
    private static (Scalar K, Scalar F) Split(Scalar x) => (Scalar.Apply(UnaryOp.Exponent, x), Scalar.Apply(UnaryOp.Significand, x) - 1);

    // With √½ ≤ 1 + f < √2: what is subtracted from k is then at most half of it, where it is rounded more often.
    private static (Scalar K, Scalar F) SplitAtRoot(Scalar x)
    {
        (Scalar k, Scalar significand) = Parts(x, Math.Sqrt(0.5));
        return (k, significand - 1);
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

    // What is right for positive numbers, 0, ∞ and NaN.
    private static Scalar OfPositive(Scalar x, Scalar value) =>
        Scalar.If(Scalar.Less(x, Scalar.Of(x.DType, 0)), Scalar.Of(x.DType, double.NaN), value);

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
