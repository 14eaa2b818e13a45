using Hypatia.Diagnostics;

namespace Hypatia.Compilation;

/// <summary>Conditions on values that a plan checks before its results are used.</summary>
internal static class Guards
{
    /// <summary>The conditions of all ops in a specialized graph, definitions of composites included.</summary>
    public static IEnumerable<Guard> Of(IReadOnlyList<Expr> outputs)
    {
        HashSet<(Op, Expr)> seen = [];
        foreach (Expr node in Traversal.Sort(outputs).ToArray())
        {
            foreach (Guard guard in OfNode(node))
            {
                if (seen.Add((node.Op, guard.Subject)))
                {
                    Func<long, string> message = guard.Message;
                    yield return guard with
                    {
                        Message = value => HypatiaException.Compose(
                            message(value), node.Op.ToString(), node.Inputs.List, "pass indices within the bounds.", node.Origin),
                    };
                }
            }
        }
    }

    /// <summary>The error of a condition that was violated, with the first value that did.</summary>
    public static IndexException Failure(Guard guard, IReadOnlyList<Expr> leaves, NDArray[] values)
    {
        NDArray[] found = new Program(leaves, [guard.Bad, guard.Subject]).Run(values);
        for (long k = 0; k < found[0].Count; k++)
        {
            if (found[0].Scalar(k).AsBool)
            {
                return new IndexException(guard.Message(found[1].Scalar(k).AsInt64));
            }
        }

        throw new CompilerException("A condition was violated and holds when computed alone.");
    }

    private static IEnumerable<Guard> OfNode(Expr node)
    {
        if (node.Op is not Composite composite)
        {
            return node.Op.Guards(node.Inputs);
        }

        List<Expr> definition = Traversal.Sort([composite.Expand(node.Inputs)], node.Inputs.List.ToHashSet());
        return definition.Except(node.Inputs.List).SelectMany(OfNode);
    }
}
