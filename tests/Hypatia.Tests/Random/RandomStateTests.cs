using Hypatia.Random;

namespace Hypatia.Tests.Random;

/// <summary>Forms of calls, states and seeds.</summary>
public sealed class RandomStateTests
{
    [Fact]
    public void Randn_makes_arrays_of_up_to_four_axes_in_reading_order()
    {
        var flat = New().Randn(24);
        Assert.Equal(flat[0], New().Randn());
        Assert.Equal(flat, New().Randn(4, 6).Cast<double>());
        Assert.Equal(flat, New().Randn(2, 3, 4).Cast<double>());
        Assert.Equal(flat, New().Randn(1, 2, 3, 4).Cast<double>());
        Assert.Equal(flat, New().StandardNormal((1, 2, 3, 4)).Cast<double>());
        Assert.Equal(flat, New().Normal(0, 1, (2, 3, 4)).Cast<double>());
        Assert.Equal(flat, Enumerable.Repeat(New(), 24).Select(random => random.Randn()));
    }

    [Fact]
    public void Rand_makes_arrays_of_up_to_four_axes_in_reading_order()
    {
        var flat = New().Rand(24);
        Assert.Equal(flat[0], New().Rand());
        Assert.Equal(flat, New().Rand(4, 6).Cast<double>());
        Assert.Equal(flat, New().Rand(2, 3, 4).Cast<double>());
        Assert.Equal(flat, New().Rand(1, 2, 3, 4).Cast<double>());
        Assert.Equal(flat, New().RandomSample((4, 6)).Cast<double>());
        Assert.Equal(flat, New().Uniform(0, 1, (1, 2, 3, 4)).Cast<double>());
    }

    [Fact]
    public void Arrays_have_the_lengths_that_were_asked_for()
    {
        var random = New();
        Assert.Equal((2, 3), Lengths(random.Randn(2, 3)));
        Assert.Equal((0, 3), Lengths(random.Gamma(1, 2, (0, 3))));
        Assert.Equal((4, 2), Lengths(random.RandInt(0, 5, (4, 2))));
        Assert.Equal((4, 2), Lengths(random.RandInt<byte>(0, 5, (4, 2))));
        Assert.Equal((4, 2), Lengths(random.RandomIntegers(0, 5, (4, 2))));
        Assert.Equal((4, 2), Lengths(random.Choice(5, (4, 2))));
        Assert.Equal((6, 3), Lengths(random.Multinomial(9, [0.2, 0.3, 0.5], 6)));
        Assert.Equal((6, 2), Lengths(random.Dirichlet([1, 2], 6)));
        Assert.Empty(random.Rand(0));
        Assert.Empty(random.Permutation(0));
        Assert.Empty(random.Permutation(-1));
        Assert.Empty(random.Choice(0, 0));
        Assert.Empty(random.RandInt(0, 0, 0));
        Assert.Empty(random.Multinomial(3, []));

        static (int Rows, int Columns) Lengths<T>(T[,] matrix) => (matrix.GetLength(0), matrix.GetLength(1));
    }

    [Fact]
    public void Single_draws_and_matrices_are_those_of_a_vector()
    {
        Assert.Equal(New().Poisson(12, 6), New().Poisson(12, (2, 3)).Cast<long>());
        Assert.Equal(New().Poisson(12, 6), Enumerable.Repeat(New(), 6).Select(random => random.Poisson(12)));
        Assert.Equal(New().Binomial(99, 0.4, 6), New().Binomial(99, 0.4, (3, 2)).Cast<long>());
        Assert.Equal(New().RandInt(3, 90, 6), New().RandInt(3, 90, (3, 2)).Cast<long>());
        Assert.Equal(New().RandInt(3, 90, 6), Enumerable.Repeat(New(), 6).Select(random => random.RandInt(3, 90)));
        Assert.Equal(New().RandInt(0, 90), New().RandInt(90));
        Assert.Equal(New().RandomIntegers(1, 6), New().RandomIntegers(6));
        Assert.Equal(New().Choice(9, 6), New().Choice(9, (2, 3)).Cast<long>());
        Assert.Equal(New().Choice(9, 6)[0], New().Choice(9));
        Assert.Equal(New().Dirichlet([1, 2], 3).Cast<double>().Take(2), New().Dirichlet([1, 2]));
        Assert.Equal(New().Multinomial(9, [0.4, 0.6], 3).Cast<long>().Take(2), New().Multinomial(9, [0.4, 0.6]));
        Assert.Equal(New().ToMaxInt(2)[0], New().ToMaxInt());
    }

