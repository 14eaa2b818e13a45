namespace Hypatia.Loops.Decompositions;

/// <summary>Hyperbolic functions. They are odd or even: computed for |x|, then given the sign of x.</summary>
internal static class Hyperbolic
{
    private static readonly double[] TanhSingle =
        [-0.3333325982093811, 0.1333080232143402, -0.053685788065195084, 0.020462367683649063, -0.005507586058229208];

    private static readonly double[] TanhNumeratorDouble = [-0.3333333333333329607, -0.020492736641173544, -0.00019890970237945479];

    private static readonly double[] TanhDenominatorDouble = [1, 0.4614782099234745, 0.02328325117240339, 0.00020624637143028074];

    /// <summary>
    /// tanh x: 2 ulp. 1 − 2 / (e²ˣ + 1) for large x; else x + x³·p(x²), where p is a polynomial, or a quotient of two, of
    /// least error (Remez).
    /// </summary>
    public static Scalar Tanh(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar saturated = format.Number(format.Pick(10.0, 20.0));
        Scalar y = Scalar.Apply(UnaryOp.Abs, x);
        y = Scalar.If(Scalar.Less(saturated, y), saturated, y);
        Scalar z = y * y;
        Scalar cube = y * z;
        Scalar sum = Exponential.OfTwicePlus1(y);
        Scalar isLarge = Scalar.Less(format.Number(format.Pick(0.65, 0.7)), y);
        if (x.DType == DType.Float32)
        {
            Scalar small = (cube * format.Polynomial(z, TanhSingle)) + y;
            return format.WithSign(Scalar.If(isLarge, 1 - (2 / sum), small), x);
        }

        // One division for both.
        Scalar numerator = Scalar.If(isLarge, format.Number(-2), cube * format.Polynomial(z, TanhNumeratorDouble));
        Scalar denominator = Scalar.If(isLarge, sum, format.Polynomial(z, TanhDenominatorDouble));
        return format.WithSign(Scalar.If(isLarge, format.Number(1), y) + (numerator / denominator), x);
    }

    /// <summary>sinh x: 2 ulp. h + h / (1 + 2h) with h = ½(e^|x| − 1).</summary>
    public static Scalar Sinh(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar y = Scalar.Apply(UnaryOp.Abs, x);
        Scalar h = Exponential.HalfExpm1(y);
        Scalar value = h + (h / (h + h + 1));
        Scalar isLarge = Scalar.Less(format.Number(format.Pick(88.5, 709.5)), y);
        return format.WithSign(Exponential.KeepTiny(y, Scalar.If(isLarge, Exponential.HalfExp(y), value)), x);
    }

    /// <summary>cosh x: 2 ulp. h + ¼/h with h = ½e^|x|.</summary>
    public static Scalar Cosh(Scalar x)
    {
        Scalar h = Exponential.HalfExp(Scalar.Apply(UnaryOp.Abs, x));
        return h + (0.25 / h);
    }
}
