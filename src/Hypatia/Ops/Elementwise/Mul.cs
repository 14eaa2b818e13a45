using Hypatia.Loops;

namespace Hypatia;

/// <summary>x · y, elementwise. d/dx, d/dy = y, x.</summary>
internal sealed record Mul() : BinaryElementwise(BinaryOp.Mul)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * x[1], dy * x[0]];
}

public static partial class T
{
    /// <summary>X · y, elementwise with broadcasting, of the promoted dtype.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Mul(Expr x, Expr y) => BinaryElementwise.Of(new Mul(), x, y);
}