    [Fact]
    public void Narrow_integers_share_words_within_one_array_only()
    {
        var together = New().RandInt<byte>(0, 256, 4);
        Assert.Equal(New().Bytes(4), together);
        var random = New();
        Assert.Equal([together[0]], random.RandInt<byte>(0, 256, 1));
        Assert.Equal(New().Bytes(8)[4], random.RandInt<byte>(0, 256));
    }

    [Fact]
    public void Bytes_of_no_length_use_a_word_as_in_NumPy()
    {
        var random = new RandomState(0);
        Assert.Empty(random.Bytes(0));
        Assert.Equal(0.5928446182250183, random.Rand(), 0.0);
    }

    [Fact]
    public void Random_integers_include_the_upper_end() =>
        Assert.Equal([1, 2, 3], New().RandomIntegers(1, 3, 100).Distinct().Order());

    [Fact]
    public void Shuffle_moves_vectors_lists_and_rows_alike()
    {
        var order = New().Permutation(6);
        var vector = new[] { "a", "b", "c", "d", "e", "f" };
        var rows = new[,] { { "a" }, { "b" }, { "c" }, { "d" }, { "e" }, { "f" } };
        var expected = order.Select(i => vector[i]).ToArray();
        Assert.Equal(expected, New().Permutation(vector));
        Assert.Equal(expected, New().Permutation(rows).Cast<string>());
        List<string> list = [.. vector];
        New().Shuffle(list);
        Assert.Equal(expected, list);
        New().Shuffle(rows);
        Assert.Equal(expected, rows.Cast<string>());
        New().Shuffle(vector);
        Assert.Equal(expected, vector);
    }

    [Fact]
    public void Choice_takes_from_values_what_it_takes_from_their_indices()
    {
        string[] values = ["a", "b", "c"];
        double[] p = [0.2, 0.3, 0.5];
        Assert.Equal(New().Choice(3, 8).Select(i => values[i]), New().Choice(values, 8));
        Assert.Equal(New().Choice(3, 8, p: p).Select(i => values[i]), New().Choice(values, 8, p: p));
        Assert.Equal(values[New().Choice(3, p: p)], New().Choice(values, p: p));
        Assert.Equal(New().Choice(3, 1, replace: false)[0], New().Choice(3, replace: false));
        Assert.Equal([0, 1, 2], New().Choice(3, 3, replace: false, p: p).Order());
        Assert.Equal([0.2, 0.3, 0.5], p);
    }

    [Fact]
    public void A_state_brings_back_draws_and_the_kept_normal()
    {
        var random = New();
        random.Randn(3);
        var state = random.GetState();
        Assert.True(state.HasGauss);
        var draws = random.Randn(700);
        Assert.NotEqual(state, random.GetState());
        random.SetState(state);
        Assert.Equal(state, random.GetState());
        Assert.Equal(state.GetHashCode(), random.GetState().GetHashCode());
        Assert.Equal(draws, random.Randn(700));

        var other = new RandomState();
        other.SetState(state with { HasGauss = false, Gauss = 0 });
        Assert.NotEqual(draws[0], other.Randn());
    }

    [Fact]
    public void Seed_starts_over_and_forgets_the_kept_normal()
    {
        var random = new RandomState(9);
        random.Randn();
        random.Seed(5);
        Assert.Equal(new RandomState(5).GetState(), random.GetState());
        random.Randn();
        random.Seed([1, 2, 3]);
        Assert.Equal(new RandomState([1, 2, 3]).GetState(), random.GetState());
        Assert.NotEqual(new RandomState(5).Rand(), new RandomState([5]).Rand());
    }

    [Fact]
    public void Seeds_longer_than_the_state_are_used_up()
    {
        var seed = Enumerable.Range(0, 1000).Select(i => (long)i).ToArray();
        Assert.NotEqual(new RandomState(seed).Rand(), new RandomState(seed.AsSpan(..^1)).Rand());
        Assert.Equal(0.9343370187421804, new RandomState(seed).Rand(), 0.0);
    }

    [Fact]
    public void Generators_without_a_seed_differ() =>
        Assert.NotEqual(new RandomState().GetState(), new RandomState().GetState());

    private static RandomState New() => new(7);
}
