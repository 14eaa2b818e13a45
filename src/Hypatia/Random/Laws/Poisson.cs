namespace Hypatia.Random.Laws;

/// <summary>Counts of mean λ.</summary>
/// <remarks>
/// λ &lt; 10: the number of uniforms whose product stays above e⁻λ. λ ≥ 10: PTRS of Hörmann, "The
/// transformed rejection method for generating Poisson random variables", 1993.
/// </remarks>
internal readonly struct PoissonLaw(double lam) : ILaw<long>
{
    // The largest long less ten of its square roots: more would not fit.
    private const double Largest = 9.223372006484771e+18;

    /// <summary>The law of a mean that the user gave.</summary>
    public static PoissonLaw Checked(double lam) => lam switch
    {
        >= 0 and <= Largest => new PoissonLaw(lam),
        > Largest => throw Require.Fault(nameof(lam), lam, "lam value too large"),
        _ => throw Require.Fault(nameof(lam), lam, "lam < 0 or lam is NaN"),
    };

    public long Next(RandomState random) => lam switch
    {
        >= 10 => Transformed(random),
        0 => 0,
        _ => Multiplied(random),
    };

    private long Multiplied(RandomState random)
    {
        var limit = Math.Exp(-lam);
        var product = random.NextDouble();
        long count = 0;
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }

    private long Transformed(RandomState random)
    {
        var root = Math.Sqrt(lam);
        var logLam = Math.Log(lam);
        var b = 0.931 + (2.53 * root);
        var a = -0.059 + (0.02483 * b);
        var inverseAlpha = 1.1239 + (1.1328 / (b - 3.4));
        var vr = 0.9277 - (3.6224 / (b - 2));
        while (true)
        {
            var u = random.NextDouble() - 0.5;
            var v = random.NextDouble();
            var us = 0.5 - Math.Abs(u);
            var k = LongCast.Floor((((2 * a / us) + b) * u) + lam + 0.43);
            if (us >= 0.07 && v <= vr)
            {
                return k;
            }

            if (k < 0 || (us < 0.013 && v > us))
            {
                continue;
            }

            if (Math.Log(v) + Math.Log(inverseAlpha) - Math.Log((a / (us * us)) + b)
                <= -lam + (k * logLam) - LogGamma.Of(k + 1))
            {
                return k;
            }
        }
    }
}

/// <summary>Failures before the n-th success: Poisson of a gamma of shape n and scale (1 − p)/p.</summary>
internal readonly struct NegativeBinomialLaw(double n, double p) : ILaw<long>
{
    private readonly double _n = Require.Positive(n);
    private readonly double _p = Require.Probability(p);

    public long Next(RandomState random)
    {
        var mean = (1 - _p) / _p * StandardGammaLaw.Next(random, _n);
        return new PoissonLaw(mean).Next(random);
    }
}
