using System.Diagnostics;
using Hypatia.Diagnostics;

namespace Hypatia.Rewriting;

/// <summary>
/// Applies rules from the leaves up until none matches. Equal expressions become one object. Returns the same objects
/// where nothing changed. Time is linear in the size of the graph, with explicit stacks: graphs may be deep.
/// </summary>
internal sealed class Rewriter
{
    // Replacements in all, per expression of the graph: ten times what rules need, so more means that they never end.
    private const int LimitPerExpression = 100;

    private readonly RuleSet _rules;
    private readonly Interner _interner = new();
    private readonly Dictionary<Expr, Expr> _normal = [];
    private readonly Dictionary<Expr, Rule> _replacing = [];    // what waits for its replacement to be normal, and why
    private readonly Dictionary<Expr, Expr> _opaque = [];
    private readonly int[] _hits;
    private readonly long[]? _ticks;
    private Rule? _last;
    private Rule? _lastButOne;
    private long _budget;

    /// <param name="rules">What to apply.</param>
    /// <param name="kept">Expressions that stay as they are: rules see neither them nor what is above them.</param>
    /// <param name="timed">Whether to measure the time of each rule.</param>
    public Rewriter(RuleSet rules, IReadOnlySet<Expr>? kept = null, bool timed = false)
    {
        _rules = rules;
        _hits = new int[rules.Rules.Count];
        _ticks = timed ? new long[rules.Rules.Count] : null;
        foreach (Expr x in kept ?? new HashSet<Expr>())
        {
            _normal[x] = x.Op is LeafOp ? x : _opaque[x] = Expr.Leaf(Input.New(), x.Type, x.Name);
        }
    }

    /// <summary>How often each rule matched, and how long it took, whether or not it matched.</summary>
    public IEnumerable<RuleReport> Report() => _rules.Rules
        .Select((rule, k) => new RuleReport(rule.Name, _hits[k], TimeSpan.FromSeconds((_ticks?[k] ?? 0) / (double)Stopwatch.Frequency)))
        .Where(report => report.Hits > 0 || report.Time > TimeSpan.Zero);

    /// <summary>The outputs, rewritten.</summary>
    /// <exception cref="CompilerException">Rules replace an expression by each other without end.</exception>
    public Expr[] Apply(IReadOnlyList<Expr> outputs)
    {
        _budget += LimitPerExpression * (Traversal.Sort(outputs).Count + 100L);
        foreach (Expr output in outputs)
        {
            Normalize(output);
        }

        Expr[] results = [.. outputs.Select(output => _normal[output])];
        return _opaque.Count == 0 ? results
            : _hits.All(hits => hits == 0) ? [.. outputs]
            : Traversal.Replace(results, _opaque.ToDictionary(pair => pair.Value, pair => pair.Key));
    }

    private void Normalize(Expr root)
    {
        // An expression waits for its inputs, then, if a rule replaces it, for its replacement.
        Stack<Waiting> stack = new();
        stack.Push(new Waiting(root));
        while (stack.TryPop(out Waiting top))
        {
            (Expr node, Expr? replacement) = top;
            if (replacement is not null)
            {
                _normal[node] = _normal[replacement];
                _replacing.Remove(node);
            }
            else if (!_normal.ContainsKey(node) && !PushInputs(stack, node))
            {
                Expr current = _interner.Intern(Traversal.Rebuild(node, _normal));
                if (!ReferenceEquals(current, node))
                {
                    stack.Push(new Waiting(node, current));
                    stack.Push(new Waiting(current));
                }
                else if (Match(current) is { } better)
                {
                    stack.Push(new Waiting(current, better));
                    stack.Push(new Waiting(better));
                }
                else
                {
                    _normal[current] = current;
                }
            }
        }
    }

    private bool PushInputs(Stack<Waiting> stack, Expr node)
    {
        bool any = false;
        for (int k = node.Inputs.Count - 1; k >= 0; k--)
        {
            if (!_normal.ContainsKey(node.Inputs[k]))
            {
                if (!any)
                {
                    stack.Push(new Waiting(node));
                    any = true;
                }

                stack.Push(new Waiting(node.Inputs[k]));
            }
        }

        return any;
    }

    // The first replacement that a rule offers, of the type of x.
    private Expr? Match(Expr x)
    {
        int[] rules = _rules.For(x.Op);
        if (rules.Length == 0)
        {
            return null;
        }

        if (_replacing.TryGetValue(x, out Rule? before))
        {
            throw Endless(before, _last!, x);
        }

        using (Origin.Use(x.Origin))
        {
            foreach (int number in rules)
            {
                if (Try(number, x) is { } replacement)
                {
                    Rule rule = _rules.Rules[number];
                    _replacing[x] = rule;
                    _hits[number]++;
                    (_lastButOne, _last) = ReferenceEquals(_last, rule) ? (_lastButOne, _last) : (_last, rule);
                    return --_budget > 0 ? replacement : throw Endless(_lastButOne ?? rule, rule, x);
                }
            }
        }

        return null;
    }

    private Expr? Try(int number, Expr x)
    {
        long start = _ticks is null ? 0 : Stopwatch.GetTimestamp();
        Rule rule = _rules.Rules[number];
        Expr? replacement = rule.Apply(x) is { } raw && !ReferenceEquals(raw, x) ? Fit(raw, x, rule) : null;
        if (_ticks is not null)
        {
            _ticks[number] += Stopwatch.GetTimestamp() - start;
        }

        return replacement;
    }

    /// <summary>
    /// A replacement with the dtype, rank and lengths of what it replaces; null if they can't be shown to fit, which
    /// happens only while lengths are unknown.
    /// </summary>
    private static Expr? Fit(Expr replacement, Expr x, Rule rule)
    {
        if (replacement.Rank > x.Rank)
        {
            throw new CompilerException($"Rule '{rule.Name}' made {replacement.Describe()} of {x.Describe()}: too many axes.");
        }

        Expr fitted = Dimshuffle.PadLeft(T.Cast(replacement, x.DType), x.Rank);
        if (fitted.Type.Shape.IsKnown && fitted.Type.Shape == x.Type.Shape)
        {
            return fitted;
        }

        var lengths = new Expr[x.Rank];
        bool repeat = false;
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            long have = fitted.Type.Shape[axis];
            long need = x.Type.Shape[axis];
            bool certain = have is not (1 or Shape.Unknown);
            if (certain && need != Shape.Unknown && have != need)
            {
                throw new CompilerException($"Rule '{rule.Name}' made {replacement.Describe()} of {x.Describe()}: lengths differ.");
            }

            if (need == Shape.Unknown ? certain || ShapeFacts.SameLength(fitted, x, axis) : have == need)
            {
                lengths[axis] = Lengths.Of(fitted, axis);
                continue;
            }

            if (ShapeFacts.LengthThrough(x, axis) is not { } length)
            {
                return null;
            }

            lengths[axis] = length;
            repeat = true;
        }

        return repeat ? BroadcastTo.Of(fitted, lengths) : fitted;
    }

    private static CompilerException Endless(Rule first, Rule second, Expr x) =>
        new($"Rules '{first.Name}' and '{second.Name}' replace an expression by each other without end: {x}");

    /// <summary>An expression that waits to be normal: for its inputs, or for what replaces it.</summary>
    private readonly record struct Waiting(Expr Node, Expr? Replacement = null);
}

/// <summary>How often a rule matched, and how long it took in all (0 if that was not measured).</summary>
internal sealed record RuleReport(string Rule, int Hits, TimeSpan Time);
