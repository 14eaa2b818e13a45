using Hypatia.Random;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Data for the rows: the same in every run, in arrays that are never moved, as native peers keep their addresses.</summary>
internal static class Draw
{
    /// <summary>Normal numbers times a scale.</summary>
    public static NDArray Normal(DType dtype, double scale, params long[] lengths) => Of(dtype, lengths, random =>
        scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    /// <summary>Numbers between two others.</summary>
    public static NDArray Uniform(DType dtype, double low, double high, params long[] lengths) =>
        Of(dtype, lengths, random => low + ((high - low) * random.NextDouble()));

    /// <summary>Classes below a number.</summary>
    public static NDArray Classes(int classes, int count)
    {
        var random = new System.Random(3);
        long[] drawn = GC.AllocateArray<long>(count, pinned: true);
        for (int i = 0; i < count; i++)
        {
            drawn[i] = random.Next(classes);
        }

        return NDArray.Wrap(drawn, count);
    }

    /// <summary>Two moons of points and their classes.</summary>
    public static (NDArray X, NDArray Y) Moons(int count, DType dtype)
    {
        (double[,] x, long[] y) = Datasets.MakeMoons(count, 0.20, new RandomState(0));
        NDArray points = NDArray.From(x).Cast(dtype);
        int next = 0;
        return (Of(dtype, [.. points.Shape], _ => points.Scalar(next++).AsDouble), NDArray.Wrap(y, count));
    }

    /// <summary>Zeros.</summary>
    public static NDArray Zeros(DType dtype, params long[] lengths) => Of(dtype, lengths, _ => 0);

    private static NDArray Of(DType dtype, long[] lengths, Func<System.Random, double> draw)
    {
        var random = new System.Random(1 + lengths.Length);
        int count = (int)new Shape(lengths).Count;
        if (dtype == DType.Float32)
        {
            float[] single = GC.AllocateUninitializedArray<float>(count, pinned: true);
            for (int i = 0; i < count; i++)
            {
                single[i] = (float)draw(random);
            }

            return NDArray.Wrap(single, lengths);
        }

        double[] values = GC.AllocateUninitializedArray<double>(count, pinned: true);
        for (int i = 0; i < count; i++)
        {
            values[i] = draw(random);
        }

        return NDArray.Wrap(values, lengths);
    }
}
