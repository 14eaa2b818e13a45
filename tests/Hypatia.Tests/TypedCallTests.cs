namespace Hypatia.Tests;

/// <summary>Calls that allocate nothing: typed delegates, outputs in arrays of the caller's, states that take turns.</summary>
public sealed class TypedCallTests
{
    [Fact]
    public void A_scalar_delegate_computes_and_allocates_nothing()
    {
        Variables(out Expr x, out _);
        Func<double, double> f = T.Function([x], (2 * x) + 1).As<Func<double, double>>();
        double total = 0;
        long before = 0;
        for (int k = 0; k < 200; k++)
        {
            before = k == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            total += f(k);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((199.0 * 200) + 200, total);
    }

    [Fact]
    public void Scalars_convert_as_a_cast_does_and_tuples_hold_several_outputs()
    {
        Expr x = T.FScalar("x");
        Expr n = T.LScalar("n");
        var f = T.Function([x, n], [x * n, n + 1]).As<Func<int, long, (double, long)>>();
        Assert.Equal((6.0, 4L), f(2, 3));
    }

    [Fact]
    public void Every_conversion_is_that_of_a_cast()
    {
        Check((sbyte)-3, -3.0);
        Check((byte)200, 200f);
        Check(-5, -5L);
        Check(-5, unchecked((ulong)-5));
        Check(4_000_000_000u, 4e9);
        Check(4_000_000_000u, 4_000_000_000L);
        Check(4_000_000_000u, 4_000_000_000ul);
        Check(ulong.MaxValue, (float)ulong.MaxValue);
        Check(ulong.MaxValue, -1L);
        Check((1ul << 63) + (1ul << 10), (double)((1ul << 63) + (1ul << 10)));
        Check(-2.75, -2);
        Check(1e19, 10_000_000_000_000_000_000ul);
        Check(300, (byte)44);
        Check(-70_000, unchecked((short)-70_000));
        Check(-70_000, unchecked((ushort)-70_000));
        Check(-1L, uint.MaxValue);
        Check(200, (sbyte)-56);
        Check(0.1, 0.1f);
        Check(0.1f, (double)0.1f);
        Check(true, true);

        static void Check<TGiven, TResult>(TGiven value, TResult expected)
            where TResult : unmanaged
        {
            Expr x = T.Scalar("x", DTypes.Of<TResult>());
            Assert.Equal(expected, T.Function([x], x).As<Func<TGiven, TResult>>()(value));
        }
    }

    [Fact]
    public void Arrays_pass_and_return_as_they_are()
    {
        Variables(out Expr s, out Expr v);
        Expr m = T.Matrix("m");
        Assert.Equal([3.0, 5.0], T.Function([v, s], v * s).As<Func<double[], double, double[]>>()([1.5, 2.5], 2));
        Assert.Equal(new double[,] { { 1, 3 }, { 2, 4 } }, T.Function([m], m.Transpose()).As<Func<double[,], double[,]>>()(new double[,] { { 1, 2 }, { 3, 4 } }));
        NDArray sum = T.Function([m], T.Sum(m, 0)).As<Func<NDArray, NDArray>>()(new double[,] { { 1, 2 }, { 3, 4 } });
        Assert.Equal([4.0, 6.0], sum.ToArray<double>());
        Assert.Equal(2, T.Function([v], [v, v + 1]).As<Func<double[], Results>>()([1]).Count);
    }

    [Fact]
    public void Updates_run_through_a_delegate_and_defaults_may_be_left_out()
    {
        Shared w = T.Shared(1.0);
        Variables(out Expr x, out _);
        Action<double> step = T.Function([x, new In(T.Scalar("rate"), 0.5)], updates: [(w, w + x)], onUnusedInput: OnUnusedInput.Ignore)
            .As<Action<double>>();
        step(2);
        step(3);
        Assert.Equal(6, (double)w.GetValue());
    }

    [Fact]
    public void Outputs_are_written_where_the_caller_wants_them()
    {
        Variables(out _, out Expr v);
        Expr u = T.Vector("u");
        Function f = T.Function([u, v], [u + v, u * v]);
        double[] sum = new double[3];
        double[] product = new double[3];
        f.CallInto([sum, product], new double[] { 1, 2, 3 }, new double[] { 4, 5, 6 });
        Assert.Equal([5.0, 7, 9], sum);
        Assert.Equal([4.0, 10, 18], product);
        f.As<Action<double[], double[], double[], double[]>>()([1, 1, 1], [2, 2, 2], sum, product);
        Assert.Equal([3.0, 3, 3], sum);
        Assert.Equal([2.0, 2, 2], product);
    }

    [Fact]
    public void An_output_may_be_written_over_an_argument_or_a_state()
    {
        Expr v = T.Vector("v");
        Function f = T.Function([v], [v[T.Slice(null, null, -1)], v * 2]);
        double[] data = [1, 2, 3];
        double[] twice = new double[3];
        f.CallInto([data, twice], data);
        Assert.Equal([3.0, 2, 1], data);
        Assert.Equal([2.0, 4, 6], twice);

        double[] state = [1, 2];
        Shared s = T.Shared(state, borrow: true);
        T.Function([], s[T.Slice(null, null, -1)]).CallInto([state]);
        Assert.Equal([2.0, 1], state);
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_refused_and_nothing_is_stored()
    {
        Shared count = T.Shared(0L);
        Expr v = T.Vector("v");
        Function f = T.Function([v], [v + 1], updates: [(count, count + 1)]);
        Assert.Contains("has shape (2,), the array given for it (3,)", Assert.Throws<ShapeException>(
            () => f.CallInto([new double[3]], new double[] { 1, 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("is float64, the array given for it float32", Assert.Throws<DTypeException>(
            () => f.CallInto([new float[2]], new double[] { 1, 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("2 arrays were given for the 1 outputs", Assert.Throws<FunctionException>(
            () => f.CallInto([new double[2], new double[2]], new double[] { 1, 2 })).Message, StringComparison.Ordinal);
        Assert.Equal(0, (long)count.GetValue());
    }

    [Fact]
    public void Delegates_that_do_not_fit_are_refused()
    {
        Variables(out Expr x, out Expr v);
        Function f = T.Function([x, v], x * v);
        Assert.Contains("A parameter of type Double does not fit: v", Assert.Throws<FunctionException>(
            () => f.As<Func<double, double, double[]>>()).Message, StringComparison.Ordinal);
        Assert.Contains("A result of type Double does not fit output 0", Assert.Throws<FunctionException>(
            () => f.As<Func<double, double[], double>>()).Message, StringComparison.Ordinal);
        Assert.Contains("Missing required input: v", Assert.Throws<FunctionException>(
            () => f.As<Func<double, double[]>>()).Message, StringComparison.Ordinal);
        Assert.Contains("type ReadOnlySpan`1 does not fit", Assert.Throws<FunctionException>(() => f.As<OfSpan>()).Message, StringComparison.Ordinal);
        Assert.Contains("with 4 parameters does not fit", Assert.Throws<FunctionException>(
            () => f.As<Func<double, double[], double, double, double[]>>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void States_take_turns_in_memory_that_nobody_reads()
    {
        Shared w = T.Shared(new double[1000]);
        Function step = T.Function([], updates: [(w, w + 1)]);
        step.Call();
        Array first = w.State.Elements;
        step.Call();
        step.Call();
        Assert.Same(first, w.State.Elements);

        NDArray seen = w.GetValue(borrow: true);
        step.Call();
        step.Call();
        step.Call();
        Assert.Equal(3, seen[0]);
        Assert.Equal(6, w.GetValue()[999]);
    }

    [Fact]
    public void States_are_pinned_but_not_without_end()
    {
        Shared w = T.Shared(new double[10]);
        Function step = T.Function([], updates: [(w, w + 1)]);
        for (int i = 0; i < 5; i++)
        {
            Assert.True(w.State.IsPinned);
            step.Call();
        }

        // Pinned memory is freed late: not what everyone who looks at each state leaves behind.
        for (int i = 0; i < 5; i++)
        {
            w.GetValue(borrow: true);
            step.Call();
        }

        Assert.False(w.State.IsPinned);
        Assert.Equal(10, w.GetValue()[9]);
        Assert.False(T.Shared(new double[100_000]).State.IsPinned);
    }

    [Fact]
    public void Other_dtypes_are_converted_in_the_kernel()
    {
        Expr v = T.Vector("v");
        Function f = T.Function([v], v / 2);
        Assert.Equal([0.5, 1], f.Call(new[] { 1, 2 }).Single.ToArray<double>());
        Assert.Equal([0.75, 1], f.Call(new[] { 1.5f, 2 }).Single.ToArray<double>());
        Assert.Equal([0.5, 0], f.Call(new[] { true, false }).Single.ToArray<double>());
    }

    private delegate double[] OfSpan(double x, ReadOnlySpan<double> v);

    private static void Variables(out Expr scalar, out Expr vector) => (scalar, vector) = (T.Scalar("x"), T.Vector("v"));
}
