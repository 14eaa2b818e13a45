using Hypatia.Loops;

namespace Hypatia;

/// <summary>cos x, x in radians, elementwise. d/dx = −sin x.</summary>
internal sealed record Cos() : UnaryElementwise(UnaryOp.Cos)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [-dy * T.Sin(x[0])];
}

public static partial class T
{
    /// <summary>Cos x, x in radians, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place, of |x| ≤ 10⁶ (2048 for float32).</summary>
    public static Expr Cos(Expr x) => UnaryElementwise.OfFloat(new Cos(), x);
}
