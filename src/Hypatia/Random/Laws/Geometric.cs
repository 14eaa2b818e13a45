namespace Hypatia.Random.Laws;

/// <summary>Trials up to and with the first success, of probability p each: 1, 2, ….</summary>
/// <remarks>
/// p ≥ ⅓ by summing probabilities, below by ⌈log(1 − U)/log(1 − p)⌉. When 1 − p rounds to 1 the latter divides
/// by zero and gives −2⁶³, as NumPy's does.
/// </remarks>
internal readonly struct GeometricLaw(double p) : ILaw<long>
{
    private readonly double _p = Require.PositiveProbability(p);

    public long Next(RandomState random)
    {
        if (_p < 0.333333333333333333333333)
        {
            return LongCast.Ceiling(Log1P.Of(-random.NextDouble()) / Math.Log(1 - _p));
        }

        long count = 1;
        var sum = _p;
        var term = _p;
        var u = random.NextDouble();
        while (u > sum)
        {
            term *= 1.0 - _p;
            sum += term;
            count++;
        }

        return count;
    }
}
