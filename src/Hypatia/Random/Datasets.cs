namespace Hypatia.Random;

/// <summary>
/// Small made-up data sets to try classifiers on: scikit-learn's, with its order of points and labels from the same
/// generator.
/// </summary>
/// <remarks>
/// A point is a row of X and its class the same entry of y. Points are made class by class, then shuffled, then
/// moved by normal noise, so that a generator goes the way of <c>random_state=</c> in scikit-learn, or of NumPy's
/// global one after <c>numpy.random.seed</c>. Coordinates of moons and circles may differ by an ulp of the sine, as
/// NumPy has its own. Source: scikit-learn 1.2, sklearn/datasets/_samples_generator.py.
/// </remarks>
public static class Datasets
{
    /// <summary>Two half circles of radius 1 that interleave: X [samples, 2], y [samples] of 0 and 1.</summary>
    /// <param name="samples">Points in all; half of them, rounded down, in the upper moon, class 0.</param>
    /// <param name="noise">The standard deviation of the noise; null for none, and no draws for it.</param>
    /// <param name="random">Where the order and the noise come from.</param>
    /// <param name="shuffle">Whether the points are put in random order.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="samples"/> or <paramref name="noise"/> is negative.
    /// </exception>
    public static (double[,] X, long[] y) MakeMoons(
        int samples, double? noise, RandomState random, bool shuffle = true) =>
        MakeMoons(Halves(samples), noise, random, shuffle);

    /// <inheritdoc cref="MakeMoons(int, double?, RandomState, bool)"/>
    /// <param name="samples">Points in the upper moon, class 0, and in the lower, class 1.</param>
    /// <param name="noise">The standard deviation of the noise; null for none, and no draws for it.</param>
    /// <param name="random">Where the order and the noise come from.</param>
    /// <param name="shuffle">Whether the points are put in random order.</param>
    public static (double[,] X, long[] y) MakeMoons(
        (int Upper, int Lower) samples, double? noise, RandomState random, bool shuffle = true)
    {
        CheckSizes(samples);
        return Finish(
            samples,
            i => Point(Angle(i, samples.Upper)),
            i => Point(Angle(i, samples.Lower)) switch { var (x, y) => (1 - x, 1 - y - 0.5) },
            noise,
            random,
            shuffle);

        // numpy.linspace(0, π, count)
        static double Angle(int i, int count) =>
            i > 0 && i == count - 1 ? Math.PI : i * (Math.PI / Math.Max(count - 1, 1));
    }

    /// <summary>A circle of radius 1 and one inside: X [samples, 2], y [samples] of 0 and 1.</summary>
    /// <param name="samples">Points in all; half of them, rounded down, in the outer circle, class 0.</param>
    /// <param name="noise">The standard deviation of the noise; null for none, and no draws for it.</param>
    /// <param name="random">Where the order and the noise come from.</param>
    /// <param name="factor">The radius of the inner circle, in [0, 1).</param>
    /// <param name="shuffle">Whether the points are put in random order.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="samples"/> or <paramref name="noise"/> is negative, or <paramref name="factor"/> not in [0, 1).
    /// </exception>
    public static (double[,] X, long[] y) MakeCircles(
        int samples, double? noise, RandomState random, double factor = 0.8, bool shuffle = true) =>
        MakeCircles(Halves(samples), noise, random, factor, shuffle);

    /// <inheritdoc cref="MakeCircles(int, double?, RandomState, double, bool)"/>
    /// <param name="samples">Points in the outer circle, class 0, and in the inner, class 1.</param>
    /// <param name="noise">The standard deviation of the noise; null for none, and no draws for it.</param>
    /// <param name="random">Where the order and the noise come from.</param>
    /// <param name="factor">The radius of the inner circle, in [0, 1).</param>
    /// <param name="shuffle">Whether the points are put in random order.</param>
    public static (double[,] X, long[] y) MakeCircles(
        (int Outer, int Inner) samples,
        double? noise,
        RandomState random,
        double factor = 0.8,
        bool shuffle = true)
    {
        if (!(factor is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "'factor' has to be between 0 and 1.");
        }

        CheckSizes(samples);
        return Finish(
            samples,
            i => Point(i * (2 * Math.PI / samples.Outer)),
            i => Point(i * (2 * Math.PI / samples.Inner)) switch { var (x, y) => (x * factor, y * factor) },
            noise,
            random,
            shuffle);
    }

    /// <summary>Normal clouds around random centers: X [samples, features], y [samples] of 0 … centers − 1.</summary>
    /// <param name="samples">Points in all, shared evenly; the first centers have the ones left over.</param>
    /// <param name="centers">How many centers, drawn uniformly from the box.</param>
    /// <param name="random">Where the centers, the points and their order come from.</param>
    /// <param name="features">Coordinates of a point.</param>
    /// <param name="deviation">The standard deviation of each coordinate around its center.</param>
    /// <param name="low">The lower end of the box, in each coordinate.</param>
    /// <param name="high">The upper end of the box, in each coordinate.</param>
    /// <param name="shuffle">Whether the points are put in random order.</param>
    /// <exception cref="ArgumentException">
    /// A size or <paramref name="deviation"/> is negative, or there is no center.
    /// </exception>
    public static (double[,] X, long[] y) MakeBlobs(
        int samples,
        int centers,
        RandomState random,
        int features = 2,
        double deviation = 1,
        double low = -10,
        double high = 10,
        bool shuffle = true)
    {
        ArgumentNullException.ThrowIfNull(random);
        var shares = Shares(samples, centers);
        return MakeBlobs(shares, random.Uniform(low, high, (centers, features)), random, deviation, shuffle);
    }

