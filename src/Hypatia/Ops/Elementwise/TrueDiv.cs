using Hypatia.Loops;

namespace Hypatia;

/// <summary>x / y of floats, elementwise. d/dx = 1/y, d/dy = −x/y².</summary>
internal sealed record TrueDiv() : BinaryElementwise(BinaryOp.Div)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / x[1], -dy * y / x[1]];
}

public static partial class T
{
    /// <summary>
    /// x / y, elementwise with broadcasting, by IEEE 754. Two integers (or bools) give <see cref="Options.FloatX"/>.
    /// </summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr TrueDiv(Expr x, Expr y)
    {
        DType dtype = Operands.Promote(nameof(TrueDiv), x, y);
        dtype = dtype.IsFloat() ? dtype : Options.Current.FloatX;
        return Elementwise.Apply(new TrueDiv(), Cast(x, dtype), Cast(y, dtype));
    }

    /// <summary>1 / x, elementwise.</summary>
    public static Expr Inv(Expr x) => 1 / x;
}
