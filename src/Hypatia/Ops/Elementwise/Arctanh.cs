using Hypatia.Loops;

namespace Hypatia;

/// <summary>artanh x; NaN outside −1 … 1, elementwise. d/dx = 1/(1 − x²).</summary>
internal sealed record Arctanh() : UnaryElementwise(UnaryOp.Atanh)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / (1 - x[0] * x[0])];
}

public static partial class T
{
    /// <summary>Artanh x; NaN outside −1 … 1, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN.</summary>
    public static Expr Arctanh(Expr x) => UnaryElementwise.OfFloat(new Arctanh(), x);
}
