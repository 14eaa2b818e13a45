using Hypatia.Loops;

namespace Hypatia;

/// <summary>x without its fraction, elementwise. d/dx = 0.</summary>
internal sealed record Trunc() : UnaryElementwise(UnaryOp.Trunc)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.ZerosLike(x[0])];
}

public static partial class T
{
    /// <summary>X without its fraction, elementwise: [..] → [..]. The dtype is kept. NaN gives NaN.</summary>
    public static Expr Trunc(Expr x) => Elementwise.Apply(new Trunc(), x);
}
