using Hypatia.Loops;

namespace Hypatia;

/// <summary>Scalar arithmetic on constants, done at once: for lengths and bounds.</summary>
internal static class Folding
{
    /// <summary>The same scalar, as a constant if it depends only on constants; inputs are looked at to a small depth.</summary>
    public static Expr Fold(Expr x) =>
        x.Rank == 0 && Value(x, 16) is { } value ? Constant.Of(NDArray.Of(value)) : x;

    private static ScalarValue? Value(Expr x, int depth)
    {
        if (x.Op is Constant { Value: { Count: 1 } value })
        {
            return value.Scalar(0);
        }

        if (depth == 0 || x.Op is not Elementwise elementwise || x.Rank != 0)
        {
            return null;
        }

        var operands = new Scalar[x.Inputs.Count];
        for (int k = 0; k < operands.Length; k++)
        {
            if (Value(x.Inputs[k], depth - 1) is not { } operand)
            {
                return null;
            }

            operands[k] = new Literal(operand);
        }

        return elementwise.Element(operands) is Literal literal ? literal.Value : null;
    }
}
