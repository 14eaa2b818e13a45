namespace Hypatia.Random;

/// <content>Orders and samples of given things.</content>
public sealed partial class RandomState
{
    /// <summary>Reorders the entries in place, each order as likely as any other.</summary>
    /// <remarks>Fisher and Yates: from the last entry down, entry i changes places with entry j ≤ i.</remarks>
    public void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = Interval(i);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>Reorders the entries of a list in place; see <see cref="Shuffle{T}(Span{T})"/>.</summary>
    public void Shuffle<T>(List<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        for (var i = values.Count - 1; i > 0; i--)
        {
            var j = Interval(i);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>Reorders the rows of a matrix in place; see <see cref="Shuffle{T}(Span{T})"/>.</summary>
    public void Shuffle<T>(T[,] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Length == 0)
        {
            return; // as NumPy, without a draw
        }

        var columns = rows.GetLength(1);
        for (var i = rows.GetLength(0) - 1; i > 0; i--)
        {
            var j = Interval(i);
            for (var k = 0; k < columns; k++)
            {
                (rows[i, k], rows[j, k]) = (rows[j, k], rows[i, k]);
            }
        }
    }

    /// <summary>0 … n − 1 in random order: [n]; empty for n ≤ 0.</summary>
    public long[] Permutation(int n)
    {
        var result = new long[Math.Max(n, 0)];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = i;
        }

        Shuffle<long>(result);
        return result;
    }

    /// <summary>A copy of a vector in random order: [n] → [n].</summary>
    public T[] Permutation<T>(T[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var result = (T[])values.Clone();
        Shuffle(result.AsSpan());
        return result;
    }

    /// <summary>A copy of a matrix with its rows in random order: [m, n] → [m, n].</summary>
    public T[,] Permutation<T>(T[,] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var order = Permutation(rows.GetLength(0));
        var result = new T[rows.GetLength(0), rows.GetLength(1)];
        for (var i = 0; i < order.Length; i++)
        {
            for (var k = 0; k < rows.GetLength(1); k++)
            {
                result[i, k] = rows[order[i], k];
            }
        }

        return result;
    }

    /// <summary>One of 0 … population − 1.</summary>
    /// <param name="population">How many there are.</param>
    /// <param name="replace">No matter for the law of one draw, but false makes it another draw, as in NumPy.</param>
    /// <param name="p">The probability of each, [population]; null for equal ones.</param>
    /// <exception cref="ArgumentException">As in <see cref="Choice(int, int, bool, double[])"/>.</exception>
    public long Choice(int population, bool replace = true, double[]? p = null) =>
        Choice(population, 1, replace, p)[0];

    /// <summary>Some of 0 … population − 1: [size].</summary>
    /// <param name="population">How many there are.</param>
    /// <param name="size">How many are taken.</param>
    /// <param name="replace">Whether one may be taken again.</param>
    /// <param name="p">The probability of each, [population], of sum 1 within 1.5·10⁻⁸; null for equal ones.</param>
    /// <remarks>
    /// With <paramref name="p"/>, one uniform per entry is looked up in the cumulated probabilities; without
    /// replacement, what was taken already is struck out and the missing ones are drawn anew.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// There is nothing to choose from; more is to be taken than there is, or than has a probability above 0;
    /// <paramref name="p"/> has another length, a negative entry or NaN, or another sum.
    /// </exception>
    public long[] Choice(int population, int size, bool replace = true, double[]? p = null)
    {
        if (population <= 0 && size != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(population), population, "population must be greater than 0 unless no samples are taken");
        }

        CheckProbabilities(population, p);
        if (!replace && size > population)
        {
            throw new ArgumentException(
                $"Cannot take a larger sample than population when replace is false: {size} > {population}",
                nameof(size));
        }

        _ = Extent(size);
        return (replace, p) switch
        {
            (true, null) => RandInt<long>(0, population, size),
            (true, _) => Lookup(RandomSample(size), Cumulate(p)),
            (false, null) => Permutation(population)[..size],
            (false, _) => Distinct(size, (double[])p.Clone()),
        };
    }

    /// <inheritdoc cref="Choice(int, int, bool, double[])"/>
    /// <param name="population">How many there are.</param>
    /// <param name="size">How many are taken: [rows, columns].</param>
    /// <param name="replace">Whether one may be taken again.</param>
    /// <param name="p">The probability of each, [population], of sum 1 within 1.5·10⁻⁸; null for equal ones.</param>
    public long[,] Choice(int population, (int Rows, int Columns) size, bool replace = true, double[]? p = null)
    {
        var result = new long[Extent(size.Rows), Extent(size.Columns)];
        Choice(population, result.Length, replace, p).CopyTo(Elements<long>(result));
        return result;
    }

    /// <summary>One of some values; see <see cref="Choice(int, bool, double[])"/>.</summary>
    public T Choice<T>(T[] values, bool replace = true, double[]? p = null) =>
        values[Choice(values.Length, replace, p)];

    /// <summary>Some of some values: [size]; see <see cref="Choice(int, int, bool, double[])"/>.</summary>
    public T[] Choice<T>(T[] values, int size, bool replace = true, double[]? p = null) =>
        Array.ConvertAll(Choice(values.Length, size, replace, p), i => values[i]);

    // An integer in [0, last], masked: NumPy's random_interval.
    private int Interval(int last) => (int)new Laws.MaskedInteger((ulong)last, 64).Next(_bits);

    private static void CheckProbabilities(int population, double[]? p)
    {
        if (p is null)
        {
            return;
        }

        if (p.Length != population)
        {
            throw new ArgumentException(
                $"population and p must have the same size: {population} and {p.Length}", nameof(p));
        }

        var sum = CompensatedSum(p);
        if (double.IsNaN(sum))
        {
            throw new ArgumentException("probabilities contain NaN", nameof(p));
        }

        if (Array.Exists(p, x => x < 0))
        {
            throw new ArgumentException("probabilities are not non-negative", nameof(p));
        }

        if (Math.Abs(sum - 1) > 1.4901161193847656e-08) // √ε
        {
            throw new ArgumentException($"probabilities do not sum to 1 but to {sum}", nameof(p));
        }
    }

    // Kahan's sum; NaN from infinities too.
    private static double CompensatedSum(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return 0;
        }

        var sum = values[0];
        var lost = 0.0;
        foreach (var value in values[1..])
        {
            var y = value - lost;
            var t = sum + y;
            lost = t - sum - y;
            sum = t;
        }

        return sum;
    }

    private static double[] Cumulate(double[] p)
    {
        var result = new double[p.Length];
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            sum += p[i];
            result[i] = sum;
        }

        for (var i = 0; i < p.Length; i++)
        {
            result[i] /= sum;
        }

        return result;
    }

    // For each u the first index whose cumulated probability is above u.
    private static long[] Lookup(double[] uniforms, double[] cumulated) => Array.ConvertAll(uniforms, u =>
    {
        int low = 0, high = cumulated.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = cumulated[middle] > u ? (low, middle) : (middle + 1, high);
        }

        return (long)low;
    });

    private long[] Distinct(int size, double[] p)
    {
        if (p.Count(x => x > 0) < size)
        {
            throw new ArgumentException("Fewer non-zero entries in p than size", nameof(p));
        }

        var found = new List<long>(size);
        while (found.Count < size)
        {
            var uniforms = Rand(size - found.Count);
            found.ForEach(i => p[i] = 0);
            found.AddRange(Lookup(uniforms, Cumulate(p)).Distinct());
        }

        return [.. found];
    }
}
