namespace Hypatia.Rewriting;

/// <summary>Rules about elements that are selected: selections merge, meet the elements that were set, and move inward.</summary>
internal static class IndexingRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Subtensor>("x[:]", (x, op) => Keeps(op, x, step: 1) ? x.Inputs[0] : null),
        Rule.From<Subtensor>("x[::-1][::-1]", (x, op) =>
            x.Inputs[0].Op.Equals(op) && Keeps(op, x, -1) && Keeps(op, x.Inputs[0], -1) ? x.Inputs[0].Inputs[0] : null),
        Rule.From<Subtensor>("get of set", GetOfSet),
        Rule.From<Slice>("slice of slice", SliceOfSlice),
        Rule.From<Slice>("slice of repetition", SliceOfRepetition),
        Rule.From<Slice>("slice of join", SliceOfJoin),
        Rule.From<Slice>("slice moved inward", SliceInward),
        Rule.From<Gather>("gather of repetition", (x, _) =>
            Uniform.Value(x.Inputs[0]) is { } value ? Uniform.Of(value) : null),
        Rule.From<Gather>("elements of a product", ElementsOfProduct),
        Rule.From<Scatter>("scatter of rows", ScatterOfRows),
    ];

    // Whether the subscripts are slices without bounds, all with one constant step.
    private static bool Keeps(Subtensor op, Expr x, long step)
    {
        foreach (string subscript in op.Pattern.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            if (subscript is not ("::d" or "..."))
            {
                return false;
            }
        }

        return x.Inputs.List.Skip(1).All(given => Lengths.Constant(given) == step) && (step == 1 || x.Inputs.Count > 1);
    }

    private static Expr? GetOfSet(Expr x, Subtensor op)
    {
        Expr update = x.Inputs[0];
        if (update.Op is not SubtensorUpdate { Accumulate: false } set || set.Pattern != op.Pattern
            || op.Pattern.Contains('a', StringComparison.Ordinal)    // where indices repeat, the last value wins
            || !x.Inputs.List.Skip(1).SequenceEqual(update.Inputs.List.Skip(2)))
        {
            return null;
        }

        return update.Inputs[1];
    }

    // x[a:][b:] → x[a+b:]; x[::-1][::-1] → x.
    private static Expr? SliceOfSlice(Expr x, Slice slice)
    {
        Expr inner = x.Inputs[0];
        if (Lengths.Constant(x.Inputs[1]) == 0 && slice.Step == 1 && ShapeFacts.SameLength(x, inner, slice.Axis))
        {
            return inner;
        }

        return inner.Op is Slice first && first.Axis == slice.Axis
            ? Slice.Of(
                inner.Inputs[0],
                slice.Axis,
                Folding.Fold(inner.Inputs[1] + (x.Inputs[1] * Lengths.Of(first.Step))),
                x.Inputs[2],
                first.Step * slice.Step)
            : null;
    }

    private static Expr? SliceOfRepetition(Expr x, Slice slice)
    {
        Expr inner = x.Inputs[0];
        if (inner.Op is not BroadcastTo)
        {
            return null;
        }

        Expr[] lengths = [.. inner.Inputs.List.Skip(1)];
        lengths[slice.Axis] = x.Inputs[2];
        return inner.Inputs[0].Type.Shape[slice.Axis] == 1 ? BroadcastTo.Of(inner.Inputs[0], lengths) : null;
    }

    private static Expr? SliceOfJoin(Expr x, Slice slice)
    {
        Expr joined = x.Inputs[0];
        if (joined.Op is not Concatenate { Axis: var axis } || axis != slice.Axis
            || Lengths.Constant(x.Inputs[1]) is not { } start || Lengths.Constant(x.Inputs[2]) is not (> 0 and var length))
        {
            return null;
        }

        long low = Math.Min(start, start + ((length - 1) * slice.Step));
        long high = Math.Max(start, start + ((length - 1) * slice.Step));
        long from = 0;
        foreach (Expr part in joined.Inputs.List)
        {
            long end = from + part.Type.Shape[axis];
            if (part.Type.Shape[axis] == Shape.Unknown || (low < end && high >= end))
            {
                return null;
            }

            if (low < end)
            {
                return Slice.Of(part, axis, Lengths.Of(start - from), x.Inputs[2], slice.Step);
            }

            from = end;
        }

        return null;
    }

    // f(x)[0] → f(x[0]), where at most half of the elements are used: then it can't pay to compute them all.
    private static Expr? SliceInward(Expr x, Slice slice)
    {
        Expr inner = x.Inputs[0];
        long all = inner.Type.Shape[slice.Axis];
        long used = Lengths.Known(x.Inputs[2]);
        if (used == Shape.Unknown || (all == Shape.Unknown ? used != 1 : used * 2 > all) || all == 1)
        {
            return null;
        }

        Expr Part(Expr operand, int axis) => operand.Type.Shape[axis] == 1
            ? operand
            : Expr.Make(slice with { Axis = axis }, operand, x.Inputs[1], x.Inputs[2]);

        int last = inner.Rank - 1;
        switch (inner.Op)
        {
            case Elementwise when all != Shape.Unknown || inner.Inputs.List.All(input => ShapeFacts.SameLength(input, inner, slice.Axis)
                || input.Type.Shape[slice.Axis] == 1):
                return Expr.Make(inner.Op, [.. inner.Inputs.List.Select(input => Part(input, slice.Axis))]);
            case Dimshuffle { Order: var order }:
                return Expr.Make(inner.Op, Part(inner.Inputs[0], order[slice.Axis]));
            case Reduction { Axes: var axes }:
                int axis = Axes.All(inner.Inputs[0].Rank).Where(k => !axes.Contains(k)).ElementAt(slice.Axis);
                return Expr.Make(inner.Op, Part(inner.Inputs[0], axis));
            case Softmax { Axis: var along } when along != slice.Axis:
                return Expr.Make(inner.Op, Part(inner.Inputs[0], slice.Axis));
            case LogSoftmax { Axis: var along } when along != slice.Axis:
                return Expr.Make(inner.Op, Part(inner.Inputs[0], slice.Axis));
            case MatMul when slice.Axis == last:
                return Expr.Make(inner.Op, inner.Inputs[0], Part(inner.Inputs[1], last));
            case MatMul when slice.Axis == last - 1:
                return Expr.Make(inner.Op, Part(inner.Inputs[0], last - 1), inner.Inputs[1]);
            case MatMul:
                return Expr.Make(inner.Op, Part(inner.Inputs[0], slice.Axis), Part(inner.Inputs[1], slice.Axis));
            default:
                return null;
        }
    }

    // (a·b)[i, j] = Σₖ a[i, k]·bᵀ[j, k]: diag(a·b) and trace(a·b) need no product of matrices.
    private static Expr? ElementsOfProduct(Expr x, Gather gather)
    {
        Expr product = x.Inputs[0];
        if (product.Op is not MatMul || product.Rank != 2 || x.Inputs.Count != 3 || x.Rank != 1
            || x.Inputs[1].Op is not Iota || x.Inputs[2].Op is not Iota)
        {
            return null;
        }

        Expr rows = Expr.Make(gather, product.Inputs[0], x.Inputs[1]);
        Expr columns = Expr.Make(gather, MatMul.Transpose(product.Inputs[1]), x.Inputs[2]);
        return T.Sum(FirstRows(rows) * FirstRows(columns), 1);
    }

    private static Expr FirstRows(Expr gathered) =>
        Slice.Of(gathered.Inputs[0], 0, Lengths.Of(0L), gathered.Inputs[1].Inputs[0]);

    // Zeros with v[i] added at (i, y[i]): one element a row, so a choice by column, which fuses with what uses it.
    private static Expr? ScatterOfRows(Expr x, Scatter scatter)
    {
        (Expr target, Expr v) = (x.Inputs[0], x.Inputs[1]);
        if (x.Inputs.Count != 4 || target.Rank != 2 || x.Inputs[2].Op is not Iota || target.Type.Shape[0] != v.Type.Shape[0]
            || v.Type.Shape[0] == Shape.Unknown || v.Rank != 1)
        {
            return null;
        }

        Expr columns = Iota.Of(Lengths.Of(target, 1));
        Expr labels = x.Inputs[3];
        if (!scatter.Strict)
        {
            labels = T.Switch(T.Lt(labels, 0), labels + Lengths.Of(target, 1), labels);
        }

        Expr here = T.Eq(Dimshuffle.Insert(labels, 1), columns);
        Expr put = Dimshuffle.Insert(v, 1);
        return !scatter.Accumulate ? T.Switch(here, put, target)
            : Uniform.Is(target, 0) ? T.Switch(here, put, 0)
            : target + T.Switch(here, put, 0);
    }
}
