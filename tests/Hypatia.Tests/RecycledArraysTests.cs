using System.Runtime.CompilerServices;
using Hypatia.Compilation;

namespace Hypatia.Tests;

public class RecycledArraysTests
{
    [Fact]
    public void An_array_that_nobody_sees_is_used_again()
    {
        const int count = 123_457;
        int first = RentAndDrop(count);
        Collect();
        float[] again = RecycledArrays.Rent<float>(count);
        Assert.Equal(first, RuntimeHelpers.GetHashCode(again));
        Assert.NotSame(again, RecycledArrays.Rent<float>(count));
    }

    // What came back once stays tied to its loan: while it is seen, the collector does not give it to others.
    [Fact]
    public void An_array_that_is_used_again_is_nobody_elses_until_it_is_dropped_again()
    {
        const int count = 123_463;
        int first = RentAndDrop(count);
        Collect();
        float[] again = RecycledArrays.Rent<float>(count);
        Assert.Equal(first, RuntimeHelpers.GetHashCode(again));
        for (int i = 0; i < 3; i++)
        {
            Collect();
            Assert.DoesNotContain(first, RentThreeAndDrop(count));
        }

        GC.KeepAlive(again);
    }

    [Fact]
    public void Each_type_and_length_has_its_own()
    {
        const int count = 123_459;
        RentAndDrop(count);
        Collect();
        Assert.Equal(count + 1, RecycledArrays.Rent<float>(count + 1).Length);
        Assert.Equal(count, RecycledArrays.Rent<double>(count).Length);
        Assert.Equal(count, RecycledArrays.Rent<int>(count).Length);
    }

    // A span is all that is left of the result: neither value nor array is in a variable.
    [Fact]
    public void What_a_span_shows_is_not_used_again()
    {
        const int count = 123_461;
        ReadOnlySpan<float> span = Filled(count, 1);
        for (int i = 0; i < 5; i++)
        {
            Collect();
            Filled(count, 2);
        }

        Assert.Equal(-1, span.IndexOfAnyExcept(1));
    }

    [Fact]
    public void Results_that_are_kept_stay_as_they_are_while_others_are_used_again()
    {
        const int count = 60_000, calls = 120;
        Expr x = T.Vector("x"), k = T.Scalar("k");
        Function f = T.Function([x, k], x + k);
        double[] ramp = [.. Enumerable.Range(0, count).Select(i => (double)i)];
        Parallel.For(0, 3, new ParallelOptions { MaxDegreeOfParallelism = 3 }, thread =>
        {
            List<(double K, NDArray Result)> kept = [];
            for (int i = 0; i < calls; i++)
            {
                double given = (1000.0 * thread) + i;
                NDArray result = f.Call(ramp, given);
                if (i % 3 == 0)
                {
                    kept.Add((given, result));
                }

                if (i % 20 == 0)
                {
                    GC.Collect();
                }
            }

            foreach ((double given, NDArray result) in kept)
            {
                double[] expected = [.. ramp.Select(value => value + given)];
                Assert.Equal(expected, result.ToArray<double>());
            }
        });
    }

    [Fact]
    public void The_collector_is_asked_for_results_that_are_dropped()
    {
        const int count = 2_000_003;
        int before = RecycledArrays.Collections;
        for (int i = 0; i < 5000 && RecycledArrays.Collections == before; i++)
        {
            RentAndDrop(count);
        }

        Assert.NotEqual(before, RecycledArrays.Collections);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RentAndDrop(int count) => RuntimeHelpers.GetHashCode(RecycledArrays.Rent<float>(count));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int[] RentThreeAndDrop(int count)
    {
        float[][] rented = [RecycledArrays.Rent<float>(count), RecycledArrays.Rent<float>(count), RecycledArrays.Rent<float>(count)];
        return [.. rented.Select(RuntimeHelpers.GetHashCode)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<float> Filled(int count, float value)
    {
        float[] array = RecycledArrays.Rent<float>(count);
        array.AsSpan().Fill(value);
        return NDArray.Wrap(array, count).AsSpan<float>();
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
