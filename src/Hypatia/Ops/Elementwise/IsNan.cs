using Hypatia.Loops;

namespace Hypatia;

/// <summary>whether x is NaN, as a bool, elementwise. d/dx = 0.</summary>
internal sealed record IsNan() : UnaryElementwise(UnaryOp.IsNaN)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [null];
}

public static partial class T
{
    /// <summary>Whether x is NaN, as a bool, elementwise: [..] → [..]. The result is bool. NaN gives true.</summary>
    public static Expr IsNan(Expr x) => Elementwise.Apply(new IsNan(), x);
}
