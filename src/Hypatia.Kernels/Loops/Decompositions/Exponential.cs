namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Exponential functions by eˣ = 2ⁿ·eʳ with n = round(x / log 2), so that |r| ≤ ½ log 2, where eʳ is 1 + r + r²·q(r) with
/// q the polynomial of least error (Remez), shorter where 1 is added than where e^r − 1 is wanted.
/// </summary>
/// <remarks>r = x − n·log 2 in two steps, with log 2 in two parts of which n times the first is exact (Cody and Waite).</remarks>
internal static class Exponential
{
    private const double Log2E = 1.4426950408889634;

    private static readonly double[] PowerSingle =
    [
        1, 1, 0.4999999403953552, 0.1666652113199234, 0.04166838899254799, 0.00836874544620514, 0.0013814539415761828,
    ];

    private static readonly double[] ShortPowerSingle =
        [1, 1, 0.499992311000824, 0.16667115688323975, 0.041890330612659454, 0.008312501013278961];

    private static readonly double[] QuotientSingle =
    [
        0.5, 0.1666666716337204, 0.04166637733578682, 0.008333275094628334, 0.0013939646305516362, 0.00019913246796932071,
    ];

    private static readonly double[] QuotientDouble =
    [
        0.5000000000000001, 0.16666666666666674, 0.041666666666623234, 0.008333333333321976, 0.0013888888917657832,
        0.00019841269887295506, 2.480152060850776e-05, 2.755724154178541e-06, 2.7620414289024464e-07,
        2.5110348748311002e-08,
    ];

    /// <summary>
    /// eˣ: 1.1 ulp, 1 where products fuse, subnormal results included. −∞ gives 0, ∞ and what is too large give ∞.
    /// </summary>
    public static Scalar Exp(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        x = Clamp(x, format.Pick(-104.5, -746.0), format.Pick(89.0, 710.0));
        return PowerTimes(format, x, 0);
    }

