namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Inverse trigonometric functions by odd series y + y³·p(y²) on 0 … 1 (arctangent), with p the polynomial of least error (Remez)
/// for its length, and the angles that lead there.
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

    // arctan t − t for |t| ≤ 1
    private static Scalar ArctanRest(FloatFormat format, Scalar t)
    {
        Scalar z = t * t;
        return t * z * format.Polynomial(z, format.Pick(ArctanSingle, ArctanDouble));
    }

    private static double HalfPiLacks(FloatFormat format) => format.Pick(-4.371139000186243e-08, 6.123233995736766e-17);
}
