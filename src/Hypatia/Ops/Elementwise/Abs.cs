using Hypatia.Loops;

namespace Hypatia;

/// <summary>|x|, elementwise. d/dx = sgn x.</summary>
internal sealed record Abs() : UnaryElementwise(UnaryOp.Abs)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * T.Sgn(x[0])];
}

public static partial class T
{
    /// <summary>|x|, elementwise: [..] → [..]. The dtype is kept. NaN gives NaN.</summary>
    public static Expr Abs(Expr x) => Elementwise.Apply(new Abs(), x);
}
