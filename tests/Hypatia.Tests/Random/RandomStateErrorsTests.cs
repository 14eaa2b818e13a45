using System.Collections.Immutable;
using Hypatia.Random;

namespace Hypatia.Tests.Random;

/// <summary>What is rejected, with the messages of NumPy.</summary>
public sealed class RandomStateErrorsTests
{
    private static readonly Dictionary<string, (string Message, Action<RandomState> Call)> Errors = new()
    {
        ["seed below 0"] = ("Seed must be between 0 and 2**32 - 1", _ => _ = new RandomState(-1)),
        ["seed of 33 bits"] = ("Seed must be between 0 and 2**32 - 1", _ => _ = new RandomState(1L << 32)),
        ["no seeds"] = ("Seed must be non-empty", _ => _ = new RandomState([])),
        ["one bad seed"] = ("Seed must be between 0 and 2**32 - 1", r => r.Seed([1, -1])),
        ["state of other length"] = (
            "state must be 624 words long, not 3", r => r.SetState(new GeneratorState([1, 2, 3], 0))),
        ["state without words"] = (
            "state must be 624 words long, not 0", r => r.SetState(new GeneratorState(default, 0))),
        ["position"] = (
            "position must be 0 to 624, not 625",
            r => r.SetState(new GeneratorState(ImmutableArray.Create(new uint[624]), 625))),
        ["rand"] = ("negative dimensions are not allowed", r => r.Rand(-1)),
        ["randn"] = ("negative dimensions are not allowed", r => r.Randn(2, -1)),
        ["bytes"] = ("negative dimensions are not allowed", r => r.Bytes(-1)),
        ["normal"] = ("scale < 0", r => r.Normal(0, -1)),
        ["normal, sign of zero"] = ("scale < 0", r => r.Normal(0, -0.0)),
        ["lognormal"] = ("sigma < 0", r => r.LogNormal(0, -1)),
        ["uniform"] = ("Range exceeds valid bounds", r => r.Uniform(-1e308, 1e308)),
        ["uniform, NaN"] = ("Range exceeds valid bounds", r => r.Uniform(double.NaN, 1)),
        ["exponential"] = ("scale < 0", r => r.Exponential(-1)),
        ["standard_gamma"] = ("shape < 0", r => r.StandardGamma(-1)),
        ["gamma, shape"] = ("shape < 0", r => r.Gamma(-1)),
        ["gamma, scale"] = ("scale < 0", r => r.Gamma(1, -1)),
        ["beta, a"] = ("a <= 0", r => r.Beta(0, 1)),
        ["beta, b"] = ("b <= 0", r => r.Beta(1, -1)),
        ["chisquare"] = ("df <= 0", r => r.ChiSquare(0)),
        ["noncentral_chisquare, df"] = ("df <= 0", r => r.NoncentralChiSquare(0, 1)),
        ["noncentral_chisquare, nonc"] = ("nonc < 0", r => r.NoncentralChiSquare(1, -1)),
        ["f, numerator"] = ("dfnum <= 0", r => r.F(0, 1)),
        ["f, denominator"] = ("dfden <= 0", r => r.F(1, 0)),
        ["noncentral_f, numerator"] = ("dfnum <= 0", r => r.NoncentralF(0, 1, 1)),
        ["noncentral_f, denominator"] = ("dfden <= 0", r => r.NoncentralF(1, 0, 1)),
        ["noncentral_f, nonc"] = ("nonc < 0", r => r.NoncentralF(1, 1, -1)),
        ["standard_t"] = ("df <= 0", r => r.StandardT(0)),
        ["wald, mean"] = ("mean <= 0", r => r.Wald(0, 1)),
        ["wald, scale"] = ("scale <= 0", r => r.Wald(1, 0)),
        ["laplace"] = ("scale < 0", r => r.Laplace(0, -1)),
        ["logistic"] = ("scale < 0", r => r.Logistic(0, -1)),
        ["gumbel"] = ("scale < 0", r => r.Gumbel(0, -1)),
        ["rayleigh"] = ("scale < 0", r => r.Rayleigh(-1)),
        ["weibull"] = ("a < 0", r => r.Weibull(-1)),
        ["power"] = ("a <= 0", r => r.Power(0)),
        ["pareto"] = ("a <= 0", r => r.Pareto(0)),
        ["triangular, left"] = ("left > mode", r => r.Triangular(1, 0, 2)),
        ["triangular, right"] = ("mode > right", r => r.Triangular(0, 3, 2)),
        ["triangular, width"] = ("left == right", r => r.Triangular(1, 1, 1)),
        ["vonmises"] = ("kappa < 0", r => r.VonMises(0, -1)),
        ["vonmises, large"] = ("kappa is too large", r => r.VonMises(0, 2e16)),
        ["vonmises, infinite"] = ("kappa is too large", r => r.VonMises(0, double.PositiveInfinity)),
        ["binomial, n"] = ("n < 0", r => r.Binomial(-1, 0.5)),
        ["binomial, p"] = ("p < 0, p > 1 or p is NaN", r => r.Binomial(1, -0.5)),
        ["binomial, NaN"] = ("p < 0, p > 1 or p is NaN", r => r.Binomial(1, double.NaN)),
        ["negative_binomial, n"] = ("n <= 0", r => r.NegativeBinomial(0, 0.5)),
        ["negative_binomial, p"] = ("p < 0, p > 1 or p is NaN", r => r.NegativeBinomial(1, 2)),
        ["poisson"] = ("lam < 0 or lam is NaN", r => r.Poisson(-1)),
        ["poisson, NaN"] = ("lam < 0 or lam is NaN", r => r.Poisson(double.NaN)),
        ["poisson, large"] = ("lam value too large", r => r.Poisson(9.223372006484772e18)),
        ["geometric"] = ("p <= 0, p > 1 or p contains NaNs", r => r.Geometric(0)),
        ["hypergeometric, sum"] = ("ngood + nbad < nsample", r => r.Hypergeometric(1, 1, 3)),
        ["hypergeometric, good"] = ("ngood < 0", r => r.Hypergeometric(-1, 5, 1)),
        ["hypergeometric, bad"] = ("nbad < 0", r => r.Hypergeometric(5, -1, 1)),
        ["hypergeometric, sample"] = ("nsample < 1", r => r.Hypergeometric(1, 1, 0)),
        ["logseries"] = ("p < 0, p >= 1 or p is NaN", r => r.LogSeries(1)),
        ["zipf"] = ("a <= 1 or a is NaN", r => r.Zipf(1)),
        ["randint, equal"] = ("high <= 0", r => r.RandInt(0)),
        ["randint, reversed"] = ("low >= high", r => r.RandInt(5, 1, 3)),
        ["randint, low"] = ("low is out of bounds for uint64", r => r.RandInt<ulong>(-1, 2)),
        ["randint, high"] = ("high is out of bounds for int8", r => r.RandInt<sbyte>(0, 129)),
        ["randint, bool"] = ("high is out of bounds for bool", r => r.RandInt<bool>(0, 3)),
        ["randint, type"] = ("Unsupported dtype System.Double for randint", r => r.RandInt<double>(0, 3)),
        ["random_integers"] = ("low >= high", r => r.RandomIntegers(5, 4)),
        ["choice, none"] = ("population must be greater than 0 unless no samples are taken", r => r.Choice(0)),
        ["choice, length"] = ("population and p must have the same size: 3 and 2", r => r.Choice(3, 2, p: [0.1, 0.9])),
        ["choice, sum"] = ("probabilities do not sum to 1", r => r.Choice(2, 2, p: [0.1, 0.8])),
        ["choice, sign"] = ("probabilities are not non-negative", r => r.Choice(3, 2, p: [0.1, -0.2, 1.1])),
        ["choice, NaN"] = ("probabilities contain NaN", r => r.Choice(2, 2, p: [0.1, double.NaN])),
        ["choice, many"] = ("Cannot take a larger sample than population", r => r.Choice(3, 4, replace: false)),
        ["choice, negative"] = ("negative dimensions are not allowed", r => r.Choice(3, -1)),
        ["choice, zeros"] = (
            "Fewer non-zero entries in p than size", r => r.Choice(3, 3, replace: false, p: [0.5, 0.5, 0])),
        ["multinomial, n"] = ("n < 0", r => r.Multinomial(-1, [0.5, 0.5])),
        ["multinomial, p"] = ("pvals < 0, pvals > 1 or pvals contains NaNs", r => r.Multinomial(1, [double.NaN, 1])),
        ["multinomial, sum"] = ("sum(pvals[:-1]) > 1.0", r => r.Multinomial(1, [0.5, 0.6, 0.1])),
        ["dirichlet"] = ("alpha <= 0", r => r.Dirichlet([0, 1])),
        ["multivariate_normal, square"] = (
            "cov must be 2 dimensional and square", r => r.MultivariateNormal([0, 1], new double[2, 3])),
        ["multivariate_normal, length"] = (
            "mean and cov must have same length", r => r.MultivariateNormal([0], new double[2, 2])),
        ["multivariate_normal, sign"] = (
            "covariance is not symmetric positive-semidefinite",
            r => r.MultivariateNormal([0, 1], new double[,] { { 1, 2 }, { 2, 1 } })),
        ["multivariate_normal, NaN"] = (
            "cov contains NaN or infinity",
            r => r.MultivariateNormal([0, 1], new[,] { { 1, double.NaN }, { 2, 1 } })),
    };

    public static TheoryData<string> Names => [.. Errors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bad_parameters_are_rejected_before_any_draw(string name)
    {
        var random = new RandomState(0);
        var before = random.GetState();
        var error = Assert.ThrowsAny<ArgumentException>(() => Errors[name].Call(random));
        Assert.StartsWith(Errors[name].Message, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, random.GetState());
    }

    [Fact]
    public void The_parameter_and_its_value_are_named() => Assert.Equal(
        "scale < 0 (Parameter 'scale')" + Environment.NewLine + "Actual value was -1.",
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomState(0).Normal(3, -1, 10)).Message);

    [Fact]
    public void Where_NumPy_would_not_end_a_large_Zipf_exponent_gives_one() =>
        Assert.Equal([1, 1, 1], new RandomState(0).Zipf(1025, 3));
}
