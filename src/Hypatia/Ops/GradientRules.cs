using Hypatia.Loops;

namespace Hypatia;

/// <summary>A family of ops that have the operand's value, and a gradient of their own.</summary>
internal abstract record Identity : Elementwise
{
    internal sealed override Scalar Element(Scalar[] x) => x[0];
}

/// <summary>x, through which no gradient flows: the operand counts as disconnected.</summary>
internal sealed record DisconnectedGradient : Identity
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [null];
}

/// <summary>x, with gradient zero.</summary>
internal sealed record ZeroGradient : Identity
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.ZerosLike(x[0])];
}

/// <summary>x, with each element of the gradient limited to a range.</summary>
internal sealed record ClippedGradient(double Low, double High) : Identity
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [T.Clip(dy, Low, High)];
}

/// <summary>x, with the gradient multiplied by a factor.</summary>
internal sealed record ScaledGradient(double Factor) : Identity
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [dy * Factor];
}

public static partial class T
{
    /// <summary>x, as a constant to <see cref="Grad(Expr, Expr, IReadOnlyList{Expr}?, DisconnectedInputs, IReadOnlyDictionary{Expr, Expr}?)"/>.</summary>
    public static Expr DisconnectedGrad(Expr x) => Elementwise.Apply(new DisconnectedGradient(), x);

    /// <summary>As <see cref="DisconnectedGrad"/>.</summary>
    public static Expr ConsiderConstant(Expr x) => DisconnectedGrad(x);

    /// <summary>x, whose gradient is zero.</summary>
    public static Expr ZeroGrad(Expr x) => Elementwise.Apply(new ZeroGradient(), x);

    /// <summary>x, whose gradient is limited to <paramref name="low"/> … <paramref name="high"/>, element by element.</summary>
    public static Expr GradClip(Expr x, double low, double high) => Elementwise.Apply(new ClippedGradient(low, high), x);

    /// <summary>x, whose gradient is multiplied by a factor.</summary>
    public static Expr GradScale(Expr x, double factor) => Elementwise.Apply(new ScaledGradient(factor), x);
}
