using Hypatia.Loops;

namespace Hypatia;

/// <summary>x + y, elementwise. d/dx, d/dy = 1, 1.</summary>
internal sealed record Add() : BinaryElementwise(BinaryOp.Add)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy, dy];
}

public static partial class T
{
    /// <summary>X + y, elementwise with broadcasting, of the promoted dtype.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Add(Expr x, Expr y) => BinaryElementwise.Of(new Add(), x, y);
}
