using Hypatia.Loops;

namespace Hypatia;

/// <summary>arctan x in radians, elementwise. d/dx = 1/(1 + x²).</summary>
internal sealed record Arctan() : UnaryElementwise(UnaryOp.Atan)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / (1 + x[0] * x[0])];
}

public static partial class T
{
    /// <summary>Arctan x in radians, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place.</summary>
    public static Expr Arctan(Expr x) => UnaryElementwise.OfFloat(new Arctan(), x);
}