    /// <summary>eˣ where that is a normal number: 1 ulp.</summary>
    public static Scalar OfModerate(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar nearest, Scalar n) = format.RoundToExponent(x, Log2E);
        return format.PowerOfTwo(n) * OfRest(format, Rest(format, x, nearest));
    }

    /// <summary>2ˣ: 1.1 ulp, 1 where products fuse, exact for integers.</summary>
    public static Scalar Exp2(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        x = Clamp(x, format.Pick(-151.0, -1076.0), format.Pick(128.0, 1024.0));
        Scalar nearest = format.Round(x, 1).Nearest;
        return Scalar.Apply(BinaryOp.Scale, OfRest(format, (x - nearest) * format.Number(Math.Log(2))), nearest);
    }

    /// <summary>eˣ − 1: 1.5 ulp. −∞ gives −1.</summary>
    public static Scalar Expm1(Scalar x)
    {
        Scalar half = HalfExpm1(x);
        return KeepTiny(x, half + half);
    }

    /// <summary>½(eˣ − 1), which is finite for x up to 710 (89).</summary>
    public static Scalar HalfExpm1(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        x = Clamp(x, format.Pick(-18.0, -40.0), format.Pick(89.0, 710.0));
        (Scalar p, Scalar n) = Reduce(format, x);
        Scalar scale = format.PowerOfTwo(n - format.Int(1));
        return (scale * p) + (scale - 0.5);
    }

    /// <summary>2ʳ for |r| ≤ ½: 1 ulp.</summary>
    public static Scalar OfFraction(FloatFormat format, Scalar r) => format.Polynomial(
        r, [.. format.Pick<double[]>(PowerSingle, [1, 1, .. QuotientDouble]).Select((c, k) => c * Math.Pow(Math.Log(2), k))]);

    /// <summary>½eˣ: 1 ulp, also where eˣ itself is too large.</summary>
    public static Scalar HalfExp(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        x = Clamp(x, format.Pick(-104.5, -746.0), format.Pick(90.0, 711.0));
        return PowerTimes(format, x, -1);
    }

    /// <summary>e²ˣ + 1 for 0 ≤ x ≤ 20: 1 ulp.</summary>
    /// <remarks>½·log 2 need not be taken in parts: what n times it is off is small beside e²ˣ.</remarks>
    public static Scalar OfTwicePlus1(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar nearest, Scalar n) = format.RoundToExponent(x, 2 * Log2E);
        Scalar r = x + (nearest * format.Number(-0.5 * Math.Log(2)));
        double[] ofTwice = [.. format.Pick<double[]>(ShortPowerSingle, [1, 1, .. QuotientDouble])];
        for (int k = 0; k < ofTwice.Length; k++)
        {
            ofTwice[k] = Math.ScaleB(ofTwice[k], k);
        }

        return (format.PowerOfTwo(n) * format.Polynomial(r, ofTwice)) + 1;
    }

    /// <summary>
    /// x · 2ⁿ in two steps, because 2ⁿ may be neither normal nor finite where the product is. The first, by half of n, is exact:
    /// x is neither large nor small. So the second alone rounds.
    /// </summary>
    public static Scalar Scale(Scalar x, Scalar n)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar both = format.RoundToExponent(n, 1, biases: 2).Exponent;
        Scalar half = format.RoundToExponent(n, 0.5).Exponent;
        return x * format.PowerOfTwo(half) * format.PowerOfTwo(both - half);
    }

    /// <summary>f(x) where f(x) = x for |x| so small that squares vanish beside it.</summary>
    public static Scalar KeepTiny(Scalar x, Scalar value)
    {
        double tiny = FloatFormat.Of(x.DType).Pick(Math.Pow(2, -26), Math.Pow(2, -54));
        return Scalar.If(Scalar.Less(Scalar.Apply(UnaryOp.Abs, x), Scalar.Of(x.DType, tiny)), x, value);
    }

    // eˣ·2ᵏ
    private static Scalar PowerTimes(FloatFormat format, Scalar x, int k)
    {
        Scalar nearest = format.Round(x, Log2E).Nearest;
        return Scalar.Apply(BinaryOp.Scale, OfRest(format, Rest(format, x, nearest)), k == 0 ? nearest : nearest + k);
    }

    private static Scalar Rest(FloatFormat format, Scalar x, Scalar nearest) =>
        x + (nearest * format.Number(-HighLog2(format))) + (nearest * format.Number(-LowLog2(format)));

    private static Scalar OfRest(FloatFormat format, Scalar r) =>
        format.Polynomial(r, format.Pick<double[]>(PowerSingle, [1, 1, .. QuotientDouble]));

    private static double HighLog2(FloatFormat format) => format.Pick(0.693145751953125, 6.93147180369123816490e-01);

    private static double LowLog2(FloatFormat format) => format.Pick(1.428606765330187045e-06, 1.90821492927058770002e-10);

    // p with 2ⁿ·(1 + p) = eˣ. What is lost when r is rounded matters where 1 is subtracted: it is added to the square.
    private static (Scalar P, Scalar N) Reduce(FloatFormat format, Scalar x)
    {
        (Scalar nearest, Scalar n) = format.RoundToExponent(x, Log2E);
        Scalar high = x - (nearest * format.Number(HighLog2(format)));
        Scalar low = nearest * format.Number(LowLog2(format));
        Scalar r = high - low;
        Scalar square = r * r * format.Polynomial(r, format.Pick(QuotientSingle, QuotientDouble));
        return (square + (high - r - low) + r, n);
    }

    // By comparisons that NaN passes.
    private static Scalar Clamp(Scalar x, double min, double max)
    {
        x = Scalar.If(Scalar.Less(x, Scalar.Of(x.DType, min)), Scalar.Of(x.DType, min), x);
        return Scalar.If(Scalar.Less(Scalar.Of(x.DType, max), x), Scalar.Of(x.DType, max), x);
    }
}
