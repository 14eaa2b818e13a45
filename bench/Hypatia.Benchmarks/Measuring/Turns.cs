namespace Hypatia.Benchmarks.Measuring;

/// <summary>Contenders that take turns, each for a batch of calls: seconds a call, by contender and turn.</summary>
internal sealed class Turns
{
    private const double BatchSeconds = 0.01;
    private const int WarmCalls = 40;

    private readonly Dictionary<string, double[]> _seconds = [];

    private Turns()
    {
    }

    /// <summary>Lets contenders take turns.</summary>
    public static Turns Run(IReadOnlyList<Contender> contenders, int repeats)
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
                turns._seconds[contenders[k].Name][repeat] = contenders[k].Time(calls[k]) / calls[k];
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

    // The number of calls that fill a batch, once the code has been compiled fully.
    private static long Calibrate(Contender contender)
    {
        double spent = 0;
        for (int i = 0; i < WarmCalls && spent < 0.5; i++)
        {
            spent += contender.Time(1);
        }

        Thread.Sleep(150);                  // the JIT promotes hot methods 100 ms after the last new one
        long calls = 1;
        while (contender.Time(calls) < BatchSeconds)
        {
            calls *= 2;
        }

        return calls;
    }
}
