namespace Hypatia.Rewriting;

/// <summary>A rule that replaces an expression by an equal one that is simpler, faster or more stable.</summary>
internal abstract class Rule(string name, Type root)
{
    /// <summary>Name in traces and errors.</summary>
    public string Name { get; } = name;

    /// <summary>The op (its record type, or a family) whose results the rule looks at.</summary>
    public Type Root { get; } = root;

    /// <summary>
    /// The replacement, of equal value, or null if the rule does not match. It may have a narrower dtype, fewer axes or
    /// axes of length 1: the <see cref="Rewriter"/> converts and repeats it.
    /// </summary>
    public abstract Expr? Apply(Expr x);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A rule that computes its replacement. Null means no match.</summary>
    public static Rule From<TOp>(string name, Func<Expr, Expr?> apply)
        where TOp : Op => new Computed(name, typeof(TOp), apply);

    /// <summary>As <see cref="From{TOp}(string, Func{Expr, Expr})"/>, also given the op.</summary>
    public static Rule From<TOp>(string name, Func<Expr, TOp, Expr?> apply)
        where TOp : Op => new Computed(name, typeof(TOp), x => apply(x, (TOp)x.Op));

    /// <summary>
    /// An equation between elementwise expressions, left to right: <c>x =&gt; (T.Log(T.Exp(x)), x)</c>. Numbers match
    /// constants of any dtype that are equal everywhere; sums and products match in either order.
    /// </summary>
    /// <param name="name">Name in traces and errors.</param>
    /// <param name="sides">Both sides over variables.</param>
    /// <param name="low">The sides are equal, but for rounding, for inputs above this.</param>
    /// <param name="high">The sides are equal, but for rounding, for inputs below this.</param>
    /// <param name="integers">Whether the equation also holds for integers, which wrap.</param>
    /// <param name="except">Where outside of low … high, or for 0, infinities and NaN, the sides differ; and why that may be.</param>
    public static Equation Of(
        string name,
        Func<Expr, (Expr Left, Expr Right)> sides,
        double low = double.NegativeInfinity,
        double high = double.PositiveInfinity,
        bool integers = false,
        string? except = null) => new(name, 1, v => sides(v[0])) { Domain = (low, high), OfIntegers = integers, Except = except };

    /// <inheritdoc cref="Of(string, Func{Expr, ValueTuple{Expr, Expr}}, double, double, bool, string?)"/>
    public static Equation Of(
        string name,
        Func<Expr, Expr, (Expr Left, Expr Right)> sides,
        double low = double.NegativeInfinity,
        double high = double.PositiveInfinity,
        bool integers = false,
        string? except = null) => new(name, 2, v => sides(v[0], v[1])) { Domain = (low, high), OfIntegers = integers, Except = except };

    private sealed class Computed(string name, Type root, Func<Expr, Expr?> apply) : Rule(name, root)
    {
        public override Expr? Apply(Expr x) => apply(x);
    }
}
