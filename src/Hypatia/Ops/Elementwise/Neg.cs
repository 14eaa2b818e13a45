using Hypatia.Loops;

namespace Hypatia;

/// <summary>−x; integers wrap, elementwise. d/dx = −1.</summary>
internal sealed record Neg() : UnaryElementwise(UnaryOp.Neg)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [-dy];
}

public static partial class T
{
    /// <summary>−x; integers wrap, elementwise: [..] → [..]. The dtype is kept. NaN gives NaN.</summary>
    public static Expr Neg(Expr x) => Elementwise.Apply(new Neg(), x);
}
