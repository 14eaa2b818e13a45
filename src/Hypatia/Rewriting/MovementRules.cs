namespace Hypatia.Rewriting;

/// <summary>Rules about ops that reorder, repeat and join elements, and about lengths.</summary>
internal static class MovementRules
{
    /// <summary>What must happen before scheduling, even if nothing else is rewritten.</summary>
    public static IReadOnlyList<Rule> Required { get; } =
    [
        Rule.From<SumTo>("sum to shape", SummedTo),
        Rule.From<LengthOf>("known length", (x, length) => ShapeFacts.LengthThrough(x.Inputs[0], length.Axis)),
        Rule.From<SpecifyShape>("specified shape", (x, _) => x.Inputs[0].Type.Shape.IsKnown ? x.Inputs[0] : null),

        // Kernels of products may rely on elements to read.
        Rule.From<MatMul>("empty product", (x, _) =>
            x.Type.Shape.IsKnown && x.Inputs.List.Any(operand => operand.Type.Shape is { IsKnown: true, Count: 0 })
                ? T.ZerosLike(x)
                : null),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Required,
        Rule.From<Dimshuffle>("dimshuffle", Dimshuffled),
        Rule.From<BroadcastTo>("broadcast", Broadcast),
        Rule.From<Reshape>("reshape", Reshaped),
        Rule.From<Elementwise>("operand repeated in vain", RepeatedOperand),
        Rule.From<Concatenate>("join of one", (x, _) => x.Inputs.Count == 1 ? x.Inputs[0] : null),
        Rule.From<Concatenate>("join with empty", JoinWithEmpty),
        Rule.From<Concatenate>("join of joins", JoinOfJoins),
        Rule.From<Concatenate>("join of neighbors", JoinOfNeighbors),
    ];

    private static Expr? SummedTo(Expr x)
    {
        Shape from = x.Inputs[0].Type.Shape;
        Shape to = x.Type.Shape;
        if (!from.IsKnown || !to.IsKnown)
        {
            return ShapeFacts.SameShape(x.Inputs[0], x) ? x.Inputs[0] : null;
        }

        int[] axes = [.. Axes.All(to.Rank).Where(axis => to[axis] == 1 && from[axis] != 1)];
        return axes.Length == 0 ? x.Inputs[0] : T.Sum(x.Inputs[0], axes, keepDims: true);
    }

    private static Expr? Dimshuffled(Expr x, Dimshuffle op)
    {
        Axes order = op.Order;
        Expr inner = x.Inputs[0];
        if (order == Axes.All(inner.Rank))
        {
            return inner;
        }

        return inner.Op switch
        {
            Dimshuffle first => Dimshuffle.Of(
                inner.Inputs[0], [.. order.Select(axis => axis == Dimshuffle.New ? axis : first.Order[axis])]),
            Constant { Value: { Count: 1 } value } => Constant.Of(value.Reshape(Shape.Of(order.Count, 1).AsSpan())),
            BroadcastTo when order.Count(axis => axis != Dimshuffle.New) == inner.Rank => BroadcastTo.Of(
                Dimshuffle.Of(inner.Inputs[0], order),
                [.. order.Select(axis => axis == Dimshuffle.New ? Lengths.Of(1L) : inner.Inputs[axis + 1])]),
            MatMul when inner.Rank == 2 && order.Count == 2 && IsTransposed(inner.Inputs[0]) && IsTransposed(inner.Inputs[1]) =>
                Expr.Make(inner.Op, inner.Inputs[1].Inputs[0], inner.Inputs[0].Inputs[0]),    // (aᵀ·bᵀ)ᵀ = b·a
            Elementwise when inner.Inputs.Count == 1 && inner.Inputs[0] is { Op: Dimshuffle first } shuffled
                && order.Select(axis => axis == Dimshuffle.New ? axis : first.Order[axis]).SequenceEqual(Axes.All(shuffled.Inputs[0].Rank)) =>
                Expr.Make(inner.Op, shuffled.Inputs[0]),    // f(xᵀ)ᵀ = f(x)
            _ => null,
        };
    }

    private static bool IsTransposed(Expr x) => x.Op is Dimshuffle { Order: [1, 0] };

