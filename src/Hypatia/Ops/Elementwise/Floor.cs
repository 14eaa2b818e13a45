using Hypatia.Loops;

namespace Hypatia;

/// <summary>the largest integer ≤ x, elementwise. d/dx = 0.</summary>
internal sealed record Floor() : UnaryElementwise(UnaryOp.Floor)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.ZerosLike(x[0])];
}

public static partial class T
{
    /// <summary>The largest integer ≤ x, elementwise: [..] → [..]. The dtype is kept. NaN gives NaN.</summary>
    public static Expr Floor(Expr x) => Elementwise.Apply(new Floor(), x);
}
