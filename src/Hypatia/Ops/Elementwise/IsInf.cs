using Hypatia.Loops;

namespace Hypatia;

/// <summary>whether x is +∞ or −∞, as a bool, elementwise. d/dx = 0.</summary>
internal sealed record IsInf() : UnaryElementwise(UnaryOp.IsInf)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [null];
}

public static partial class T
{
    /// <summary>Whether x is +∞ or −∞, as a bool, elementwise: [..] → [..]. The result is bool. NaN gives false.</summary>
    public static Expr IsInf(Expr x) => Elementwise.Apply(new IsInf(), x);
}
