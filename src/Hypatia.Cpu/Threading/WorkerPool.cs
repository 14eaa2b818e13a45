using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Hypatia.Cpu.Threading;

/// <summary>Fork-join over numbered chunks, for jobs of microseconds: workers spin shortly for work, then block.</summary>
/// <remarks>
/// Each thread has its part of the chunks, the same in every job of as many, whose data its caches may still have. Who is
/// done takes chunks of others, one at a time, so a thread that loses its core delays one chunk, not its part. Which
/// thread runs a chunk is therefore unspecified: a body that writes only what its chunk number names gives the same bits
/// at any thread count. The caller takes part. A call made while the pool is busy — from a body, or from another thread —
/// runs all its chunks on the calling thread. Nothing is allocated per call.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>Chunks for each thread from which on it matters little that some threads have one more.</summary>
    private const int ManyChunks = 8;

    /// <summary>_state: bit 0 is "job open", bits 1–15 count workers inside the job, the rest number the job.</summary>
    private const long Open = 1;
    private const long OneInside = 2;
    private const long InsideMask = 0xFFFE;
    private const long OneJob = 0x10000;
    private const int MaxThreads = 0x4000;

    /// <summary>Numbers from one part's counter to the next: two cache lines, which processors may fetch together.</summary>
    private const int Apart = 16;

    /// <summary>How long a worker spins for the next job, and a caller for the last chunk, before blocking.</summary>
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

    private static readonly Lazy<WorkerPool> LazyShared = new(() => new WorkerPool(Environment.ProcessorCount));

    private readonly Lock _resize = new();
    private readonly object _sleep = new();
    private readonly object _done = new();
    private Thread[] _workers = [];
    private int _busy;
    private int _sleepers;
    private bool _stop;
    private bool _callerWaits;
    private long _state;

    // The open job. Written by its caller before the job opens, read by workers inside it.
    private delegate*<void*, long, void> _body;
    private void* _context;
    private Action<long>? _action;
    private long _chunks;
    private long[] _next = [];
    private ExceptionDispatchInfo? _failure;

    /// <summary>A pool of <paramref name="threads"/> threads, the caller included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 thread, or more than 16384.</exception>
    public WorkerPool(int threads)
    {
        Start(threads);
    }

    /// <summary>The pool of the process: as many threads as processors, made at first use, never disposed.</summary>
    public static WorkerPool Shared => LazyShared.Value;

    /// <summary>Threads that work on a job, the caller included.</summary>
    /// <remarks>Setting it waits for the running job: never from a body.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 thread, or more than 16384.</exception>
    public int Threads
    {
        get => _workers.Length + 1;
        set
        {
            lock (_resize)
            {
                if (value != Threads)
                {
                    Stop();
                    Start(value);
                }
            }
        }
    }

    /// <summary>How many pieces of work, all alike, a chunk gets: so that threads have as many chunks as each other, if few.</summary>
    /// <param name="count">All pieces.</param>
    /// <param name="worth">Pieces that are worth a chunk.</param>
    public long PerChunk(long count, long worth)
    {
        long chunks = Math.Max(1, (count + worth - 1) / worth);
        if (chunks > Threads && chunks < ManyChunks * Threads)
        {
            chunks = (chunks + Threads - 1) / Threads * Threads;
        }

        return (count + chunks - 1) / chunks;
    }

    /// <summary>Calls <paramref name="body"/>(<paramref name="context"/>, i) once for each i in 0 … chunks − 1.</summary>
    /// <remarks>
    /// All writes of the bodies are visible on return. After a body has thrown, chunks not yet begun are skipped and
    /// the first exception is thrown again here. Unsafe: <paramref name="context"/> lives until the call returns.
    /// </remarks>
    public void Run(long chunks, void* context, delegate*<void*, long, void> body)
    {
        if (chunks > 1 && TryEnter())
        {
            Share(chunks, context, body, null);
            return;
        }

        for (long chunk = 0; chunk < chunks; chunk++)
        {
            body(context, chunk);
        }
    }

    /// <summary>Calls <paramref name="body"/>(i) once for each i in 0 … chunks − 1; as the pointer overload.</summary>
    public void Run(long chunks, Action<long> body)
    {
        if (chunks > 1 && TryEnter())
        {
            Share(chunks, null, null, body);
            return;
        }

        for (long chunk = 0; chunk < chunks; chunk++)
        {
            body(chunk);
        }
    }

    /// <summary>Ends the workers after the running job; later calls run on the calling thread.</summary>
    public void Dispose()
    {
        lock (_resize)
        {
            Stop();
        }
    }

    private bool TryEnter() => _workers.Length > 0 && Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    private void Share(long chunks, void* context, delegate*<void*, long, void> body, Action<long>? action)
    {
        _body = body;
        _context = context;
        _action = action;
        _chunks = chunks;
        for (int part = 0; part < Threads; part++)
        {
            NextOf(part) = FirstOf(part);
        }

        Interlocked.Add(ref _state, OneJob | Open);         // a full fence: the job is visible before it opens
        Wake(chunks - 1);

        TakeChunks(0);

        Interlocked.And(ref _state, ~Open);
        AwaitWorkers();

        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        _action = null;
        Volatile.Write(ref _busy, 0);
        failure?.Throw();
    }

    /// <summary>The chunk of a part that is taken next; far from what others write, and from the array's length.</summary>
    private ref long NextOf(int part) => ref _next[(part + 1) * Apart];

    /// <summary>The first chunk of a part, which is the end of the one before.</summary>
    private long FirstOf(int part) => part * _chunks / Threads;

    /// <summary>Runs the chunks of a part, then what is left of those after it.</summary>
    private void TakeChunks(int ownPart)
    {
        try
        {
            int part = ownPart;
            do
            {
                TakeChunks(ref NextOf(part), FirstOf(part + 1));
                part = part + 1 < Threads ? part + 1 : 0;
            }
            while (part != ownPart);
        }
#pragma warning disable CA1031 // Whatever a body throws is thrown again on the thread that called Run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            for (int part = 0; part < Threads; part++)
            {
                Volatile.Write(ref NextOf(part), _chunks);
            }
        }
    }

    private void TakeChunks(ref long next, long end)
    {
        delegate*<void*, long, void> body = _body;
        void* context = _context;
        Action<long>? action = _action;
        for (long chunk; Volatile.Read(ref next) < end && (chunk = Interlocked.Increment(ref next) - 1) < end;)
        {
            if (action is null)
            {
                body(context, chunk);
            }
            else
            {
                action(chunk);
            }
        }
    }

    /// <summary>Wakes up to <paramref name="wanted"/> blocked workers.</summary>
    private void Wake(long wanted)
    {
        if (Volatile.Read(ref _sleepers) == 0)
        {
            return;
        }

        lock (_sleep)
        {
            for (long i = Math.Min(wanted, _sleepers); i > 0; i--)
            {
                Monitor.Pulse(_sleep);
            }
        }
    }

    /// <summary>Returns when no worker is inside the closed job: every chunk taken has ended.</summary>
    private void AwaitWorkers()
    {
        long start = Stopwatch.GetTimestamp();
        while ((Volatile.Read(ref _state) & InsideMask) != 0)
        {
            if (Stopwatch.GetTimestamp() - start < SpinTicks)
            {
                Thread.SpinWait(8);
                continue;
            }

            lock (_done)
            {
                _callerWaits = true;
                Interlocked.MemoryBarrier();                // pairs with the decrement in Work
                while ((Volatile.Read(ref _state) & InsideMask) != 0)
                {
                    Monitor.Wait(_done);
                }

                _callerWaits = false;
            }
        }
    }

    private void Work(int part)
    {
        long seen = Volatile.Read(ref _state) & -OneJob;
        while (AwaitJob(seen))
        {
            long state = Volatile.Read(ref _state);
            bool open = (state & Open) != 0;
            if (open && Interlocked.CompareExchange(ref _state, state + OneInside, state) != state)
            {
                continue;                                   // another thread came or went: look again
            }

            seen = state & -OneJob;
            if (!open)
            {
                continue;
            }

            TakeChunks(part);

            long left = Interlocked.Add(ref _state, -OneInside);
            if ((left & (InsideMask | Open)) == 0 && Volatile.Read(ref _callerWaits))
            {
                lock (_done)
                {
                    Monitor.Pulse(_done);
                }
            }
        }
    }

    /// <summary>Waits for a job other than <paramref name="seen"/>; false when the pool stops.</summary>
    private bool AwaitJob(long seen)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            if ((Volatile.Read(ref _state) & -OneJob) != seen)
            {
                return true;
            }

            Thread.SpinWait(8);
        }
        while (Stopwatch.GetTimestamp() - start < SpinTicks);

        lock (_sleep)
        {
            Interlocked.Increment(ref _sleepers);           // a full fence: Wake sees the sleeper, or it sees the job
            while ((Volatile.Read(ref _state) & -OneJob) == seen && !_stop)
            {
                Monitor.Wait(_sleep);
            }

            Interlocked.Decrement(ref _sleepers);
            return !_stop;
        }
    }

    private void Start(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MaxThreads);
        _stop = false;
        _next = new long[(threads + 2) * Apart];
        Thread[] workers = new Thread[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            int part = i + 1;
            workers[i] = new Thread(() => Work(part)) { IsBackground = true, Name = $"Hypatia worker {part}" };
            workers[i].Start();
        }

        _workers = workers;
    }

    private void Stop()
    {
        SpinWait wait = default;
        while (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            wait.SpinOnce();
        }

        lock (_sleep)
        {
            _stop = true;
            Monitor.PulseAll(_sleep);
        }

        foreach (Thread worker in _workers)
        {
            worker.Join();
        }

        _workers = [];
        Volatile.Write(ref _busy, 0);
    }
}
