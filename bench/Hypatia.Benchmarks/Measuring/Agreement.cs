namespace Hypatia.Benchmarks.Measuring;

/// <summary>Checks that contenders compute the same, because the time of a wrong result means nothing.</summary>
internal static class Agreement
{
    /// <summary>Compares results with those of another contender.</summary>
    /// <param name="tolerance">The largest difference, relative to the largest element of a result.</param>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void Check(string name, NDArray[] actual, string other, NDArray[] expected, double tolerance)
    {
        if (actual.Length != expected.Length)
        {
            throw new InvalidOperationException($"{name} gives {actual.Length} results, {other} gives {expected.Length}.");
        }

        for (int k = 0; k < actual.Length; k++)
        {
            if (actual[k].Count != expected[k].Count)
            {
                throw new InvalidOperationException($"Result {k}: {name} {actual[k].Shape}, {other} {expected[k].Shape}.");
            }

            double size = 0, difference = 0;
            for (long i = 0; i < actual[k].Count; i++)
            {
                double x = Element(actual[k], i), y = Element(expected[k], i);
                size = Math.Max(size, Math.Abs(y));
                difference = double.IsNaN(x - y) && !x.Equals(y) ? double.NaN : Math.Max(difference, Math.Abs(x - y));
            }

            if (!(difference <= tolerance * Math.Max(size, 1e-30)))
            {
                throw new InvalidOperationException(
                    $"Result {k} of {name} is off that of {other} by {difference:G3}, where elements are up to {size:G3}.");
            }
        }
    }

    private static double Element(NDArray array, long i) => array.DType switch
    {
        DType.Float32 => array.AsSpan<float>()[(int)i],
        DType.Float64 => array.AsSpan<double>()[(int)i],
        DType.Int64 => array.AsSpan<long>()[(int)i],
        DType.Bool => array.AsSpan<bool>()[(int)i] ? 1 : 0,
        _ => throw new NotSupportedException($"{array.DType}"),
    };
}
