using Hypatia.Loops;

namespace Hypatia;

/// <summary>eˣ − 1, without cancellation near 0, elementwise. d/dx = eˣ.</summary>
internal sealed record Expm1() : UnaryElementwise(UnaryOp.Expm1)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * (y + 1)];
}

public static partial class T
{
    /// <summary>Eˣ − 1, without cancellation near 0, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 1.5 units in the last place.</summary>
    public static Expr Expm1(Expr x) => UnaryElementwise.OfFloat(new Expm1(), x);
}
