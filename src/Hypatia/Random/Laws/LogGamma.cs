namespace Hypatia.Random.Laws;

/// <summary>log Γ(x) for x &gt; 0, in the approximation that NumPy's samplers compare against.</summary>
/// <remarks>
/// Stirling's series from x ≥ 7, below it by Γ(x + 1) = xΓ(x). Source: Zhang and Jin, "Computation of
/// Special Functions", 1996. A more exact function would now and then accept another draw than NumPy.
/// </remarks>
internal static class LogGamma
{
    private const double LogTwoPi = 1.8378770664093453;

    private static ReadOnlySpan<double> Series =>
    [
        8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04, -5.952380952380952e-04,
        8.417508417508418e-04, -1.917526917526918e-03, 6.410256410256410e-03, -2.955065359477124e-02,
        1.796443723688307e-01, -1.39243221690590e+00,
    ];

    /// <summary>log Γ(x).</summary>
    public static double Of(double x)
    {
        if (x is 1 or 2)
        {
            return 0;
        }

        var steps = x < 7 ? (long)(7 - x) : 0;
        var shifted = x + steps;
        var inverseSquare = (1 / shifted) * (1 / shifted);
        var sum = Series[9];
        for (var k = 8; k >= 0; k--)
        {
            sum *= inverseSquare;
            sum += Series[k];
        }

        var result = (sum / shifted) + (0.5 * LogTwoPi) + ((shifted - 0.5) * Math.Log(shifted)) - shifted;
        for (; steps > 0; steps--)
        {
            result -= Math.Log(shifted - 1);
            shifted -= 1;
        }

        return result;
    }
}
