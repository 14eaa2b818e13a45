namespace Hypatia.Benchmarks.Measuring;

/// <summary>How long a batch of calls took.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="Processor">Of the calling thread, or the peer's process, on a processor.</param>
internal readonly record struct Timing(double Seconds, double Processor)
{
    /// <summary>Whether the thread had a processor all the time: nobody else was given it meanwhile.</summary>
    public bool IsUndisturbed => Processor > 0.97 * Seconds;
}
