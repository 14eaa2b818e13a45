using Hypatia.Loops;

namespace Hypatia;

/// <summary>log₁₀ x, elementwise. d/dx = 1/(x·ln 10).</summary>
internal sealed record Log10() : UnaryElementwise(UnaryOp.Log10)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / (x[0] * Math.Log(10))];
}

public static partial class T
{
    /// <summary>Log₁₀ x, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place.</summary>
    public static Expr Log10(Expr x) => UnaryElementwise.OfFloat(new Log10(), x);
}
