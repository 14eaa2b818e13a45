namespace Hypatia.Random.Laws;

/// <summary>Good ones among a sample drawn without replacement from good and bad ones.</summary>
/// <remarks>
/// Samples up to 10 one by one; larger ones by HRUA* of Stadlober, "The ratio of uniforms approach for generating
/// discrete random variates", 1990, with Ivan Frohne's two corrections, which NumPy kept.
/// </remarks>
internal readonly struct HypergeometricLaw : ILaw<long>
{
    private const double D1 = 1.7155277699214135; // 2√(2/e)
    private const double D2 = 0.8989161620588988; // 3 − 2√(3/e)

    private readonly long _good;
    private readonly long _bad;
    private readonly long _sample;

    public HypergeometricLaw(long ngood, long nbad, long nsample)
    {
        if (unchecked(ngood + nbad) < nsample)
        {
            throw Require.Fault(nameof(nsample), nsample, $"ngood + nbad < nsample: {ngood} + {nbad} < {nsample}");
        }

        _good = Require.NonNegative(ngood);
        _bad = Require.NonNegative(nbad);
        _sample = Require.AtLeastOne(nsample);
    }

    public long Next(RandomState random) => _sample > 10 ? Ratio(random) : OneByOne(random);

    private long OneByOne(RandomState random)
    {
        var rest = _bad + _good - _sample;
        double fewer = Math.Min(_bad, _good);
        var left = fewer;
        for (var k = _sample; left > 0 && k > 0; k--)
        {
            left -= LongCast.Floor(random.NextDouble() + (left / (rest + k)));
        }

        var taken = (long)(fewer - left);
        return _good > _bad ? _sample - taken : taken;
    }

    private long Ratio(RandomState random)
    {
        var fewer = Math.Min(_good, _bad);
        var more = Math.Max(_good, _bad);
        var population = _good + _bad;
        var m = Math.Min(_sample, population - _sample);
        var d4 = (double)fewer / population;
        var d5 = 1.0 - d4;
        var d6 = (m * d4) + 0.5;
        var d7 = Math.Sqrt(((double)(population - m) * _sample * d4 * d5 / (population - 1)) + 0.5);
        var d8 = (D1 * d7) + D2;
        var mode = LongCast.Floor((double)(m + 1) * (fewer + 1) / (population + 2));
        var atMode = LogFactorials(mode, fewer, more, m);
        var limit = Math.Min(Math.Min(m, fewer) + 1.0, Math.Floor(d6 + (16 * d7))); // 16 for 16 digits in D1, D2
        while (true)
        {
            var x = random.NextDouble();
            var y = random.NextDouble();
            var w = d6 + (d8 * (y - 0.5) / x);
            if (w < 0.0 || w >= limit)
            {
                continue;
            }

            var z = LongCast.Floor(w);
            var t = atMode - LogFactorials(z, fewer, more, m);
            if ((x * (4.0 - x)) - 3.0 <= t || (!(x * (x - t) >= 1) && 2.0 * Math.Log(x) <= t))
            {
                z = _good > _bad ? m - z : z;
                return m < _sample ? _good - z : z;
            }
        }
    }

    // log of z! (fewer − z)! (m − z)! (more − m + z)!, the part of 1/probability that depends on z.
    private static double LogFactorials(long z, long fewer, long more, long m) =>
        LogGamma.Of(z + 1) + LogGamma.Of(fewer - z + 1) + LogGamma.Of(m - z + 1) + LogGamma.Of(more - m + z + 1);
}
