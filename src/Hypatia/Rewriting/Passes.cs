using System.Diagnostics;

namespace Hypatia.Rewriting;

/// <summary>Rules that are applied to a whole graph until none matches.</summary>
/// <param name="Name">Name in traces.</param>
/// <param name="Rules">The rules, in the order in which they are tried.</param>
internal sealed record Pass(string Name, RuleSet Rules)
{
    /// <summary>The outputs, rewritten; the same objects if nothing matched.</summary>
    public Expr[] Run(IReadOnlyList<Expr> outputs, Trace? trace = null)
    {
        long start = Stopwatch.GetTimestamp();
        var rewriter = new Rewriter(Rules, timed: trace is not null);
        Expr[] result = rewriter.Apply(outputs);
        trace?.Invoke(new PassReport(Name, Stopwatch.GetElapsedTime(start), [.. rewriter.Report()], result));
        return result;
    }
}

/// <summary>What a pass did: its name, how long it took, what its rules did, and what it returned.</summary>
internal sealed record PassReport(string Pass, TimeSpan Time, IReadOnlyList<RuleReport> Rules, IReadOnlyList<Expr> Outputs);

/// <summary>Is told of each pass.</summary>
internal delegate void Trace(PassReport report);

/// <summary>The list of passes over graphs, in the order in which they run.</summary>
internal static class Passes
{
    // Cheap local rules first: what they remove, the others need not look at. Constants are folded before anything
    // matches on them; movement merges before indexing looks through it.
    private static readonly IReadOnlyList<Rule> Simplification =
        [.. ConstantRules.All, .. AlgebraRules.All, .. MovementRules.All, .. IndexingRules.All, .. ReductionRules.All];

    private static readonly Rule Definition = Rule.From<Composite>("definition", (x, composite) => composite.Expand(x.Inputs));

    // Composites are still whole, so rules find softmax and log-sum-exp by name. Stabilization and simplification help
    // each other to match, so they run as one set; stable forms come first, before algebra takes their patterns apart.
    private static readonly Pass Simplifying = new("simplify", new RuleSet([.. StabilityRules.All, .. Simplification]));

    // What no rule has used by now becomes its definition, and what that brings is simplified again; stability rules
    // would turn definitions back into what they define.
    private static readonly Pass Defining = new("define", new RuleSet([Definition, .. Simplification]));

    // Last: no other rule has to look through reshapes that come late, and only graphs with reshapes need it.
    private static readonly Pass Joining = new("join axes", new RuleSet([.. JoinedAxes.All, .. MovementRules.All]));

    // The least that the scheduler needs: no composites, no lengths, no sums to a shape.
    private static readonly Pass DefiningOnly = new("define only", new RuleSet([Definition, .. MovementRules.Required]));

    // Differentiating sees only what changes stability: simpler forms could lose what the cost depends on.
    private static readonly RuleSet Stabilizing = new(StabilityRules.All);

    /// <summary>All rules, for tests: equations are checked on values, the others have examples.</summary>
    public static IReadOnlyList<Rule> AllRules { get; } = [Definition, .. StabilityRules.All, .. Simplification];

    /// <summary>For differentiation: forms whose gradients are stable too. What is above <paramref name="kept"/> stays.</summary>
    public static Expr Stabilize(Expr cost, IReadOnlySet<Expr> kept) =>
        Options.Current.Rewrite ? new Rewriter(Stabilizing, kept).Apply([cost])[0] : cost;

    /// <summary>For people and printing: simplified, stable, composites kept.</summary>
    public static Expr[] Simplify(IReadOnlyList<Expr> outputs, Trace? trace = null) => Simplifying.Run(outputs, trace);

    /// <summary>For compiling, with all lengths known: simplified, stable, composites replaced by their definitions.</summary>
    public static Expr[] Optimize(IReadOnlyList<Expr> outputs, Trace? trace = null) => Options.Current.Rewrite
        ? Defining.Run(Simplifying.Run(outputs, trace), trace)
        : DefineOnly(outputs, trace);

    /// <summary>For compiling, once all that is optimized: elementwise ops and reductions over joined axes instead of split ones.</summary>
    public static Expr[] JoinAxes(Expr[] outputs, Trace? trace = null) =>
        Options.Current.Rewrite && Traversal.Sort(outputs).Exists(x => x.Op is Reshape) ? Joining.Run(outputs, trace) : outputs;

    /// <summary>For compiling without rewriting: composites and lengths replaced by their definitions.</summary>
    public static Expr[] DefineOnly(IReadOnlyList<Expr> outputs, Trace? trace = null) => DefiningOnly.Run(outputs, trace);
}
