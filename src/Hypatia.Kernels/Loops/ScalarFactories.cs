namespace Hypatia.Loops;

/// <summary>Building scalars: constants fold, and int64 index arithmetic is simplified as it is built.</summary>
public abstract partial class Scalar
{
    /// <summary>An int64 constant.</summary>
    public static Scalar Int(long value) => new Literal(ScalarValue.Of(DType.Int64, value));

    /// <summary>A bool constant.</summary>
    public static Scalar Bool(bool value) => new Literal(ScalarValue.Of(value));

    /// <summary>A constant of a dtype.</summary>
    public static Scalar Of(DType dtype, double value) => new Literal(ScalarValue.Of(dtype, value));

    /// <summary>x + y.</summary>
    public static Scalar operator +(Scalar x, Scalar y) => Apply(BinaryOp.Add, x, y);

    /// <summary>x − y.</summary>
    public static Scalar operator -(Scalar x, Scalar y) => Apply(BinaryOp.Sub, x, y);

    /// <summary>−x.</summary>
    public static Scalar operator -(Scalar x) => Apply(UnaryOp.Neg, x);

    /// <summary>x · y.</summary>
    public static Scalar operator *(Scalar x, Scalar y) => Apply(BinaryOp.Mul, x, y);

    /// <summary>x / y of floats, ⌊x / y⌋ of integers.</summary>
    public static Scalar operator /(Scalar x, Scalar y) =>
        Apply(x.DType.IsFloat() ? BinaryOp.Div : BinaryOp.FloorDiv, x, y);

    /// <summary>x modulo y, with the sign of y.</summary>
    public static Scalar operator %(Scalar x, Scalar y) => Apply(BinaryOp.Mod, x, y);

    /// <summary>x + a constant of x's dtype.</summary>
    public static Scalar operator +(Scalar x, double y) => x + Of(x.DType, y);

    /// <summary>x − a constant of x's dtype.</summary>
    public static Scalar operator -(Scalar x, double y) => x - Of(x.DType, y);

    /// <summary>A constant of x's dtype − x.</summary>
    public static Scalar operator -(double y, Scalar x) => Of(x.DType, y) - x;

    /// <summary>x · a constant of x's dtype.</summary>
    public static Scalar operator *(Scalar x, double y) => x * Of(x.DType, y);

    /// <summary>A constant of x's dtype / x.</summary>
    public static Scalar operator /(double y, Scalar x) => Of(x.DType, y) / x;

    /// <summary>x &lt; y.</summary>
    public static Scalar Less(Scalar x, Scalar y) => Apply(BinaryOp.Lt, x, y);

    /// <summary>The conjunction of two bools.</summary>
    public static Scalar And(Scalar x, Scalar y) => Apply(BinaryOp.And, x, y);

    /// <summary>An operation on one scalar, folded if it is constant; a sign that changes nothing is left out.</summary>
    public static Scalar Apply(UnaryOp op, Scalar x) =>
        x is Literal literal ? new Literal(ScalarMath.Apply(op, literal.Value))
        : op == UnaryOp.Abs && x is Unary { Op: UnaryOp.Neg } negative ? new Unary(op, negative.X)
        : op == UnaryOp.Neg && x is Unary { Op: UnaryOp.Neg } twice ? twice.X
        : new Unary(op, x);

    /// <summary>An operation on two scalars of one dtype, folded if both are constant.</summary>
    /// <exception cref="ArgumentException">The dtypes differ.</exception>
    public static Scalar Apply(BinaryOp op, Scalar x, Scalar y)
    {
        if (x.DType != y.DType)
        {
            throw new ArgumentException($"{op} needs operands of one dtype, got {x.DType} and {y.DType}.");
        }

        return x is Literal a && y is Literal b ? new Literal(ScalarMath.Apply(op, a.Value, b.Value))
            : x.DType == DType.Int64 ? IndexMath.Simplify(op, x, y) ?? new Binary(op, x, y)
            : x.DType == DType.Bool && op is BinaryOp.And or BinaryOp.Or ? Logical(op, x, y)
            : new Binary(op, x, y);
    }

    /// <summary>A choice, decided now if the condition is constant.</summary>
    public static Scalar If(Scalar condition, Scalar whenTrue, Scalar whenFalse) =>
        condition is Literal { Value: var value } ? (value.AsBool ? whenTrue : whenFalse)
        : whenTrue.Equals(whenFalse) ? whenTrue
        : new Select(condition, whenTrue, whenFalse);

    /// <summary>A conversion of the value, folded if it is constant or changes nothing.</summary>
    public static Scalar Convert(DType dtype, Scalar x) =>
        x.DType == dtype ? x : x is Literal literal ? new Literal(literal.Value.To(dtype)) : new Cast(dtype, x);

    private static Scalar Logical(BinaryOp op, Scalar x, Scalar y)
    {
        bool absorbing = op == BinaryOp.Or;
        return x is Literal a ? (a.Value.AsBool == absorbing ? x : y)
            : y is Literal b ? (b.Value.AsBool == absorbing ? y : x)
            : new Binary(op, x, y);
    }
}