    /// <summary>Normal clouds around given centers: [k, features] → X [samples, features], y of 0 … k − 1.</summary>
    /// <param name="samples">Points in all, shared evenly; the first centers have the ones left over.</param>
    /// <param name="centers">The centers, one in each row.</param>
    /// <param name="random">Where the points and their order come from.</param>
    /// <param name="deviation">The standard deviation of each coordinate around its center.</param>
    /// <param name="shuffle">Whether the points are put in random order.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="samples"/> or <paramref name="deviation"/> is negative, or there is no center.
    /// </exception>
    public static (double[,] X, long[] y) MakeBlobs(
        int samples, double[,] centers, RandomState random, double deviation = 1, bool shuffle = true)
    {
        ArgumentNullException.ThrowIfNull(centers);
        return MakeBlobs(Shares(samples, centers.GetLength(0)), centers, random, deviation, shuffle);
    }

    /// <summary>Normal clouds of given sizes around given centers: [k], [k, features] → X, y of 0 … k − 1.</summary>
    /// <param name="samples">Points of each center.</param>
    /// <param name="centers">The centers, one in each row.</param>
    /// <param name="random">Where the points and their order come from.</param>
    /// <param name="deviation">The standard deviation of each coordinate around its center.</param>
    /// <param name="shuffle">Whether the points are put in random order.</param>
    /// <exception cref="ArgumentException">
    /// A size or <paramref name="deviation"/> is negative, or there are not as many sizes as centers.
    /// </exception>
    public static (double[,] X, long[] y) MakeBlobs(
        int[] samples, double[,] centers, RandomState random, double deviation = 1, bool shuffle = true)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var deviations = new double[samples.Length];
        Array.Fill(deviations, deviation);
        return MakeBlobs(samples, centers, random, deviations, shuffle);
    }

    /// <summary>Normal clouds of given sizes and widths: [k], [k, features], [k] → X, y of 0 … k − 1.</summary>
    /// <param name="samples">Points of each center.</param>
    /// <param name="centers">The centers, one in each row.</param>
    /// <param name="random">Where the points and their order come from.</param>
    /// <param name="deviations">The standard deviation of each coordinate, for each center.</param>
    /// <param name="shuffle">Whether the points are put in random order.</param>
    /// <exception cref="ArgumentException">
    /// A size or a deviation is negative, or there are not as many of either as centers.
    /// </exception>
    public static (double[,] X, long[] y) MakeBlobs(
        int[] samples, double[,] centers, RandomState random, double[] deviations, bool shuffle = true)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(centers);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(deviations);
        var count = centers.GetLength(0);
        if (samples.Length != count)
        {
            throw new ArgumentException(
                $"Length of samples not consistent with number of centers: {samples.Length} and {count}",
                nameof(samples));
        }

        if (deviations.Length != count)
        {
            throw new ArgumentException(
                $"Length of deviations not consistent with number of centers: {deviations.Length} and {count}",
                nameof(deviations));
        }

        Array.ForEach(samples, n => ArgumentOutOfRangeException.ThrowIfNegative(n, nameof(samples)));
        var features = centers.GetLength(1);
        var points = new double[samples.Sum(), features];
        var classes = new long[samples.Sum()];
        var row = 0;
        for (var c = 0; c < count; c++)
        {
            for (var i = 0; i < samples[c]; i++, row++)
            {
                classes[row] = c;
                for (var j = 0; j < features; j++)
                {
                    points[row, j] = random.Normal(centers[c, j], deviations[c]);
                }
            }
        }

        return shuffle ? Shuffled(points, classes, random) : (points, classes);
    }

    private static (double X, double Y) Point(double angle) => (Math.Cos(angle), Math.Sin(angle));

    private static (int First, int Second) Halves(int samples) => (samples / 2, samples - (samples / 2));

    private static int[] Shares(int samples, int centers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(centers);
        var shares = new int[centers];
        for (var i = 0; i < centers; i++)
        {
            shares[i] = (samples / centers) + (i < samples % centers ? 1 : 0);
        }

        return shares;
    }

    private static void CheckSizes((int First, int Second) samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples.First, nameof(samples));
        ArgumentOutOfRangeException.ThrowIfNegative(samples.Second, nameof(samples));
    }

    // Points of class 0, then of class 1, shuffled, then moved.
    private static (double[,] X, long[] Y) Finish(
        (int First, int Second) samples,
        Func<int, (double X, double Y)> first,
        Func<int, (double X, double Y)> second,
        double? noise,
        RandomState random,
        bool shuffle)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (noise < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "noise < 0");
        }

        var points = new double[samples.First + samples.Second, 2];
        var classes = new long[points.GetLength(0)];
        for (var i = 0; i < classes.Length; i++)
        {
            var inFirst = i < samples.First;
            classes[i] = inFirst ? 0 : 1;
            (points[i, 0], points[i, 1]) = inFirst ? first(i) : second(i - samples.First);
        }

        if (shuffle)
        {
            (points, classes) = Shuffled(points, classes, random);
        }

        if (noise is { } scale)
        {
            var moves = random.Normal(0, scale, (classes.Length, 2));
            for (var i = 0; i < classes.Length; i++)
            {
                points[i, 0] += moves[i, 0];
                points[i, 1] += moves[i, 1];
            }
        }

        return (points, classes);
    }

    private static (double[,] X, long[] Y) Shuffled(double[,] points, long[] classes, RandomState random)
    {
        var order = random.Permutation(classes.Length);
        var newPoints = new double[points.GetLength(0), points.GetLength(1)];
        for (var i = 0; i < order.Length; i++)
        {
            for (var j = 0; j < points.GetLength(1); j++)
            {
                newPoints[i, j] = points[order[i], j];
            }
        }

        return (newPoints, Array.ConvertAll(order, i => classes[i]));
    }
}
