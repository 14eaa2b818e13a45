using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// Elements start, start + Step, … of one axis: inputs are x, start and the number of elements, both int64 scalars. The
/// start may change from call to call, the number is part of the plan.
/// </summary>
internal sealed record Slice(int Axis, long Step = 1) : Op
{
    protected override string Parameters => Step == 1 ? $"axis={Axis}" : $"axis={Axis}, step={Step}";

    internal override bool IsStatic(int input) => input == 2;

    /// <summary>Some elements of an axis; x itself if that is known to be all of them in order.</summary>
    public static Expr Of(Expr x, int axis, Expr start, Expr length, long step = 1) =>
        step == 1 && Lengths.Constant(start) == 0 && Lengths.Constant(length) is { } n && n == x.Type.Shape[axis]
            ? x
            : Expr.Make(new Slice(axis, step), x, start, length);

    public override TensorType Infer(Inputs x)
    {
        long[] lengths = [.. x[0].Type.Shape];
        long from = lengths[Axis];
        lengths[Axis] = Lengths.Known(x[2]);
        if (from != Shape.Unknown && lengths[Axis] > 0 && Lengths.Constant(x[1]) is { } start
            && (start < 0 || start >= from || start + ((lengths[Axis] - 1) * Step) is var end && (end < 0 || end >= from)))
        {
            throw new ShapeException(
                $"Index {start} is out of bounds for axis {Axis}, which has length {from}.",
                ToString(),
                [x[0]],
                from == 0 ? "the axis is empty." : $"use 0 … {from - 1}, or ^1 … ^{from} from the end.");
        }

        return new(x[0].DType, new Shape(lengths));
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [Expr.Make(new PlaceSlice(Axis, Step), dy, x[1], Lengths.Of(x[0], Axis)), null, null];

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i)
    {
        Scalar start = x.At(1, []);
        if (start is not Literal)
        {
            // A start that is out of range is reported by the guard; until then no element outside may be read.
            long span = (x.Result[Axis] - 1) * Step;
            Scalar lowest = Scalar.Int(Math.Max(0, -span));
            Scalar highest = Scalar.Int(x.Shape(0)[Axis] - 1 - Math.Max(0, span));
            start = Scalar.Apply(BinaryOp.Max, Scalar.Apply(BinaryOp.Min, start, highest), lowest);
        }

        return x.At(0, [.. i.Select((index, axis) => axis == Axis ? start + (index * Scalar.Int(Step)) : index)]);
    }

    internal override IEnumerable<Guard> Guards(Inputs x)
    {
        long length = x[0].Type.Shape[Axis];
        long span = (Lengths.Known(x[2]) - 1) * Step;
        if (span < 0 && Step > 0 || Lengths.Constant(x[1]) is not null)
        {
            yield break;    // empty, or checked by the type rule
        }

        Expr bad = T.Lt(x[1], Math.Max(0, -span)) | T.Gt(x[1], length - 1 - Math.Max(0, span));
        bool one = Lengths.Known(x[2]) == 1;
        yield return new Guard(bad, x[1], value => one
            ? $"Index {(value < 0 ? value - length : value)} is out of bounds for axis {Axis}, which has length {length}: "
                + $"use {-length} … {length - 1}."
            : $"Elements from {value} on are out of bounds for axis {Axis}, which has length {length}.");
    }
}

/// <summary>
/// The gradient of <see cref="Slice"/>: zeros, with x at elements start, start + Step, … of one axis. Inputs are x, start
/// and the length of the axis in the result.
/// </summary>
internal sealed record PlaceSlice(int Axis, long Step = 1) : Op
{
    protected override string Parameters => Step == 1 ? $"axis={Axis}" : $"axis={Axis}, step={Step}";

    internal override bool IsStatic(int input) => input == 2;

    public override TensorType Infer(Inputs x)
    {
        long[] lengths = [.. x[0].Type.Shape];
        lengths[Axis] = Lengths.Known(x[2]);
        return new(x[0].DType, new Shape(lengths));
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [Expr.Make(new Slice(Axis, Step), dy, x[1], Lengths.Of(x[0], Axis)), null, null];

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i)
    {
        long length = x.Shape(0)[Axis];
        DType dtype = x.DType(0);
        if (length == 0)
        {
            return Scalar.Of(dtype, 0);
        }

        Scalar offset = Step > 0 ? i[Axis] - x.At(1, []) : x.At(1, []) - i[Axis];
        Scalar stride = Scalar.Int(Math.Abs(Step));
        Scalar position = offset / stride;
        Scalar inside = Scalar.And(
            Scalar.And(Scalar.Apply(BinaryOp.Le, Scalar.Int(0), offset), Scalar.Less(position, Scalar.Int(length))),
            Scalar.Apply(BinaryOp.Eq, offset % stride, Scalar.Int(0)));
        Scalar safe = Scalar.Apply(
            BinaryOp.Min, Scalar.Apply(BinaryOp.Max, position, Scalar.Int(0)), Scalar.Int(length - 1));
        Scalar element = x.At(0, [.. i.Select((index, axis) => axis == Axis ? safe : index)]);
        return Scalar.If(inside, element, Scalar.Of(dtype, 0));
    }
}
