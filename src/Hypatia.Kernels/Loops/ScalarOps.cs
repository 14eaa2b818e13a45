namespace Hypatia.Loops;

/// <summary>Operations on one scalar. Each keeps its operand's dtype, unless it says otherwise.</summary>
public enum UnaryOp
{
    /// <summary>−x, wrapping for integers.</summary>
    Neg,

    /// <summary>Logical not of a bool; bitwise complement of an integer.</summary>
    Not,

    /// <summary>|x|.</summary>
    Abs,

    /// <summary>−1, 0 or 1; NaN for NaN.</summary>
    Sign,

    /// <summary>eˣ.</summary>
    Exp,

    /// <summary>2ˣ.</summary>
    Exp2,

    /// <summary>eˣ − 1.</summary>
    Expm1,

    /// <summary>Natural logarithm.</summary>
    Log,

    /// <summary>Logarithm to base 2.</summary>
    Log2,

    /// <summary>Logarithm to base 10.</summary>
    Log10,

    /// <summary>log(1 + x).</summary>
    Log1p,

    /// <summary>√x.</summary>
    Sqrt,

    /// <summary>Sine of radians.</summary>
    Sin,

    /// <summary>Cosine of radians.</summary>
    Cos,

    /// <summary>Tangent of radians.</summary>
    Tan,

    /// <summary>Inverse sine.</summary>
    Asin,

    /// <summary>Inverse cosine.</summary>
    Acos,

    /// <summary>Inverse tangent.</summary>
    Atan,

    /// <summary>Hyperbolic sine.</summary>
    Sinh,

    /// <summary>Hyperbolic cosine.</summary>
    Cosh,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>Error function: 2/√π · ∫₀ˣ e^(−t²) dt.</summary>
    Erf,

    /// <summary>Inverse hyperbolic sine.</summary>
    Asinh,

    /// <summary>Inverse hyperbolic cosine.</summary>
    Acosh,

    /// <summary>Inverse hyperbolic tangent.</summary>
    Atanh,

    /// <summary>Largest integer ≤ x.</summary>
    Floor,

    /// <summary>Smallest integer ≥ x.</summary>
    Ceil,

    /// <summary>x without its fraction.</summary>
    Trunc,

    /// <summary>Nearest integer, halves to even.</summary>
    Round,

    /// <summary>k, as a float, with x = m · 2ᵏ and ¾ ≤ m &lt; 1½, of floats; −∞ for 0, x for ∞ and NaN, unspecified for negative ones.</summary>
    Exponent,

    /// <summary>m with x = m · 2ᵏ and ¾ ≤ m &lt; 1½, of floats; finite for 0 and ∞, unspecified for NaN and negative ones.</summary>
    Significand,

    /// <summary>Whether x is NaN: a bool.</summary>
    IsNaN,

    /// <summary>Whether x is +∞ or −∞: a bool.</summary>
    IsInf,
}

/// <summary>Operations on two scalars of one dtype, with a result of that dtype, unless it says otherwise.</summary>
public enum BinaryOp
{
    /// <summary>x + y; integers wrap.</summary>
    Add,

    /// <summary>x − y; integers wrap.</summary>
    Sub,

    /// <summary>x · y; integers wrap.</summary>
    Mul,

    /// <summary>x / y of floats.</summary>
    Div,

    /// <summary>⌊x / y⌋, as Python's //; 0 for an integer divided by zero.</summary>
    FloorDiv,

    /// <summary>x − ⌊x / y⌋·y, as Python's %: the sign of y; 0 for an integer modulo zero.</summary>
    Mod,

    /// <summary>xʸ.</summary>
    Pow,

    /// <summary>x · 2ʸ of floats, rounded once, for 2⁻¹⁶ ≤ |x| ≤ 2¹⁶ and an integer |y| ≤ 252 (2044 for float64); else unspecified.</summary>
    Scale,

    /// <summary>The smaller; NaN if either is NaN.</summary>
    Min,

    /// <summary>The larger; NaN if either is NaN.</summary>
    Max,

    /// <summary>The angle of the point (y, x): atan2(x, y) with x the ordinate.</summary>
    Atan2,

    /// <summary>Bitwise (logical for bool) and.</summary>
    And,

    /// <summary>Bitwise (logical for bool) or.</summary>
    Or,

    /// <summary>Bitwise (logical for bool) exclusive or.</summary>
    Xor,

    /// <summary>x · 2ʸ of integers, wrapping; unspecified unless y is less than the number of bits.</summary>
    ShiftLeft,

    /// <summary>⌊x / 2ʸ⌋ of integers: arithmetic for signed, logical for unsigned ones; unspecified as for ShiftLeft.</summary>
    ShiftRight,

    /// <summary>x = y: a bool.</summary>
    Eq,

    /// <summary>x ≠ y: a bool.</summary>
    Ne,

    /// <summary>x &lt; y: a bool.</summary>
    Lt,

    /// <summary>x ≤ y: a bool.</summary>
    Le,
}

/// <summary>Facts about scalar operations.</summary>
public static class ScalarOps
{
    /// <summary>Whether the result is a bool whatever the operands are.</summary>
    public static bool IsComparison(this BinaryOp op) => op >= BinaryOp.Eq;

    /// <summary>Whether the result is a bool whatever the operand is.</summary>
    public static bool IsPredicate(this UnaryOp op) => op >= UnaryOp.IsNaN;

    /// <summary>How the operation is written between its operands, or null if it is written as a call.</summary>
    public static string? Symbol(this BinaryOp op) => op switch
    {
        BinaryOp.Add => "+",
        BinaryOp.Sub => "-",
        BinaryOp.Mul => "*",
        BinaryOp.Div => "/",
        BinaryOp.FloorDiv => "//",
        BinaryOp.Mod => "%",
        BinaryOp.And => "&",
        BinaryOp.Or => "|",
        BinaryOp.Xor => "^",
        BinaryOp.ShiftLeft => "<<",
        BinaryOp.ShiftRight => ">>",
        BinaryOp.Eq => "==",
        BinaryOp.Ne => "!=",
        BinaryOp.Lt => "<",
        BinaryOp.Le => "<=",
        _ => null,
    };
}
