using Hypatia.Loops;

namespace Hypatia;

/// <summary>cosh x, elementwise. d/dx = sinh x.</summary>
internal sealed record Cosh() : UnaryElementwise(UnaryOp.Cosh)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * T.Sinh(x[0])];
}

public static partial class T
{
    /// <summary>Cosh x, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place.</summary>
    public static Expr Cosh(Expr x) => UnaryElementwise.OfFloat(new Cosh(), x);
}
