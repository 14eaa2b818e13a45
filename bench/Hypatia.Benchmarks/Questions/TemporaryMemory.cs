using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Memory for temporaries of the large step.</summary>
internal sealed class TemporaryMemory : Question
{
    private const long MostBytes = 1 << 20;

    public override string Name => "memory";

    public override string Program => "bytes of temporaries of row L, all together; due: none of them larger than 1 MB.";

    public override string Limit => "Tiles of rows, and a sum for each chunk of them.";

    public override IEnumerable<Row> Measure(Settings settings)
    {
        (Function step, _) = WithThreads(settings.Threads, LargeStep.Compile);
        step.Call();
        long bytes = step.Plans.Max(plan => plan.ArenaBytes);
        yield return new Row("memory of L", $"{bytes / 1024} KB", [], (double)bytes / MostBytes);
    }
}
