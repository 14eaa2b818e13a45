using Hypatia.Loops;

namespace Hypatia;

/// <summary>erf x, elementwise. d/dx = 2/√π · e^(−x²).</summary>
internal sealed record Erf() : UnaryElementwise(UnaryOp.Erf)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [dy * (2 / Math.Sqrt(Math.PI) * T.Exp(-T.Sqr(x[0])))];
}

public static partial class T
{
    /// <summary>
    /// The error function 2/√π · ∫₀ˣ e^(−t²) dt, elementwise: [..] → [..]. Integers give float32 (8 and 16 bits) or float64.
    /// NaN gives NaN, ±∞ give ±1. Off by at most 1.2 units in the last place.
    /// </summary>
    public static Expr Erf(Expr x) => UnaryElementwise.OfFloat(new Erf(), x);
}
