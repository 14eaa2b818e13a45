using Hypatia.Loops.Passes;

namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Replaces mathematical functions of floats by arithmetic, comparisons and bit operations, for targets that lack them.
/// One definition serves every width of vector; each states its largest error. What has none stays as it is.
/// </summary>
public static class Decompose
{
    /// <summary>The kernel with the functions replaced that have a decomposition.</summary>
    /// <param name="kernel">A kernel.</param>
    /// <param name="hasParts">
    /// Whether the target has <see cref="BinaryOp.Scale"/>, <see cref="UnaryOp.Exponent"/> and <see cref="UnaryOp.Significand"/>, which the others are made of.
    /// </param>
    public static Kernel Apply(Kernel kernel, bool hasParts = false)
    {
        Kernel arithmetic = new ScalarRewriter(scalar => Of(scalar) ?? scalar).Apply(kernel);
        return hasParts ? arithmetic : new ScalarRewriter(OfParts).Apply(arithmetic);
    }

    /// <summary>A function by simpler operations on the same operands, or null if there is none.</summary>
    public static Scalar? Of(Scalar scalar) => scalar switch
    {
        Unary { DType: DType.Float32 or DType.Float64 } x => x.Op switch
        {
            UnaryOp.Exp => Exponential.Exp(x.X),
            UnaryOp.Exp2 => Exponential.Exp2(x.X),
            UnaryOp.Expm1 => Exponential.Expm1(x.X),
            UnaryOp.Log => Logarithm.Log(x.X),
            UnaryOp.Log2 => Logarithm.Log2(x.X),
            UnaryOp.Log10 => Logarithm.Log10(x.X),
            UnaryOp.Log1p => Logarithm.Log1p(x.X),
            UnaryOp.Tanh => Hyperbolic.Tanh(x.X),
            UnaryOp.Sinh => Hyperbolic.Sinh(x.X),
            UnaryOp.Cosh => Hyperbolic.Cosh(x.X),
            UnaryOp.Asinh => Hyperbolic.Arcsinh(x.X),
            UnaryOp.Acosh => Hyperbolic.Arccosh(x.X),
            UnaryOp.Atanh => Hyperbolic.Arctanh(x.X),
            UnaryOp.Erf => ErrorFunction.Erf(x.X),
            UnaryOp.Sin => Trigonometric.Sin(x.X),
            UnaryOp.Cos => Trigonometric.Cos(x.X),
            UnaryOp.Tan => Trigonometric.Tan(x.X),
            UnaryOp.Asin => InverseTrigonometric.Arcsin(x.X),
            UnaryOp.Acos => InverseTrigonometric.Arccos(x.X),
            UnaryOp.Atan => InverseTrigonometric.Arctan(x.X),
            UnaryOp.Sign => Sign(x.X),
            _ => null,
        },
        Unary { Op: UnaryOp.Sign, DType: not DType.Bool } x => Sign(x.X),
        Binary { DType: DType.Float32 or DType.Float64, Op: BinaryOp.Pow } x => Power.Pow(x.X, x.Y),
        Binary { DType: DType.Float32 or DType.Float64, Op: BinaryOp.Atan2 } x => InverseTrigonometric.Arctan2(x.X, x.Y),
        Binary { DType: DType.Float32 or DType.Float64, Op: BinaryOp.Mod } x => Remainder.Mod(x.X, x.Y),
        Binary { DType: DType.Float32 } x => x.Op switch
        {
            BinaryOp.FloorDiv => Scalar.Convert(DType.Float32, Scalar.Apply(UnaryOp.Floor,
                Scalar.Convert(DType.Float64, x.X) / Scalar.Convert(DType.Float64, x.Y))),
            _ => null,
        },
        Binary { DType: DType.Float64, Op: BinaryOp.FloorDiv } x => Scalar.Apply(UnaryOp.Floor, x.X / x.Y),
        _ => null,
    };

    private static Scalar OfParts(Scalar scalar) => scalar switch
    {
        Binary { Op: BinaryOp.Scale } x => Exponential.Scale(x.X, x.Y),
        Unary { Op: UnaryOp.Exponent } x => Logarithm.Exponent(x.X),
        Unary { Op: UnaryOp.Significand } x => Logarithm.Parts(x.X, Logarithm.LeastSignificand).Significand,
        _ => scalar,
    };

    /// <summary>−1, 0 or 1; exact. |x| for what is neither positive nor negative: 0 or NaN.</summary>
    private static Scalar Sign(Scalar x)
    {
        Scalar zero = Scalar.Of(x.DType, 0);
        Scalar otherwise = x.DType.IsFloat() ? Scalar.Apply(UnaryOp.Abs, x) : zero;
        Scalar positive = Scalar.If(Scalar.Less(zero, x), Scalar.Of(x.DType, 1), otherwise);
        return x.DType.IsUnsigned() ? positive : Scalar.If(Scalar.Less(x, zero), Scalar.Of(x.DType, -1), positive);
    }
}
