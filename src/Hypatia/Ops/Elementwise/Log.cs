using Hypatia.Loops;

namespace Hypatia;

/// <summary>ln x; −∞ for 0, NaN below, elementwise. d/dx = 1/x.</summary>
internal sealed record Log() : UnaryElementwise(UnaryOp.Log)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / x[0]];
}

public static partial class T
{
    /// <summary>Ln x; −∞ for 0, NaN below, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most a unit in the last place.</summary>
    public static Expr Log(Expr x) => UnaryElementwise.OfFloat(new Log(), x);
}
