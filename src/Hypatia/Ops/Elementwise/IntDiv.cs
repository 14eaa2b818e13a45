using Hypatia.Loops;

namespace Hypatia;

/// <summary>⌊x / y⌋, as Python's //; an integer divided by zero gives 0, elementwise. d/dx, d/dy = 0, 0.</summary>
internal sealed record IntDiv() : BinaryElementwise(BinaryOp.FloorDiv)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.ZerosLike(dy), T.ZerosLike(dy)];
}

public static partial class T
{
    /// <summary>⌊x / y⌋, as Python's //; an integer divided by zero gives 0, elementwise with broadcasting, of the promoted dtype.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr IntDiv(Expr x, Expr y) => BinaryElementwise.Of(new IntDiv(), x, y);
}
