using Hypatia.Loops;

namespace Hypatia;

/// <summary>the larger of x and y; NaN if either is, elementwise. d/dx, d/dy = 1 for the larger (the first if equal).</summary>
internal sealed record Maximum() : BinaryElementwise(BinaryOp.Max)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.Switch(T.Ge(x[0], x[1]), dy, 0), T.Switch(T.Ge(x[0], x[1]), 0, dy)];
}

public static partial class T
{
    /// <summary>The larger of x and y; NaN if either is, elementwise with broadcasting, of the promoted dtype.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Maximum(Expr x, Expr y) => BinaryElementwise.Of(new Maximum(), x, y);
}
