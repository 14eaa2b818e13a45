namespace Hypatia;

/// <summary>Walks over graphs, with stacks of their own: graphs may be 100,000 nodes deep.</summary>
internal static class Traversal
{
    /// <summary>
    /// Every expression that the outputs depend on, each once, inputs before what uses them; what is above
    /// <paramref name="leaves"/> is left out.
    /// </summary>
    public static List<Expr> Sort(IEnumerable<Expr> outputs, IReadOnlySet<Expr>? leaves = null)
    {
        List<Expr> sorted = [];
        HashSet<Expr> seen = [];
        Stack<(Expr Node, int Next)> stack = new();
        foreach (Expr output in outputs)
        {
            if (seen.Add(output))
            {
                stack.Push((output, 0));
            }

            while (stack.TryPop(out (Expr Node, int Next) top))
            {
                (Expr node, int next) = top;
                int count = leaves?.Contains(node) == true ? 0 : node.Inputs.Count;
                if (next == count)
                {
                    sorted.Add(node);
                    continue;
                }

                stack.Push((node, next + 1));
                if (seen.Add(node.Inputs[next]))
                {
                    stack.Push((node.Inputs[next], 0));
                }
            }
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
}
