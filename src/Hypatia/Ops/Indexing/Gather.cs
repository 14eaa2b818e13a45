using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// Elements of x at index arrays over its first axes: inputs are x and k int64 tensors of one shape; the result at
/// (i, j) is x[index₀[i], …, indexₖ₋₁[i], j]. A negative index counts from the end unless <see cref="Strict"/>.
/// </summary>
internal sealed record Gather(bool Strict = false) : Op
{
    protected override string Parameters => Strict ? "strict" : "";

    public override TensorType Infer(Inputs x)
    {
        // Strict ones pick the elements at class labels, of which there is one per row.
        if (Strict && x[0].Type.Shape[0] is var rows and not Shape.Unknown
            && x[x.Count - 1].Type.Shape[0] is var labels and not Shape.Unknown && rows != labels)
        {
            throw new ShapeException(
                $"There are {rows} rows of predictions and {labels} labels.",
                nameof(NNet.CategoricalCrossentropy),
                [x[0], x[x.Count - 1]],
                "give one label per row.");
        }

        return new(x[0].DType, [.. x[1].Type.Shape, .. x[0].Type.Shape.Skip(x.Count - 1)]);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
    [
        Expr.Make(new Scatter(Accumulate: true, Strict), [T.ZerosLike(x[0]), dy, .. x.List.Skip(1)]),
        .. new Expr?[x.Count - 1],
    ];

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i)
    {
        int indices = x.Count - 1;
        int rank = x.Rank(1);
        Scalar[] at = [.. i.Take(rank)];
        return x.At(0, [.. Enumerable.Range(0, indices).Select(k => Place(x.At(k + 1, at), x.Shape(0)[k], Strict)), .. i.Skip(rank)]);
    }

    /// <summary>A position within an axis, whatever the index is; the guard reports one that is out of range.</summary>
    internal static Scalar Place(Scalar index, long length, bool strict)
    {
        Scalar wrapped = strict || IndexMath.Range(index) is (>= 0, _)
            ? index
            : Scalar.If(Scalar.Less(index, Scalar.Int(0)), index + Scalar.Int(length), index);
        return Scalar.Apply(BinaryOp.Max, Scalar.Apply(BinaryOp.Min, wrapped, Scalar.Int(length - 1)), Scalar.Int(0));
    }

    internal override IEnumerable<Guard> Guards(Inputs x) => GuardsOf(x[0].Type.Shape, x.List.Skip(1), Strict);

    internal static IEnumerable<Guard> GuardsOf(Shape shape, IEnumerable<Expr> indices, bool strict)
    {
        int axis = 0;
        foreach (Expr index in indices)
        {
            long length = shape[axis];
            string bounds = strict ? $"0 … {length - 1}" : $"{-length} … {length - 1}";
            string subject = strict ? "Class label" : "Index";
            int of = axis++;
            if (index.Op is Iota && index.Type.Shape[0] <= length)
            {
                continue;
            }

            yield return new Guard(
                T.Lt(index, strict ? 0 : -length) | T.Ge(index, length),
                index,
                value => $"{subject} {value} is out of bounds for axis {of}, which has length {length}: use {bounds}.");
        }
    }
}

/// <summary>
/// x with values put at index arrays over its first axes: inputs are x, v and k int64 tensors. Element x[index[i], j]
/// is replaced by v[i, j] (by the last of them, where indices repeat), or incremented by all of them.
/// </summary>
internal sealed record Scatter(bool Accumulate, bool Strict = false) : Op
{
    protected override string Parameters => Accumulate ? "inc" : "set";

    public override TensorType Infer(Inputs x) => x[0].Type;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy)
    {
        Expr[] indices = [.. x.List.Skip(2)];
        Expr dx = Accumulate ? dy : Expr.Make(this, [dy, T.ZerosLike(x[1]), .. indices]);
        return [dx, Expr.Make(new Gather(Strict), [dy, .. indices]), .. new Expr?[indices.Length]];
    }

    internal override IEnumerable<Guard> Guards(Inputs x) => Gather.GuardsOf(x[0].Type.Shape, x.List.Skip(2), Strict);
}
