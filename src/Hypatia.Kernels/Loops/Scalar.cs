namespace Hypatia.Loops;

/// <summary>
/// A scalar computation inside a kernel: immutable, compared by structure, with its hash computed once.
/// The same object may be reached by many paths; passes and emitters treat it as a graph, not a tree.
/// </summary>
public abstract partial class Scalar : IEquatable<Scalar>
{
    private readonly Scalar[] _operands;
    private readonly int _hash;

    private protected Scalar(DType dtype, int hash, params Scalar[] operands)
    {
        _operands = operands;
        DType = dtype;
        var code = default(HashCode);
        code.Add(GetType());
        code.Add(dtype);
        code.Add(hash);
        foreach (Scalar operand in operands)
        {
            code.Add(operand._hash);
        }

        _hash = code.ToHashCode();
    }

    /// <summary>Type of the value.</summary>
    public DType DType { get; }

    /// <summary>The scalars that this one is computed from.</summary>
    public IReadOnlyList<Scalar> Operands => _operands;

    /// <summary>The same for loops, which need neither an interface nor an enumerator.</summary>
    internal ReadOnlySpan<Scalar> OperandSpan => _operands;

    /// <summary>This computation over other operands.</summary>
    public abstract Scalar With(IReadOnlyList<Scalar> operands);

    /// <summary>Whether two computations are the same, operands included.</summary>
    public bool Equals(Scalar? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || other._hash != _hash || other.GetType() != GetType() || other.DType != DType
            || !SameExceptOperands(other))
        {
            return false;
        }

        for (int i = 0; i < _operands.Length; i++)
        {
            if (!_operands[i].Equals(other._operands[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Scalar);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => KernelPrinter.Print(this);

    /// <summary>This computation over what its operands became; itself if they stayed the same.</summary>
    internal Scalar Over(Dictionary<Scalar, Scalar> became)
    {
        Scalar[]? changed = null;
        for (int k = 0; k < _operands.Length; k++)
        {
            Scalar operand = became[_operands[k]];
            if (!ReferenceEquals(operand, _operands[k]))
            {
                changed ??= [.. _operands];
                changed[k] = operand;
            }
        }

        return changed is null ? this : With(changed);
    }

    private protected abstract bool SameExceptOperands(Scalar other);
}

/// <summary>A constant.</summary>
public sealed class Literal(ScalarValue value) : Scalar(value.DType, value.GetHashCode())
{
    /// <summary>The constant.</summary>
    public ScalarValue Value { get; } = value;

    /// <inheritdoc/>
    public override Scalar With(IReadOnlyList<Scalar> operands) => this;

    private protected override bool SameExceptOperands(Scalar other) => ((Literal)other).Value == Value;
}

/// <summary>A loop's index or a value named by <see cref="Let"/>. Compared by identity.</summary>
/// <param name="name">Name in printed code.</param>
/// <param name="dtype">Type of the value; int64 for an index.</param>
/// <param name="extent">For a loop index, one more than its largest value; 0 if nothing is known.</param>
public sealed class Variable(string name, DType dtype, long extent = 0) : Scalar(dtype, name.GetHashCode(StringComparison.Ordinal))
{
    /// <summary>Name in printed code; not unique.</summary>
    public string Name { get; } = name;

    /// <summary>For a loop index that runs over 0 … <c>Extent − 1</c>, that bound; 0 if nothing is known.</summary>
    public long Extent { get; } = extent;

    /// <summary>The index of a loop over 0 … <paramref name="extent"/> − 1.</summary>
    public static Variable Index(string name, long extent) => new(name, DType.Int64, extent);

    /// <inheritdoc/>
    public override Scalar With(IReadOnlyList<Scalar> operands) => this;

    private protected override bool SameExceptOperands(Scalar other) => ReferenceEquals(this, other);
}

/// <summary>The element of a memory at an index, which must be within it.</summary>
public sealed class Load(Memory memory, Scalar index)
    : Scalar(memory.DType, System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(memory), index)
{
    /// <summary>What is read.</summary>
    public Memory Memory { get; } = memory;

    /// <summary>Which element, as an int64.</summary>
    public Scalar Index { get; } = index;

    /// <inheritdoc/>
    public override Scalar With(IReadOnlyList<Scalar> operands) => new Load(Memory, operands[0]);

    private protected override bool SameExceptOperands(Scalar other) => ReferenceEquals(((Load)other).Memory, Memory);
}

/// <summary>An operation on one scalar.</summary>
public sealed class Unary(UnaryOp op, Scalar x) : Scalar(op.IsPredicate() ? DType.Bool : x.DType, (int)op, x)
{
    /// <summary>The operation.</summary>
    public UnaryOp Op { get; } = op;

    /// <summary>The operand.</summary>
    public Scalar X { get; } = x;

    /// <inheritdoc/>
    public override Scalar With(IReadOnlyList<Scalar> operands) => Apply(Op, operands[0]);

    private protected override bool SameExceptOperands(Scalar other) => ((Unary)other).Op == Op;
}

/// <summary>An operation on two scalars of one dtype.</summary>
public sealed class Binary(BinaryOp op, Scalar x, Scalar y)
    : Scalar(op.IsComparison() ? DType.Bool : x.DType, (int)op, x, y)
{
    /// <summary>The operation.</summary>
    public BinaryOp Op { get; } = op;

    /// <summary>The left operand.</summary>
    public Scalar X { get; } = x;

    /// <summary>The right operand.</summary>
    public Scalar Y { get; } = y;

    /// <inheritdoc/>
    public override Scalar With(IReadOnlyList<Scalar> operands) => Apply(Op, operands[0], operands[1]);

    private protected override bool SameExceptOperands(Scalar other) => ((Binary)other).Op == Op;
}

/// <summary><c>condition ? whenTrue : whenFalse</c>. Both sides may be computed: a load in either must be in bounds.</summary>
public sealed class Select(Scalar condition, Scalar whenTrue, Scalar whenFalse)
    : Scalar(whenTrue.DType, 0, condition, whenTrue, whenFalse)
{
    /// <summary>A bool.</summary>
    public Scalar Condition { get; } = condition;

    /// <summary>The value where the condition holds.</summary>
    public Scalar WhenTrue { get; } = whenTrue;

    /// <summary>The value elsewhere, of the same dtype.</summary>
    public Scalar WhenFalse { get; } = whenFalse;

    /// <inheritdoc/>
    public override Scalar With(IReadOnlyList<Scalar> operands) => If(operands[0], operands[1], operands[2]);

    private protected override bool SameExceptOperands(Scalar other) => true;
}

/// <summary>A conversion: of the value (C# rules, floats to integers truncate), or of the bits.</summary>
public sealed class Cast(DType dtype, Scalar x, bool reinterpret = false) : Scalar(dtype, reinterpret ? 1 : 0, x)
{
    /// <summary>What is converted.</summary>
    public Scalar X { get; } = x;

    /// <summary>Whether the bits are kept rather than the value; both dtypes then have one size.</summary>
    public bool Reinterpret { get; } = reinterpret;

    /// <inheritdoc/>
    public override Scalar With(IReadOnlyList<Scalar> operands) =>
        Reinterpret ? new Cast(DType, operands[0], reinterpret: true) : Convert(DType, operands[0]);

    private protected override bool SameExceptOperands(Scalar other) => ((Cast)other).Reinterpret == Reinterpret;
}
