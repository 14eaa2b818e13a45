namespace Hypatia.Random.Laws;

/// <summary>k of probability k⁻ᵃ/ζ(a): 1, 2, ….</summary>
/// <remarks>
/// By rejection from a Pareto law. Source: Devroye, "Non-Uniform Random Variate Generation", 1986, X.6.
/// </remarks>
internal readonly struct ZipfLaw(double a) : ILaw<long>
{
    private readonly double _a = Require.AboveOne(a);

    public long Next(RandomState random)
    {
        var exponent = _a - 1.0;
        var b = Math.Pow(2.0, exponent);
        if (double.IsPositiveInfinity(b))
        {
            return 1; // of probability 1 − 2⁻¹⁰²⁴; NumPy goes on for ever
        }

        while (true)
        {
            var u = 1.0 - random.NextDouble();
            var v = random.NextDouble();
            var x = Math.Floor(Math.Pow(u, -1.0 / exponent));
            if (x is > long.MaxValue or < 1.0)
            {
                continue;
            }

            var t = Math.Pow(1.0 + (1.0 / x), exponent);
            if (v * x * (t - 1.0) / (b - 1.0) <= t / b)
            {
                return LongCast.Truncate(x);
            }
        }
    }
}
