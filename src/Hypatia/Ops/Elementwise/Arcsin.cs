using Hypatia.Loops;

namespace Hypatia;

/// <summary>arcsin x in radians; NaN outside −1 … 1, elementwise. d/dx = 1/√(1 − x²).</summary>
internal sealed record Arcsin() : UnaryElementwise(UnaryOp.Asin)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / T.Sqrt(1 - x[0] * x[0])];
}

public static partial class T
{
    /// <summary>Arcsin x in radians; NaN outside −1 … 1, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place.</summary>
    public static Expr Arcsin(Expr x) => UnaryElementwise.OfFloat(new Arcsin(), x);
}
