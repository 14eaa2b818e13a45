using System.Diagnostics;

namespace Hypatia.Rewriting;

/// <summary>The list of passes over graphs, in the order in which they run.</summary>
internal static class Passes
{
    private static readonly IReadOnlyList<Rule> Simplification =
        [.. AlgebraRules.All, .. MovementRules.All, .. ReductionRules.All];

    // Simplification and stabilization help each other to match, so they run as one set to a fixed point.
    private static readonly IReadOnlyList<Rule> Canonical = [.. StabilityRules.All, .. Simplification];

    // What no rule has used by now becomes its definition, and what that brings is simplified again.
    private static readonly IReadOnlyList<Rule> Definitions =
    [
        Rule.From<Composite>("definition", x => ((Composite)x.Op).Expand(x.Inputs)),
        .. Simplification,
    ];

    /// <summary>For differentiation: forms whose gradients are stable too. What is above <paramref name="kept"/> stays.</summary>
    public static Expr Stabilize(Expr cost, IReadOnlySet<Expr> kept) =>
        Options.Current.Rewrite ? new Rewriter(StabilityRules.All, kept).Apply([cost])[0] : cost;

    /// <summary>For people and printing: simplified, stable, composites kept.</summary>
    public static Expr[] Simplify(IReadOnlyList<Expr> outputs, Trace? trace = null) =>
        Run("simplify", Canonical, outputs, trace);

    /// <summary>For compiling, with all lengths known: simplified, stable, composites replaced by their definitions.</summary>
    public static Expr[] Optimize(IReadOnlyList<Expr> outputs, Trace? trace = null)
    {
        Expr[] simple = Options.Current.Rewrite ? Run("simplify", Canonical, outputs, trace) : [.. outputs];
        return Run("define", Options.Current.Rewrite ? Definitions : RequiredDefinitions, simple, trace);
    }

    private static readonly IReadOnlyList<Rule> RequiredDefinitions =
    [
        Definitions[0],
        .. MovementRules.All.Where(rule => rule.Name is "sum to shape" or "known length" or "empty product"),
    ];

    private static Expr[] Run(string name, IReadOnlyList<Rule> rules, IReadOnlyList<Expr> outputs, Trace? trace)
    {
        long start = Stopwatch.GetTimestamp();
        var rewriter = new Rewriter(rules);
        Expr[] result = rewriter.Apply(outputs);
        trace?.Invoke(name, Stopwatch.GetElapsedTime(start), rewriter.Hits, result);
        return result;
    }
}

/// <summary>Is told of each pass: its name, how long it took, how often each rule matched, and what it returned.</summary>
internal delegate void Trace(string pass, TimeSpan time, IReadOnlyDictionary<string, int> hits, IReadOnlyList<Expr> outputs);
