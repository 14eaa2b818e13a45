using Hypatia.Compilation;

namespace Hypatia.Tests;

/// <summary>The program that is compiled ahead of others: a mistake in it would show nowhere else.</summary>
public class WarmUpTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_sample_compiles_and_runs(int threads)
    {
        using IDisposable use = Options.Use(new Options { Threads = threads });
        WarmUp.CompileSample();
    }
}
