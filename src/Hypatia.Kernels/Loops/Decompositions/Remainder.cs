namespace Hypatia.Loops.Decompositions;

/// <summary>x − ⌊x/y⌋·y, as Python's %.</summary>
internal static class Remainder
{
    /// <summary>The remainder with the sign of y; exact, but where y is added at the end.</summary>
    /// <remarks>
    /// n = trunc(x/y) is right, or one too large where the quotient is rounded up to it: the same as long as y is added to what has the
    /// other sign. x − n·y is exact if n·y is: float32 is computed in float64, and float64 with y in two parts, as long as n has 26 bits.
    /// Where it has more, and where y is infinite, the target's own remainder is taken.
    /// </remarks>
    public static Scalar Mod(Scalar x, Scalar y)
    {
        FloatFormat format = FloatFormat.Of(DType.Float64);
        bool isSingle = x.DType == DType.Float32;
        Scalar a = Scalar.Convert(DType.Float64, x), b = Scalar.Convert(DType.Float64, y);
        Scalar zero = format.Number(0);
        Scalar n = Scalar.Apply(UnaryOp.Trunc, a / b);
        Scalar high = isSingle ? b : format.High(b);
        Scalar r = isSingle ? a - (n * b) : a - (n * high) - (n * (b - high));
        Scalar isBeyond = Scalar.If(Scalar.Less(b, zero), Scalar.Less(zero, r), Scalar.Less(r, zero));
        Scalar signed = Scalar.If(isBeyond, r + b, r);
        Scalar result = Scalar.If(Scalar.Apply(BinaryOp.Eq, r, zero), format.WithSign(zero, b), signed);

        Scalar isShort = Scalar.And(
            Scalar.Less(Scalar.Apply(UnaryOp.Abs, n), format.Number(1 << 26)),
            Scalar.Less(Scalar.Apply(UnaryOp.Abs, b), format.Number(double.PositiveInfinity)));
        return Scalar.If(isShort, Scalar.Convert(x.DType, result), Scalar.Apply(BinaryOp.Mod, x, y));
    }
}
