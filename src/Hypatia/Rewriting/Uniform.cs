using Hypatia.Loops;

namespace Hypatia.Rewriting;

/// <summary>Expressions whose elements are all the same constant.</summary>
internal static class Uniform
{
    private const int Depth = 16;    // movement ops above the constant; rules merge longer chains

    /// <summary>The constant, or null.</summary>
    public static ScalarValue? Value(Expr x)
    {
        for (int k = 0; k < Depth && x.Op is BroadcastTo or Dimshuffle or Reshape; k++)
        {
            x = x.Inputs[0];
        }

        return x.Op is Constant { Value: { Count: 1 } value } ? value.Scalar(0) : null;
    }

    /// <summary>Whether all elements are a number.</summary>
    public static bool Is(Expr x, double value) => Value(x) is { } constant && constant.AsDouble == value;

    /// <summary>A scalar constant.</summary>
    public static Expr Of(ScalarValue value) => Constant.Of(NDArray.Of(value));

    /// <summary>A scalar constant of a dtype.</summary>
    public static Expr Of(DType dtype, double value) => Of(ScalarValue.Of(dtype, value));

    /// <summary>The sum, difference, product or quotient of two constants of one dtype, as computed at run time.</summary>
    public static ScalarValue Fold(BinaryOp op, ScalarValue x, ScalarValue y) => x.DType.IsFloat()
        ? ScalarValue.Of(x.DType, op switch    // float32 by way of double: rounded once more, to the same result
        {
            BinaryOp.Add => x.AsDouble + y.AsDouble,
            BinaryOp.Sub => x.AsDouble - y.AsDouble,
            BinaryOp.Mul => x.AsDouble * y.AsDouble,
            BinaryOp.Div => x.AsDouble / y.AsDouble,
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
        })
        : ScalarValue.Of(x.DType, op switch
        {
            BinaryOp.Add => x.AsInt64 + y.AsInt64,
            BinaryOp.Sub => x.AsInt64 - y.AsInt64,
            BinaryOp.Mul => x.AsInt64 * y.AsInt64,
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
        });

    /// <summary>Whether a folded constant can stand for what it was folded from: no overflow, no lost digits.</summary>
    public static bool IsSafe(ScalarValue folded) =>
        !folded.DType.IsFloat() || folded.AsDouble == 0
        || (folded.DType == DType.Float32 ? float.IsNormal((float)folded.AsDouble) : double.IsNormal(folded.AsDouble));
}
