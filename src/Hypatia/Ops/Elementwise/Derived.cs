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

    /// <summary>x itself: the real part.</summary>
    public static Expr Real(Expr x) => x;

    /// <summary>Zeros of the shape and dtype of x: the imaginary part of a real tensor.</summary>
    public static Expr Imag(Expr x) => ZerosLike(x);

    /// <summary>x itself: the complex conjugate of a real tensor.</summary>
    public static Expr Conj(Expr x) => x;

    /// <summary>The angle of x in the complex plane, elementwise: 0, or π where x &lt; 0. NaN gives NaN.</summary>
    public static Expr Angle(Expr x) => Arctan2(ZerosLike(AsFloat(x)), ZeroGrad(AsFloat(x)));

    /// <summary>The quotient ⌊x / y⌋ and the remainder, elementwise with broadcasting, as Python's divmod.</summary>
    /// <exception cref="ShapeException">Known lengths are neither equal nor 1.</exception>
    public static (Expr Quotient, Expr Remainder) DivMod(Expr x, Expr y) => (IntDiv(x, y), Mod(x, y));

    /// <summary>y repeated to the shape of x: as <see cref="Fill"/>.</summary>
    public static Expr Second(Expr x, Expr y) => Fill(x, y);

    /// <summary>x², elementwise: as <see cref="Sqr"/>.</summary>
    public static Expr Square(Expr x) => Sqr(x);

    /// <summary>The largest of several tensors, elementwise with broadcasting; NaN if one is.</summary>
    public static Expr Largest(params IReadOnlyList<Expr> tensors) => tensors.Aggregate(Maximum);

    /// <summary>The smallest of several tensors, elementwise with broadcasting; NaN if one is.</summary>
    public static Expr Smallest(params IReadOnlyList<Expr> tensors) => tensors.Aggregate(Minimum);

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
