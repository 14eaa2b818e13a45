using Hypatia.Loops;

namespace Hypatia;

/// <summary>sinh x, elementwise. d/dx = cosh x.</summary>
internal sealed record Sinh() : UnaryElementwise(UnaryOp.Sinh)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * T.Cosh(x[0])];
}

public static partial class T
{
    /// <summary>Sinh x, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place.</summary>
    public static Expr Sinh(Expr x) => UnaryElementwise.OfFloat(new Sinh(), x);
}
