using Hypatia.Loops;

namespace Hypatia;

/// <summary>tan x, x in radians, elementwise. d/dx = 1 + tan²x.</summary>
internal sealed record Tan() : UnaryElementwise(UnaryOp.Tan)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * (1 + y * y)];
}

public static partial class T
{
    /// <summary>Tan x, x in radians, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place, of |x| ≤ 10⁶ (2048 for float32).</summary>
    public static Expr Tan(Expr x) => UnaryElementwise.OfFloat(new Tan(), x);
}