    private static Expr? Broadcast(Expr x)
    {
        Expr inner = x.Inputs[0];
        return ShapeFacts.SameShape(inner, x) ? inner
            : inner.Op is BroadcastTo ? BroadcastTo.Of(inner.Inputs[0], [.. x.Inputs.List.Skip(1)])
            : null;
    }

    private static Expr? Reshaped(Expr x)
    {
        Expr inner = x.Inputs[0];
        return inner.Rank == x.Rank && ShapeFacts.SameShape(inner, x) ? inner
            : inner.Op is Reshape ? Reshape.Of(inner.Inputs[0], [.. x.Inputs.List.Skip(1)])
            : Uniform.Value(inner) is { } value ? BroadcastTo.Of(Uniform.Of(value), [.. x.Inputs.List.Skip(1)])
            : OnlyOnesMoved(inner, x);
    }

    // Axes of length 1 come and go; the others keep their order.
    private static Expr? OnlyOnesMoved(Expr from, Expr to)
    {
        int[] kept = [.. Axes.All(from.Rank).Where(axis => from.Type.Shape[axis] != 1)];
        int[] places = [.. Axes.All(to.Rank).Where(axis => to.Type.Shape[axis] != 1)];
        if (kept.Length != places.Length || from.Type.Shape.AsSpan().Contains(0))
        {
            return null;
        }

        var order = new int[to.Rank];
        Array.Fill(order, Dimshuffle.New);
        for (int k = 0; k < kept.Length; k++)
        {
            order[places[k]] = kept[k];
        }

        Expr moved = Dimshuffle.Of(from, order);
        return ShapeFacts.SameShape(moved, to) ? moved : null;
    }

    // Elementwise ops repeat axes of length 1 themselves. What is repeated in all operands is repeated afterwards.
    private static Expr? RepeatedOperand(Expr x)
    {
        if (!AnyRepeated(x))
        {
            return null;
        }

        Expr bare = Expr.Make(x.Op, [.. x.Inputs.List.Select(input => input.Op is BroadcastTo ? input.Inputs[0] : input)]);
        if (ShapeFacts.SameShape(bare, x))
        {
            return bare;
        }

        var lengths = new Expr[x.Rank];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            if (ShapeFacts.LengthThrough(x, axis) is not { } length)
            {
                return null;
            }

            lengths[axis] = length;
        }

        return BroadcastTo.Of(bare, lengths);
    }

    private static bool AnyRepeated(Expr x)
    {
        for (int k = 0; k < x.Inputs.Count; k++)
        {
            if (x.Inputs[k].Op is BroadcastTo)
            {
                return true;
            }
        }

        return false;
    }

    private static Expr? JoinWithEmpty(Expr x, Concatenate op)
    {
        Expr[] parts = [.. x.Inputs.List.Where(part => part.Type.Shape[op.Axis] != 0)];
        return parts.Length < x.Inputs.Count && parts.Length > 0 ? Expr.Make(op, parts) : null;
    }

    private static Expr? JoinOfJoins(Expr x, Concatenate op) =>
        x.Inputs.List.Any(part => part.Op.Equals(op)) && x.Inputs.Count <= 64
            ? Expr.Make(op, [.. x.Inputs.List.SelectMany(part => part.Op.Equals(op) ? part.Inputs.List : [part])])
            : null;

    // Slices of one expression that follow each other are one slice; all of them together are the expression.
    private static Expr? JoinOfNeighbors(Expr x, Concatenate op)
    {
        List<Expr> parts = [];
        foreach (Expr part in x.Inputs.List)
        {
            if (parts.Count > 0 && Neighbors(parts[^1], part, op.Axis) is { } both)
            {
                parts[^1] = both;
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts.Count < x.Inputs.Count ? Expr.Make(op, [.. parts]) : null;
    }

    private static Expr? Neighbors(Expr first, Expr second, int axis) =>
        first.Op is Slice { Step: 1 } a && second.Op is Slice { Step: 1 } b && a.Axis == axis && b.Axis == axis
        && ReferenceEquals(first.Inputs[0], second.Inputs[0])
        && Lengths.Constant(first.Inputs[1]) is { } start && Lengths.Constant(first.Inputs[2]) is { } length
        && Lengths.Constant(second.Inputs[1]) == start + length && Lengths.Constant(second.Inputs[2]) is { } more
            ? Slice.Of(first.Inputs[0], axis, first.Inputs[1], Lengths.Of(length + more))
            : null;
}
