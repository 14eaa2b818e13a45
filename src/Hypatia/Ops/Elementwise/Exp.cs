using Hypatia.Loops;

namespace Hypatia;

/// <summary>eˣ, elementwise. d/dx = eˣ.</summary>
internal sealed record Exp() : UnaryElementwise(UnaryOp.Exp)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * y];
}

public static partial class T
{
    /// <summary>Eˣ, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 1.1 units in the last place.</summary>
    public static Expr Exp(Expr x) => UnaryElementwise.OfFloat(new Exp(), x);
}
