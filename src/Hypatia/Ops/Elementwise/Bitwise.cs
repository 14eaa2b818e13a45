using Hypatia.Loops;

namespace Hypatia;

/// <summary>x &amp; y, elementwise. No gradient.</summary>
internal sealed record And() : BinaryElementwise(BinaryOp.And)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

/// <summary>x | y, elementwise. No gradient.</summary>
internal sealed record Or() : BinaryElementwise(BinaryOp.Or)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

/// <summary>x ^ y, elementwise. No gradient.</summary>
internal sealed record Xor() : BinaryElementwise(BinaryOp.Xor)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

/// <summary>Logical not of a bool, bitwise complement of an integer, elementwise.</summary>
internal sealed record Invert() : UnaryElementwise(UnaryOp.Not)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

public static partial class T
{
    /// <summary>x &amp; y: logical on bools, bitwise on integers, elementwise with broadcasting.</summary>
    /// <exception cref="DTypeException">An operand is a float.</exception>
    public static Expr And(Expr x, Expr y) => Bitwise(new And(), x, y);

    /// <summary>x | y: logical on bools, bitwise on integers, elementwise with broadcasting.</summary>
    /// <exception cref="DTypeException">An operand is a float.</exception>
    public static Expr Or(Expr x, Expr y) => Bitwise(new Or(), x, y);

    /// <summary>x ^ y: logical on bools, bitwise on integers, elementwise with broadcasting.</summary>
    /// <exception cref="DTypeException">An operand is a float.</exception>
    public static Expr Xor(Expr x, Expr y) => Bitwise(new Xor(), x, y);

    /// <summary>Logical not of a bool, bitwise complement of an integer, elementwise.</summary>
    /// <exception cref="DTypeException">The operand is a float.</exception>
    public static Expr Invert(Expr x) => x.DType.IsFloat()
        ? throw new DTypeException("Invert needs an integer or a bool.", nameof(Invert), [x], "compare first, or cast.")
        : Elementwise.Apply(new Invert(), x);

    private static Expr Bitwise(BinaryElementwise op, Expr x, Expr y) =>
        x.DType.IsFloat() || y.DType.IsFloat()
            ? throw new DTypeException(
                "Bitwise operations need integers or bools.", op.Name, [x, y], "compare first (T.Gt, T.Neq), or cast.")
            : BinaryElementwise.Of(op, x, y);
}
