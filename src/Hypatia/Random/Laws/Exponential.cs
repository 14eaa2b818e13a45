namespace Hypatia.Random.Laws;

/// <summary>−log(1 − U).</summary>
internal readonly struct StandardExponentialLaw : ILaw<double>
{
    public double Next(RandomState random) => random.NextExponential();
}

/// <summary>β times the standard exponential.</summary>
internal readonly struct ExponentialLaw(double scale) : ILaw<double>
{
    private readonly double _scale = Require.NonNegative(scale);

    public double Next(RandomState random) => _scale * random.NextExponential();
}

/// <summary>E^(1/a); 0 for a = 0, without a draw.</summary>
internal readonly struct WeibullLaw(double a) : ILaw<double>
{
    private readonly double _a = Require.NonNegative(a);

    public double Next(RandomState random) => _a == 0 ? 0 : Math.Pow(random.NextExponential(), 1 / _a);
}

/// <summary>exp(E/a) − 1, the Pareto II (Lomax) law.</summary>
internal readonly struct ParetoLaw(double a) : ILaw<double>
{
    private readonly double _a = Require.Positive(a);

    public double Next(RandomState random) => Math.Exp(random.NextExponential() / _a) - 1;
}

/// <summary>(1 − e⁻ᴱ)^(1/a), of density a·xᵃ⁻¹ on [0, 1].</summary>
internal readonly struct PowerLaw(double a) : ILaw<double>
{
    private readonly double _a = Require.Positive(a);

    public double Next(RandomState random) => Math.Pow(1 - Math.Exp(-random.NextExponential()), 1 / _a);
}

/// <summary>σ√(−2 log(1 − U)).</summary>
internal readonly struct RayleighLaw(double scale) : ILaw<double>
{
    private readonly double _scale = Require.NonNegative(scale);

    public double Next(RandomState random) => _scale * Math.Sqrt(-2.0 * Log1P.Of(-random.NextDouble()));
}
