using Hypatia.Loops;

namespace Hypatia;

/// <summary>whether x ≠ y, elementwise. No gradient.</summary>
internal sealed record Neq() : BinaryElementwise(BinaryOp.Ne)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

public static partial class T
{
    /// <summary>Whether x ≠ y, elementwise with broadcasting, as a bool; true where either is NaN.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Neq(Expr x, Expr y) => BinaryElementwise.Of(new Neq(), x, y);
}
