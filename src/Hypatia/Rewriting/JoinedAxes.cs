namespace Hypatia.Rewriting;

/// <summary>
/// Rules that compute with joined axes what is split afterwards: <c>f(reshape(x))</c> becomes <c>reshape(f(x))</c> where the reshape splits
/// axes. A product of a tensor of more axes with a matrix is one of matrices between reshapes; so what follows it stays one of
/// matrices, which can share loops with it, and the reshapes meet and vanish, or end at results.
/// For graphs all of whose lengths are known.
/// </summary>
internal static class JoinedAxes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Elementwise>("elementwise of split", Elementwise),
        Rule.From<Reduction>("reduction of split", Reduced),
        Rule.From<Dimshuffle>("axes of length 1 of split", OnesInserted),
        Rule.From<Reshape>("join of repeated", JoinOfRepeated),
    ];

    // All operands have to be split in the same way, or to be the same along what is split.
    private static Expr? Elementwise(Expr x)
    {
        Expr? split = null;
        for (int k = 0; k < x.Inputs.Count && split is null; k++)
        {
            split = IsSplit(x.Inputs[k]) && x.Inputs[k].Type.Shape == x.Type.Shape ? x.Inputs[k] : null;
        }

        if (split is null)
        {
            return null;
        }

        Shape joined = split.Inputs[0].Type.Shape;
        IReadOnlyList<Part> parts = PartsOf(x.Type.Shape, joined);
        var operands = new Expr[x.Inputs.Count];
        for (int k = 0; k < operands.Length; k++)
        {
            if (Joined(x.Inputs[k], x.Type.Shape, joined, parts) is not { } operand)
            {
                return null;
            }

            operands[k] = operand;
        }

        return Reshaped(Expr.Make(x.Op, operands), x.Type.Shape);
    }

    // Over all or none of the axes that one was split into.
    private static Expr? Reduced(Expr x)
    {
        Expr split = x.Inputs[0];
        if (!IsSplit(split))
        {
            return null;
        }

        var reduction = (Reduction)x.Op;
        List<int> axes = [];
        foreach (Part part in PartsOf(split.Type.Shape, split.Inputs[0].Type.Shape))
        {
            int reduced = Enumerable.Range(part.Start, part.Count).Count(reduction.Axes.Contains);
            if (reduced == part.Count)
            {
                axes.AddRange(Enumerable.Range(part.JoinedStart, part.JoinedCount));
            }
            else if (reduced > 0)
            {
                return null;
            }
        }

        return axes.Count == 0 ? null : Reshaped(Expr.Make(reduction with { Axes = [.. axes] }, split.Inputs[0]), x.Type.Shape);
    }

    private static Expr? OnesInserted(Expr x, Dimshuffle op)
    {
        Expr split = x.Inputs[0];
        int[] kept = [.. op.Order.Where(axis => axis != Dimshuffle.New)];
        return IsSplit(split) && kept.SequenceEqual(kept.Order()) ? Reshaped(split.Inputs[0], x.Type.Shape) : null;
    }

    // reshape(repeat(x)) = repeat(reshape(x)), where axes are joined that are all repeated, or none.
    private static Expr? JoinOfRepeated(Expr x)
    {
        Expr repeated = x.Inputs[0];
        if (repeated.Op is not BroadcastTo || !AreKnown(x) || x.Rank >= repeated.Rank
            || Joined(repeated.Inputs[0], repeated.Type.Shape, x.Type.Shape, PartsOf(repeated.Type.Shape, x.Type.Shape)) is not { } once)
        {
            return null;
        }

        return BroadcastTo.Of(once, Constants(x.Type.Shape));
    }

    private static bool IsSplit(Expr x) =>
        x.Op is Reshape && AreKnown(x) && x.Inputs[0].Op is not LeafOp && x.Rank > x.Inputs[0].Rank && x.Inputs[0].Rank > 0;

    private static bool AreKnown(Expr x) =>
        x.Type.Shape is { IsKnown: true, Count: > 0 } && x.Inputs[0].Type.Shape.IsKnown;

    // An operand, which repeats along axes of length 1, under the joined axes; null if it repeats along some of those that are joined.
    private static Expr? Joined(Expr operand, Shape split, Shape joined, IReadOnlyList<Part> parts)
    {
        Shape shape = operand.Type.Shape;
        if (shape.Rank != split.Rank || !shape.IsKnown)
        {
            return null;
        }

        var lengths = new long[joined.Rank];
        foreach (Part part in parts)
        {
            bool isWhole = true, isOne = true;
            for (int axis = part.Start; axis < part.Start + part.Count; axis++)
            {
                isWhole &= shape[axis] == split[axis];
                isOne &= shape[axis] == 1;
            }

            if (!isWhole && !isOne)
            {
                return null;
            }

            for (int axis = part.JoinedStart; axis < part.JoinedStart + part.JoinedCount; axis++)
            {
                lengths[axis] = isWhole ? joined[axis] : 1;
            }
        }

        return Reshaped(operand, new Shape(lengths));
    }

    private static Expr Reshaped(Expr x, Shape shape) =>
        x.Op is Reshape ? Reshaped(x.Inputs[0], shape)
        : x.Type.Shape == shape ? x
        : Reshape.Of(x, Constants(shape));

    private static Expr[] Constants(Shape shape)
    {
        var lengths = new Expr[shape.Rank];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = Lengths.Of(shape[axis]);
        }

        return lengths;
    }

    // The shortest runs of axes of both shapes that have as many elements.
    private static List<Part> PartsOf(Shape split, Shape joined)
    {
        List<Part> parts = [];
        for (int axis = 0, other = 0; axis < split.Rank || other < joined.Rank;)
        {
            (int start, int otherStart) = (axis, other);
            long count = axis < split.Rank ? split[axis++] : 1;
            long otherCount = other < joined.Rank ? joined[other++] : 1;
            while (count != otherCount)
            {
                if (count < otherCount)
                {
                    count *= split[axis++];
                }
                else
                {
                    otherCount *= joined[other++];
                }
            }

            parts.Add(new Part(start, axis - start, otherStart, other - otherStart));
        }

        return parts;
    }

    /// <summary>Axes that have together as many elements as some joined axes.</summary>
    private sealed record Part(int Start, int Count, int JoinedStart, int JoinedCount);
}
