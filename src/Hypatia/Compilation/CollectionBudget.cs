namespace Hypatia.Compilation;

/// <summary>
/// When to ask the garbage collector for large results that nobody sees: once results of a limit in all are out, if the last time it
/// took no longer than new memory would have for what came back; else after new memory has taken that difference.
/// </summary>
/// <remarks>Not for threads at once.</remarks>
internal struct CollectionBudget()
{
    /// <summary>Bytes that may be out in any case.</summary>
    public const long LeastLimit = 16 << 20;

    /// <summary>Results of one size that may be out in any case.</summary>
    public const int ArraysOut = 4;

    private long _limit = LeastLimit;
    private double _secondsPerByte;         // of new memory, when it was last timed
    private double _debt;                   // seconds that new memory must take before the next collection

    /// <summary>Tells of new memory, and how long the system takes for each byte of it.</summary>
    public void Spend(long bytes, double secondsPerByte)
    {
        _secondsPerByte = secondsPerByte;
        _debt -= bytes * secondsPerByte;
    }

    /// <summary>Whether to ask, when a result of some bytes is wanted and others are out. If so, nobody else is told to until the end.</summary>
    public bool TryBegin(long bytesOut, long bytes)
    {
        if (_debt > 0 || bytesOut + bytes <= Math.Max(_limit, ArraysOut * bytes))
        {
            return false;
        }

        _debt = double.PositiveInfinity;
        return true;
    }

    /// <summary>Tells how long it took, what came back, and what is still out. Who keeps all results is not looked at in vain each time.</summary>
    public void End(TimeSpan took, long bytesBack, long bytesOut)
    {
        _debt = took.TotalSeconds - (bytesBack * _secondsPerByte);
        _limit = Math.Max(LeastLimit, 2 * bytesOut);
    }

    /// <summary>Tells what is out after a result came back, which may be late.</summary>
    public void Return(long bytesOut) => _limit = Math.Clamp(2 * bytesOut, LeastLimit, _limit);
}
