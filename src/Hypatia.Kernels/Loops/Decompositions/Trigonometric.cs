namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Sine and cosine: x = n·½π + r with |r| ≤ ¼π, then polynomials of least error (Remez) in r², chosen by n mod 4. Arguments
/// too large for that are left to the target's function, which is called only where there are any.
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

    // sin(x + quarters·½π)
    private static Scalar Wave(Scalar x, UnaryOp op, long quarters)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        (Scalar nearest, Scalar n) = format.Round(x, 2 / Math.PI);
        Scalar r = x;
        foreach (double part in format.Pick(HalfPiSingle, HalfPiDouble))
        {
            r -= nearest * format.Number(part);
        }

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
        Scalar isNear = Scalar.Apply(
            BinaryOp.Le, Scalar.Apply(UnaryOp.Abs, x), format.Number(format.Pick(2048.0, 1e6)));
        value = Scalar.If(isNear, value, Scalar.Apply(op, x));
        return quarters == 0 ? Scalar.If(Scalar.Apply(BinaryOp.Eq, x, format.Number(0)), x, value) : value;     // −0 stays
    }
}
