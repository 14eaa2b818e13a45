using Hypatia.Loops;

namespace Hypatia;

/// <summary>1 / (1 + e⁻ˣ), elementwise; never overflows. d/dx = y − y².</summary>
internal sealed record Sigmoid : Elementwise
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * (y - T.Sqr(y))];

    // With e = e^−|x| and s = 1 / (1 + e): s where x ≥ 0; elsewhere e·s, as e − e²·s, which is rounded less often.
    internal override Scalar Element(Scalar[] x)
    {
        Scalar e = Scalar.Apply(UnaryOp.Exp, -Scalar.Apply(UnaryOp.Abs, x[0]));
        Scalar s = 1 / (e + 1);
        return Scalar.If(Scalar.Less(x[0], Scalar.Of(x[0].DType, 0)), e - (e * (e * s)), s);
    }
}

/// <summary>ln(1 + eˣ), elementwise, as max(x, 0) + ln(1 + e⁻|ˣ|); never overflows. d/dx = sigmoid x.</summary>
internal sealed record Softplus : Elementwise
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * NNet.Sigmoid(x[0])];

    internal override Scalar Element(Scalar[] x) =>
        Scalar.Apply(BinaryOp.Max, x[0], Scalar.Of(x[0].DType, 0))
        + Scalar.Apply(UnaryOp.Log1p, Scalar.Apply(UnaryOp.Exp, -Scalar.Apply(UnaryOp.Abs, x[0])));
}

public static partial class NNet
{
    /// <summary>The logistic function 1 / (1 + e⁻ˣ), elementwise: 0 … 1. Off by at most 2 units in the last place.</summary>
    public static Expr Sigmoid(Expr x) => Elementwise.Apply(new Sigmoid(), T.AsFloat(x));

    /// <summary>ln(1 + eˣ), elementwise, without overflow or cancellation.</summary>
    public static Expr Softplus(Expr x) => Elementwise.Apply(new Softplus(), T.AsFloat(x));

    /// <summary>x where x &gt; 0, <paramref name="alpha"/>·x elsewhere, elementwise. The derivative at 0 is the mean of both.</summary>
    public static Expr Relu(Expr x, Expr? alpha = null) => alpha is null
        ? Elementwise.Apply(new Relu(), T.AsFloat(x))
        : T.Switch(T.Gt(x, 0), x, x * alpha);

    /// <summary>x where x &gt; 0, alpha·(eˣ − 1) elsewhere, elementwise.</summary>
    public static Expr Elu(Expr x, double alpha = 1) => T.Switch(T.Gt(x, 0), x, alpha * T.Expm1(T.Minimum(x, 0)));

    /// <summary>Self-normalizing ELU, elementwise. Source: Klambauer et al., 2017.</summary>
    public static Expr Selu(Expr x) => 1.0507009873554805 * Elu(x, 1.6732632423543772);

    /// <summary>x / (1 + |x|), elementwise.</summary>
    public static Expr Softsign(Expr x) => x / (1 + T.Abs(x));

    /// <summary>A piecewise approximation of the sigmoid, within 0.01 of it, elementwise: 0.0025 … 0.9975.</summary>
    /// <remarks>Source: Theano's ultra_fast_sigmoid, after a blog of P. Lamblin's: rational, then linear, then constant.</remarks>
    public static Expr UltraFastSigmoid(Expr x)
    {
        Expr half = T.AsFloat(x) * 0.5;
        Expr size = T.Abs(half);
        Expr outer = T.Switch(T.Lt(size, 3), 0.935409070603099 + (0.0458812946797165 * (size - 1.7)), 0.99505475368673);
        Expr value = T.Switch(T.Lt(size, 1.7), 1.5 * size / (1 + size), outer);
        return 0.5 * (T.Switch(T.Ge(half, 0), value, -value) + 1);
    }

    /// <summary>The piecewise linear approximation 0.2·x + 0.5 of the sigmoid, limited to 0 … 1, elementwise.</summary>
    public static Expr HardSigmoid(Expr x) => T.Clip((T.AsFloat(x) * 0.2) + 0.5, 0, 1);
}
