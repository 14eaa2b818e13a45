using Hypatia.Loops;

namespace Hypatia;

/// <summary>−1, 0 or 1 by the sign of x; NaN for NaN, elementwise. d/dx = 0.</summary>
internal sealed record Sgn() : UnaryElementwise(UnaryOp.Sign)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.ZerosLike(x[0])];
}

public static partial class T
{
    /// <summary>−1, 0 or 1 by the sign of x; NaN for NaN, elementwise: [..] → [..]. The dtype is kept. NaN gives NaN.</summary>
    public static Expr Sgn(Expr x) => Elementwise.Apply(new Sgn(), x);
}
