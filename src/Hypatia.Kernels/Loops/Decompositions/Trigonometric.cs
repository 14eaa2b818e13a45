namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Sine, cosine and tangent: x = n·½π + r with |r| ≤ ¼π, then polynomials of least error (Remez) in r², chosen by n mod 4.
/// Arguments too large for that are left to the target's function, which is called only where there are any.
/// </summary>
/// <remarks>½π is taken in parts (Cody and Waite) of which n times each but the last is exact.</remarks>
internal static class Trigonometric
{
    private static readonly double[] HalfPiSingle =
        [1.5703125, 0.0004837512969970703, 7.549533620476723e-08, 2.5633440682570896e-12];

    private static readonly double[] HalfPiDouble =
        [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];

    private static readonly double[] SinSingle = [-0.166666641831398, 0.008332746103405952, -0.00019587368296924978];

    private static readonly double[] CosSingle = [0.0416666641831398, -0.0013888300163671374, 2.45473984250566e-05];

    private static readonly double[] SinDouble =
    [
        -0.16666666666666666, 0.00833333333333092, -0.00019841269836714962, 2.75573160797971e-06,
        -2.505112708239261e-08, 1.5917785102846284e-10,
    ];

    private static readonly double[] CosDouble =
    [
        0.041666666666666664, -0.001388888888888738, 2.4801587298738232e-05, -2.7557317257416726e-07,
        2.087614327460704e-09, -1.1382416172577576e-11,
    ];

    /// <summary>sin x: 2 ulp for |x| ≤ 10⁶ (2048 for float32).</summary>
    public static Scalar Sin(Scalar x) => Wave(x, UnaryOp.Sin, 0);

    /// <summary>cos x: 2 ulp for |x| ≤ 10⁶ (2048 for float32).</summary>
    public static Scalar Cos(Scalar x) => Wave(x, UnaryOp.Cos, 1);

    /// <summary>tan x: 2 ulp for |x| ≤ 10⁶ (2048 for float32).</summary>
    /// <remarks>sin / cos or −cos / sin. Both come with what their rounding lost, which corrects the quotient.</remarks>
    public static Scalar Tan(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar n, Scalar r, Scalar lost) = Reduce(format, x);
        Scalar z = r * r;
        Scalar half = z * 0.5;
        Scalar whole = 1 - half;
        Scalar sinRest = (r * z * format.Polynomial(z, format.Pick(SinSingle, SinDouble))) + (lost * whole);
        Scalar cosRest = (z * z * format.Polynomial(z, format.Pick(CosSingle, CosDouble))) + (1 - whole - half - (r * lost));
        Scalar sin = r + sinRest;
        Scalar cos = whole + cosRest;
        Scalar sinLost = r - sin + sinRest;
        Scalar cosLost = whole - cos + cosRest;

        Scalar odd = Scalar.Apply(BinaryOp.And, n, format.Int(1));
        Scalar isOdd = Scalar.Apply(BinaryOp.Ne, odd, format.Int(0));
        Scalar numerator = Scalar.If(isOdd, cos, sin);
        Scalar denominator = Scalar.If(isOdd, sin, cos);
        Scalar inverse = 1 / denominator;
        Scalar quotient = numerator * inverse;
        Scalar rest = numerator - (quotient * denominator)
            + (Scalar.If(isOdd, cosLost, sinLost) - (quotient * Scalar.If(isOdd, sinLost, cosLost)));
        Scalar sign = Scalar.Apply(BinaryOp.ShiftLeft, odd, format.Int((8 * x.DType.Size()) - 1));
        Scalar value = format.FromBits(Scalar.Apply(BinaryOp.Xor, format.Bits(quotient + (rest * inverse)), sign));
        value = Scalar.If(IsNear(format, x), value, Scalar.Apply(UnaryOp.Tan, x));
        return Scalar.If(Scalar.Apply(BinaryOp.Eq, x, format.Number(0)), x, value);                             // −0 stays
    }

    // sin(x + quarters·½π)
    private static Scalar Wave(Scalar x, UnaryOp op, long quarters)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar n, Scalar r, _) = Reduce(format, x);
        Scalar z = r * r;
        Scalar sin = (r * z * format.Polynomial(z, format.Pick(SinSingle, SinDouble))) + r;
        Scalar half = z * 0.5;
        Scalar whole = 1 - half;
        Scalar cos = (z * z * format.Polynomial(z, format.Pick(CosSingle, CosDouble))) + (1 - whole - half) + whole;

        Scalar quarter = quarters == 0 ? n : n + format.Int(quarters);
        Scalar isCosine = Scalar.Apply(BinaryOp.Ne,
            Scalar.Apply(BinaryOp.And, quarter, format.Int(1)), format.Int(0));
        Scalar sign = Scalar.Apply(BinaryOp.ShiftLeft, Scalar.Apply(BinaryOp.ShiftRight, quarter, format.Int(1)),
            format.Int((8 * x.DType.Size()) - 1));
        Scalar value = format.FromBits(
            Scalar.Apply(BinaryOp.Xor, format.Bits(Scalar.If(isCosine, cos, sin)), sign));
        value = Scalar.If(IsNear(format, x), value, Scalar.Apply(op, x));
        return quarters == 0 ? Scalar.If(Scalar.Apply(BinaryOp.Eq, x, format.Number(0)), x, value) : value;     // −0 stays
    }

    // n, r, and what r lost when it was rounded, in its last two steps.
    private static (Scalar N, Scalar R, Scalar Lost) Reduce(FloatFormat format, Scalar x)
    {
        (Scalar nearest, Scalar n) = format.Round(x, 2 / Math.PI);
        Scalar r = x;
        Scalar lost = format.Number(0);
        double[] parts = format.Pick(HalfPiSingle, HalfPiDouble);
        for (int i = 0; i < parts.Length; i++)
        {
            Scalar product = nearest * format.Number(parts[i]);
            Scalar before = r;
            r -= product;
            if (i >= parts.Length - 2)
            {
                Scalar lostHere = before - r - product;
                lost = i == parts.Length - 2 ? lostHere : lost + lostHere;
            }
        }

        return (n, r, lost);
    }

    private static Scalar IsNear(FloatFormat format, Scalar x) => Scalar.Apply(
        BinaryOp.Le, Scalar.Apply(UnaryOp.Abs, x), format.Number(format.Pick(2048.0, 1e6)));
}
