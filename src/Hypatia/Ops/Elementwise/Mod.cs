using Hypatia.Loops;

namespace Hypatia;

/// <summary>x − ⌊x/y⌋·y, as Python's %: the sign of y; an integer modulo zero gives 0, elementwise. d/dx, d/dy = 1, −⌊x/y⌋.</summary>
internal sealed record Mod() : BinaryElementwise(BinaryOp.Mod)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy, -dy * T.IntDiv(x[0], x[1])];
}

public static partial class T
{
    /// <summary>X − ⌊x/y⌋·y, as Python's %: the sign of y; an integer modulo zero gives 0, elementwise with broadcasting, of the promoted dtype.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Mod(Expr x, Expr y) => BinaryElementwise.Of(new Mod(), x, y);
}
