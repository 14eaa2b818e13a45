using Hypatia.Loops;

namespace Hypatia;

/// <summary>arcosh x; NaN below 1, elementwise. d/dx = 1/√(x² − 1).</summary>
internal sealed record Arccosh() : UnaryElementwise(UnaryOp.Acosh)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy / T.Sqrt(x[0] * x[0] - 1)];
}

public static partial class T
{
    /// <summary>Arcosh x; NaN below 1, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64. NaN gives NaN.</summary>
    public static Expr Arccosh(Expr x) => UnaryElementwise.OfFloat(new Arccosh(), x);
}
