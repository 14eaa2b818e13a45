namespace Hypatia.Tests;

/// <summary>Functions and shared variables used by many threads at once.</summary>
public class ThreadSafetyTests
{
    private const int Threads = 8;

    [Fact]
    public void One_function_from_many_threads_with_different_lengths()
    {
        Expr x = T.Vector("x");
        Function f = T.Function([x], [T.Sum(x * x), x + 1]);

        Run(Threads, thread =>
        {
            for (int i = 0; i < 300; i++)
            {
                int n = 1 + ((i + thread) % 7);
                double[] values = [.. Enumerable.Range(0, n).Select(k => (double)(k + thread))];
                Results r = f.Call(values);
                Assert.Equal(values.Sum(v => v * v), (double)r[0]);
                Assert.Equal(values.Select(v => v + 1), r[1].ToArray<double>());
            }
        });
    }

    [Fact]
    public void Large_kernels_from_many_threads()
    {
        Expr x = T.Matrix("x");
        Function f = T.Function([x], T.Sum(T.Tanh(x.Dot(x.T)), 1));
        var data = new double[120, 120];
        for (int i = 0; i < 120; i++)
        {
            data[i, i] = i;
        }

        double[] expected = [.. Enumerable.Range(0, 120).Select(i => Math.Tanh(i * i))];
        Run(Threads, _ =>
        {
            for (int i = 0; i < 20; i++)
            {
                double[] actual = f.Call(data).Single.ToArray<double>();
                Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 12));
            }
        });
    }

    [Fact]
    public void Updates_from_many_threads_are_all_counted()
    {
        Shared n = T.Shared(0);
        Function increment = T.Function([], n, updates: [(n, n + 1)]);
        Function decrement = T.Function([], updates: [(n, n - 1)]);
        var seen = new System.Collections.Concurrent.ConcurrentBag<long>();

        Run(Threads, thread =>
        {
            for (int i = 0; i < 500; i++)
            {
                if (thread % 4 == 3)
                {
                    decrement.Call();
                }
                else
                {
                    seen.Add((long)increment.Call());
                }
            }
        });

        Assert.Equal(500 * ((Threads * 3 / 4) - (Threads / 4)), (long)n.GetValue());
        Assert.Equal(500 * Threads * 3 / 4, seen.Count);
    }

    [Fact]
    public void Nobody_sees_half_an_update()
    {
        // Money moves between accounts of different sizes: the sum is always 0.
        (Shared a, Shared b) = (T.Shared(new double[100]), T.Shared(new double[100]));
        Expr amount = T.Scalar("amount");
        Function there = T.Function([amount], updates: [(a, a - amount), (b, b + amount)]);
        Function back = T.Function([amount], updates: [(b, b - amount), (a, a + amount)]);
        Function read = T.Function([], T.Max(T.Abs(a + b)));
        Function exchange = T.Function([], T.Max(T.Abs(a + b)), updates: [(a, b), (b, a)]);

        Run(Threads, thread =>
        {
            for (int i = 1; i < 300; i++)
            {
                switch (thread % 4)
                {
                    case 0: there.Call(i); break;
                    case 1: back.Call(i); break;
                    case 2: Assert.Equal(0, (double)read.Call()); break;
                    default: Assert.Equal(0, (double)exchange.Call()); break;
                }
            }
        });

        Assert.Equal(0, (double)read.Call());
    }

    [Fact]
    public void Values_may_be_set_during_calls()
    {
        Shared x = T.Shared(new double[] { 1, 1 });
        Function read = T.Function([], [x.Sum(), x.Size]);
        Function twice = T.Function([], updates: [(x, x * 1)]);

        Run(Threads, thread =>
        {
            for (int i = 1; i < 300; i++)
            {
                switch (thread % 3)
                {
                    case 0: x.SetValue(Enumerable.Repeat(1.0, 1 + (i % 5)).ToArray()); break;
                    case 1: twice.Call(); break;
                    default:
                        Results r = read.Call();
                        Assert.Equal((double)r[0], (long)r[1]);
                        NDArray whole = x.GetValue();
                        Assert.All(whole.ToArray<double>(), value => Assert.Equal(1, value));
                        break;
                }
            }
        });
    }

    [Fact]
    public void A_value_that_is_set_is_not_lost_in_an_update()
    {
        Shared n = T.Shared(new double[1000]);
        Function increment = T.Function([], updates: [(n, n + 1)]);
        int setting = 1;

        Run(2, thread =>
        {
            while (thread == 1 && Volatile.Read(ref setting) == 1)
            {
                increment.Call();
            }

            try
            {
                for (int i = 1; thread == 0 && i <= 2000; i++)
                {
                    double[] value = [.. Enumerable.Repeat(1e6 * i, 1000)];
                    n.SetValue(value);
                    Assert.InRange(n.GetValue()[999], value[999], double.MaxValue);
                }
            }
            finally
            {
                Volatile.Write(ref setting, 0);
            }
        });
    }

    [Fact]
    public void A_call_that_fails_lets_others_update()
    {
        Shared n = T.Shared(new double[3]);
        Expr index = T.LScalar("index");
        Function count = T.Function([index], updates: [(n, n + n[index] - n[index] + 1)]);
        int failed = 0;

        Run(Threads, thread =>
        {
            for (int i = 0; i < 300; i++)
            {
                if (i % 3 == 0)
                {
                    Assert.Throws<IndexException>(() => count.Call(3));
                    Interlocked.Increment(ref failed);
                }
                else
                {
                    count.Call(i % 2);
                }
            }
        });

        Assert.All(n.GetValue().ToArray<double>(), value => Assert.Equal((300 * Threads) - failed, value));
    }

    [Fact]
    public void An_interrupted_call_stores_all_or_nothing_and_lets_others_update()
    {
        (Shared a, Shared b) = (T.Shared(0.0), T.Shared(0.0));
        Function step = T.Function([], updates: [(a, a + 1), (b, b - 1)]);
        step.Call();
        int interruptions = 0, running = Threads;
        var workers = new Thread[Threads];

        Run(Threads + 1, thread =>
        {
            if (thread == Threads)
            {
                for (int k = 0; Volatile.Read(ref running) > 0; k++)
                {
                    Volatile.Read(ref workers[k % Threads])?.Interrupt();
                    Thread.Yield();
                }

                return;
            }

            Volatile.Write(ref workers[thread], Thread.CurrentThread);
            for (int i = 0; i < 2000; i++)
            {
                try
                {
                    step.Call();
                }
                catch (ThreadInterruptedException)
                {
                    Interlocked.Increment(ref interruptions);
                }
            }

            Interlocked.Decrement(ref running);
        });

        Run(1, _ => step.Call());
        Assert.Equal(0, (double)a.GetValue() + (double)b.GetValue());
        Assert.InRange((double)a.GetValue(), 2 + (2000 * Threads) - interruptions, 2 + (2000 * Threads));
    }

    [Fact]
    public void Eval_from_many_threads()
    {
        (Expr x, Expr y) = T.Vectors("x", "y");
        Expr z = x - y;

        Run(Threads, thread =>
        {
            for (int i = 0; i < 30; i++)
            {
                // The order of the variables is part of what Eval keeps.
                NDArray r = thread % 2 == 0
                    ? z.Eval((x, new double[] { thread, i }), (y, new double[] { 1, 2 }))
                    : z.Eval((y, new double[] { 1, 2 }), (x, new double[] { thread, i }));
                Assert.Equal([thread - 1, i - 2], r.ToArray<double>());
            }
        });
    }

    private static void Run(int threads, Action<int> body)
    {
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        Thread[] all = [.. Enumerable.Range(0, threads).Select(k => new Thread(() =>
        {
            try
            {
                body(k);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failures.Enqueue(e);
            }
        })
        {
            IsBackground = true,        // one that waits without end fails its test, and ends with the process
        })];
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(2)), "A thread waits for another without end."));
        Assert.True(failures.IsEmpty, failures.FirstOrDefault()?.ToString());
    }
}
