namespace Hypatia.Random.Laws;

/// <summary>Γ(k, 1).</summary>
/// <remarks>
/// k = 1 is exponential; k &lt; 1 by rejection from a piecewise envelope (Ahrens and Dieter's GS, 1974);
/// k &gt; 1 by Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
/// </remarks>
internal readonly struct StandardGammaLaw(double shape) : ILaw<double>
{
    private readonly double _shape = Require.NonNegative(shape);

    public double Next(RandomState random) => Next(random, _shape);

    /// <summary>A draw of a shape that is already known to be good.</summary>
    public static double Next(RandomState random, double shape) => shape switch
    {
        1 => random.NextExponential(),
        0 => 0,
        < 1 => Small(random, shape),
        _ => Large(random, shape),
    };

    private static double Small(RandomState random, double shape)
    {
        while (true)
        {
            var u = random.NextDouble();
            var v = random.NextExponential();
            if (u <= 1.0 - shape)
            {
                var x = Math.Pow(u, 1 / shape);
                if (x <= v)
                {
                    return x;
                }
            }
            else
            {
                var y = -Math.Log((1 - u) / shape);
                var x = Math.Pow(1.0 - shape + (shape * y), 1 / shape);
                if (x <= v + y)
                {
                    return x;
                }
            }
        }
    }

    private static double Large(RandomState random, double shape)
    {
        var b = shape - (1.0 / 3.0);
        var c = 1 / Math.Sqrt(9 * b);
        while (true)
        {
            double x, v;
            do
            {
                x = random.NextGauss();
                v = 1.0 + (c * x);
            }
            while (v <= 0);

            v = v * v * v;
            var u = random.NextDouble();
            if (u < 1.0 - (0.0331 * (x * x) * (x * x))
                || Math.Log(u) < (0.5 * x * x) + (b * (1.0 - v + Math.Log(v))))
            {
                return b * v;
            }
        }
    }
}

/// <summary>Γ(k, θ) = θ · Γ(k, 1).</summary>
internal readonly struct GammaLaw(double shape, double scale) : ILaw<double>
{
    private readonly double _shape = Require.NonNegative(shape);
    private readonly double _scale = Require.NonNegative(scale);

    public double Next(RandomState random) => _scale * StandardGammaLaw.Next(random, _shape);
}

/// <summary>χ²(n) = 2 Γ(n/2, 1).</summary>
internal readonly struct ChiSquareLaw(double df) : ILaw<double>
{
    private readonly double _df = Require.Positive(df);

    public double Next(RandomState random) => Next(random, _df);

    /// <summary>A draw of degrees of freedom that are already known to be good.</summary>
    public static double Next(RandomState random, double df) => 2.0 * StandardGammaLaw.Next(random, df / 2.0);
}

/// <summary>χ²(n − 1) + (N(0, 1) + √λ)² for n &gt; 1, else χ²(n + 2 Poisson(λ/2)).</summary>
internal readonly struct NoncentralChiSquareLaw(double df, double nonc) : ILaw<double>
{
    private readonly double _df = Require.Positive(df);
    private readonly double _nonc = Require.NonNegative(nonc);

    public double Next(RandomState random)
    {
        if (_nonc == 0)
        {
            return ChiSquareLaw.Next(random, _df);
        }

        if (1 < _df)
        {
            var chi2 = ChiSquareLaw.Next(random, _df - 1);
            var n = random.NextGauss() + Math.Sqrt(_nonc);
            return chi2 + (n * n);
        }

        var i = new PoissonLaw(_nonc / 2.0).Next(random);
        var draw = ChiSquareLaw.Next(random, _df + (2 * i));
        return double.IsNaN(_nonc) ? double.NaN : draw;
    }
}

/// <summary>(χ²(m)/m) / (χ²(n)/n).</summary>
internal readonly struct FLaw(double dfnum, double dfden) : ILaw<double>
{
    private readonly double _dfnum = Require.Positive(dfnum);
    private readonly double _dfden = Require.Positive(dfden);

    public double Next(RandomState random)
    {
        var numerator = ChiSquareLaw.Next(random, _dfnum) * _dfden;
        return numerator / (ChiSquareLaw.Next(random, _dfden) * _dfnum);
    }
}

/// <summary>The F law with a noncentral numerator.</summary>
internal readonly struct NoncentralFLaw(double dfnum, double dfden, double nonc) : ILaw<double>
{
    private readonly double _dfnum = Require.Positive(dfnum);
    private readonly double _dfden = Require.Positive(dfden);
    private readonly NoncentralChiSquareLaw _numerator = new(dfnum, nonc);

    public double Next(RandomState random)
    {
        var numerator = _numerator.Next(random) * _dfden;
        return numerator / (ChiSquareLaw.Next(random, _dfden) * _dfnum);
    }
}

/// <summary>√(n/2) · N(0, 1) / √Γ(n/2, 1).</summary>
internal readonly struct StandardTLaw(double df) : ILaw<double>
{
    private readonly double _df = Require.Positive(df);

    public double Next(RandomState random)
    {
        var numerator = random.NextGauss();
        var denominator = StandardGammaLaw.Next(random, _df / 2);
        return Math.Sqrt(_df / 2) * numerator / Math.Sqrt(denominator);
    }
}

/// <summary>G(a) / (G(a) + G(b)) of two gammas; Jöhnk's method for a, b ≤ 1.</summary>
internal readonly struct BetaLaw(double a, double b) : ILaw<double>
{
    private readonly double _a = Require.Positive(a);
    private readonly double _b = Require.Positive(b);

    public double Next(RandomState random)
    {
        if (_a <= 1 && _b <= 1)
        {
            return Johnk(random);
        }

        var first = StandardGammaLaw.Next(random, _a);
        var second = StandardGammaLaw.Next(random, _b);
        return first / (first + second);
    }

    private double Johnk(RandomState random)
    {
        while (true)
        {
            var u = random.NextDouble();
            var v = random.NextDouble();
            var x = Math.Pow(u, 1 / _a);
            var y = Math.Pow(v, 1 / _b);
            if (!(x + y <= 1))
            {
                continue;
            }

            if (x + y > 0)
            {
                return x / (x + y);
            }

            var logX = Math.Log(u) / _a; // both powers underflowed
            var logY = Math.Log(v) / _b;
            var larger = logX > logY ? logX : logY;
            logX -= larger;
            logY -= larger;
            return Math.Exp(logX - Math.Log(Math.Exp(logX) + Math.Exp(logY)));
        }
    }
}
