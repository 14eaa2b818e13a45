using Hypatia.Diagnostics;

namespace Hypatia.Autodiff;

/// <summary>An output, and the gradient of some scalar with respect to it.</summary>
internal sealed record Seed(Expr Y, Expr Gradient);

/// <summary>Reverse-mode differentiation: the chain rule from an output back to what it was computed from.</summary>
internal static class Reverse
{
    /// <summary>
    /// For each of <paramref name="wrt"/>, the gradient of Σ y·dy, or null where y does not depend on it. What is above
    /// <paramref name="wrt"/> is not looked at, unless another one is there.
    /// </summary>
    public static Expr?[] Through(Expr y, Expr dy, IReadOnlyList<Expr> wrt) => Through([new Seed(y, dy)], wrt, new HashSet<Expr>());

    /// <summary>As above, from several outputs, and never through <paramref name="constants"/>.</summary>
    public static Expr?[] Through(
        IReadOnlyList<Seed> seeds, IReadOnlyList<Expr> wrt, IReadOnlySet<Expr> constants)
    {
        HashSet<Expr> targets = [.. wrt];
        List<Expr> order = Traversal.Sort(seeds.Select(seed => seed.Y), constants);
        HashSet<Expr> onPath = OnPath(order, targets, constants);
        Dictionary<Expr, Expr> gradients = [];
        foreach ((Expr y, Expr gradient) in seeds)
        {
            Accumulate(gradients, y, gradient);
        }

        for (int k = order.Count - 1; k >= 0; k--)
        {
            Expr node = order[k];
            if (!onPath.Contains(node) || constants.Contains(node) || node.Inputs.Count == 0
                || !gradients.TryGetValue(node, out Expr? dy))
            {
                continue;
            }

            using (Origin.Use(node.Origin))
            {
                IReadOnlyList<Expr?> partial = node.Op.Gradient(node.Inputs, node, dy);
                for (int i = 0; i < partial.Count; i++)
                {
                    Expr x = node.Inputs[i];
                    if (partial[i] is { } gradient && x.DType.IsFloat() && onPath.Contains(x))
                    {
                        Accumulate(gradients, x, Fitted(gradient, x, node));
                    }
                }
            }
        }

        return [.. wrt.Select(x => gradients.GetValueOrDefault(x))];
    }

    private static HashSet<Expr> OnPath(List<Expr> order, HashSet<Expr> targets, IReadOnlySet<Expr> constants)
    {
        HashSet<Expr> onPath = [];
        foreach (Expr node in order)
        {
            bool reaches = targets.Contains(node);
            for (int i = 0; !reaches && i < node.Inputs.Count && !constants.Contains(node); i++)
            {
                reaches = onPath.Contains(node.Inputs[i]);
            }

            if (reaches)
            {
                onPath.Add(node);
            }
        }

        return onPath;
    }

    // Elementwise rules give gradients of the result's shape and dtype: here they get the operand's.
    private static Expr Fitted(Expr gradient, Expr x, Expr node)
    {
        gradient = Dimshuffle.PadLeft(T.Cast(gradient, x.DType), node.Op is Elementwise ? node.Rank : gradient.Rank);
        return node.Op is Elementwise ? SumTo.ShapeOf(Broadcast(gradient, node), x) : gradient;
    }

    // A rule may give a gradient that is smaller than the result, such as a constant.
    private static Expr Broadcast(Expr gradient, Expr node)
    {
        Shape have = gradient.Type.Shape;
        Shape need = node.Type.Shape;
        bool smaller = Axes.All(node.Rank).Any(axis => have[axis] == 1 && need[axis] != 1);
        return smaller ? BroadcastTo.Of(gradient, Lengths.Of(node)) : gradient;
    }

    private static void Accumulate(Dictionary<Expr, Expr> gradients, Expr x, Expr gradient) =>
        gradients[x] = gradients.TryGetValue(x, out Expr? sum) ? sum + gradient : gradient;
}
