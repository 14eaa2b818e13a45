namespace Hypatia.Tests.Ops;

/// <summary>Slices whose bounds are known only when a function is called.</summary>
public sealed class DynamicSliceTests
{
    private static readonly double[] Data = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Theory]
    [InlineData(2, 7, 1)]
    [InlineData(2, 7, 2)]
    [InlineData(-3, 100, 1)]
    [InlineData(8, 2, -2)]
    [InlineData(7, 2, 1)]
    [InlineData(-100, -1, 4)]
    public void Bounds_and_step_may_be_values(long start, long stop, long step)
    {
        Expr x = T.DVector("x");
        Expr a = T.LScalar("a");
        Expr b = T.LScalar("b");
        Expr c = T.LScalar("c");
        double[] expected = [.. Python(start, stop, step).Select(k => Data[k])];

        Assert.Equal(expected, x[T.Slice(a, b, c)].Eval((x, Data), (a, start), (b, stop), (c, step)).ToArray<double>());
        Assert.Equal(
            expected, x[T.Slice(a, b, (int)step)].Eval((x, Data), (a, start), (b, stop)).ToArray<double>());
    }

    [Fact]
    public void A_batch_of_constant_length_that_starts_anywhere_is_one_plan()
    {
        Expr x = T.DVector("x");
        Expr i = T.LScalar("i");
        Function batch = T.Function([x, i], T.Sum(x[T.Slice(i * 2, (i + 1) * 2)]));
        for (long k = 0; k < 5; k++)
        {
            Assert.Equal((4 * k) + 1, (double)batch.Call(Data, k));
        }
    }

    [Fact]
    public void Gradients_and_updates_go_to_the_selected_elements()
    {
        Expr x = T.DVector("x");
        Expr n = T.LScalar("n");
        Expr gradient = T.Grad(T.Sum(T.Sqr(x[T.Slice(null, n)])), x);
        Assert.Equal([0, 2, 4, 0, 0, 0, 0, 0, 0, 0], gradient.Eval((x, Data), (n, 3L)).ToArray<double>());

        Expr set = T.SetSubtensor(x[T.Slice(n)], -1.0);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, -1, -1], set.Eval((x, Data), (n, 8L)).ToArray<double>());
        Expr second = T.Grad(T.Sum(gradient * gradient), x);
        Assert.Equal([0, 8, 16, 0, 0, 0, 0, 0, 0, 0], second.Eval((x, Data), (n, 3L)).ToArray<double>());
    }

    private static IEnumerable<int> Python(long start, long stop, long step)
    {
        long length = Data.Length;
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? length : length - 1;
        long first = Math.Clamp(start < 0 ? start + length : start, low, high);
        long end = Math.Clamp(stop < 0 ? stop + length : stop, low, high);
        for (long k = first; step > 0 ? k < end : k > end; k += step)
        {
            yield return (int)k;
        }
    }
}
