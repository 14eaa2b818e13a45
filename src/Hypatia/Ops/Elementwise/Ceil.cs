using Hypatia.Loops;

namespace Hypatia;

/// <summary>the smallest integer ≥ x, elementwise. d/dx = 0.</summary>
internal sealed record Ceil() : UnaryElementwise(UnaryOp.Ceil)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.ZerosLike(x[0])];
}

public static partial class T
{
    /// <summary>The smallest integer ≥ x, elementwise: [..] → [..]. The dtype is kept. NaN gives NaN.</summary>
    public static Expr Ceil(Expr x) => Elementwise.Apply(new Ceil(), x);
}
