namespace Hypatia.Random.Laws;

/// <summary>
/// C's cast of a double to a 64-bit integer as x86-64 does it: NaN and values that do not fit give −2⁶³.
/// .NET's own cast saturates instead, and NumPy's draws at extreme parameters depend on this.
/// </summary>
internal static class LongCast
{
    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary>⌊x⌋.</summary>
    public static long Floor(double x) => Truncate(Math.Floor(x));

    /// <summary>⌈x⌉.</summary>
    public static long Ceiling(double x) => Truncate(Math.Ceiling(x));

    /// <summary>x without its fraction.</summary>
    public static long Truncate(double x) => x is >= -TwoTo63 and < TwoTo63 ? (long)x : long.MinValue;
}
