using Hypatia.Loops;

namespace Hypatia;

/// <summary>tanh x, elementwise. d/dx = 1 − tanh²x.</summary>
internal sealed record Tanh() : UnaryElementwise(UnaryOp.Tanh)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * (1 - y * y)];
}

public static partial class T
{
    /// <summary>Tanh x, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN. Off by at most 2 units in the last place.</summary>
    public static Expr Tanh(Expr x) => UnaryElementwise.OfFloat(new Tanh(), x);
}
