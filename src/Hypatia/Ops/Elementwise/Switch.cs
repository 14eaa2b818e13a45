using Hypatia.Loops;

namespace Hypatia;

/// <summary>x where the condition holds, y elsewhere, elementwise. d/dx = 1 where it holds, d/dy = 1 elsewhere.</summary>
internal sealed record Switch : Elementwise
{
    protected override DType ResultDType(Inputs x) => x[1].DType;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [null, T.Switch(x[0], dy, 0), T.Switch(x[0], 0, dy)];

    internal override Scalar Element(Scalar[] x) => Scalar.If(x[0], x[1], x[2]);
}

public static partial class T
{
    /// <summary>
    /// x where <paramref name="condition"/> is not zero, y elsewhere, elementwise with broadcasting. Both are computed;
    /// the one not taken has gradient 0.
    /// </summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static Expr Switch(Expr condition, Expr x, Expr y)
    {
        DType dtype = Operands.Promote(nameof(Switch), x, y);
        return Elementwise.Apply(new Switch(), Cast(condition, DType.Bool), Cast(x, dtype), Cast(y, dtype));
    }

    /// <summary>As <see cref="Switch"/>.</summary>
    public static Expr Where(Expr condition, Expr x, Expr y) => Switch(condition, x, y);

    /// <summary>x limited to <paramref name="min"/> … <paramref name="max"/>, elementwise; NaN stays NaN.</summary>
    public static Expr Clip(Expr x, Expr min, Expr max) => Minimum(Maximum(x, min), max);
}
