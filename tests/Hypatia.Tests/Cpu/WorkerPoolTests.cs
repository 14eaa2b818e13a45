using Hypatia.Cpu.Threading;

namespace Hypatia.Tests.Cpu;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Every_chunk_runs_exactly_once(int threads)
    {
        using WorkerPool pool = new(threads);
        Assert.Equal(threads, pool.Threads);
        foreach (int chunks in (int[])[0, 1, 2, 3, 17, 1000])
        {
            for (int repeat = 0; repeat < 100; repeat++)
            {
                long[] counts = new long[chunks + 1];
                fixed (long* context = counts)
                {
                    pool.Run(chunks, context, &Count);
                }

                Assert.All(counts.Take(chunks), count => Assert.Equal(1, count));
                Assert.Equal(0, counts[chunks]);
            }
        }
    }

    [Theory]
    [InlineData(2, 5, 1, 1)]            // six chunks would be alike, but there are five pieces
    [InlineData(2, 1000, 400, 250)]     // four chunks instead of three
    [InlineData(4, 1000, 400, 334)]     // fewer than threads: none is made smaller
    [InlineData(8, 1000, 100, 63)]      // sixteen instead of ten
    [InlineData(2, 1000, 7, 7)]         // so many that one more does not matter
    [InlineData(2, 10, 10, 10)]
    [InlineData(2, 10, 1000, 10)]
    [InlineData(2, 0, 10, 0)]
    public void Threads_have_as_many_chunks_as_each_other(int threads, long pieces, long worth, long perChunk)
    {
        using WorkerPool pool = new(threads);
        Assert.Equal(perChunk, pool.PerChunk(pieces, worth));
    }

    // Nobody is late here: each waits for the other in every chunk.
    [Fact]
    public void A_thread_keeps_its_part_of_the_chunks()
    {
        using WorkerPool pool = new(2);
        using Barrier both = new(2);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            int[] threads = new int[8];
            pool.Run(8, chunk =>
            {
                threads[chunk] = Environment.CurrentManagedThreadId;
                Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60)));
            });
            Assert.All(threads[..4], thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
            Assert.All(threads[4..], thread => Assert.Equal(threads[4], thread));
            Assert.NotEqual(threads[0], threads[4]);
        }
    }

    [Fact]
    public void A_job_after_the_workers_have_gone_to_sleep_runs_too()
    {
        using WorkerPool pool = new(4);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            Thread.Sleep(repeat % 4);
            long[] counts = new long[64];
            fixed (long* context = counts)
            {
                pool.Run(64, context, &Count);
            }

            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Workers_take_part()
    {
        using WorkerPool pool = new(2);
        using Barrier both = new(2);
        pool.Run(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60))));
    }

    [Fact]
    public void Calls_from_many_threads_do_not_disturb_each_other()
    {
        using WorkerPool pool = new(3);
        Thread[] callers = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            for (int repeat = 0; repeat < 500; repeat++)
            {
                long[] counts = new long[20];
                pool.Run(20, chunk => Interlocked.Increment(ref counts[chunk]));
                Assert.All(counts, count => Assert.Equal(1, count));
            }
        }))];
        foreach (Thread caller in callers)
        {
            caller.Start();
        }

        foreach (Thread caller in callers)
        {
            caller.Join();
        }
    }

    [Fact]
    public void Nested_calls_run_on_the_thread_that_makes_them()
    {
        using WorkerPool pool = new(4);
        int total = 0;
        pool.Run(10, _ =>
        {
            int thread = Environment.CurrentManagedThreadId;
            pool.Run(10, _ =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                Interlocked.Increment(ref total);
            });
        });
        Assert.Equal(100, total);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_first_exception_reaches_the_caller_and_the_pool_goes_on(int threads)
    {
        using WorkerPool pool = new(threads);
        for (int repeat = 0; repeat < 50; repeat++)
        {
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(
                () => pool.Run(100, chunk => ThrowAt(50, chunk)));
            Assert.Equal("50", thrown.Message);
        }

        long sum = 0;
        pool.Run(100, chunk => Interlocked.Add(ref sum, chunk));
        Assert.Equal(4950, sum);
    }

    [Fact]
    public void The_thread_count_can_be_changed_between_jobs()
    {
        using WorkerPool pool = new(1);
        foreach (int threads in (int[])[4, 2, 1, 8])
        {
            pool.Threads = threads;
            Assert.Equal(threads, pool.Threads);
            long sum = 0;
            pool.Run(1000, chunk => Interlocked.Add(ref sum, chunk));
            Assert.Equal(499500, sum);
        }
    }

    [Fact]
    public void A_disposed_pool_runs_on_the_calling_thread()
    {
        WorkerPool pool = new(4);
        pool.Dispose();
        int thread = Environment.CurrentManagedThreadId;
        pool.Run(10, _ => Assert.Equal(thread, Environment.CurrentManagedThreadId));
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        using WorkerPool pool = new(2);
        long* counts = stackalloc long[8];
        pool.Run(8, counts, &Count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int repeat = 0; repeat < 100; repeat++)
        {
            pool.Run(8, counts, &Count);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(100_000)]
    public void A_senseless_thread_count_is_refused(int threads)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(threads));
    }

    private static void Count(void* context, long chunk) => Interlocked.Increment(ref ((long*)context)[chunk]);

    private static void ThrowAt(long bad, long chunk)
    {
        if (chunk == bad)
        {
            throw new InvalidOperationException($"{bad}");
        }
    }
}
