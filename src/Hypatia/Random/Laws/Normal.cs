namespace Hypatia.Random.Laws;

/// <summary>N(0, 1) by the polar method, two at a time.</summary>
internal readonly struct StandardNormalLaw : ILaw<double>
{
    public double Next(RandomState random) => random.NextGauss();
}

/// <summary>N(μ, σ²) = μ + σ · N(0, 1).</summary>
internal readonly struct NormalLaw(double loc, double scale) : ILaw<double>
{
    private readonly double _scale = Require.NonNegative(scale);

    public double Next(RandomState random) => loc + (_scale * random.NextGauss());
}

/// <summary>exp N(μ, σ²).</summary>
internal readonly struct LogNormalLaw(double mean, double sigma) : ILaw<double>
{
    private readonly double _sigma = Require.NonNegative(sigma);

    public double Next(RandomState random) => Math.Exp(mean + (_sigma * random.NextGauss()));
}

/// <summary>The ratio of two independent normals.</summary>
internal readonly struct StandardCauchyLaw : ILaw<double>
{
    public double Next(RandomState random)
    {
        var numerator = random.NextGauss();
        return numerator / random.NextGauss();
    }
}

/// <summary>The inverse Gaussian, by the two roots of Michael, Schucany and Haas, 1976.</summary>
internal readonly struct WaldLaw(double mean, double scale) : ILaw<double>
{
    private readonly double _mean = Require.Positive(mean);
    private readonly double _scale = Require.Positive(scale);

    public double Next(RandomState random)
    {
        var ratio = _mean / (2 * _scale);
        var y = random.NextGauss();
        y = _mean * y * y;
        var x = _mean + (ratio * (y - Math.Sqrt((4 * _scale * y) + (y * y))));
        return random.NextDouble() <= _mean / (_mean + x) ? x : _mean * _mean / x;
    }
}
