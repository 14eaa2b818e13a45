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
        Stack<Expr?> stack = new();
        foreach (Expr output in outputs)
        {
            stack.Push(output);
            while (stack.TryPop(out Expr? node))
            {
                if (node is null)
                {
                    sorted.Add(stack.Pop()!);    // its inputs are done
                }
                else if (!seen.Add(node))
                {
                    continue;
                }
                else if (node.Inputs.Count == 0)
                {
                    sorted.Add(node);
                }
                else
                {
                    stack.Push(node);
                    stack.Push(null);
                    for (int k = leaves?.Contains(node) == true ? -1 : node.Inputs.Count - 1; k >= 0; k--)
                    {
                        stack.Push(node.Inputs[k]);
                    }
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
