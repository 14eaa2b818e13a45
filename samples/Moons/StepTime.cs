using System.Diagnostics;

namespace Moons;

/// <summary>How long a step takes: the median of some runs of many steps, as %timeit measures.</summary>
/// <param name="Median">Seconds a step.</param>
/// <param name="Deviation">The median of the runs' absolute deviations from the median, in seconds a step.</param>
/// <param name="Runs">How many runs there were.</param>
/// <param name="Steps">How many steps each had.</param>
public sealed record StepTime(double Median, double Deviation, int Runs, int Steps)
{
    /// <summary>Repeats a step: first until a run takes 50 ms, but no more than a thousand times, then in 7 runs.</summary>
    public static StepTime Measure(Action step, int runs = 7)
    {
        int steps = 1;
        while (steps < 1000 && Run(step, steps) < 0.05)
        {
            steps *= 10;
        }

        double[] seconds = [.. Enumerable.Range(0, runs).Select(_ => Run(step, steps) / steps)];
        double median = MedianOf(seconds);
        return new(median, MedianOf([.. seconds.Select(x => Math.Abs(x - median))]), runs, steps);
    }

    /// <summary><c>21.3 us ± 0.4 us per step (median ± median absolute deviation of 7 runs, 1000 steps each)</c>.</summary>
    public override string ToString() =>
        $"{Text(Median)} ± {Text(Deviation)} per step (median ± median absolute deviation of {Runs} runs, "
        + $"{Steps} steps each)";

    private static double Run(Action step, int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
        {
            step();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double MedianOf(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string Text(double seconds) =>
        seconds < 1e-3 ? $"{seconds * 1e6:F1} us" : seconds < 1 ? $"{seconds * 1e3:F1} ms" : $"{seconds:F2} s";
}
