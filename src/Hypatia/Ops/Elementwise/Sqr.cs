using Hypatia.Loops;

namespace Hypatia;

/// <summary>x², elementwise. d/dx = 2x.</summary>
internal sealed record Sqr : Elementwise
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * (2 * x[0])];

    internal override Scalar Element(Scalar[] x) => x[0] * x[0];
}
