namespace Hypatia.Benchmarks.Measuring;

/// <summary>
/// Contenders that take turns, each for a batch of calls: seconds a call, by contender and turn. A turn starts with calls
/// that are not counted, as the caches then hold what others read.
/// </summary>
internal sealed class Turns
{
    private const double BatchSeconds = 2e-3;
    private const double AttemptSeconds = 0.06;
    private const int FirstCalls = 2;
    private const int WarmCalls = 40;
    private const int LeastRounds = 2;
    private const int MostRounds = 6;

    private readonly Dictionary<string, double[]> _seconds = [];

    private Turns()
    {
    }

    /// <summary>Lets contenders take turns.</summary>
    /// <param name="contenders">They.</param>
    /// <param name="repeats">The number of turns of each.</param>
    /// <param name="threads">
    /// Their threads: of contenders with one, a batch that others interrupted is measured again.
    /// </param>
    public static Turns Run(IReadOnlyList<Contender> contenders, int repeats, int threads = 1)
    {
        long[] calls = [.. contenders.Select(Calibrate)];
        var turns = new Turns();
        foreach (Contender contender in contenders)
        {
            turns._seconds.Add(contender.Name, new double[repeats]);
        }

        for (int repeat = 0; repeat < repeats; repeat++)
        {
            for (int k = 0; k < contenders.Count; k++)
            {
                contenders[k].Time(FirstCalls);
                double seconds = threads == 1 ? Undisturbed(contenders[k], calls[k]) : contenders[k].Time(calls[k]).Seconds;
                turns._seconds[contenders[k].Name][repeat] = seconds / calls[k];
            }
        }

        return turns;
    }

    /// <summary>The contenders' names, in order.</summary>
    public IReadOnlyCollection<string> Names => _seconds.Keys;

    /// <summary>The median time of a call.</summary>
    public double Seconds(string name) => Median(_seconds[name]);

    /// <summary>The median over the turns of one contender's time over another's; null if one is not there.</summary>
    public double? Ratio(string name, string other) =>
        _seconds.TryGetValue(name, out double[]? a) && _seconds.TryGetValue(other, out double[]? b)
            ? Median(a.Zip(b, (x, y) => x / y))
            : null;

    /// <summary>The middle of some values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // The time of a batch that nobody interrupted or, where there is none for long, its time on the processor.
    private static double Undisturbed(Contender contender, long calls)
    {
        for (double spent = 0; ;)
        {
            Timing timing = contender.Time(calls);
            spent += timing.Seconds;
            if (timing.IsUndisturbed || spent > AttemptSeconds)
            {
                return Math.Min(timing.Seconds, timing.Processor);
            }
        }
    }

    // The number of calls that fill a batch, once the code has been compiled fully.
    private static long Calibrate(Contender contender)
    {
        double spent = 0;
        for (int i = 0; i < WarmCalls && spent < 0.5; i++)
        {
            spent += contender.Time(1).Seconds;
        }

        // The JIT counts calls from 100 ms after the last new method on, and promotes hot ones soon after.
        double best = double.PositiveInfinity;
        long calls = 1;
        for (int round = 0; round < MostRounds; round++)
        {
            Thread.Sleep(contender.IsPromoted ? 250 : 0);
            for (calls = 1; contender.Time(calls).Seconds < BatchSeconds;)
            {
                calls *= 2;
            }

            double seconds = Enumerable.Range(0, 3).Min(_ => contender.Time(calls).Seconds) / calls;
            if (round >= LeastRounds && seconds > 0.95 * best)
            {
                break;
            }

            best = Math.Min(best, seconds);
        }

        return calls;
    }
}
