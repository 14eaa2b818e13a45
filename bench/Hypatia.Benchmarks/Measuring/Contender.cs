using System.Diagnostics;

namespace Hypatia.Benchmarks.Measuring;

/// <summary>One who answers a question: Hypatia, code by hand, or a peer.</summary>
/// <param name="name">Its column in the table.</param>
internal abstract class Contender(string name) : IDisposable
{
    public string Name { get; } = name;

    /// <summary>What its first call computes. Called once, before any timing.</summary>
    public abstract NDArray[] Result();

    /// <summary>How long some calls take.</summary>
    public abstract Timing Time(long calls);

    /// <summary>Whether the JIT compiles its code again once it is known to be hot.</summary>
    public virtual bool IsPromoted => false;

    public virtual void Dispose()
    {
    }
}

/// <summary>A contender in this process.</summary>
/// <param name="name">Its column in the table.</param>
/// <param name="call">Computes once.</param>
/// <param name="result">What the last call computed.</param>
internal sealed class InProcess(string name, Action call, Func<NDArray[]> result) : Contender(name)
{
    public override bool IsPromoted => true;

    public override NDArray[] Result()
    {
        call();
        return result();
    }

    public override Timing Time(long calls)
    {
        double processor = ThreadClock.Seconds;
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < calls; i++)
        {
            call();
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ThreadClock.Seconds - processor);
    }
}
