using Hypatia.Loops;

namespace Hypatia;

/// <summary>whether x &lt; y, elementwise. No gradient.</summary>
internal sealed record Lt() : BinaryElementwise(BinaryOp.Lt)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

public static partial class T
{
    /// <summary>Whether x &lt; y, elementwise with broadcasting, as a bool; false where either is NaN.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Lt(Expr x, Expr y) => BinaryElementwise.Of(new Lt(), x, y);
}
