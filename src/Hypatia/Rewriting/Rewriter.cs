using System.Diagnostics;
using Hypatia.Diagnostics;

namespace Hypatia.Rewriting;

/// <summary>
/// Applies rules from the leaves up until none matches. Equal expressions become one object, so common sub-expressions
/// merge. Returns the same objects where nothing changed. Iterative: graphs may be deep.
/// </summary>
internal sealed class Rewriter
{
    private const int Limit = 200;    // replacements of one expression in a row; real chains are far shorter

    private readonly Dictionary<Type, Rule[]> _byOp = [];
    private readonly IReadOnlyList<Rule> _rules;
    private readonly IReadOnlySet<Expr> _leaves;
    private readonly Dictionary<Expr, Expr> _normal = [];
    private readonly Dictionary<Key, Expr> _interned = [];

    public Rewriter(IReadOnlyList<Rule> rules, IReadOnlySet<Expr>? leaves = null)
    {
        _rules = rules;
        _leaves = leaves ?? new HashSet<Expr>();
    }

    /// <summary>How often each rule matched.</summary>
    public Dictionary<string, int> Hits { get; } = [];

    /// <summary>The outputs, rewritten.</summary>
    /// <exception cref="CompilerException">Rules replace an expression by each other without end.</exception>
    public Expr[] Apply(IReadOnlyList<Expr> outputs)
    {
        foreach (Expr output in outputs)
        {
            Normalize(output);
        }

        return [.. outputs.Select(output => _normal[output])];
    }

    private void Normalize(Expr root)
    {
        // Waiting is set where an expression's replacement must be normal before the expression is.
        Stack<(Expr Node, Expr? Waiting, int Steps)> stack = new();
        stack.Push((root, null, 0));
        string last = "";
        while (stack.TryPop(out (Expr Node, Expr? Waiting, int Steps) top))
        {
            (Expr node, Expr? waiting, int steps) = top;
            if (_normal.ContainsKey(node))
            {
                continue;
            }

            if (waiting is not null)
            {
                _normal[node] = _normal[waiting];
                continue;
            }

            if (_leaves.Contains(node))
            {
                _normal[node] = node;
                continue;
            }

            bool ready = true;
            for (int k = 0; k < node.Inputs.Count; k++)
            {
                if (!_normal.ContainsKey(node.Inputs[k]))
                {
                    if (ready)
                    {
                        stack.Push(top);
                        ready = false;
                    }

                    stack.Push((node.Inputs[k], null, steps));
                }
            }

            if (!ready)
            {
                continue;
            }

            Expr current = Intern(Traversal.Rebuild(node, _normal));
            if (!ReferenceEquals(current, node) && _normal.TryGetValue(current, out Expr? known))
            {
                _normal[node] = known;
                continue;
            }

            if (Match(current, out Rule? rule) is { } replacement)
            {
                if (steps > Limit)
                {
                    throw new CompilerException(
                        $"Rules '{last}' and '{rule!.Name}' replace an expression by each other without end: {current}");
                }

                last = rule!.Name;
                Expr target = Fit(replacement, current);
                stack.Push((node, target, steps));
                if (!ReferenceEquals(current, node))
                {
                    stack.Push((current, target, steps));
                }

                stack.Push((target, null, steps + 1));
                continue;
            }

            _normal[node] = current;
            _normal[current] = current;
        }
    }

    private Expr? Match(Expr x, out Rule? matched)
    {
        foreach (Rule rule in RulesFor(x.Op))
        {
            using (Origin.Use(x.Origin))
            {
                if (rule.Apply(x) is { } replacement && !ReferenceEquals(replacement, x))
                {
                    Hits[rule.Name] = Hits.GetValueOrDefault(rule.Name) + 1;
                    matched = rule;
                    return replacement;
                }
            }
        }

        matched = null;
        return null;
    }

    // A rule may give a result that still has to be repeated or converted to what it replaces.
    private static Expr Fit(Expr replacement, Expr x)
    {
        using (Origin.Use(x.Origin))
        {
            Expr fitted = Dimshuffle.PadLeft(T.Cast(replacement, x.DType), x.Rank);
            bool smaller = Axes.All(x.Rank).Any(axis => fitted.Type.Shape[axis] == 1 && x.Type.Shape[axis] != 1);
            fitted = smaller ? BroadcastTo.Of(fitted, Lengths.Of(x)) : fitted;
            Debug.Assert(fitted.Rank == x.Rank, "A rule changed the rank.");
            return fitted;
        }
    }

    private Rule[] RulesFor(Op op)
    {
        Type type = op.GetType();
        if (!_byOp.TryGetValue(type, out Rule[]? rules))
        {
            rules = [.. _rules.Where(rule => rule.Roots.Count == 0 || rule.Roots.Any(root => root.IsAssignableFrom(type)))];
            _byOp[type] = rules;
        }

        return rules;
    }

    private Expr Intern(Expr x)
    {
        var key = new Key(x);
        if (_interned.TryGetValue(key, out Expr? same))
        {
            return same;
        }

        _interned[key] = x;
        return x;
    }

    /// <summary>Equality of expressions whose inputs are interned already.</summary>
    private readonly struct Key : IEquatable<Key>
    {
        private readonly Expr _x;
        private readonly int _hash;

        public Key(Expr x)
        {
            _x = x;
            var hash = default(HashCode);
            hash.Add(x.Op);
            for (int k = 0; k < x.Inputs.Count; k++)
            {
                hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(x.Inputs[k]));
            }

            _hash = hash.ToHashCode();
        }

        public bool Equals(Key other)
        {
            if (ReferenceEquals(_x, other._x))
            {
                return true;
            }

            if (_hash != other._hash || _x.Inputs.Count != other._x.Inputs.Count || _x.Type != other._x.Type
                || !_x.Op.Equals(other._x.Op))
            {
                return false;
            }

            for (int k = 0; k < _x.Inputs.Count; k++)
            {
                if (!ReferenceEquals(_x.Inputs[k], other._x.Inputs[k]))
                {
                    return false;
                }
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
