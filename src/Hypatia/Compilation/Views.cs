namespace Hypatia.Compilation;

/// <summary>
/// Graphs without reshapes at their borders: what reads the reshape of a leaf, reads that leaf under other lengths, and of a result that is
/// a reshape, what is reshaped is computed. The elements are the same in the same order, so nothing needs to be copied.
/// </summary>
internal static class Views
{
    /// <summary>What is computed for outputs whose lengths are known, or stood for: each is of the output's dtype, with its elements.</summary>
    public static Expr[] Of(IReadOnlyList<Expr> outputs)
    {
        Expr[] values = [.. outputs.Select(output => output.Op is Reshape && output.Inputs[0].Op is not LeafOp ? output.Inputs[0] : output)];
        List<Expr> order = Traversal.Sort(values);
        if (!order.Exists(IsOfLeaf))
        {
            return values;
        }

        Dictionary<(Expr Leaf, Shape Shape), Expr> views = [];
        Dictionary<Expr, Expr> done = [];
        foreach (Expr x in order)
        {
            if (!IsOfLeaf(x))
            {
                done[x] = Traversal.Rebuild(x, done);
                continue;
            }

            Expr leaf = x.Inputs[0];
            if (!views.TryGetValue((leaf, x.Type.Shape), out Expr? view))
            {
                views[(leaf, x.Type.Shape)] = view = Expr.Leaf(leaf.Op, x.Type, leaf.Name);
            }

            done[x] = view;
        }

        return [.. values.Select(value => done[value])];
    }

    private static bool IsOfLeaf(Expr x) => x.Op is Reshape && x.Inputs[0].Op is LeafOp and not Constant;
}
