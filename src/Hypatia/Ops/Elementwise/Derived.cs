namespace Hypatia;

/// <summary>Elementwise functions that are written in terms of others.</summary>
public static partial class T
{
    /// <summary>Whether x &gt; y, elementwise with broadcasting, as a bool; false where either is NaN.</summary>
    public static Expr Gt(Expr x, Expr y) => Lt(y, x);

    /// <summary>Whether x ≥ y, elementwise with broadcasting, as a bool; false where either is NaN.</summary>
    public static Expr Ge(Expr x, Expr y) => Le(y, x);

    /// <summary>x · π/180, elementwise.</summary>
    public static Expr Deg2Rad(Expr x) => AsFloat(x) * (Math.PI / 180);

    /// <summary>x · 180/π, elementwise.</summary>
    public static Expr Rad2Deg(Expr x) => AsFloat(x) * (180 / Math.PI);

    /// <summary>The nearest integer, elementwise: halves to even, or away from zero.</summary>
    /// <param name="x">Any shape; the dtype is kept.</param>
    /// <param name="mode">"half_to_even" or "half_away_from_zero".</param>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    public static Expr Round(Expr x, string mode = "half_to_even") => mode switch
    {
        "half_to_even" => Elementwise.Apply(new RoundHalfToEven(), x),
        "half_away_from_zero" => Elementwise.Apply(new RoundHalfAwayFromZero(), x),
        _ => throw new ArgumentException(
            $"There is no rounding mode '{mode}'; use half_to_even or half_away_from_zero.", nameof(mode)),
    };

    /// <summary>Whether |x − y| ≤ atol + rtol·|y|, elementwise, as a bool; equal infinities are close.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with x's.</param>
    /// <param name="rtol">Relative tolerance.</param>
    /// <param name="atol">Absolute tolerance.</param>
    /// <param name="equalNan">Whether two NaN are close.</param>
    public static Expr IsClose(Expr x, Expr y, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false)
    {
        Expr finite = ~(IsInf(x) | IsInf(y));
        Expr close = (finite & Le(Abs(x - y), atol + (rtol * Abs(y)))) | Eq(x, y);
        return equalNan ? close | (IsNan(x) & IsNan(y)) : close;
    }

    /// <summary>Whether all elements are close, by <see cref="IsClose"/>: a bool scalar.</summary>
    public static Expr AllClose(Expr x, Expr y, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false) =>
        All(IsClose(x, y, rtol, atol, equalNan));
}
