namespace Hypatia;

/// <summary>Walks over graphs, with stacks of their own: graphs may be 100,000 nodes deep.</summary>
internal static class Traversal
{
    // A walk that saw more does not leave its collections to the next one, which would have to clear them.
    private const int MostKept = 4096;

    [ThreadStatic]
    private static Walk? _spare;

    /// <summary>
    /// Every expression that the outputs depend on, each once, inputs before what uses them; what is above
    /// <paramref name="leaves"/> is left out.
    /// </summary>
    public static List<Expr> Sort(IEnumerable<Expr> outputs, IReadOnlySet<Expr>? leaves = null)
    {
        Walk walk = _spare ?? new Walk();
        _spare = null;              // the outputs may come from another walk
        foreach (Expr output in outputs)
        {
            walk.Visit(output, leaves);
        }

        List<Expr> sorted = [.. walk.Sorted];
        if (sorted.Count <= MostKept)
        {
            walk.Clear();
            _spare = walk;
        }

        return sorted;
    }

    /// <summary>The outputs with some expressions replaced by others.</summary>
    public static Expr[] Replace(IReadOnlyList<Expr> outputs, IReadOnlyDictionary<Expr, Expr> replacements)
    {
        Dictionary<Expr, Expr> done = new(replacements);
        foreach (Expr node in Sort(outputs, replacements.Keys.ToHashSet()))
        {
            if (!done.ContainsKey(node))
            {
                done[node] = Rebuild(node, done);
            }
        }

        return [.. outputs.Select(output => done[output])];
    }

    /// <summary>A node over the replacements of its inputs; the node itself if none is replaced.</summary>
    public static Expr Rebuild(Expr node, IReadOnlyDictionary<Expr, Expr> replacements)
    {
        bool changed = false;
        var inputs = new Expr[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = replacements[node.Inputs[i]];
            changed |= !ReferenceEquals(inputs[i], node.Inputs[i]);
        }

        return changed ? node.With(inputs) : node;
    }

    /// <summary>What a walk needs: one after the other on a thread uses the same.</summary>
    private sealed class Walk
    {
        private readonly HashSet<Expr> _seen = [];
        private readonly Stack<Expr?> _path = new();

        public List<Expr> Sorted { get; } = [];

        public void Visit(Expr output, IReadOnlySet<Expr>? leaves)
        {
            _path.Push(output);
            while (_path.TryPop(out Expr? node))
            {
                if (node is null)
                {
                    Sorted.Add(_path.Pop()!);       // its inputs are done
                }
                else if (!_seen.Add(node))
                {
                    continue;
                }
                else if (node.Inputs.Count == 0)
                {
                    Sorted.Add(node);
                }
                else
                {
                    _path.Push(node);
                    _path.Push(null);
                    for (int k = leaves?.Contains(node) == true ? -1 : node.Inputs.Count - 1; k >= 0; k--)
                    {
                        _path.Push(node.Inputs[k]);
                    }
                }
            }
        }

        public void Clear()
        {
            _seen.Clear();
            Sorted.Clear();
        }
    }
}
