using Hypatia.Loops;

namespace Hypatia;

/// <summary>sin x, x in radians, elementwise. d/dx = cos x.</summary>
internal sealed record Sin() : UnaryElementwise(UnaryOp.Sin)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * T.Cos(x[0])];
}

public static partial class T
{
    /// <summary>Sin x, x in radians, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place, of |x| ≤ 10⁶ (2048 for float32).</summary>
    public static Expr Sin(Expr x) => UnaryElementwise.OfFloat(new Sin(), x);
}
