namespace Hypatia;

/// <summary>A family of ops without inputs: where values come from.</summary>
internal abstract record LeafOp : Op
{
    public sealed override TensorType Infer(Inputs x) => throw new CompilerException($"{Name} has no type rule.");

    public sealed override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => [];
}

/// <summary>An argument of a function. Each is its own.</summary>
internal sealed record Input(long Id) : LeafOp
{
    private static long _last;

    public static Input New() => new(Interlocked.Increment(ref _last));
}

/// <summary>The state of a <see cref="Shared"/> variable. Each is its own.</summary>
internal sealed record SharedState(long Id) : LeafOp
{
    private static long _last;

    public static SharedState New() => new(Interlocked.Increment(ref _last));
}

/// <summary>
/// A value known when the graph is built. A weak one comes from a C# literal and takes the other operand's dtype.
/// </summary>
internal sealed record Constant(NDArray Value, bool IsWeak = false) : LeafOp
{
    private const int Compared = 64;    // elements; larger ones are equal only if they are the same object

    public static Expr Of(NDArray value, bool weak = false, string? name = null) =>
        Expr.Leaf(new Constant(value, weak), value.Type, name);

    public bool Equals(Constant? other) =>
        ReferenceEquals(other?.Value, Value)
        || (other is not null && other.IsWeak == IsWeak && other.Value.Type == Value.Type && Value.Count <= Compared
            && SameElements(Value, other.Value));

    public override int GetHashCode() =>
        Value.Count is > 0 and <= Compared ? HashCode.Combine(Value.Type.GetHashCode(), Value.Scalar(0).GetHashCode()) : Value.Type.GetHashCode();

    protected override string Parameters => Value.Count == 1 ? Value.Scalar(0).ToString() : Value.ToString();

    // By their bits: NaN is the same as NaN, 0 is not the same as −0.
    private static bool SameElements(NDArray value, NDArray other)
    {
        for (long i = 0; i < value.Count; i++)
        {
            if (value.Scalar(i) != other.Scalar(i))
            {
                return false;
            }
        }

        return true;
    }
}
