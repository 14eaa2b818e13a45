using System.Runtime.CompilerServices;

namespace Hypatia.Random.Laws;

/// <summary>
/// Checks of parameters, with the messages of NumPy. Where NumPy lets NaN through, so do these: the draws
/// are then NaN.
/// </summary>
internal static class Require
{
    /// <summary>x ≥ +0 or NaN; −0 is refused, as NumPy looks at the sign bit.</summary>
    public static double NonNegative(double x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        double.IsNaN(x) || !double.IsNegative(x) ? x : throw Fault(name, x, $"{name} < 0");

    /// <summary>x ≥ 0.</summary>
    public static long NonNegative(long x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        x >= 0 ? x : throw Fault(name, x, $"{name} < 0");

    /// <summary>x &gt; 0 or NaN.</summary>
    public static double Positive(double x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        !(x <= 0) ? x : throw Fault(name, x, $"{name} <= 0");

    /// <summary>x ≥ 1.</summary>
    public static long AtLeastOne(long x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        x >= 1 ? x : throw Fault(name, x, $"{name} < 1");

    /// <summary>x &gt; 1.</summary>
    public static double AboveOne(double x, [CallerArgumentExpression(nameof(x))] string name = "") =>
        x > 1 ? x : throw Fault(name, x, $"{name} <= 1 or {name} is NaN");

    /// <summary>0 ≤ p ≤ 1.</summary>
    public static double Probability(double p, [CallerArgumentExpression(nameof(p))] string name = "") =>
        p is >= 0 and <= 1 ? p : throw Fault(name, p, $"{name} < 0, {name} > 1 or {name} is NaN");

    /// <summary>0 &lt; p ≤ 1.</summary>
    public static double PositiveProbability(double p, [CallerArgumentExpression(nameof(p))] string name = "") =>
        p is > 0 and <= 1 ? p : throw Fault(name, p, $"{name} <= 0, {name} > 1 or {name} contains NaNs");

    /// <summary>0 ≤ p &lt; 1.</summary>
    public static double ProbabilityBelowOne(double p, [CallerArgumentExpression(nameof(p))] string name = "") =>
        p is >= 0 and < 1 ? p : throw Fault(name, p, $"{name} < 0, {name} >= 1 or {name} is NaN");

    /// <summary>The exception for a parameter that is out of its range.</summary>
    public static ArgumentOutOfRangeException Fault(string name, object value, string message) =>
        new(name, value, message);
}
