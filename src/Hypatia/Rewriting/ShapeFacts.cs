namespace Hypatia.Rewriting;

/// <summary>What can be shown about lengths that are not known yet, by looking at a bounded part of the graph.</summary>
internal static class ShapeFacts
{
    private const int Budget = 64;    // expressions looked at; rules must stay cheap on graphs of any size

    /// <summary>
    /// Axes whose common length, by broadcasting, is the length of an axis of x; null if that can't be told cheaply.
    /// </summary>
    public static HashSet<AxisOf>? Sources(Expr x, int axis)
    {
        HashSet<AxisOf> sources = [];
        Stack<AxisOf> stack = new([new AxisOf(x, axis)]);
        for (int k = 0; stack.TryPop(out AxisOf? top); k++)
        {
            (Expr node, int a) = top;
            if (k == Budget)
            {
                return null;
            }

            if (node.Type.Shape[a] == 1)
            {
                continue;
            }

            switch (node.Op)
            {
                case Elementwise:
                    for (int input = 0; input < node.Inputs.Count; input++)
                    {
                        stack.Push(new AxisOf(node.Inputs[input], a));
                    }

                    break;
                case Softmax or LogSoftmax or SubtensorUpdate or Scatter:
                    stack.Push(new AxisOf(node.Inputs[0], a));
                    break;
                case SpecifyShape specified when !specified.Axes.Contains(a):
                    stack.Push(new AxisOf(node.Inputs[0], a));
                    break;
                case Slice slice when slice.Axis != a:
                    stack.Push(new AxisOf(node.Inputs[0], a));
                    break;
                case Dimshuffle { Order: var order }:
                    stack.Push(new AxisOf(node.Inputs[0], order[a]));
                    break;
                case Reduction { Axes: var axes }:
                    stack.Push(new AxisOf(node.Inputs[0], Kept(axes, a)));
                    break;
                case LogSumExp { Axes: var axes }:
                    stack.Push(new AxisOf(node.Inputs[0], Kept(axes, a)));
                    break;
                case MatMul when a >= node.Rank - 2:
                    stack.Push(new AxisOf(node.Inputs[a == node.Rank - 1 ? 1 : 0], a));
                    break;
                case Gather:
                    int indexed = node.Inputs[1].Rank;
                    stack.Push(a < indexed ? new AxisOf(node.Inputs[1], a) : new AxisOf(node.Inputs[0], a - indexed + node.Inputs.Count - 1));
                    break;
                case CrossentropyCategorical1Hot:
                    stack.Push(new AxisOf(node.Inputs[1], 0));
                    break;
                case BroadcastTo or Reshape when LengthSource(node.Inputs[a + 1]) is { } source:
                    stack.Push(source);
                    break;
                case BroadcastTo or Reshape:
                    sources.Add(new AxisOf(node.Inputs[a + 1], -1));
                    break;
                case Iota:
                    sources.Add(new AxisOf(node.Inputs[0], -1));
                    break;
                default:
                    sources.Add(new AxisOf(node, a));
                    break;
            }
        }

        return sources;
    }

    /// <summary>Whether an axis of two expressions surely has the same length.</summary>
    public static bool SameLength(Expr x, Expr y, int axis)
    {
        long known = x.Type.Shape[axis];
        return known != Shape.Unknown || y.Type.Shape[axis] != Shape.Unknown
            ? known == y.Type.Shape[axis]
            : Sources(x, axis) is { } of && Sources(y, axis) is { } other && of.SetEquals(other);
    }

    /// <summary>Whether two expressions of one rank surely have the same lengths.</summary>
    public static bool SameShape(Expr x, Expr y)
    {
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (!SameLength(x, y, axis))
            {
                return false;
            }
        }

        return x.Rank == y.Rank;
    }

    /// <summary>The length of an axis of x, not in terms of x itself; null if there is no such expression at hand.</summary>
    public static Expr? LengthThrough(Expr x, int axis)
    {
        if (x.Type.Shape[axis] is var known and not Shape.Unknown)
        {
            return Lengths.Of(known);
        }

        if (Sources(x, axis) is not { } sources)
        {
            return null;
        }

        if (sources.Count == 1)
        {
            (Expr of, int source) = sources.Single();
            return ReferenceEquals(of, x) ? null : source < 0 ? of : Lengths.Of(of, source);
        }

        return x.Op is Elementwise && x.Inputs.List.FirstOrDefault(input => SameLength(input, x, axis)) is { } full
            ? Lengths.Of(full, axis)
            : null;
    }

    /// <summary>Whether x, an integer expression, is surely never negative.</summary>
    public static bool IsNonNegative(Expr x, int depth = 4) => depth > 0 && x.Op switch
    {
        LengthOf or Iota => true,
        Constant => Uniform.Value(x) is { AsDouble: >= 0 },
        Add or Mul => IsNonNegative(x.Inputs[0], depth - 1) && IsNonNegative(x.Inputs[1], depth - 1),
        Maximum => IsNonNegative(x.Inputs[0], depth - 1) || IsNonNegative(x.Inputs[1], depth - 1),
        Dimshuffle or BroadcastTo => IsNonNegative(x.Inputs[0], depth - 1),
        CastTo => x.DType.IsFloat() && IsNonNegative(x.Inputs[0], depth - 1),
        _ => false,
    };

    private static AxisOf? LengthSource(Expr length) =>
        length.Op is LengthOf { Axis: var axis } ? new AxisOf(length.Inputs[0], axis) : null;

    // The axis of the operand that is an axis of the result of a reduction.
    private static int Kept(Axes reduced, int axis)
    {
        foreach (int gone in reduced)
        {
            axis += gone <= axis ? 1 : 0;
        }

        return axis;
    }
}

/// <summary>An axis of an expression; −1 stands for the value of the expression itself.</summary>
internal sealed record AxisOf(Expr Of, int Axis);
