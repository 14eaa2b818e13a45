namespace Hypatia.Benchmarks.Measuring;

/// <summary>A workload: a program, those who compute it, and what is due.</summary>
internal abstract class Question
{
    /// <summary>The column of the library itself.</summary>
    public const string Hypatia = "Hypatia";

    /// <summary>The column of C# written by hand for the row.</summary>
    public const string ByHand = "by hand";

    /// <summary>The row's name.</summary>
    public abstract string Name { get; }

    /// <summary>What is computed.</summary>
    public abstract string Program { get; }

    /// <summary>What limits the time, so that nobody can be much faster.</summary>
    public abstract string Limit { get; }

    /// <summary>The time that is due on one core of the machine the goals were set on, in seconds; null if none is.</summary>
    protected virtual double? Due => null;

    /// <summary>The largest difference between results, relative to their largest element.</summary>
    protected virtual double Tolerance => 1e-5;

    /// <summary>Measures, and gives the lines of the table.</summary>
    public virtual IEnumerable<Row> Measure(Settings settings)
    {
        List<Contender> contenders = [];
        try
        {
            foreach (Contender contender in Contenders(settings))
            {
                contenders.Add(contender);
            }

            Check(contenders);
            contenders.AddRange(Unchecked(settings));
            yield return Row.Of(Name, Turns.Run(contenders, settings.Repeats, settings.Threads), settings.Threads == 1 ? Due : null);
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
        }
    }

    /// <summary>Those who compute it; Hypatia is one of them.</summary>
    protected virtual IEnumerable<Contender> Contenders(Settings settings) => [];

    /// <summary>Those who compute a part of it only, and so have nothing to compare.</summary>
    protected virtual IEnumerable<Contender> Unchecked(Settings settings) => [];

    /// <summary>Hypatia with its own number of threads.</summary>
    protected static T WithThreads<T>(int threads, Func<T> make)
    {
        using (Options.Use(Options.Current with { Threads = threads }))
        {
            return make();
        }
    }

    private void Check(List<Contender> contenders)
    {
        NDArray[] expected = [.. contenders[0].Result().Select(value => value.Copy())];
        foreach (Contender contender in contenders.Skip(1))
        {
            Agreement.Check(contender.Name, contender.Result(), contenders[0].Name, expected, Tolerance);
        }
    }
}
