using Hypatia.Loops;

namespace Hypatia;

/// <summary>the smaller of x and y; NaN if either is, elementwise. d/dx, d/dy = 1 for the smaller (the first if equal).</summary>
internal sealed record Minimum() : BinaryElementwise(BinaryOp.Min)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.Switch(T.Le(x[0], x[1]), dy, 0), T.Switch(T.Le(x[0], x[1]), 0, dy)];
}

public static partial class T
{
    /// <summary>The smaller of x and y; NaN if either is, elementwise with broadcasting, of the promoted dtype.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Minimum(Expr x, Expr y) => BinaryElementwise.Of(new Minimum(), x, y);
}
