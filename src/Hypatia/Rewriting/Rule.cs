using Hypatia.Diagnostics;

namespace Hypatia.Rewriting;

/// <summary>A rule that replaces an expression by an equal one that is simpler, faster or more stable.</summary>
internal abstract class Rule(string name, params IReadOnlyList<Type> roots)
{
    /// <summary>Name in traces and errors.</summary>
    public string Name { get; } = name;

    /// <summary>The ops (their record types, or families) whose results the rule looks at; all if empty.</summary>
    public IReadOnlyList<Type> Roots { get; } = roots;

    /// <summary>The replacement, of equal value, or null if the rule does not match.</summary>
    public abstract Expr? Apply(Expr x);

    /// <summary>A rule that computes its replacement. Null means no match.</summary>
    public static Rule From<TOp>(string name, Func<Expr, Expr?> apply)
        where TOp : Op => new Computed(name, typeof(TOp), apply);

    /// <summary>
    /// An equation between elementwise expressions, left to right: <c>x =&gt; (T.Log(T.Exp(x)), x)</c>. Numbers match
    /// constants of any dtype that are equal everywhere; sums and products match in either order.
    /// </summary>
    /// <param name="name">Name in traces and errors.</param>
    /// <param name="sides">Both sides over variables.</param>
    /// <param name="low">The sides are equal, but for rounding, for inputs above this.</param>
    /// <param name="high">The sides are equal, but for rounding, for inputs below this.</param>
    /// <param name="integers">Whether the equation also holds for integers.</param>
    public static Equation Of(
        string name,
        Func<Expr, (Expr Left, Expr Right)> sides,
        double low = double.NegativeInfinity,
        double high = double.PositiveInfinity,
        bool integers = false) => new(name, 1, v => sides(v[0])) { Domain = (low, high), OfIntegers = integers };

    /// <inheritdoc cref="Of(string, Func{Expr, ValueTuple{Expr, Expr}}, double, double, bool)"/>
    public static Equation Of(
        string name,
        Func<Expr, Expr, (Expr Left, Expr Right)> sides,
        double low = double.NegativeInfinity,
        double high = double.PositiveInfinity,
        bool integers = false) => new(name, 2, v => sides(v[0], v[1])) { Domain = (low, high), OfIntegers = integers };

    private sealed class Computed(string name, Type root, Func<Expr, Expr?> apply) : Rule(name, root)
    {
        public override Expr? Apply(Expr x) => apply(x);
    }
}

/// <summary>A rule written as an equation between elementwise expressions over variables.</summary>
internal sealed class Equation : Rule
{
    private readonly Expr[] _variables;

    public Equation(string name, int variables, Func<Expr[], (Expr Left, Expr Right)> sides)
        : this(name, [.. Enumerable.Range(0, variables).Select(k => T.DScalar($"xyz"[k].ToString()))], sides)
    {
    }

    private Equation(string name, Expr[] variables, Func<Expr[], (Expr Left, Expr Right)> sides)
        : this(name, variables, sides(variables))
    {
    }

    private Equation(string name, Expr[] variables, (Expr Left, Expr Right) sides)
        : base(name, sides.Left.Op.GetType())
    {
        _variables = variables;
        (Left, Right) = sides;
    }

    /// <summary>What is looked for.</summary>
    public Expr Left { get; }

    /// <summary>What replaces it.</summary>
    public Expr Right { get; }

    /// <summary>The variables of both sides.</summary>
    public IReadOnlyList<Expr> Variables => _variables;

    /// <summary>Inputs for which both sides are equal, but for rounding: low and high; all reals if not given.</summary>
    public (double Low, double High) Domain { get; init; } = (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Whether the equation also holds for integers.</summary>
    public bool OfIntegers { get; init; }

    public override Expr? Apply(Expr x)
    {
        Dictionary<Expr, Expr> bound = [];
        if ((!OfIntegers && !x.Inputs.List.All(input => input.DType.IsFloat())) || !Matches(Left, x, bound))
        {
            return null;
        }

        DType dtype = bound.Values.First().DType;
        return Build(Right, bound, dtype);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Printer.Infix(Left)} = {Printer.Infix(Right)}";

    private bool Matches(Expr pattern, Expr x, Dictionary<Expr, Expr> bound)
    {
        if (pattern.Op is Input)
        {
            return bound.TryGetValue(pattern, out Expr? before) ? ReferenceEquals(before, x) : bound.TryAdd(pattern, x);
        }

        if (pattern.Op is Constant constant)
        {
            return Uniform.Value(x) is { } value && value.AsDouble == constant.Value.Scalar(0).AsDouble;
        }

        if (!pattern.Op.Equals(x.Op))
        {
            return false;
        }

        if (MatchesInOrder(pattern, x, bound, swapped: false))
        {
            return true;
        }

        return x.Op is Add or Mul && MatchesInOrder(pattern, x, bound, swapped: true);
    }

    private bool MatchesInOrder(Expr pattern, Expr x, Dictionary<Expr, Expr> bound, bool swapped)
    {
        Dictionary<Expr, Expr> trial = new(bound);
        for (int k = 0; k < pattern.Inputs.Count; k++)
        {
            if (!Matches(pattern.Inputs[k], x.Inputs[swapped ? 1 - k : k], trial))
            {
                return false;
            }
        }

        foreach ((Expr variable, Expr value) in trial)
        {
            bound[variable] = value;
        }

        return true;
    }

    private static Expr Build(Expr pattern, Dictionary<Expr, Expr> bound, DType dtype) => pattern.Op switch
    {
        Input => bound[pattern],
        Constant constant => Hypatia.Constant.Of(constant.Value.Cast(dtype)),
        Elementwise op => Elementwise.Apply(op, [.. pattern.Inputs.List.Select(input => Build(input, bound, dtype))]),
        _ => throw new CompilerException($"The equation has {pattern.Op.Name}, which is not elementwise."),
    };
}

/// <summary>Expressions whose elements are all the same constant.</summary>
internal static class Uniform
{
    /// <summary>The constant, or null.</summary>
    public static Loops.ScalarValue? Value(Expr x)
    {
        while (x.Op is BroadcastTo or Dimshuffle or Reshape)
        {
            x = x.Inputs[0];
        }

        return x.Op is Constant { Value: { Count: 1 } value } ? value.Scalar(0) : null;
    }

    /// <summary>Whether all elements are a number.</summary>
    public static bool Is(Expr x, double value) => Value(x) is { } constant && constant.AsDouble == value;

    /// <summary>A constant of the shape and dtype of an expression.</summary>
    public static Expr Like(Expr x, double value) => BroadcastTo.Of(T.Cast(value, x.DType), Lengths.Of(x));
}
