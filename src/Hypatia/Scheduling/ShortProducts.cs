namespace Hypatia.Scheduling;

/// <summary>
/// Leaves short products to the micro-kernels where their terms were written out for nothing: nothing is computed with the
/// elements in the same loop. Those kernels write a large result faster than a loop over its elements.
/// </summary>
internal static class ShortProducts
{
    // Smaller results stay in cache, and a loop over columns has few vectors if there are few columns.
    private const long FewestElements = 1 << 16;
    private const long FewestColumns = 64;

    /// <summary>The groups, with such products as groups of their own kind.</summary>
    public static IReadOnlyList<Group> Form(IReadOnlyList<Group> groups, IReadOnlySet<Expr> stored, Decisions? decisions = null)
    {
        var formed = new Group[groups.Count];
        for (int k = 0; k < formed.Length; k++)
        {
            bool isProduct = IsProduct(groups[k], stored);
            formed[k] = isProduct ? new Group(GroupKind.Contract, groups[k].Outputs) : groups[k];
            if (isProduct)
            {
                decisions?.About(
                    groups[k].Outputs[0], $"is a product of its own after all: it is alone in its loop, and has at least {FewestElements} elements");
            }
        }

        return formed;
    }

    private static bool IsProduct(Group group, IReadOnlySet<Expr> stored) =>
        group.Kind == GroupKind.Map && group.Members is [{ Op: MatMul } x]
        && x.Type.Shape[x.Rank - 1] >= FewestColumns
        && x.Type.Shape[x.Rank - 1] * x.Type.Shape[x.Rank - 2] >= FewestElements
        && x.Inputs.List.Select(MatrixOperand.Base).All(operand => operand.Op is LeafOp || stored.Contains(operand));
}
