using Hypatia.Loops;

namespace Hypatia;

/// <summary>the angle of the point (y, x) in radians, −π … π, elementwise. d/dx, d/dy = x/(x²+y²), −y/(x²+y²).</summary>
internal sealed record Arctan2() : BinaryElementwise(BinaryOp.Atan2)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * x[1] / (x[0] * x[0] + x[1] * x[1]), -dy * x[0] / (x[0] * x[0] + x[1] * x[1])];
}

public static partial class T
{
    /// <summary>The angle of the point (y, x) in radians, −π … π, elementwise with broadcasting, of a float dtype. Off by at most 2 units in the last place.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Arctan2(Expr x, Expr y) => BinaryElementwise.Of(new Arctan2(), T.AsFloat(x), T.AsFloat(y));
}
