using System.Runtime.CompilerServices;
using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>
/// Elements of expressions as scalar code: a load where the expression is in memory, its element rule elsewhere. The
/// same element asked for twice is the same scalar.
/// </summary>
/// <param name="read">The load of an element of an expression that is in memory; null if it is in none.</param>
internal sealed class ElementBuilder(Func<Expr, IReadOnlyList<Scalar>, Load?> read)
{
    private readonly Dictionary<Key, Scalar> _memo = [];

    /// <summary>The element at an index; with <paramref name="compute"/>, by its rule even if it has a memory.</summary>
    public Scalar At(Expr x, IReadOnlyList<Scalar> index, bool compute = false)
    {
        var key = new Key(x, index, compute);
        if (!_memo.TryGetValue(key, out Scalar? element))
        {
            element = Build(x, index, compute);
            _memo[key] = element;
        }

        return element;
    }

    /// <summary>The row-major place of an index.</summary>
    public static Scalar Linear(Shape shape, IReadOnlyList<Scalar> index)
    {
        long[] strides = shape.Strides();
        Scalar place = Scalar.Int(0);
        for (int axis = 0; axis < strides.Length; axis++)
        {
            place += index[axis] * Scalar.Int(strides[axis]);
        }

        return place;
    }

    /// <summary>The index of a row-major place.</summary>
    public static Scalar[] Unflatten(Shape shape, Scalar place)
    {
        long[] strides = shape.Strides();
        var index = new Scalar[strides.Length];
        bool isFirst = true;            // what is left there is in range, even if that cannot be seen
        for (int axis = 0; axis < index.Length; axis++)
        {
            if (shape[axis] == 1)
            {
                index[axis] = Scalar.Int(0);
                continue;
            }

            Scalar whole = place / Scalar.Int(Math.Max(strides[axis], 1));
            index[axis] = isFirst ? whole : whole % Scalar.Int(Math.Max(shape[axis], 1));
            isFirst = false;
        }

        return index;
    }

    private Scalar Build(Expr x, IReadOnlyList<Scalar> index, bool compute)
    {
        if (x.Op is Constant { Value: { Count: 1 } value })
        {
            return new Literal(value.Scalar(0));
        }

        if (!(compute && x.Op is not LeafOp) && read(x, index) is { } load)
        {
            return load;
        }

        return x.Op switch
        {
            Elementwise op => op.Element(Operands(x, index)),
            Reshape => At(x.Inputs[0], Unflatten(x.Inputs[0].Type.Shape, Linear(x.Type.Shape, index))),
            MatMul => Product(x, index),
            Reduction op => Combined(x, op, index),
            LeafOp => throw new CompilerException($"{x.Describe()} is in no memory."),
            _ => x.Op.Element(new InputElements(this, x), index),
        };
    }

    private Scalar[] Operands(Expr x, IReadOnlyList<Scalar> index)
    {
        var operands = new Scalar[x.Inputs.Count];
        for (int k = 0; k < operands.Length; k++)
        {
            operands[k] = At(x.Inputs[k], Broadcast(x.Inputs[k].Type.Shape, index));
        }

        return operands;
    }

    // A short product, written out.
    private Scalar Product(Expr x, IReadOnlyList<Scalar> index)
    {
        int rank = x.Rank;
        Scalar? sum = null;
        for (long k = 0; k < x.Inputs[0].Type.Shape[rank - 1]; k++)
        {
            Scalar term = At(x.Inputs[0], [.. index.Take(rank - 1), Scalar.Int(k)])
                * At(x.Inputs[1], [.. index.Take(rank - 2), Scalar.Int(k), index[rank - 1]]);
            sum = sum is null ? term : sum + term;
        }

        return sum ?? Scalar.Of(x.DType, 0);
    }

    // A short reduction, written out.
    private Scalar Combined(Expr x, Reduction op, IReadOnlyList<Scalar> index)
    {
        Expr operand = x.Inputs[0];
        DType accumulator = op.Accumulator(operand.DType);
        Shape axes = operand.Type.Shape.At(op.Axes.AsSpan());
        Scalar? total = null;
        for (long term = 0; term < axes.Count; term++)
        {
            Scalar[] reduced = Unflatten(axes, Scalar.Int(term));
            var at = new Scalar[operand.Rank];
            for (int axis = 0, kept = 0, next = 0; axis < at.Length; axis++)
            {
                at[axis] = op.Axes.Contains(axis) ? reduced[next++] : index[kept++];
            }

            Scalar value = Scalar.Convert(accumulator, At(operand, at));
            total = total is null ? value : Scalar.Apply(op.Combine, total, value);
        }

        return Scalar.Convert(x.DType, total ?? Scalar.Of(accumulator, op.Neutral(accumulator)));
    }

    private static IReadOnlyList<Scalar> Broadcast(Shape shape, IReadOnlyList<Scalar> index)
    {
        Scalar[]? broadcast = null;
        for (int axis = 0; axis < index.Count; axis++)
        {
            if (shape[axis] == 1)
            {
                broadcast ??= [.. index];
                broadcast[axis] = Scalar.Int(0);
            }
        }

        return broadcast ?? index;
    }

    private sealed class InputElements(ElementBuilder builder, Expr x) : Elements
    {
        public override int Count => x.Inputs.Count;

        public override Shape Result => x.Type.Shape;

        public override Shape Shape(int input) => x.Inputs[input].Type.Shape;

        public override DType DType(int input) => x.Inputs[input].DType;

        public override Scalar At(int input, IReadOnlyList<Scalar> index) => builder.At(x.Inputs[input], index);
    }

    private readonly struct Key(Expr x, IReadOnlyList<Scalar> index, bool compute) : IEquatable<Key>
    {
        private readonly Expr _x = x;
        private readonly IReadOnlyList<Scalar> _index = index;
        private readonly bool _compute = compute;

        public bool Equals(Key other)
        {
            if (!ReferenceEquals(_x, other._x) || _compute != other._compute || _index.Count != other._index.Count)
            {
                return false;
            }

            for (int axis = 0; axis < _index.Count; axis++)
            {
                if (!_index[axis].Equals(other._index[axis]))
                {
                    return false;
                }
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(RuntimeHelpers.GetHashCode(_x));
            for (int axis = 0; axis < _index.Count; axis++)
            {
                hash.Add(_index[axis]);
            }

            return hash.ToHashCode();
        }
    }
}
