namespace Hypatia.Loops.Decompositions;

/// <summary>Powers.</summary>
internal static class Power
{
    /// <summary>xʸ of float32: 1 ulp, with the special cases of C's <c>pow</c>.</summary>
    /// <remarks>e^(y·log |x|) in float64, which leaves 20 bits to spare; the sign is that of xʸ for odd y.</remarks>
    public static Scalar Pow(Scalar x, Scalar y)
    {
        Scalar zero = Scalar.Of(DType.Float32, 0);
        Scalar one = Scalar.Of(DType.Float32, 1);
        Scalar size = Scalar.Apply(UnaryOp.Abs, x);
        Scalar log = Logarithm.Log(Scalar.Convert(DType.Float64, size));
        Scalar power = Scalar.Convert(DType.Float32, Exponential.Exp(Scalar.Convert(DType.Float64, y) * log));

        // 0·∞ is NaN above, but these are 1.
        Scalar isOne = Scalar.Apply(BinaryOp.Or,
            Scalar.Apply(BinaryOp.Eq, y, zero),
            Scalar.Apply(BinaryOp.Or, Scalar.Apply(BinaryOp.Eq, x, one), Scalar.And(
                Scalar.Apply(BinaryOp.Eq, size, one), Scalar.Apply(UnaryOp.IsInf, y))));

        Scalar halfY = y * 0.5;
        Scalar isInteger = Scalar.Apply(BinaryOp.Eq, Scalar.Apply(UnaryOp.Floor, y), y);
        Scalar isOdd = Scalar.And(isInteger, Scalar.Apply(BinaryOp.Ne, Scalar.Apply(UnaryOp.Floor, halfY), halfY));
        FloatFormat format = FloatFormat.Of(DType.Float32);
        Scalar signed = Scalar.If(isOdd, format.WithSign(power, x), power);
        Scalar isUndefined = Scalar.And(
            Scalar.And(Scalar.Less(x, zero), Scalar.Less(Scalar.Of(DType.Float32, double.NegativeInfinity), x)),
            Scalar.Apply(UnaryOp.Not, isInteger));
        signed = Scalar.If(isUndefined, format.Number(double.NaN), signed);
        return Scalar.If(isOne, one, signed);
    }
}
