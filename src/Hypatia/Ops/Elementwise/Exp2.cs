using Hypatia.Loops;

namespace Hypatia;

/// <summary>2ˣ, elementwise. d/dx = 2ˣ·ln 2.</summary>
internal sealed record Exp2() : UnaryElementwise(UnaryOp.Exp2)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * y * Math.Log(2)];
}

public static partial class T
{
    /// <summary>2ˣ, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 1.1 units in the last place.</summary>
    public static Expr Exp2(Expr x) => UnaryElementwise.OfFloat(new Exp2(), x);
}
