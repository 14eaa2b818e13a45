using Hypatia.Loops;

namespace Hypatia;

/// <summary>arsinh x, elementwise. d/dx = 1/√(x² + 1).</summary>
internal sealed record Arcsinh() : UnaryElementwise(UnaryOp.Asinh)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / T.Sqrt(x[0] * x[0] + 1)];
}

public static partial class T
{
    /// <summary>Arsinh x, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN.</summary>
    public static Expr Arcsinh(Expr x) => UnaryElementwise.OfFloat(new Arcsinh(), x);
}
