using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hypatia.Compilation;

/// <summary>
/// Memory for large results, used again once nobody can see a result anymore. New memory is cleared by the system, page by
/// page, which takes many times as long as most kernels.
/// </summary>
/// <remarks>
/// An array comes back when the garbage collector finds that nothing refers to it: no value, no span, no pinned handle. A
/// <see cref="Loan"/> lives exactly as long as the array that it is attached to, and its finalizer, for which both are kept
/// alive once more, hands the array back. As arrays that are used again allocate nothing, the collector would seldom run by
/// itself: it is asked to, by a <see cref="CollectionBudget"/>.
/// </remarks>
internal static class RecycledArrays
{
    /// <summary>Bytes from which on results are recycled: those of .NET's large objects. The collector does well with smaller ones.</summary>
    public const long LeastBytes = 85_000;

    private const int PageBytes = 4096;
    private const int TimedBytes = 64 * PageBytes;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostIdle = TimeSpan.FromSeconds(20);

    private static readonly Lock Sync = new();
    private static readonly ManualResetEventSlim Came = new();              // something came back since it was reset
    private static readonly ConditionalWeakTable<Array, Loan> Loans = [];
    private static readonly Dictionary<Type, List<Loan>> Free = [];         // by the arrays' type, the last one returned last
    private static long _bytesOut;
    private static CollectionBudget _budget = new();

    /// <summary>How often the collector was asked.</summary>
    public static int Collections { get; private set; }

    /// <summary>An array with any content.</summary>
    public static T[] Rent<T>(int count)
        where T : unmanaged
    {
        long bytes = (long)count * Unsafe.SizeOf<T>();
        if (TryTake(typeof(T[]), count, bytes) is T[] free)
        {
            return free;
        }

        if (ShouldCollect(bytes))
        {
            Collect(typeof(T[]), count);
            if (TryTake(typeof(T[]), count, bytes) is T[] collected)
            {
                return collected;
            }
        }

        T[] fresh = Allocate<T>(count);
        double secondsPerByte = TimePages(MemoryMarshal.AsBytes(fresh.AsSpan()));
        Loans.Add(fresh, new Loan(fresh, bytes));
        lock (Sync)
        {
            _bytesOut += bytes;
            _budget.Spend(bytes, secondsPerByte);
        }

        return fresh;
    }

    private static T[] Allocate<T>(int count)
        where T : unmanaged
    {
        try
        {
            return GC.AllocateUninitializedArray<T>(count);
        }
        catch (OutOfMemoryException)
        {
            lock (Sync)
            {
                Free.Clear();
            }

            return GC.AllocateUninitializedArray<T>(count);
        }
    }

    /// <summary>Seconds for each byte until the system has cleared new memory: writes to the first pages, as who asked for it would do.</summary>
    private static double TimePages(Span<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, TimedBytes)];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < bytes.Length; i += PageBytes)
        {
            bytes[i] = 0;
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / bytes.Length;
    }

    private static Array? TryTake(Type type, int count, long bytes)
    {
        lock (Sync)
        {
            if (!Free.TryGetValue(type, out List<Loan>? loans) || loans.FindLastIndex(loan => loan.Array.Length == count) is not (>= 0 and var k))
            {
                return null;
            }

            Array array = loans[k].Array;
            GC.ReRegisterForFinalize(loans[k]);
            loans.RemoveAt(k);
            _bytesOut += bytes;
            return array;
        }
    }

    private static bool ShouldCollect(long bytes)
    {
        lock (Sync)
        {
            return _budget.TryBegin(_bytesOut, bytes);
        }
    }

    // What is found comes back by finalizers, which run on a thread of their own.
    private static void Collect(Type type, int count)
    {
        long start = Stopwatch.GetTimestamp();
        long before = Interlocked.Read(ref _bytesOut);
        try
        {
            Came.Reset();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
            while (!Has(type, count) && Came.Wait(Patience))
            {
                Came.Reset();
            }
        }
        finally
        {
            // Also if the thread is interrupted: else nobody would ask again.
            lock (Sync)
            {
                Collections++;
                _budget.End(Stopwatch.GetElapsedTime(start), before - _bytesOut, _bytesOut);
            }
        }
    }

    private static bool Has(Type type, int count)
    {
        lock (Sync)
        {
            return Free.TryGetValue(type, out List<Loan>? loans) && loans.Exists(loan => loan.Array.Length == count);
        }
    }

    // What nobody asked for in a while goes back to the system, as does all if memory is short.
    private static void Return(Loan loan)
    {
        lock (Sync)
        {
            _bytesOut -= loan.Bytes;
            _budget.Return(_bytesOut);
            GCMemoryInfo memory = GC.GetGCMemoryInfo();
            bool isShort = memory.MemoryLoadBytes > memory.HighMemoryLoadThresholdBytes;
            foreach (List<Loan> loans in Free.Values)
            {
                loans.RemoveAll(other => isShort || Stopwatch.GetElapsedTime(other.Returned) > MostIdle);
            }

            if (isShort)
            {
                return;
            }

            loan.Returned = Stopwatch.GetTimestamp();
            (Free.TryGetValue(loan.Array.GetType(), out List<Loan>? same) ? same : Free[loan.Array.GetType()] = []).Add(loan);
        }

        Came.Set();
    }

    /// <summary>What is attached to an array that is out.</summary>
    private sealed class Loan(Array array, long bytes)
    {
        ~Loan() => Return(this);

        public Array Array { get; } = array;

        public long Bytes { get; } = bytes;

        public long Returned { get; set; }
    }
}
