namespace Hypatia.Benchmarks.Measuring;

/// <summary>One line of the table.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="Value">What was measured, as text with its unit: Hypatia's time, or another figure.</param>
/// <param name="Ratios">Hypatia's time over that of each other contender.</param>
/// <param name="Due">Hypatia's figure over the one that is due: above 1 it falls short. Null if none is due.</param>
internal sealed record Row(string Name, string Value, IReadOnlyList<(string Name, double Ratio)> Ratios, double? Due)
{
    /// <summary>The row of contenders that took turns.</summary>
    /// <param name="due">Seconds that are due; null if none are.</param>
    public static Row Of(string name, Turns turns, double? due)
    {
        const string ours = Question.Hypatia;
        double seconds = turns.Seconds(ours);
        return new(
            name,
            Time(seconds),
            [.. turns.Names.Where(other => other != ours).Select(other => (other, turns.Ratio(ours, other)!.Value))],
            seconds / due);
    }

    /// <summary>A time with three digits.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1e-6 => $"{seconds * 1e9:G3} ns",
        < 1e-3 => $"{seconds * 1e6:G3} µs",
        < 1 => $"{seconds * 1e3:G3} ms",
        _ => $"{seconds:G3} s",
    };

    /// <summary>The row as a line of text.</summary>
    public override string ToString() =>
        $"{Name,-24} {Value,-12} {string.Join("  ", Ratios.Select(other => $"/{other.Name} {other.Ratio:F2}"))}"
        + (Due is { } due ? $"  /due {due:F2}" : "");
}
