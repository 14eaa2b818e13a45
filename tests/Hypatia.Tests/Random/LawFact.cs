using System.Globalization;
using System.Text.Json;
using Hypatia.Random;

namespace Hypatia.Tests.Random;

/// <summary>One line of numpy-laws.json: a call to NumPy, a hash of its draws and the uniform that came next.</summary>
internal sealed record LawFact(
    long Seed, bool Warm, string Method, string[] Arguments, int Count, string Hash, double Next)
{
    public static LawFact[] Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return [.. json.RootElement.EnumerateArray().Select(fact => new LawFact(
            fact[0].GetInt64(),
            fact[1].GetInt32() == 1,
            fact[2].GetString()!,
            [.. fact[3].EnumerateArray().Select(argument => argument.GetString()!)],
            fact[4].GetInt32(),
            fact[5].GetString()!,
            fact[6].GetDouble()))];
    }

    /// <summary>Makes the call on a fresh generator; null if it is as NumPy's, else what differs.</summary>
    public string? Check()
    {
        var random = new RandomState(Seed);
        if (Warm)
        {
            random.StandardNormal();
        }

        var hash = Summary(Draw(random)).ToString("x16", CultureInfo.InvariantCulture);
        var next = random.RandomSample();
        return hash == Hash && next.Equals(Next)
            ? null
            : $"seed {Seed}{(Warm ? " warm" : "")} {Method}({string.Join(", ", Arguments)}) × {Count}: "
                + $"{hash}, then {next:R}; NumPy {Hash}, then {Next:R}";
    }

    private double X(int i) => Arguments[i] switch
    {
        "inf" => double.PositiveInfinity,
        var text => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private Array Draw(RandomState random)
    {
        double[] All() => Array.ConvertAll(Arguments, text => double.Parse(text, CultureInfo.InvariantCulture));
        long N(int i) => long.Parse(Arguments[i], CultureInfo.InvariantCulture);
        return Method switch
        {
            "random_sample" => random.RandomSample(Count),
            "standard_normal" => random.StandardNormal(Count),
            "standard_exponential" => random.StandardExponential(Count),
            "standard_cauchy" => random.StandardCauchy(Count),
            "normal" => random.Normal(X(0), X(1), Count),
            "uniform" => random.Uniform(X(0), X(1), Count),
            "exponential" => random.Exponential(X(0), Count),
            "standard_gamma" => random.StandardGamma(X(0), Count),
            "gamma" => random.Gamma(X(0), X(1), Count),
            "beta" => random.Beta(X(0), X(1), Count),
            "chisquare" => random.ChiSquare(X(0), Count),
            "noncentral_chisquare" => random.NoncentralChiSquare(X(0), X(1), Count),
            "f" => random.F(X(0), X(1), Count),
            "noncentral_f" => random.NoncentralF(X(0), X(1), X(2), Count),
            "standard_t" => random.StandardT(X(0), Count),
            "lognormal" => random.LogNormal(X(0), X(1), Count),
            "wald" => random.Wald(X(0), X(1), Count),
            "laplace" => random.Laplace(X(0), X(1), Count),
            "logistic" => random.Logistic(X(0), X(1), Count),
            "gumbel" => random.Gumbel(X(0), X(1), Count),
            "rayleigh" => random.Rayleigh(X(0), Count),
            "weibull" => random.Weibull(X(0), Count),
            "power" => random.Power(X(0), Count),
            "pareto" => random.Pareto(X(0), Count),
            "triangular" => random.Triangular(X(0), X(1), X(2), Count),
            "vonmises" => random.VonMises(X(0), X(1), Count),
            "binomial" => random.Binomial(N(0), X(1), Count),
            "negative_binomial" => random.NegativeBinomial(X(0), X(1), Count),
            "poisson" => random.Poisson(X(0), Count),
            "geometric" => random.Geometric(X(0), Count),
            "hypergeometric" => random.Hypergeometric(N(0), N(1), N(2), Count),
            "logseries" => random.LogSeries(X(0), Count),
            "zipf" => random.Zipf(X(0), Count),
            "tomaxint" => random.ToMaxInt(Count),
            "bytes" => random.Bytes(Count),
            "permutation" => random.Permutation(Count),
            "multinomial" => random.Multinomial(N(0), All()[1..], Count),
            "dirichlet" => random.Dirichlet(All(), Count),
            "choice" => random.Choice((int)N(0), Count),
            "choice_without" => random.Choice((int)N(0), (int)Math.Min(Count, N(0)), replace: false),
            "choice_p" => random.Choice(Arguments.Length, Count, p: All()),
            "choice_p_without" =>
                random.Choice(Arguments.Length, All().Count(p => p > 0), replace: false, p: All()),
            "randint_bool" => Integers<bool>(random),
            "randint_int8" => Integers<sbyte>(random),
            "randint_uint8" => Integers<byte>(random),
            "randint_int16" => Integers<short>(random),
            "randint_uint16" => Integers<ushort>(random),
            "randint_int32" => Integers<int>(random),
            "randint_uint32" => Integers<uint>(random),
            "randint_int64" => Integers<long>(random),
            "randint_uint64" => Integers<ulong>(random),
            _ => throw new NotSupportedException(Method),
        };
    }

    private T[] Integers<T>(RandomState random)
        where T : struct => random.RandInt<T>(
            Int128.Parse(Arguments[0], CultureInfo.InvariantCulture),
            Int128.Parse(Arguments[1], CultureInfo.InvariantCulture),
            Count);

    private static ulong Summary(Array draws)
    {
        var hash = 0UL;
        foreach (var draw in draws)
        {
            var bits = draw switch
            {
                double.NaN => 0x7ff8000000000000UL,
                double x => BitConverter.DoubleToUInt64Bits(x),
                ulong x => x,
                bool x => x ? 1UL : 0UL,
                _ => unchecked((ulong)Convert.ToInt64(draw, CultureInfo.InvariantCulture)),
            };
            hash = unchecked((hash * 0x9E3779B97F4A7C15UL) + bits);
        }

        return hash;
    }
}
