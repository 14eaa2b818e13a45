namespace Hypatia.Loops.Decompositions;

/// <summary>Hyperbolic functions. They are odd or even: computed for |x|, then given the sign of x.</summary>
internal static class Hyperbolic
{
    /// <summary>tanh x: 2.2 ulp, 2 where products fuse. e / (e + 2) with e = e^(2|x|) − 1.</summary>
    public static Scalar Tanh(Scalar x)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar saturated = format.Number(format.Pick(10.0, 20.0));
        Scalar y = Scalar.Apply(UnaryOp.Abs, x);
        y = Scalar.If(Scalar.Less(saturated, y), saturated, y);
        Scalar e = Exponential.SmallExpm1(y + y);
        return format.WithSign(e / (e + 2), x);
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
