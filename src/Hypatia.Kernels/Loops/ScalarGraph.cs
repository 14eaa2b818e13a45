namespace Hypatia.Loops;

/// <summary>Walks over scalars as the graphs they are: each object once, without recursion.</summary>
internal static class ScalarGraph
{
    /// <summary>What <paramref name="root"/> is computed from, operands first, itself last.</summary>
    public static List<Scalar> InOrder(Scalar root)
    {
        var order = new List<Scalar>();
        InOrder(root, new HashSet<Scalar>(ReferenceEqualityComparer.Instance), order);
        return order;
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
        Stack<Scalar?> path = new(capacity: 32);
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
