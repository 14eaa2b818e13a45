namespace Hypatia.Random.Laws;

/// <summary>k of probability −pᵏ/(k log(1 − p)): 1, 2, ….</summary>
/// <remarks>
/// Source: Kemp, "Efficient generation of logarithmically distributed pseudo-random variables", 1981.
/// </remarks>
internal readonly struct LogSeriesLaw(double p) : ILaw<long>
{
    private readonly double _p = Require.ProbabilityBelowOne(p);

    public long Next(RandomState random)
    {
        var r = Math.Log(1.0 - _p);
        while (true)
        {
            var v = random.NextDouble();
            if (v >= _p)
            {
                return 1;
            }

            var q = 1.0 - Math.Exp(r * random.NextDouble());
            if (v <= q * q)
            {
                var count = LongCast.Floor(1 + (Math.Log(v) / Math.Log(q)));
                if (count >= 1 && v != 0)
                {
                    return count;
                }
            }
            else
            {
                return v >= q ? 1 : 2;
            }
        }
    }
}
