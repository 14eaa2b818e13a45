using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// An operation on tensors with one result. A record holds what distinguishes it (axes, dtypes) and every rule about
/// it: its type, its gradient, and the element of its result at an index. Ops are compared by value.
/// </summary>
public abstract record Op
{
    /// <summary>Name in printed graphs and errors.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>What distinguishes this op from others of its name, as <c>axis=(0,)</c>; empty if nothing does.</summary>
    protected virtual string Parameters => "";

    /// <summary>The type rule: the type of the result, given well-typed inputs.</summary>
    /// <exception cref="ShapeException">Ranks or known lengths do not fit.</exception>
    /// <exception cref="DTypeException">A dtype is not what the op needs.</exception>
    public abstract TensorType Infer(Inputs x);

    /// <summary>
    /// The gradient rule: for each input, the gradient of some scalar, given <paramref name="dy"/>, the gradient of the
    /// same scalar with respect to the result <paramref name="y"/>. Null where the result does not depend smoothly on
    /// the input: the input is then disconnected.
    /// </summary>
    public abstract IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy);

    /// <summary>
    /// The element rule: the element of the result at index <paramref name="i"/>, as scalar code over elements of the
    /// inputs. Families that reduce or contract have loops instead, and do not use it.
    /// </summary>
    internal virtual Scalar Element(Elements x, IReadOnlyList<Scalar> i) =>
        throw new CompilerException($"{Name} has no element rule.");

    /// <summary>
    /// Whether an input must be known when a plan is made, because the shape of the result depends on its value.
    /// </summary>
    internal virtual bool IsStatic(int input) => false;

    /// <summary>Conditions on values that must hold at run time, given inputs of known lengths.</summary>
    internal virtual IEnumerable<Guard> Guards(Inputs x) => [];

    /// <summary>The name, with parameters: <c>Sum{axis=(0,)}</c>.</summary>
    public sealed override string ToString() => Parameters.Length == 0 ? Name : $"{Name}{{{Parameters}}}";

    /// <summary>No input of an op with as many inputs as <paramref name="x"/> has a gradient.</summary>
    protected static IReadOnlyList<Expr?> Disconnected(Inputs x) => new Expr?[x.Count];
}

/// <summary>The inputs of an op.</summary>
public readonly struct Inputs(Expr[] items)
{
    /// <summary>How many there are.</summary>
    public int Count => items.Length;

    /// <summary>One of them.</summary>
    public Expr this[int index] => items[index];

    /// <summary>Them all.</summary>
    public IReadOnlyList<Expr> List => items;
}

/// <summary>The elements of an op's inputs, as scalar code.</summary>
internal abstract class Elements
{
    /// <summary>How many inputs there are.</summary>
    public abstract int Count { get; }

    /// <summary>The lengths of an input, all known.</summary>
    public abstract Shape Shape(int input);

    /// <summary>The element type of an input.</summary>
    public abstract DType DType(int input);

    /// <summary>The lengths of the result, all known.</summary>
    public abstract Shape Result { get; }

    /// <summary>The number of axes of an input.</summary>
    public int Rank(int input) => Shape(input).Rank;

    /// <summary>The element of an input at an index with one int64 scalar per axis.</summary>
    public abstract Scalar At(int input, IReadOnlyList<Scalar> index);
}

/// <summary>Something that must not happen at run time.</summary>
/// <param name="Bad">Bools of the shape of the subject, true where it happened.</param>
/// <param name="Subject">Integers that are out of range where it did.</param>
/// <param name="Message">What to say, given the first offending value.</param>
internal sealed record Guard(Expr Bad, Expr Subject, Func<long, string> Message)
{
    /// <summary>A bool scalar: whether it happened anywhere.</summary>
    public Expr Violated => T.Any(Bad);

    /// <summary>The expression whose condition it is, as the user wrote it.</summary>
    public Expr? Of { get; init; }
}
