using Hypatia.Loops;

namespace Hypatia;

/// <summary>The inputs one after the other along an axis; other lengths are equal.</summary>
internal sealed record Concatenate(int Axis) : Op
{
    protected override string Parameters => $"axis={Axis}";

    public override TensorType Infer(Inputs x)
    {
        long[] lengths = [.. x[0].Type.Shape];
        for (int k = 1; k < x.Count; k++)
        {
            for (int axis = 0; axis < lengths.Length; axis++)
            {
                long length = x[k].Type.Shape[axis];
                lengths[axis] = axis == Axis
                    ? lengths[axis] == Shape.Unknown || length == Shape.Unknown ? Shape.Unknown : lengths[axis] + length
                    : lengths[axis] == Shape.Unknown ? length
                    : length == Shape.Unknown || length == lengths[axis] ? lengths[axis]
                    : throw new ShapeException(
                        $"Lengths of axis {axis} differ: {lengths[axis]} and {length}.",
                        ToString(),
                        x.List,
                        $"tensors joined along axis {Axis} must agree on all other axes.");
            }
        }

        return new(x[0].DType, new Shape(lengths));
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy)
    {
        var gradients = new Expr?[x.Count];
        Expr start = Lengths.Of(0L);
        for (int k = 0; k < x.Count; k++)
        {
            Expr length = Lengths.Of(x[k], Axis);
            gradients[k] = Slice.Of(dy, Axis, start, length);
            start += length;
        }

        return gradients;
    }

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i)
    {
        // Each part is read at an index within it even where another part is chosen.
        Scalar? value = null;
        long end = 0;
        int last = x.Count - 1;
        long[] starts = new long[last + 1];
        for (int k = 0; k <= last; k++)
        {
            starts[k] = end;
            end += x.Shape(k)[Axis];
        }

        for (int k = last; k >= 0; k--)
        {
            long length = x.Shape(k)[Axis];
            if (length == 0)
            {
                continue;
            }

            Scalar local = i[Axis] - Scalar.Int(starts[k]);
            Scalar inside = Scalar.Apply(BinaryOp.Min, Scalar.Apply(BinaryOp.Max, local, Scalar.Int(0)), Scalar.Int(length - 1));
            Scalar element = x.At(k, [.. i.Select((index, axis) => axis == Axis ? inside : index)]);
            value = value is null
                ? element
                : Scalar.If(Scalar.Less(i[Axis], Scalar.Int(starts[k] + length)), element, value);
        }

        return value!;
    }
}

public static partial class T
{
    /// <summary>Tensors one after the other along an axis, promoted to one dtype: [n₁, ..], [n₂, ..] → [n₁ + n₂, ..].</summary>
    /// <exception cref="ShapeException">Ranks or other lengths differ, there is nothing to join, or no such axis.</exception>
    public static Expr Concatenate(IReadOnlyList<Expr> tensors, int axis = 0)
    {
        if (tensors.Count == 0 || tensors.Any(x => x.Rank != tensors[0].Rank) || tensors[0].Rank == 0)
        {
            throw new ShapeException(
                "Joining needs at least one tensor, all of one rank of at least 1.",
                nameof(Concatenate),
                tensors,
                "insert axes with Dimshuffle, or join scalars with T.Stack.");
        }

        int at = Axes.Normalize(axis, tensors[0].Rank, nameof(Concatenate), tensors[0]);
        DType dtype = Operands.Promote(nameof(Concatenate), tensors);
        return Expr.Make(new Concatenate(at), [.. tensors.Select(x => Cast(x, dtype))]);
    }

    /// <summary>As <see cref="Concatenate"/>, by Theano's name and order of arguments.</summary>
    public static Expr Join(int axis, params IReadOnlyList<Expr> tensors) => Concatenate(tensors, axis);

    /// <summary>Tensors of one shape along a new axis: k × [..] → [.., k, ..].</summary>
    /// <exception cref="ShapeException">Shapes differ, there is nothing to stack, or no such axis.</exception>
    public static Expr Stack(IReadOnlyList<Expr> tensors, int axis = 0)
    {
        if (tensors.Count == 0 || tensors.Any(x => x.Rank != tensors[0].Rank))
        {
            throw new ShapeException(
                "Stacking needs at least one tensor, all of one rank.", nameof(Stack), tensors, "insert axes with Dimshuffle.");
        }

        int rank = tensors[0].Rank + 1;
        int at = Axes.Normalize(axis, rank, nameof(Stack), tensors[0]);
        return Concatenate([.. tensors.Select(x => Dimshuffle.Insert(x, at))], at);
    }

    /// <summary>Nested lists of tensors, stacked along one new axis per level of nesting.</summary>
    /// <param name="nested">Expressions, numbers, or lists of them.</param>
    public static Expr StackLists(System.Collections.IEnumerable nested)
    {
        List<Expr> parts = [];
        foreach (object part in nested)
        {
            parts.Add(part is Expr expr ? expr : part is System.Collections.IEnumerable list ? StackLists(list) : Constant(part));
        }

        return Stack(parts);
    }

    /// <summary>x cut along an axis into pieces of given lengths, which must add up to the axis.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="sizes">The pieces' lengths.</param>
    /// <param name="splits">How many pieces, if given: as many as there are lengths.</param>
    /// <param name="axis">The axis; negative ones count from the last.</param>
    /// <exception cref="ShapeException">The axis does not exist, or lengths do not add up to it.</exception>
    public static IReadOnlyList<Expr> Split(Expr x, IReadOnlyList<Expr> sizes, int? splits = null, int axis = 0)
    {
        if (splits is { } count && count != sizes.Count)
        {
            throw new ShapeException($"{sizes.Count} lengths for {count} pieces.", nameof(Split), [x], "give one length per piece.");
        }

        int at = Axes.Normalize(axis, x.Rank, nameof(Split), x);
        long[] known = [.. sizes.Select(Lengths.Known)];
        if (x.Type.Shape[at] is var total and not Hypatia.Shape.Unknown && known.All(n => n >= 0) && known.Sum() != total)
        {
            throw new ShapeException(
                $"The pieces' lengths add up to {known.Sum()}, but axis {at} has {total}.",
                nameof(Split),
                [x],
                "choose lengths that add up to the axis.");
        }

        var pieces = new Expr[sizes.Count];
        Expr start = Lengths.Of(0L);
        for (int k = 0; k < pieces.Length; k++)
        {
            Expr size = Lengths.Int64(sizes[k]);
            pieces[k] = Hypatia.Slice.Of(x, at, start, size);
            start += size;
        }

        return pieces;
    }

    /// <summary>Matrices side by side.</summary>
    public static Expr HorizontalStack(params IReadOnlyList<Expr> matrices) => Concatenate(matrices, 1);

    /// <summary>Matrices one above the other.</summary>
    public static Expr VerticalStack(params IReadOnlyList<Expr> matrices) => Concatenate(matrices, 0);
}
