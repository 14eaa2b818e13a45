using System.Runtime.InteropServices;

namespace Hypatia.Benchmarks.Measuring;

/// <summary>The time that this thread has been on a processor.</summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3;          // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <summary>Seconds; elsewhere than on Linux those of the clock, so that every turn counts.</summary>
    public static double Seconds
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return System.Diagnostics.Stopwatch.GetTimestamp() / (double)System.Diagnostics.Stopwatch.Frequency;
            }

            GetTime(ThreadProcessorTime, out TimeSpec time);
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
