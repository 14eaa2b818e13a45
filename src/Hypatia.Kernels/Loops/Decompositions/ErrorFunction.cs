namespace Hypatia.Loops.Decompositions;

/// <summary>
/// The error function, which is odd: computed for |x|, then given the sign of x. For small x it is x + x·p(x²), else
/// 1 − e^(x·q(x) − x), with p and q polynomials of least error (Remez); those for float64 are <see cref="ErrorPolynomials"/>.
/// </summary>
internal static class ErrorFunction
{
    private const double OneSingle = 4;         // 1 from here on

    private static readonly double[] NearSingle =
    [
        0.1283791657270888, -0.3761262582510113, 0.11283585150676004, -0.0268538118463975, 0.005188327319515221,
        -0.0008010189247274423, 7.853844045899821e-05,
    ];

    private static readonly double[] FarSingle =
    [
        -0.1285038314284624, -0.6357535474359588, -0.10521586398041252, 0.02286073351017527, -0.003205908274943939,
        0.0002128946851902949,
    ];

    /// <summary>erf x: 1.2 ulp. ±1 far from 0.</summary>
    public static Scalar Erf(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar one = format.Number(format.Pick(OneSingle, ErrorPolynomials.One));
        Scalar y = Scalar.Apply(UnaryOp.Abs, x);
        y = Scalar.If(Scalar.Less(one, y), one, y);
        Scalar near = (y * format.Polynomial(y * y, format.Pick(NearSingle, ErrorPolynomials.Near))) + y;
        Scalar exponent = (y * format.Polynomial(y, format.Pick(FarSingle, ErrorPolynomials.Far))) - y;
        Scalar far = 1 - Exponential.OfModerate(exponent);
        return format.WithSign(Scalar.If(Scalar.Less(y, format.Number(ErrorPolynomials.Small)), near, far), x);
    }
}
