namespace Hypatia.Loops.Decompositions;

/// <summary>Hyperbolic functions and their inverses. Most are odd or even: computed for |x|, then given the sign of x.</summary>
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

    /// <summary>arsinh x: 2 ulp. log(1 + y + y² / (1 + √(1 + y²))) with y = |x|; log y + log 2 for large y.</summary>
    public static Scalar Arcsinh(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar y = Scalar.Apply(UnaryOp.Abs, x);
        Scalar square = y * y;
        return format.WithSign(LogOfSum(y, y, square / (Scalar.Apply(UnaryOp.Sqrt, square + 1) + 1)), x);
    }

    /// <summary>arcosh x: 2 ulp. log(1 + √(t² + 2t) + t) with t = x − 1; log x + log 2 for large x. NaN below 1.</summary>
    public static Scalar Arccosh(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar t = x - 1;
        Scalar value = LogOfSum(x, Scalar.Apply(UnaryOp.Sqrt, (t * t) + (t + t)), t);
        return Scalar.If(Scalar.Less(x, format.Number(1)), format.Number(double.NaN), value);
    }

    /// <summary>artanh x: 2 ulp. ½·log(1 + 2y + 2y² / (1 − y)) with y = |x|. ±1 give ±∞, larger numbers NaN.</summary>
    public static Scalar Arctanh(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar y = Scalar.Apply(UnaryOp.Abs, x);
        Scalar a = y + y, b = a * y / (1 - y), sum = a + b;
        Scalar value = format.WithSign(Logarithm.Log1p(sum, (a - sum) + b) * 0.5, x);
        return Scalar.If(Scalar.Less(format.Number(1), y), format.Number(double.NaN), value);
    }

    // log(1 + a + b) where a is not less than b or it matters little, or log 2y where that is as good: squares may be infinite there.
    private static Scalar LogOfSum(Scalar y, Scalar a, Scalar b)
    {
        FloatFormat format = FloatFormat.Of(y.DType);
        Scalar isLarge = Scalar.Less(format.Number(format.Pick(Math.Pow(2, 13), Math.Pow(2, 28))), y);
        Scalar zero = format.Number(0), sum = a + b;
        Scalar log = Logarithm.Log1p(Scalar.If(isLarge, y - 1, sum), Scalar.If(isLarge, zero, (a - sum) + b));
        return log + Scalar.If(isLarge, format.Number(Math.Log(2)), zero);
    }
}
