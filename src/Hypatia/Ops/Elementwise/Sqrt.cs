using Hypatia.Loops;

namespace Hypatia;

/// <summary>√x; NaN below 0, elementwise. d/dx = 1/(2√x).</summary>
internal sealed record Sqrt() : UnaryElementwise(UnaryOp.Sqrt)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * 0.5 / y];
}

public static partial class T
{
    /// <summary>√x; NaN below 0, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most half a unit in the last place.</summary>
    public static Expr Sqrt(Expr x) => UnaryElementwise.OfFloat(new Sqrt(), x);
}
