using System.Diagnostics;
using Hypatia.Compilation;
using Hypatia.Diagnostics;

namespace Hypatia;

/// <summary>
/// An expression: an op applied to other expressions, well typed since it was made, immutable, compared by identity.
/// Nothing is computed until it is compiled into a <see cref="Function"/> or given to <see cref="Eval"/>.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public partial class Expr
{
    private readonly Expr[] _inputs;

    private protected Expr(Op op, Expr[] inputs, TensorType type, string? name)
    {
        Op = op;
        _inputs = inputs;
        Type = type;
        Name = name;
        Origin = Origin.Capture();
    }

    /// <summary>What is computed.</summary>
    public Op Op { get; }

    /// <summary>What it is computed from.</summary>
    public Inputs Inputs => new(_inputs);

    /// <summary>The dtype, and what is known of the shape.</summary>
    public TensorType Type { get; }

    /// <summary>The element type.</summary>
    public DType DType => Type.DType;

    /// <summary>The number of axes.</summary>
    public int Rank => Type.Rank;

    /// <summary>The name that the user gave it, if any.</summary>
    public string? Name { get; }

    /// <summary>Where the user's code made it; null if unknown.</summary>
    public Origin? Origin { get; }

    /// <summary>Always an error: expressions have no truth value.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static bool operator true(Expr x) => throw NoTruthValue(x);

    /// <summary>Always an error: expressions have no truth value.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static bool operator false(Expr x) => throw NoTruthValue(x);

    /// <summary>Always an error: the number of elements is not known before the expression is computed.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public IEnumerator<Expr> GetEnumerator() => throw new InvalidOperationException(
        $"An expression can't be enumerated: {Describe()}\n  It has no elements before it is computed. Use x[i] for "
        + "the i-th row, T.Sum, T.Max … over an axis, or Eval to get values.");

    /// <summary>This expression under a name, which graphs, errors and results show.</summary>
    public Expr Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Op is LeafOp
            ? new(new Dimshuffle(Axes.All(Rank)), [this], Type, name)
            : new(Op, _inputs, Type, name);
    }

    /// <summary>The name, or the op applied to the names of its inputs.</summary>
    public override string ToString() => Name ?? Op switch
    {
        Constant constant => constant.ToString(),
        LeafOp => $"<{Type}>",
        _ => $"{Op}({string.Join(", ", _inputs.Select(Short))})",
    };

    /// <summary>An op applied to inputs.</summary>
    internal static Expr Make(Op op, params Expr[] inputs)
    {
        foreach (Expr input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, op.Name);
        }

        return new(op, inputs, op.Infer(new Inputs(inputs)), name: null);
    }

    /// <summary>Until disposed, what is made on this thread is parts of one: its origin is captured once.</summary>
    internal static Origin.Scope MakeAsOne() => Origin.UseOne();

    /// <summary>A leaf.</summary>
    internal static Expr Leaf(Op op, TensorType type, string? name)
    {
        WarmUp.Start();         // every program begins with leaves
        return new(op, [], type, name);
    }

    /// <summary>This op applied to other inputs, keeping the name and the origin.</summary>
    internal Expr With(Expr[] inputs)
    {
        using (Origin.Use(Origin))
        {
            return new Expr(Op, inputs, Op.Infer(new Inputs(inputs)), Name);
        }
    }

    /// <summary>Text, type and origin, for error messages.</summary>
    internal string Describe() => $"{(Name is null && Op is LeafOp and not Constant ? "(no name)" : this)}: {Type}" + (Origin is null ? "" : $", created at {Origin}");

    /// <summary>The name, or what stands for it where it is an input: <c>Dot.0</c>.</summary>
    internal string Label() => Short(this);

    private static string Short(Expr x) =>
        x.Name ?? (x.Op is LeafOp ? x.ToString() : $"{x.Op.Name}.0");

    private static InvalidOperationException NoTruthValue(Expr x) => new(
        $"An expression has no truth value: {x.Describe()}\n  It is not computed yet. Use T.Switch(condition, a, b) to "
        + "choose by element, & | ~ to combine conditions, T.Eq(a, b) to compare, or Eval to get a value.");
}
