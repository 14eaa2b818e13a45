namespace Hypatia.Scheduling;

/// <summary>
/// Reductions over the last axes and others, with an axis between that is kept, such as the sums of a batch of images for each
/// channel: over the last axes first, so that memory is read in order.
/// </summary>
internal static class NestedReductions
{
    private const long FewestElements = 1 << 15;
    private const long FewestTerms = 16;            // of the inner ones, whose results are written and read again

    /// <summary>The outputs with such reductions made one after the other, or null if there are none.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="order">What they are computed from, sorted.</param>
    public static IReadOnlyList<Expr>? Rewrite(IReadOnlyList<Expr> outputs, List<Expr> order)
    {
        if (!order.Exists(node => Split(node) > 0))
        {
            return null;
        }

        Dictionary<Expr, Expr> done = [];
        foreach (Expr node in order)
        {
            Expr rebuilt = Traversal.Rebuild(node, done);
            done[node] = Split(node) is > 0 and var last ? Rewritten(rebuilt, last) : rebuilt;
        }

        return [.. outputs.Select(output => done[output])];
    }

    // Of the axes, how many come before the last ones; 0 if it is not such a reduction.
    private static int Split(Expr node)
    {
        if (node.Op is not Reduction { Axes: { Count: > 1 } axes })
        {
            return 0;
        }

        Shape shape = node.Inputs[0].Type.Shape;
        if (shape.Count < FewestElements || axes[axes.Count - 1] != shape.Rank - 1)
        {
            return 0;
        }

        int first = axes.Count - 1;
        long terms = shape[axes[first]];
        while (first > 0 && axes[first - 1] == axes[first] - 1)
        {
            first--;
            terms *= shape[axes[first]];
        }

        return first > 0 && terms >= FewestTerms ? first : 0;
    }

    private static Expr Rewritten(Expr node, int before)
    {
        var op = (Reduction)node.Op;
        Expr x = T.Cast(node.Inputs[0], op.Accumulator(node.Inputs[0].DType));
        Expr inner = Expr.Make(op with { Axes = [.. op.Axes.Skip(before)] }, x);
        return T.Cast(Expr.Make(op with { Axes = [.. op.Axes.Take(before)] }, inner), node.DType);
    }
}
