using Hypatia.Loops;

namespace Hypatia;

/// <summary>xʸ, elementwise. d/dx = y·xʸ⁻¹, d/dy = xʸ·ln x, taken as 0 where x = 0.</summary>
internal sealed record Pow() : BinaryElementwise(BinaryOp.Pow)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
    [
        dy * x[1] * T.Pow(x[0], x[1] - 1),
        dy * T.Switch(T.Eq(x[0], 0), 0, y * T.Log(x[0])),
    ];
}

public static partial class T
{
    /// <summary>xʸ, elementwise with broadcasting; an integer to a negative integer power truncates. Floats are off by at most 1.2 units in the last place.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Pow(Expr x, Expr y) => BinaryElementwise.Of(new Pow(), x, y);

    /// <summary>x², elementwise.</summary>
    public static Expr Sqr(Expr x) => Elementwise.Apply(new Sqr(), x);
}
