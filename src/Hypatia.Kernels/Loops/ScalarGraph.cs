namespace Hypatia.Loops;

/// <summary>Walks over scalars as the graphs they are: each object once, without recursion.</summary>
internal static class ScalarGraph
{
    // A walk that saw more does not leave its collections to the next one, which would have to clear them.
    private const int MostKept = 4096;

    [ThreadStatic]
    private static HashSet<Scalar>? _spareSet;

    [ThreadStatic]
    private static Stack<Scalar?>? _sparePath;

    /// <summary>What <paramref name="root"/> is computed from, operands first, itself last.</summary>
    public static List<Scalar> InOrder(Scalar root)
    {
        HashSet<Scalar> seen = _spareSet ?? new(ReferenceEqualityComparer.Instance);
        _spareSet = null;
        var order = new List<Scalar>();
        InOrder(root, seen, order);
        if (seen.Count <= MostKept)
        {
            seen.Clear();
            _spareSet = seen;
        }

        return order;
    }

    /// <summary>
    /// What something is for <paramref name="root"/>, if it is known for all that it is computed from: what is not
    /// <paramref name="known"/> yet is added, operands first.
    /// </summary>
    public static T Complete<T>(Scalar root, Dictionary<Scalar, T> known, Func<Scalar, T> find)
    {
        if (known.TryGetValue(root, out T? result))
        {
            return result;
        }

        Stack<Scalar?> path = _sparePath ?? new();
        _sparePath = null;              // to find something may need a walk, too
        path.Push(root);
        while (path.TryPeek(out Scalar? node))
        {
            int waiting = path.Count;
            bool isKnown = known.ContainsKey(node!);
            ReadOnlySpan<Scalar> operands = isKnown ? [] : node!.OperandSpan;
            for (int k = operands.Length - 1; k >= 0; k--)
            {
                if (!known.ContainsKey(operands[k]))
                {
                    path.Push(operands[k]);
                }
            }

            if (path.Count == waiting)
            {
                path.Pop();
                if (!isKnown)
                {
                    known.Add(node!, find(node!));
                }
            }
        }

        _sparePath = path;
        return known[root];
    }

    /// <summary>Appends what is not in <paramref name="seen"/> yet, operands first.</summary>
    public static void InOrder(Scalar root, HashSet<Scalar> seen, List<Scalar> order)
    {
        if (!seen.Add(root))
        {
            return;
        }

        if (root.OperandSpan.IsEmpty)
        {
            order.Add(root);
            return;
        }

        // A null says that all operands of what lies below it are done.
        Stack<Scalar?> path = _sparePath ??= new();
        Open(root);
        while (path.TryPop(out Scalar? node))
        {
            if (node is null)
            {
                order.Add(path.Pop()!);
            }
            else if (!seen.Add(node))
            {
                continue;
            }
            else if (node.OperandSpan.IsEmpty)
            {
                order.Add(node);
            }
            else
            {
                Open(node);
            }
        }

        void Open(Scalar node)
        {
            path.Push(node);
            path.Push(null);
            ReadOnlySpan<Scalar> operands = node.OperandSpan;
            for (int k = operands.Length - 1; k >= 0; k--)
            {
                path.Push(operands[k]);
            }
        }
    }
}
