namespace Hypatia.Rewriting;

/// <summary>Rules about ops that only move elements.</summary>
internal static class MovementRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Dimshuffle>("dimshuffle", Dimshuffled),
        Rule.From<BroadcastTo>("broadcast", Broadcast),
        Rule.From<Reshape>("reshape", Reshaped),
        Rule.From<Slice>("slice", Sliced),
        Rule.From<Concatenate>("concatenate", x =>
            x.Inputs.Count == 1 ? x.Inputs[0]
            : x.Inputs.List.Any(IsEmpty(x)) && x.Inputs.List.Any(part => !IsEmpty(x)(part))
                ? T.Concatenate([.. x.Inputs.List.Where(part => !IsEmpty(x)(part))], ((Concatenate)x.Op).Axis)
            : null),
        Rule.From<Elementwise>("operand repeated in vain", RepeatedOperand),
        Rule.From<SumTo>("sum to shape", SummedTo),
        Rule.From<LengthOf>("known length", x =>
            x.Inputs[0].Type.Shape[((LengthOf)x.Op).Axis] is var n and not Shape.Unknown ? Lengths.Of(n) : LengthThrough(x)),
        Rule.From<Scatter>("scatter of rows", ScatterOfRows),

        // Kernels of products may rely on elements to read.
        Rule.From<MatMul>("empty product", x =>
            x.Type.Shape.IsKnown && x.Inputs.List.Any(operand => operand.Type.Shape is { IsKnown: true, Count: 0 })
                ? Uniform.Like(x, 0)
                : null),
    ];

    private static Func<Expr, bool> IsEmpty(Expr joined) => part => part.Type.Shape[((Concatenate)joined.Op).Axis] == 0;

    private static Expr? Dimshuffled(Expr x)
    {
        Axes order = ((Dimshuffle)x.Op).Order;
        Expr inner = x.Inputs[0];
        return order == Axes.All(inner.Rank) ? inner
            : inner.Op is Dimshuffle first
                ? Dimshuffle.Of(inner.Inputs[0], [.. order.Select(axis => axis == Dimshuffle.New ? axis : first.Order[axis])])
            : inner.Op is Constant { Value: { Count: 1 } value }
                ? Constant.Of(value.Reshape([.. Enumerable.Repeat(1L, order.Count)]))
            : inner.Op is BroadcastTo && order.Count(axis => axis != Dimshuffle.New) == inner.Rank
                ? BroadcastTo.Of(
                    Dimshuffle.Of(inner.Inputs[0], order),
                    [.. order.Select(axis => axis == Dimshuffle.New ? Lengths.Of(1L) : inner.Inputs[axis + 1])])
            : null;
    }

    private static Expr? Broadcast(Expr x)
    {
        Expr inner = x.Inputs[0];
        return inner.Type.Shape == x.Type.Shape && x.Type.Shape.IsKnown ? inner
            : inner.Op is BroadcastTo ? BroadcastTo.Of(inner.Inputs[0], [.. x.Inputs.List.Skip(1)])
            : null;
    }

    private static Expr? Reshaped(Expr x)
    {
        Expr inner = x.Inputs[0];
        return inner.Type.Shape == x.Type.Shape && x.Type.Shape.IsKnown ? inner
            : inner.Op is Reshape ? Reshape.Of(inner.Inputs[0], [.. x.Inputs.List.Skip(1)])
            : Uniform.Value(x) is { } value ? BroadcastTo.Of(Constant.Of(NDArray.Of(value)), [.. x.Inputs.List.Skip(1)])
            : WithoutOnes(inner.Type.Shape).SequenceEqual(WithoutOnes(x.Type.Shape)) && inner.Type.Shape.IsKnown && x.Type.Shape.IsKnown
                ? OnesMoved(inner, x.Type.Shape)
            : null;
    }

    private static IEnumerable<long> WithoutOnes(Shape shape) => shape.Where(n => n != 1);

    // Axes of length 1 come and go; the others keep their order.
    private static Expr OnesMoved(Expr x, Shape to)
    {
        var axes = new Queue<int>(Enumerable.Range(0, x.Rank).Where(axis => x.Type.Shape[axis] != 1));
        return Dimshuffle.Of(x, [.. to.Select(n => n == 1 ? Dimshuffle.New : axes.Dequeue())]);
    }

    // x[a:][b:] → x[a+b:], for constant starts; x[::-1][::-1] → x.
    private static Expr? Sliced(Expr x)
    {
        var slice = (Slice)x.Op;
        Expr inner = x.Inputs[0];
        long? start = Lengths.Constant(x.Inputs[1]);
        long length = Lengths.Known(x.Inputs[2]);
        if (start == 0 && slice.Step == 1 && length != Shape.Unknown && length == inner.Type.Shape[slice.Axis])
        {
            return inner;
        }

        return inner.Op is Slice first && first.Axis == slice.Axis
            ? Slice.Of(
                inner.Inputs[0],
                slice.Axis,
                Folding.Fold(inner.Inputs[1] + (x.Inputs[1] * first.Step)),
                x.Inputs[2],
                first.Step * slice.Step)
            : Uniform.Value(inner) is { } value
                ? BroadcastTo.Of(
                    Constant.Of(NDArray.Of(value)),
                    [.. Lengths.Of(inner).Select((n, axis) => axis == slice.Axis ? x.Inputs[2] : n)])
            : null;
    }

    // Elementwise ops repeat axes of length 1 themselves, where another operand has the full length.
    private static Expr? RepeatedOperand(Expr x)
    {
        if (!x.Inputs.List.Any(input => input.Op is BroadcastTo))
        {
            return null;
        }

        Expr[] bare = [.. x.Inputs.List.Select(input => input.Op is BroadcastTo ? input.Inputs[0] : input)];
        if (!x.Type.Shape.IsKnown)
        {
            // Only a constant may go, and only if an operand that stays has the whole shape for certain: itself.
            Expr[] rest = [.. x.Inputs.List.Where(input => input.Op is not BroadcastTo)];
            if (rest.Length == 0 || !x.Inputs.List.Where(input => input.Op is BroadcastTo).All(input => Uniform.Value(input) is not null
                && input.Inputs.List.Skip(1).Select((length, axis) => IsLengthOf(length, rest[0], axis)).All(same => same)))
            {
                return null;
            }

            return Expr.Make(x.Op, bare);
        }

        Expr moved = Expr.Make(x.Op, bare);
        return moved.Type.Shape == x.Type.Shape ? moved : BroadcastTo.Of(moved, Lengths.Of(x));
    }

    private static bool IsLengthOf(Expr length, Expr x, int axis) =>
        length is { Op: LengthOf of } ? of.Axis == axis && ReferenceEquals(length.Inputs[0], x)
        : Lengths.Constant(length) is { } n && n == x.Type.Shape[axis];

    private static Expr? SummedTo(Expr x)
    {
        Shape from = x.Inputs[0].Type.Shape;
        Shape to = x.Type.Shape;
        if (!from.IsKnown || !to.IsKnown)
        {
            return null;
        }

        int[] axes = [.. Axes.All(to.Rank).Where(axis => to[axis] == 1 && from[axis] != 1)];
        return axes.Length == 0 ? x.Inputs[0] : T.Sum(x.Inputs[0], axes, keepDims: true);
    }

    // The lengths of f(x) are those of x; where there are several operands, a mismatch must still be found.
    private static Expr? LengthThrough(Expr x)
    {
        Expr of = x.Inputs[0];
        int axis = ((LengthOf)x.Op).Axis;
        return of.Op switch
        {
            Elementwise when of.Inputs.Count == 1 => Lengths.Of(of.Inputs[0], axis),
            Softmax or LogSoftmax => Lengths.Of(of.Inputs[0], axis),
            BroadcastTo or Reshape => of.Inputs[axis + 1],
            Iota => of.Inputs[0],
            Slice slice => axis == slice.Axis ? of.Inputs[2] : Lengths.Of(of.Inputs[0], axis),
            Dimshuffle { Order: var order } when order[axis] != Dimshuffle.New => Lengths.Of(of.Inputs[0], order[axis]),
            Reduction { Axes: var axes } =>
                Lengths.Of(of.Inputs[0], Axes.All(of.Inputs[0].Rank).Where(k => !axes.Contains(k)).ElementAt(axis)),
            _ => null,
        };
    }

    // Zeros with v[i] added at (i, y[i]): one element a row, so a choice by column, which fuses with what uses it.
    private static Expr? ScatterOfRows(Expr x)
    {
        (Expr target, Expr v) = (x.Inputs[0], x.Inputs[1]);
        if (x.Inputs.Count != 4 || target.Rank != 2 || x.Inputs[2].Op is not Iota || target.Type.Shape[0] != v.Type.Shape[0]
            || v.Type.Shape[0] == Shape.Unknown || v.Rank != 1)
        {
            return null;
        }

        Expr columns = Iota.Of(Lengths.Of(target, 1));
        Expr labels = x.Inputs[3];
        if (!((Scatter)x.Op).Strict)
        {
            labels = T.Switch(T.Lt(labels, 0), labels + Lengths.Of(target, 1), labels);
        }

        Expr here = T.Eq(Dimshuffle.Insert(labels, 1), columns);
        Expr put = Dimshuffle.Insert(v, 1);
        return ((Scatter)x.Op).Accumulate
            ? Uniform.Is(target, 0) ? T.Switch(here, put, 0) : target + T.Switch(here, put, 0)
            : T.Switch(here, put, target);
    }

}
