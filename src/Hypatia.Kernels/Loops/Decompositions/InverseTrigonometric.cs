namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Inverse trigonometric functions by odd series y + y³·p(y²) on 0 … 1 (arctangent) or 0 … ½ (arcsine), with p the polynomial of
/// least error (Remez) for its length, and the angles that lead there.
/// </summary>
/// <remarks>½π and π are taken as a float and what that lacks; the latter is added to the smallest term.</remarks>
internal static class InverseTrigonometric
{
    private static readonly double[] ArctanSingle =
    [
        -0.3333333314542313, 0.19999959526318073, -0.14284271631739145, 0.1109097743350735, -0.08945654833379056,
        0.0707153486479513, -0.049628249254501246, 0.02696154226194378, -0.009493023508735874, 0.0015657736370514727,
    ];

    private static readonly double[] ArctanDouble =
    [
        -0.3333333333333333, 0.1999999999999966, -0.14285714285662274, 0.11111111107961216, -0.09090908989700375,
        0.07692305696247582, -0.06666640294758137, 0.058821056658432826, -0.05261444524307971, 0.04752868590995311,
        -0.04310734311902385, 0.0387940622314907, -0.03388645131190688, 0.027782010198052747, -0.0204995660199599,
        0.013000160510562738, -0.006747404353310589, 0.002710919273202351, -0.0007827651785930979, 0.00014354304005817853,
        -1.2498205973714355e-05,
    ];

    private static readonly double[] ArcsinSingle =
    [
        0.16666666294804985, 0.07500103156844178, 0.04459662560261228, 0.031131915227460963, 0.01700580320694017,
        0.03392105804228478,
    ];

    private static readonly double[] ArcsinDouble =
    [
        0.16666666666666669, 0.0749999999999824, 0.04464285714672405, 0.030381944110909265, 0.02237217401090899,
        0.017352368333195572, 0.013971565617193048, 0.011475821812037445, 0.010344109006356234, 0.005368269632218257,
        0.0176379828416156, -0.015213731709707962, 0.028999414312441033,
    ];

    /// <summary>arcsin x: 2 ulp. ½π − 2 arcsin √(½(1 − |x|)) for |x| &gt; ½. NaN for |x| &gt; 1.</summary>
    public static Scalar Arcsin(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar isLarge, Scalar s, Scalar rest) = ReducedArcsin(format, x, Scalar.Apply(UnaryOp.Abs, x));

        // Just below 1, the difference is rounded at twice the result's unit: what it lost is added again.
        Scalar halfPi = format.Number(Math.PI / 2), twice = s + s;
        Scalar difference = halfPi - twice;
        Scalar lost = halfPi - difference - twice;
        Scalar large = difference + (format.Number(HalfPiLacks(format)) - (rest + rest) + lost);
        return format.WithSign(Scalar.If(isLarge, large, s + rest), x);
    }

    /// <summary>arccos x: 2 ulp. ½π − arcsin x; 2 arcsin √(½(1 − x)) for x &gt; ½, and what π lacks of that for x &lt; −½. NaN for |x| &gt; 1.</summary>
    public static Scalar Arccos(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar isLarge, Scalar s, Scalar rest) = ReducedArcsin(format, x, x);
        (double halfPi, double lacks) = (Math.PI / 2, HalfPiLacks(format));
        s = Scalar.If(isLarge, s + s, s);
        rest = Scalar.If(isLarge, rest + rest, rest);
        Scalar angle = Scalar.If(isLarge, format.Number(2 * halfPi), format.Number(halfPi));
        Scalar angleLacks = Scalar.If(isLarge, format.Number(2 * lacks), format.Number(lacks));
        return Scalar.If(Scalar.Less(format.Number(0.5), x), s + rest, angle - s + (angleLacks - rest));
    }

    /// <summary>arctan x: 2 ulp. ½π − arctan 1/|x| for |x| &gt; 1.</summary>
    public static Scalar Arctan(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar zero = format.Number(0);
        Scalar y = Scalar.Apply(UnaryOp.Abs, x);
        Scalar isLarge = Scalar.Less(format.Number(1), y);
        Scalar t = Scalar.If(isLarge, -1 / y, y);
        Scalar rest = ArctanRest(format, t) + Scalar.If(isLarge, format.Number(HalfPiLacks(format)), zero);
        return format.WithSign(Scalar.If(isLarge, format.Number(Math.PI / 2), zero) + (t + rest), x);
    }

    /// <summary>The angle of the point (x, y): 2 ulp. Quadrants, zeros and infinities are those of C's <c>atan2</c>.</summary>
    /// <remarks>The arctangent of the smaller coordinate divided by the larger, added to or taken from 0, ½π or π.</remarks>
    public static Scalar Arctan2(Scalar y, Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar zero = format.Number(0);
        (Scalar height, Scalar width) = (Scalar.Apply(UnaryOp.Abs, y), Scalar.Apply(UnaryOp.Abs, x));
        Scalar isSteep = Scalar.Less(width, height);
        Scalar isLeft = Scalar.Less(format.Bits(x), format.Int(0));
        Scalar large = Scalar.If(isSteep, height, width);
        Scalar small = Scalar.If(isSteep, width, height);
        Scalar ofEqual = Scalar.If(Scalar.Apply(BinaryOp.Eq, large, zero), zero, format.Number(1));     // 0 / 0 and ∞ / ∞ among them
        Scalar t = Scalar.If(Scalar.Apply(BinaryOp.Eq, small, large), ofEqual, small / large);
        t = Scalar.If(Scalar.Apply(BinaryOp.Xor, isSteep, isLeft), -t, t);

        double lacks = HalfPiLacks(format);
        Scalar flat = Scalar.If(isLeft, format.Number(Math.PI), zero);
        Scalar flatLacks = Scalar.If(isLeft, format.Number(2 * lacks), zero);
        Scalar rest = ArctanRest(format, t) + Scalar.If(isSteep, format.Number(lacks), flatLacks);
        return format.WithSign(Scalar.If(isSteep, format.Number(Math.PI / 2), flat) + (t + rest), y);
    }

    // Whether |x| > ½, an s with |s| ≤ ½ (√(½(1 − |x|)) there, else small), and arcsin s − s.
    private static (Scalar IsLarge, Scalar S, Scalar Tail) ReducedArcsin(FloatFormat format, Scalar x, Scalar small)
    {
        Scalar y = Scalar.Apply(UnaryOp.Abs, x);
        Scalar isLarge = Scalar.Less(format.Number(0.5), y);
        Scalar square = Scalar.If(isLarge, (1 - y) * 0.5, y * y);
        Scalar s = Scalar.If(isLarge, Scalar.Apply(UnaryOp.Sqrt, square), small);
        return (isLarge, s, s * square * format.Polynomial(square, format.Pick(ArcsinSingle, ArcsinDouble)));
    }

    // arctan t − t for |t| ≤ 1
    private static Scalar ArctanRest(FloatFormat format, Scalar t)
    {
        Scalar z = t * t;
        return t * z * format.Polynomial(z, format.Pick(ArctanSingle, ArctanDouble));
    }

    private static double HalfPiLacks(FloatFormat format) => format.Pick(-4.371139000186243e-08, 6.123233995736766e-17);
}
