using System.Diagnostics;
using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>1000 calls with 50 different batch sizes, over the same rows in batches of one size.</summary>
internal sealed class VaryingBatches : Question
{
    private const int Calls = 1000;
    private const int Lengths = 50;
    private const int Smallest = 200;

    public override string Name => "batches";

    public override string Program => $"{Calls} calls of the h = 100 step with {Lengths} batch sizes, {Smallest} to {Smallest + (4 * (Lengths - 1))} rows, "
        + "compiling included, over as many calls with their mean size; and the plans that were made.";

    public override string Limit => "Plans whose batch size is known only when they run.";

    public override IEnumerable<Row> Measure(Settings settings)
    {
        int[] sizes = [.. Enumerable.Range(0, Lengths).Select(i => Smallest + (4 * (i * 7 % Lengths)))];
        int mean = (int)sizes.Average();
        var ratios = new List<double>();
        var times = new List<double>();
        int plans = 0;
        for (int repeat = 0; repeat < Math.Min(settings.Repeats, 3); repeat++)
        {
            (double varying, plans) = Run(settings, sizes);
            (double constant, _) = Run(settings, [mean]);
            times.Add(varying);
            ratios.Add(varying / constant);
        }

        double ratio = Turns.Median(ratios);
        yield return new Row("batches", $"{Row.Time(Turns.Median(times))}, {plans} plans", [("one size", ratio)], ratio / 1.1);
    }

    private static (double Seconds, int Plans) Run(Settings settings, int[] sizes)
    {
        NDArray w1 = Draw.Normal(DType.Float64, 1, 2, 100), w2 = Draw.Normal(DType.Float64, 0.1, 100, 2);
        (Function step, _) = WithThreads(settings.Threads, () => TutorialStep.Compile(w1, w2, Smallest));
        (NDArray X, NDArray Y)[] batches = [.. sizes.Select(size => Draw.Moons(size, DType.Float64))];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
        {
            (NDArray x, NDArray y) = batches[i % batches.Length];
            step.Call(x, y);
        }

        return (Stopwatch.GetElapsedTime(start).TotalSeconds, step.Plans.Count());
    }
}
