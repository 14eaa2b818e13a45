using System.Globalization;
using System.Text.Json;
using Hypatia.Random;

namespace Hypatia.Tests.Random;

/// <summary>Data sets against scikit-learn's: sklearn-datasets.json (written by sklearn-datasets.py).</summary>
public sealed class DatasetsTests
{
    // NumPy's sine and cosine are an ulp off the C library's on half the points; blobs are exact.
    private const double Tolerance = 2e-15;

    private static readonly double[,] Centers = { { 0, 1, 2 }, { 10, -10, 0.5 }, { 3, 3, 3 } };

    [Fact]
    public void Moons_of_the_tutorial_are_those_of_scikit_learn()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Data", "moons200-seed0.csv"));
        var (x, y) = Datasets.MakeMoons(200, 0.20, new RandomState(0));
        Assert.Equal(lines.Length, y.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var fields = lines[i].Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(fields[0], x[i, 0], Tolerance);
            Assert.Equal(fields[1], x[i, 1], Tolerance);
            Assert.Equal((long)fields[2], y[i]);
        }
    }

    [Fact]
    public void Points_classes_and_generator_are_those_of_scikit_learn()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Data", "sklearn-datasets.json");
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        foreach (var fact in json.RootElement.EnumerateArray())
        {
            var name = fact[0].GetString()!;
            var random = new RandomState(fact[2].GetInt64());
            var (x, y) = Make(name, fact[1], random);
            var call = $"{name}({fact[1]}), seed {fact[2]}";
            Assert.True(fact[4].EnumerateArray().Select(label => label.GetInt64()).SequenceEqual(y), call);
            Assert.Equal(fact[5].GetDouble(), random.RandomSample());
            var i = 0;
            var tolerance = name.StartsWith("blobs", StringComparison.Ordinal) ? 0 : Tolerance;
            foreach (var row in fact[3].EnumerateArray())
            {
                var j = 0;
                foreach (var expected in row.EnumerateArray())
                {
                    var actual = x[i, j++];
                    Assert.True(Math.Abs(expected.GetDouble() - actual) <= tolerance, $"{call}: {expected} {actual}");
                }

                Assert.Equal(j, x.GetLength(1));
                i++;
            }

            Assert.Equal(i, x.GetLength(0));
        }
    }

    [Fact]
    public void Blobs_need_a_center_and_consistent_sizes()
    {
        var random = new RandomState(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.MakeBlobs(10, 0, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.MakeBlobs(-1, 3, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.MakeBlobs(9, 3, random, deviation: -1));
        Assert.StartsWith(
            "Length of samples not consistent with number of centers: 2 and 3",
            Assert.Throws<ArgumentException>(() => Datasets.MakeBlobs([1, 2], Centers, random)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Length of deviations not consistent with number of centers: 1 and 3",
            Assert.Throws<ArgumentException>(() => Datasets.MakeBlobs([1, 2, 3], Centers, random, [1.0])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Moons_and_circles_reject_negative_sizes_noise_and_factors()
    {
        var random = new RandomState(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.MakeMoons(-2, null, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.MakeCircles((3, -1), null, random));
        Assert.StartsWith(
            "noise < 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.MakeMoons(10, -0.1, random)).Message,
            StringComparison.Ordinal);
        foreach (var factor in new[] { -0.1, 1, double.NaN })
        {
            Assert.StartsWith(
                "'factor' has to be between 0 and 1.",
                Assert.Throws<ArgumentOutOfRangeException>(
                    () => Datasets.MakeCircles(10, null, random, factor)).Message,
                StringComparison.Ordinal);
        }
    }

    private static (double[,] X, long[] Y) Make(string name, JsonElement arguments, RandomState random)
    {
        int N(int i) => arguments[i].GetInt32();
        double? Noise() => arguments[1].ValueKind == JsonValueKind.Null ? null : arguments[1].GetDouble();
        return name switch
        {
            "moons" => Datasets.MakeMoons(N(0), Noise(), random, arguments[2].GetBoolean()),
            "circles" => Datasets.MakeCircles(
                N(0), Noise(), random, arguments[2].GetDouble(), arguments[3].GetBoolean()),
            "moons_sizes" => Datasets.MakeMoons((N(0), N(1)), 0.1, random),
            "circles_sizes" => Datasets.MakeCircles((N(0), N(1)), 0.1, random),
            "blobs" => Datasets.MakeBlobs(N(0), 3, random),
            "blobs_at" => Datasets.MakeBlobs(N(0), Centers, random),
            "blobs_box" => Datasets.MakeBlobs(
                N(0), 5, random, features: 4, deviation: 0.3, low: -1, high: 2, shuffle: false),
            "blobs_sizes" => Datasets.MakeBlobs([N(0), N(1), N(2)], Centers, random, [0.1, 1, 2]),
            _ => throw new NotSupportedException(name),
        };
    }
}
