using Hypatia.Loops;

namespace Hypatia;

/// <summary>A family of bitwise operations: logical on two bools, on the bits of integers otherwise. No gradient.</summary>
internal abstract record Bitwise(BinaryOp Scalar) : BinaryElementwise(Scalar)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);

    public static Expr Of(Bitwise op, Expr x, Expr y) =>
        x.DType.IsFloat() || y.DType.IsFloat()
            ? throw new DTypeException(
                "Bitwise operations need integers or bools.", op.Name, [x, y], "compare first (T.Gt, T.Neq), or cast.")
            : BinaryElementwise.Of(op, x, y);
}

/// <summary>x &amp; y, elementwise.</summary>
internal sealed record And() : Bitwise(BinaryOp.And);

/// <summary>x | y, elementwise.</summary>
internal sealed record Or() : Bitwise(BinaryOp.Or);

/// <summary>x ^ y, elementwise.</summary>
internal sealed record Xor() : Bitwise(BinaryOp.Xor);

/// <summary>Logical not of a bool, bitwise complement of an integer, elementwise.</summary>
internal sealed record Invert() : UnaryElementwise(UnaryOp.Not)
{
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);
}

public static partial class T
{
    /// <summary>x &amp; y: logical on bools, bitwise on integers, elementwise with broadcasting.</summary>
    /// <exception cref="DTypeException">An operand is a float.</exception>
    public static Expr And(Expr x, Expr y) => Bitwise.Of(new And(), x, y);

    /// <summary>x | y: logical on bools, bitwise on integers, elementwise with broadcasting.</summary>
    /// <exception cref="DTypeException">An operand is a float.</exception>
    public static Expr Or(Expr x, Expr y) => Bitwise.Of(new Or(), x, y);

    /// <summary>x ^ y: logical on bools, bitwise on integers, elementwise with broadcasting.</summary>
    /// <exception cref="DTypeException">An operand is a float.</exception>
    public static Expr Xor(Expr x, Expr y) => Bitwise.Of(new Xor(), x, y);

    /// <summary>Logical not of a bool, bitwise complement of an integer, elementwise.</summary>
    /// <exception cref="DTypeException">The operand is a float.</exception>
    public static Expr Invert(Expr x) => x.DType.IsFloat()
        ? throw new DTypeException("Invert needs an integer or a bool.", nameof(Invert), [x], "compare first, or cast.")
        : Elementwise.Apply(new Invert(), x);
}
