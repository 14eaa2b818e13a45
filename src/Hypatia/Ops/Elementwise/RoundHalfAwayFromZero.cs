using Hypatia.Loops;

namespace Hypatia;

/// <summary>The nearest integer, halves away from zero, elementwise. d/dx = 0.</summary>
internal sealed record RoundHalfAwayFromZero : Elementwise
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.ZerosLike(x[0])];

    internal override Scalar Element(Scalar[] x)
    {
        // Adding ½ to |x| would round 0.49999999999999994 up; the fraction is exact.
        Scalar whole = Scalar.Apply(UnaryOp.Trunc, x[0]);
        Scalar fraction = Scalar.Apply(UnaryOp.Abs, x[0] - whole);
        Scalar away = whole + Scalar.Apply(UnaryOp.Sign, x[0]);
        return x[0].DType.IsFloat() ? Scalar.If(Scalar.Less(fraction, Scalar.Of(x[0].DType, 0.5)), whole, away) : x[0];
    }
}
