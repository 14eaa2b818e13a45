namespace Hypatia.Loops.Decompositions;

/// <summary>A binary floating-point format, and operations on its bits.</summary>
/// <param name="Float">The float.</param>
/// <param name="Integer">The signed integer of the same size.</param>
/// <param name="Mantissa">Stored bits of the mantissa.</param>
/// <param name="Bias">What is added to an exponent before it is stored.</param>
internal sealed record FloatFormat(DType Float, DType Integer, int Mantissa, int Bias)
{
    private static readonly FloatFormat Single = new(DType.Float32, DType.Int32, 23, 127);
    private static readonly FloatFormat Double = new(DType.Float64, DType.Int64, 52, 1023);

    /// <summary>1.5·2^mantissa: added to a small number, it leaves the nearest integer in the low bits.</summary>
    private double Shifter => 1.5 * Math.Pow(2, Mantissa);

    /// <summary>The smallest number with a full mantissa.</summary>
    public double MinNormal => Math.Pow(2, 1 - Bias);

    /// <summary>The format of a dtype.</summary>
    public static FloatFormat Of(DType dtype) => dtype == DType.Float32 ? Single : Double;

    /// <summary>One constant or another, by the format.</summary>
    public T Pick<T>(T single, T @double) => Float == DType.Float32 ? single : @double;

    /// <summary>A constant.</summary>
    public Scalar Number(double value) => Scalar.Of(Float, value);

    /// <summary>An integer constant.</summary>
    public Scalar Int(long value) => new Literal(ScalarValue.Of(Integer, value));

    /// <summary>The bits of a float.</summary>
    public Scalar Bits(Scalar x) => x is Literal literal
        ? new Literal(literal.Value.Reinterpret(Integer))
        : new Cast(Integer, x, reinterpret: true);

    /// <summary>The float of some bits.</summary>
    public Scalar FromBits(Scalar bits) => bits is Literal literal
        ? new Literal(literal.Value.Reinterpret(Float))
        : new Cast(Float, bits, reinterpret: true);

    /// <summary>
    /// round(x · scale) for |x · scale| &lt; 2^(mantissa − 2), halves to even: as a float, and as an integer of which only
    /// the low <see cref="Mantissa"/> − 1 bits are right.
    /// </summary>
    public (Scalar Nearest, Scalar Bits) Round(Scalar x, double scale)
    {
        Scalar shifted = (scale == 1 ? x : x * Number(scale)) + Number(Shifter);
        return (shifted - Number(Shifter), Bits(shifted));
    }

    /// <summary>
    /// The same for <see cref="PowerOfTwo"/>: the integer's low bits are n plus the bias, or some of them. Ties may go to odd numbers.
    /// </summary>
    public (Scalar Nearest, Scalar Exponent) RoundToExponent(Scalar x, double scale, int biases = 1)
    {
        Scalar shifter = Number(Shifter + (biases * Bias));
        Scalar shifted = (scale == 1 ? x : x * Number(scale)) + shifter;
        return (shifted - shifter, Bits(shifted));
    }

    /// <summary>An integer below 2^(mantissa − 2) in size as a float.</summary>
    public Scalar ToFloat(Scalar integer) => FromBits(integer + Bits(Number(Shifter))) - Number(Shifter);

    /// <summary>2ⁿ, from an integer whose low bits are those of n plus the bias; for exponents of normal numbers.</summary>
    public Scalar PowerOfTwo(Scalar exponent) => FromBits(Scalar.Apply(BinaryOp.ShiftLeft, exponent, Int(Mantissa)));

    /// <summary>x without the low half of its mantissa: products of two such are exact.</summary>
    public Scalar High(Scalar x) => FromBits(Scalar.Apply(BinaryOp.And, Bits(x), Int(-1L << ((Mantissa / 2) + 1))));

    /// <summary>The same of a constant.</summary>
    public double HighOf(double x) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(x) & (-1L << (52 - Mantissa + (Mantissa / 2) + 1)));

    /// <summary>|x| with the sign of another float.</summary>
    public Scalar WithSign(Scalar x, Scalar sign)
    {
        Scalar mask = Int(Integer == DType.Int32 ? int.MinValue : long.MinValue);
        return FromBits(Scalar.Apply(BinaryOp.Or, Bits(x), Scalar.Apply(BinaryOp.And, Bits(sign), mask)));
    }

    /// <summary>
    /// c₀ + c₁x + c₂x² + …, by Horner's rule; the even and the odd terms of a long tail side by side, so that half as many
    /// operations wait for each other. The first terms come last, where rounding counts.
    /// </summary>
    public Scalar Polynomial(Scalar x, params ReadOnlySpan<double> coefficients)
    {
        const int last = 2;
        if (coefficients.Length < last + 6)
        {
            return Horner(x, coefficients, 1);
        }

        Scalar square = x * x;
        Scalar sum = (Horner(square, coefficients[(last + 1)..], 2) * x) + Horner(square, coefficients[last..], 2);
        for (int i = last - 1; i >= 0; i--)
        {
            sum = (sum * x) + Number(coefficients[i]);
        }

        return sum;
    }

    // Of each step-th coefficient.
    private Scalar Horner(Scalar x, ReadOnlySpan<double> coefficients, int step)
    {
        int i = (coefficients.Length - 1) / step * step;
        Scalar sum = Number(coefficients[i]);
        for (i -= step; i >= 0; i -= step)
        {
            sum = (sum * x) + Number(coefficients[i]);
        }

        return sum;
    }
}
