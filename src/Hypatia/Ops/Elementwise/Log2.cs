using Hypatia.Loops;

namespace Hypatia;

/// <summary>log₂ x, elementwise. d/dx = 1/(x·ln 2).</summary>
internal sealed record Log2() : UnaryElementwise(UnaryOp.Log2)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / (x[0] * Math.Log(2))];
}

public static partial class T
{
    /// <summary>Log₂ x, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place.</summary>
    public static Expr Log2(Expr x) => UnaryElementwise.OfFloat(new Log2(), x);
}
