using System.Text.Json;
using Hypatia.Random;

namespace Hypatia.Tests.Random;

/// <summary>Every call of numpy-randomstate.json, exactly.</summary>
public sealed class RandomStateReferenceTests
{
    private static readonly JsonElement Reference = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "numpy-randomstate.json")))
        .RootElement.Clone();

    private static readonly Dictionary<string, Func<RandomState, object>> Calls = new()
    {
        ["state_key_first8"] = r => r.GetState().Key[..8].ToArray(),
        ["state_key_last4"] = r => r.GetState().Key[^4..].ToArray(),
        ["state_pos"] = r => r.GetState().Position,
        ["seq_mixed"] = r => new object[]
        {
            r.Randn(3), r.Permutation(5), r.Rand(2), r.Randn(2), r.RandInt(0, 100, 3), r.Randn(2),
        },
        ["rand1e6_last"] = r => r.Rand(1_000_000)[^1],
        ["randn1e6_last"] = r => r.Randn(1_000_000)[^1],
        ["rand1e6_sum"] = r => NumPySum(r.Rand(1_000_000)),
        ["randn1e6_sum"] = r => NumPySum(r.Randn(1_000_000)),
        ["randn10"] = r => r.Randn(10),
        ["randn11_then_rand3"] = r => new object[] { r.Randn(11), r.Rand(3) },
        ["rand10"] = r => r.Rand(10),
        ["rand_2x3"] = r => r.Rand(2, 3),
        ["random_sample5"] = r => r.RandomSample(5),
        ["permutation10"] = r => r.Permutation(10),
        ["permutation200"] = r => r.Permutation(200),
        ["shuffle10"] = r => Shuffled(r, Enumerable.Range(0, 10).ToArray()),
        ["shuffle_2d"] = r => Shuffled(r, new[,] { { 0, 1 }, { 2, 3 }, { 4, 5 }, { 6, 7 }, { 8, 9 }, { 10, 11 } }),
        ["randint_0_10x10"] = r => r.RandInt(0, 10, 10),
        ["randint_0_2x20"] = r => r.RandInt(0, 2, 20),
        ["randint_0_100x10"] = r => r.RandInt(0, 100, 10),
        ["randint_int32"] = r => r.RandInt<int>(0, 1000, 10),
        ["randint_uint8"] = r => r.RandInt<byte>(0, 256, 10),
        ["randint_big"] = r => r.RandInt(0, 1L << 40, 10),
        ["randint_neg"] = r => r.RandInt(-5, 5, 10),
        ["random_integers"] = r => r.RandInt(1, 7, 10),
        ["uniform"] = r => r.Uniform(-1, 1, 10),
        ["normal"] = r => r.Normal(2, 3, 10),
        ["standard_normal3"] = r => r.StandardNormal(3),
        ["gamma"] = r => r.Gamma(2.0, 1.5, 10),
        ["gamma_small"] = r => r.Gamma(0.5, 1.0, 10),
        ["standard_exponential"] = r => r.StandardExponential(10),
        ["exponential"] = r => r.Exponential(2.0, 10),
        ["beta"] = r => r.Beta(2, 3, 10),
        ["binomial"] = r => r.Binomial(10, .3, 10),
        ["binomial_big"] = r => r.Binomial(1000, .4, 10),
        ["poisson"] = r => r.Poisson(3.0, 10),
        ["poisson_big"] = r => r.Poisson(30.0, 10),
        ["choice"] = r => r.Choice(10, 5),
        ["choice_noreplace"] = r => r.Choice(10, 5, replace: false),
        ["choice_p"] = r => r.Choice(4, 10, p: [.1, .2, .3, .4]),
        ["multinomial"] = r => r.Multinomial(20, [.2, .3, .5], size: 3),
        ["laplace"] = r => r.Laplace(0, 1, 5),
        ["lognormal"] = r => r.LogNormal(0, 1, 5),
        ["chisquare"] = r => r.ChiSquare(3, 5),
        ["standard_t"] = r => r.StandardT(4, 5),
        ["bytes8"] = r => r.Bytes(8),
        ["tomaxint5"] = r => r.ToMaxInt(5),
        ["multivariate_normal"] = r => r.MultivariateNormal([0, 1], new[,] { { 2, .5 }, { .5, 1 } }, 3),
        ["geometric"] = r => r.Geometric(.3, 10),
        ["cauchy"] = r => r.StandardCauchy(5),
        ["weibull"] = r => r.Weibull(2, 5),
        ["triangular"] = r => r.Triangular(0, 1, 3, 5),
        ["vonmises"] = r => r.VonMises(0, 2, 5),
        ["dirichlet"] = r => r.Dirichlet([1, 2, 3], 2),
        ["logistic"] = r => r.Logistic(0, 1, 5),
        ["gumbel"] = r => r.Gumbel(0, 1, 5),
        ["rayleigh"] = r => r.Rayleigh(1, 5),
        ["pareto"] = r => r.Pareto(3, 5),
        ["f"] = r => r.F(3, 4, 5),
        ["hypergeometric"] = r => r.Hypergeometric(10, 15, 8, 10),
        ["negative_binomial"] = r => r.NegativeBinomial(5, .4, 10),
        ["zipf"] = r => r.Zipf(2.5, 10),
        ["logseries"] = r => r.LogSeries(.6, 10),
    };

    public static TheoryData<long, string> Keys
    {
        get
        {
            var keys = new TheoryData<long, string>();
            foreach (var seed in Reference.GetProperty("values").EnumerateObject())
            {
                if (long.TryParse(seed.Name, out var number))
                {
                    foreach (var call in seed.Value.EnumerateObject())
                    {
                        keys.Add(number, call.Name);
                    }
                }
            }

            return keys;
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Draws_are_those_of_NumPy(long seed, string key)
    {
        var expected = Reference.GetProperty("values").GetProperty($"{seed}").GetProperty(key);
        Assert.Equal(Numbers(expected), Numbers(Calls[key](new RandomState(seed))));
    }

    [Fact]
    public void A_seed_of_several_numbers_is_that_of_NumPy()
    {
        var reference = Reference.GetProperty("values").GetProperty("init_by_array");
        var seed = reference.GetProperty("seed").EnumerateArray().Select(word => word.GetInt64()).ToArray();
        Assert.Equal(Numbers(reference.GetProperty("rand5")), Numbers(new RandomState(seed).Rand(5)));
    }

    [Fact]
    public void Every_call_of_the_reference_is_made_for_each_seed()
    {
        Assert.Equal(2 * Calls.Count, Keys.Count);
        Assert.All(
            Reference.GetProperty("calls").EnumerateObject(), call => Assert.True(Calls.ContainsKey(call.Name)));
    }

    // All numbers in reading order; integers below 2⁵³ and doubles are compared exactly.
    private static List<double> Numbers(object value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().SelectMany(x => Numbers(x))],
        JsonElement number => [number.GetDouble()],
        Array list => [.. list.Cast<object>().SelectMany(Numbers)],
        _ => [Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)],
    };

    private static int[] Shuffled(RandomState random, int[] values)
    {
        random.Shuffle<int>(values);
        return values;
    }

    private static int[,] Shuffled(RandomState random, int[,] values)
    {
        random.Shuffle(values);
        return values;
    }

    // Buffers of 8192, one after the other.
    private static double NumPySum(double[] x) => x.Chunk(8192).Aggregate(0.0, (sum, part) => sum + PairwiseSum(part));

    // Halves down to blocks of 128, eight running sums in each.
    private static double PairwiseSum(ReadOnlySpan<double> x)
    {
        if (x.Length > 128)
        {
            var half = x.Length / 2;
            half -= half % 8;
            return PairwiseSum(x[..half]) + PairwiseSum(x[half..]);
        }

        Span<double> sums = stackalloc double[8];
        x[..8].CopyTo(sums);
        var i = 8;
        for (; i + 8 <= x.Length; i += 8)
        {
            for (var j = 0; j < 8; j++)
            {
                sums[j] += x[i + j];
            }
        }

        var sum = sums[0] + sums[1] + (sums[2] + sums[3]) + (sums[4] + sums[5] + (sums[6] + sums[7]));
        for (; i < x.Length; i++)
        {
            sum += x[i];
        }

        return sum;
    }
}
