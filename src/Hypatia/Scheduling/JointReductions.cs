using Hypatia.Lowering;

namespace Hypatia.Scheduling;

/// <summary>
/// Joins sums of columns that read the same array, as gradients of a normalization do: it is read from memory once for all.
/// (What reduces the same lines is joined by <see cref="Lines"/>.)
/// </summary>
internal static class JointReductions
{
    private const int Most = 4;                 // in one loop, whose accumulators share the nearest cache

    /// <summary>The groups, with such reductions joined.</summary>
    /// <param name="groups">Groups in order.</param>
    /// <param name="computed">What any group computes.</param>
    /// <param name="decisions">Gets why.</param>
    public static IReadOnlyList<Group> Form(IReadOnlyList<Group> groups, IReadOnlySet<Expr> computed, Decisions? decisions)
    {
        List<Group> formed = [];
        Dictionary<Expr, Place> places = [];                // of the group that computes a value
        Dictionary<Columns, Place> last = [];               // of the group that reduces such columns
        foreach (Group group in groups)
        {
            if (ColumnsOf(group) is not { } columns)
            {
                Add(group);
                continue;
            }

            List<Expr> reads = [.. Traversal.Sort(group.Outputs[0].Inputs.List, computed).Where(x => computed.Contains(x) || x.Op is LeafOp)];
            if (last.TryGetValue(columns, out Place? place) && formed[place.Index] is { Outputs.Count: < Most } earlier
                && !reads.Exists(x => places.GetValueOrDefault(x)?.Index >= place.Index)
                && SharedArray(earlier, reads, computed, columns.Operand.Count) is { } shared)
            {
                formed[place.Index] = new Group(GroupKind.Reduce, [.. earlier.Outputs, group.Outputs[0]]);
                places[group.Outputs[0]] = place;
                decisions?.About(
                    group.Outputs[0], $"is computed in one loop with {Decisions.Name(earlier.Outputs[0])}: both add up columns, and read {Decisions.Name(shared)}");
                continue;
            }

            last[columns] = Add(group);
        }

        return formed;

        Place Add(Group group)
        {
            var place = new Place(formed.Count);
            formed.Add(group);
            foreach (Expr x in group.Members)
            {
                places[x] = place;
            }

            return place;
        }
    }

    private static Columns? ColumnsOf(Group group)
    {
        if (group.Kind != GroupKind.Reduce || group.Outputs is not [var x])
        {
            return null;
        }

        var partial = x.Op as PartialReduction;
        Axes axes = partial?.Of.Axes ?? ((Reduction)x.Op).Axes;
        Shape operand = x.Inputs[0].Type.Shape;
        return ReduceLowering.IsAlongReduced(operand, axes) ? null : new Columns(operand, axes, partial?.Axis ?? -1, partial?.ChunkLength ?? 0);
    }

    private static Expr? SharedArray(Group group, List<Expr> reads, IReadOnlySet<Expr> computed, long count)
    {
        HashSet<Expr> others = [.. Traversal.Sort(group.Outputs.SelectMany(x => x.Inputs.List), computed)];
        return reads.Find(x => x.Type.Shape.Count >= count && others.Contains(x));
    }

    /// <summary>Loops of a reduction.</summary>
    private sealed record Columns(Shape Operand, Axes Axes, int CutAxis, long ChunkLength)
    {
        public bool Equals(Columns? other) => other is not null && other.Operand == Operand && other.Axes.Equals(Axes)
            && other.CutAxis == CutAxis && other.ChunkLength == ChunkLength;

        public override int GetHashCode() => HashCode.Combine(Operand.GetHashCode(), Axes.GetHashCode(), CutAxis, ChunkLength);
    }

    /// <summary>The place of a group in the list.</summary>
    private sealed record Place(int Index);
}
