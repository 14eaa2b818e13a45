using Hypatia.Loops;

namespace Hypatia.Tests.Ops;

/// <summary>A tensor of doubles whose every operation is a loop over indices: what ops are tested against.</summary>
internal sealed class Dense(int[] shape, double[] values)
{
    public int[] Shape { get; } = shape;

    public double[] Values { get; } = values;

    public double this[params int[] index]
    {
        get => Values[Offset(index)];
        set => Values[Offset(index)] = value;
    }

    /// <summary>A tensor of a function of the index.</summary>
    public static Dense Of(int[] shape, Func<int[], double> element)
    {
        var result = new Dense(shape, new double[shape.Aggregate(1, (a, b) => a * b)]);
        foreach (int[] index in result.Indices())
        {
            result[index] = element(index);
        }

        return result;
    }

    /// <summary>All indices in row-major order.</summary>
    public IEnumerable<int[]> Indices()
    {
        int[] index = new int[Shape.Length];
        for (int k = 0; k < Values.Length; k++)
        {
            int rest = k;
            for (int axis = Shape.Length - 1; axis >= 0; axis--)
            {
                (rest, index[axis]) = Math.DivRem(rest, Shape[axis]);
            }

            yield return [.. index];
        }
    }

    /// <summary>A function of the elements along one axis, which the result does not have.</summary>
    public Dense Over(int axis, Func<double[], double> function)
    {
        int[] rest = [.. Shape.Where((_, k) => k != axis)];
        return Of(rest, index => function([.. Enumerable.Range(0, Shape[axis]).Select(
            k => this[[.. index.Take(axis), k, .. index.Skip(axis)]])]));
    }

    /// <summary>The element that this tensor, repeated along axes of length 1, has at an index of a larger shape.</summary>
    public double Repeated(int[] index) =>
        this[[.. Shape.Select((n, axis) => n == 1 ? 0 : index[index.Length - Shape.Length + axis])]];

    /// <summary>The shape of tensors that are repeated to meet.</summary>
    public static int[] Common(IEnumerable<Dense> tensors)
    {
        int rank = tensors.Max(x => x.Shape.Length);
        int[][] padded = [.. tensors.Select(x => (int[])[.. Enumerable.Repeat(1, rank - x.Shape.Length), .. x.Shape])];
        return [.. Enumerable.Range(0, rank).Select(axis =>
            padded.Select(shape => shape[axis]).Where(n => n != 1).DefaultIfEmpty(1).First())];
    }

    /// <summary>This tensor as a value of a dtype.</summary>
    public NDArray To(DType dtype)
    {
        NDArray result = NDArray.Zeros(dtype, [.. Shape.Select(n => (long)n)]);
        for (int k = 0; k < Values.Length; k++)
        {
            result.Set(k, ScalarValue.Of(DType.Float64, Values[k]).To(dtype));
        }

        return result;
    }

    /// <summary>A value as this tensor.</summary>
    public static Dense From(NDArray value) => new(
        [.. value.Shape.Select(n => (int)n)],
        [.. Enumerable.Range(0, (int)value.Count).Select(k => value.Scalar(k).To(DType.Float64).AsDouble)]);

    private int Offset(int[] index)
    {
        int offset = 0;
        for (int axis = 0; axis < Shape.Length; axis++)
        {
            offset = (offset * Shape[axis]) + index[axis];
        }

        return offset;
    }
}
