using Hypatia.Loops;

namespace Hypatia;

/// <summary>ln(1 + x), without cancellation near 0, elementwise. d/dx = 1/(1 + x).</summary>
internal sealed record Log1p() : UnaryElementwise(UnaryOp.Log1p)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / (1 + x[0])];
}

public static partial class T
{
    /// <summary>Ln(1 + x), without cancellation near 0, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most a unit in the last place.</summary>
    public static Expr Log1p(Expr x) => UnaryElementwise.OfFloat(new Log1p(), x);
}
