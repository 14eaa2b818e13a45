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

        var path = new Stack<(Scalar Node, int Next)>([(root, 0)]);
        while (path.TryPop(out (Scalar Node, int Next) top))
        {
            if (top.Next == top.Node.Operands.Count)
            {
                order.Add(top.Node);
                continue;
            }

            path.Push((top.Node, top.Next + 1));
            Scalar operand = top.Node.Operands[top.Next];
            if (seen.Add(operand))
            {
                path.Push((operand, 0));
            }
        }
    }
}
