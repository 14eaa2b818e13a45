using Hypatia.Loops;

namespace Hypatia;

/// <summary>max(x, 0), elementwise; NaN stays NaN. d/dx = 0, ½, 1 for x below, at, and above 0, as Theano's (x + |x|)/2.</summary>
internal sealed record Relu : Elementwise
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * ((T.Sgn(x[0]) + 1) * 0.5)];

    internal override Scalar Element(Scalar[] x) => Scalar.Apply(BinaryOp.Max, x[0], Scalar.Of(x[0].DType, 0));
}
