using Hypatia.Diagnostics;

namespace Hypatia.Rewriting;

/// <summary>A rule written as an equation between elementwise expressions over variables.</summary>
internal sealed class Equation : Rule
{
    private readonly Expr[] _variables;

    public Equation(string name, int variables, Func<Expr[], (Expr Left, Expr Right)> sides)
        : this(name, NewVariables(variables), sides)
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

    /// <summary>Whether the equation also holds for integers, which wrap.</summary>
    public bool OfIntegers { get; init; }

    /// <summary>Where outside of the domain, or for 0, infinities and NaN, the sides differ; and why that may be.</summary>
    public string? Except { get; init; }

    /// <inheritdoc/>
    public override Expr? Apply(Expr x)
    {
        DType dtype = x.Inputs[^1].DType;
        if (!MayMatch(x) || (!dtype.IsFloat() && !(OfIntegers && dtype.IsInteger())))
        {
            return null;
        }

        var bound = new Expr?[_variables.Length];
        return Matches(Left, x, bound) ? Build(Right, bound, dtype) : null;
    }

    /// <summary>Both sides over given expressions of one dtype.</summary>
    public (Expr Left, Expr Right) Over(params Expr[] x) => (Build(Left, x, x[0].DType), Build(Right, x, x[0].DType));

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Printer.Infix(Left)} = {Printer.Infix(Right)}";

    // Most expressions differ from the pattern in the ops one level down.
    private bool MayMatch(Expr x)
    {
        bool straight = true;
        bool swapped = x.Op is Add or Mul;
        int count = x.Inputs.Count;
        for (int k = 0; k < count && (straight || swapped); k++)
        {
            straight &= MayMatch(Left.Inputs[k], x.Inputs[k]);
            swapped &= MayMatch(Left.Inputs[k], x.Inputs[count - 1 - k]);
        }

        return straight || swapped;
    }

    private static Expr[] NewVariables(int count)
    {
        var variables = new Expr[count];
        for (int k = 0; k < count; k++)
        {
            variables[k] = T.DScalar("xyz"[k].ToString());
        }

        return variables;
    }

    private static bool MayMatch(Expr pattern, Expr x) =>
        pattern.Op is Input || (pattern.Op is Constant ? Uniform.Value(x) is not null : pattern.Op.GetType() == x.Op.GetType());

    private bool Matches(Expr pattern, Expr x, Expr?[] bound)
    {
        if (pattern.Op is Input)
        {
            ref Expr? variable = ref bound[Array.IndexOf(_variables, pattern)];
            variable ??= x;
            return ReferenceEquals(variable, x);
        }

        if (pattern.Op is Constant constant)
        {
            return Uniform.Value(x) is { } value && value.AsDouble == constant.Value.Scalar(0).AsDouble;
        }

        if (pattern.Op.GetType() != x.Op.GetType() || !pattern.Op.Equals(x.Op))
        {
            return false;
        }

        if (pattern.Op is not (Add or Mul))
        {
            return MatchInputs(pattern, x, bound, swapped: false);
        }

        Expr?[] before = [.. bound];
        if (MatchInputs(pattern, x, bound, swapped: false))
        {
            return true;
        }

        before.CopyTo(bound, 0);
        return MatchInputs(pattern, x, bound, swapped: true);
    }

    private bool MatchInputs(Expr pattern, Expr x, Expr?[] bound, bool swapped)
    {
        for (int k = 0; k < pattern.Inputs.Count; k++)
        {
            if (!Matches(pattern.Inputs[k], x.Inputs[swapped ? 1 - k : k], bound))
            {
                return false;
            }
        }

        return true;
    }

    private Expr Build(Expr pattern, Expr?[] bound, DType dtype) => pattern.Op switch
    {
        Input => bound[Array.IndexOf(_variables, pattern)]!,
        Constant constant => Hypatia.Constant.Of(constant.Value.Cast(dtype)),
        Elementwise op => Elementwise.Apply(op, [.. pattern.Inputs.List.Select(input => Build(input, bound, dtype))]),
        _ => throw new CompilerException($"The equation {Name} has {pattern.Op.Name}, which is not elementwise."),
    };
}
