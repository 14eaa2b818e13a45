using Hypatia.Diagnostics;

namespace Hypatia.Compilation;

/// <summary>Conditions on values that a plan checks before its results are used.</summary>
internal static class Guards
{
    /// <summary>The conditions of all ops in a specialized graph, definitions of composites included.</summary>
    public static IEnumerable<Guard> Of(IReadOnlyList<Expr> outputs)
    {
        HashSet<Checked> seen = [];
        foreach (Expr node in Traversal.Sort(outputs).ToArray())
        {
            foreach (Guard guard in OfNode(node))
            {
                if (seen.Add(new Checked(node.Op, guard.Subject)))
                {
                    yield return guard with { Of = node };
                }
            }
        }
    }

    /// <summary>The error of a condition that was violated, with the first value that did.</summary>
    public static IndexException Failure(Guard guard, IReadOnlyList<Expr> leaves, ReadOnlySpan<NDArray> values)
    {
        NDArray[] found = new Program(leaves, [guard.Bad, guard.Subject]).Run(values);
        for (long k = 0; k < found[0].Count; k++)
        {
            if (found[0].Scalar(k).AsBool)
            {
                Expr node = guard.Of!;
                string place = found[0].Rank == 0 ? "" : $"\n  Found at: position {Position(found[0].Shape, k)}";
                return new IndexException(HypatiaException.Compose(
                    guard.Message(found[1].Scalar(k).AsInt64) + place,
                    node.Op is Gather { Strict: true } ? nameof(NNet.CategoricalCrossentropy) : node.Op.ToString(),
                    [.. node.Inputs.List.Where(input => input.Op is not (Iota or Constant))],
                    "correct the indices, or what they select from; nothing was computed or stored.",
                    node.Origin));
            }
        }

        throw new CompilerException("A condition was violated and holds when computed alone.");
    }

    private static Shape Position(Shape shape, long offset) =>
        new([.. shape.Strides().Select((stride, axis) => offset / stride % shape[axis])]);

    private static IEnumerable<Guard> OfNode(Expr node)
    {
        if (node.Op is not Composite composite)
        {
            return node.Op.Guards(node.Inputs);
        }

        List<Expr> definition = Traversal.Sort([composite.Expand(node.Inputs)], node.Inputs.List.ToHashSet());
        return definition.Except(node.Inputs.List).SelectMany(OfNode);
    }

    /// <summary>A condition that was met already: what an op requires of a subject.</summary>
    private sealed record Checked(Op Op, Expr Subject);
}
