namespace Hypatia.Random.Laws;

/// <summary>An angle in [−π, π] of density ∝ exp(κ cos(x − μ)).</summary>
/// <remarks>Source: Best and Fisher, "Efficient simulation of the von Mises distribution", 1979.</remarks>
internal readonly struct VonMisesLaw : ILaw<double>
{
    private readonly double _mu;
    private readonly double _kappa;
    private readonly double _s;

    public VonMisesLaw(double mu, double kappa)
    {
        _mu = mu;
        _kappa = Require.NonNegative(kappa);
        if (kappa < 1e-5)
        {
            _s = (1 / kappa) + kappa; // to second order; the general form is too coarse here
            return;
        }

        var r = 1 + Math.Sqrt(1 + (4 * kappa * kappa));
        var rho = (r - Math.Sqrt(2 * r)) / (2 * kappa);
        _s = (1 + (rho * rho)) / (2 * rho);
        if (!double.IsNaN(kappa) && !(_s > 1))
        {
            // The rejection below would accept V = 0 only: NumPy goes on for ever.
            throw Require.Fault(nameof(kappa), kappa, "kappa is too large for this method; use Normal(mu, kappa^-0.5)");
        }
    }

    public double Next(RandomState random)
    {
        if (double.IsNaN(_kappa))
        {
            return double.NaN;
        }

        if (_kappa < 1e-8)
        {
            return Math.PI * ((2 * random.NextDouble()) - 1);
        }

        double w, y, v;
        do
        {
            var z = Math.Cos(Math.PI * random.NextDouble());
            w = (1 + (_s * z)) / (_s + z);
            y = _kappa * (_s - w);
            v = random.NextDouble();
        }
        while (!((y * (2 - y)) - v >= 0 || Math.Log(y / v) + 1 - y >= 0));

        var angle = Math.Acos(w);
        if (random.NextDouble() < 0.5)
        {
            angle = -angle;
        }

        angle += _mu;
        var folded = ((Math.Abs(angle) + Math.PI) % (2 * Math.PI)) - Math.PI;
        return angle < 0 ? -folded : folded;
    }
}
