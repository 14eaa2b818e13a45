namespace Hypatia;

/// <summary>Operators. <c>==</c> and <c>!=</c> compare identity; compare elements with <see cref="T.Eq"/>.</summary>
public partial class Expr
{
    /// <summary>A weak constant: it takes the other operand's dtype.</summary>
    public static implicit operator Expr(int value) => Hypatia.T.Constant(value);

    /// <summary>A weak constant: it takes the other operand's dtype.</summary>
    public static implicit operator Expr(long value) => Hypatia.T.Constant(value);

    /// <summary>A weak constant: it takes the other operand's kind, and never widens float32.</summary>
    public static implicit operator Expr(double value) => Hypatia.T.Constant(value);

    /// <summary>A float32 constant.</summary>
    public static implicit operator Expr(float value) => Hypatia.T.Constant(value);

    /// <summary>A bool constant.</summary>
    public static implicit operator Expr(bool value) => Hypatia.T.Constant(value);

    /// <summary>A constant.</summary>
    public static implicit operator Expr(NDArray value) => Hypatia.T.Constant(value);

    /// <summary>A constant vector or higher tensor.</summary>
    public static implicit operator Expr(Array value) => Hypatia.T.Constant(value);

    /// <summary>x + y, elementwise with broadcasting.</summary>
    public static Expr operator +(Expr x, Expr y) => Hypatia.T.Add(x, y);

    /// <summary>x − y, elementwise with broadcasting.</summary>
    public static Expr operator -(Expr x, Expr y) => Hypatia.T.Sub(x, y);

    /// <summary>x · y, elementwise with broadcasting; for matrix products see <see cref="Dot"/>.</summary>
    public static Expr operator *(Expr x, Expr y) => Hypatia.T.Mul(x, y);

    /// <summary>x / y, elementwise with broadcasting; integers give floats.</summary>
    public static Expr operator /(Expr x, Expr y) => Hypatia.T.TrueDiv(x, y);

    /// <summary>x modulo y, elementwise with broadcasting, with the sign of y.</summary>
    public static Expr operator %(Expr x, Expr y) => Hypatia.T.Mod(x, y);

    /// <summary>−x, elementwise.</summary>
    public static Expr operator -(Expr x) => Hypatia.T.Neg(x);

    /// <summary>x itself.</summary>
    public static Expr operator +(Expr x) => x;

    /// <summary>x &amp; y: logical on bools, bitwise on integers.</summary>
    public static Expr operator &(Expr x, Expr y) => Hypatia.T.And(x, y);

    /// <summary>x | y: logical on bools, bitwise on integers.</summary>
    public static Expr operator |(Expr x, Expr y) => Hypatia.T.Or(x, y);

    /// <summary>x ^ y: logical exclusive or on bools, bitwise on integers; a power is <see cref="Pow"/>.</summary>
    public static Expr operator ^(Expr x, Expr y) => Hypatia.T.Xor(x, y);

    /// <summary>Logical not of a bool, bitwise complement of an integer.</summary>
    public static Expr operator ~(Expr x) => Hypatia.T.Invert(x);

    /// <summary>Whether x &lt; y, elementwise.</summary>
    public static Expr operator <(Expr x, Expr y) => Hypatia.T.Lt(x, y);

    /// <summary>Whether x &gt; y, elementwise.</summary>
    public static Expr operator >(Expr x, Expr y) => Hypatia.T.Gt(x, y);

    /// <summary>Whether x ≤ y, elementwise.</summary>
    public static Expr operator <=(Expr x, Expr y) => Hypatia.T.Le(x, y);

    /// <summary>Whether x ≥ y, elementwise.</summary>
    public static Expr operator >=(Expr x, Expr y) => Hypatia.T.Ge(x, y);
}
