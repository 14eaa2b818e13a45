namespace Hypatia.Tests.Ops;

/// <summary>Functions that are written in terms of ops, against values computed by hand (most as NumPy's docs have them).</summary>
public sealed class DerivedTests
{
    private static readonly long[] None = [];

    [Fact]
    public void Take_raises_wraps_or_clips()
    {
        Expr x = T.Constant(new double[] { 10, 20, 30 });
        Expr i = T.LVector("i");
        long[] beyond = [4, -1, 0];
        Assert.Throws<IndexException>(() => T.Take(x, i).Eval((i, beyond)));
        Assert.Equal([20, 30, 10], T.Take(x, i, mode: "wrap").Eval((i, beyond)).ToArray<double>());
        Assert.Equal([30, 10, 10], T.Take(x, i, mode: "clip").Eval((i, beyond)).ToArray<double>());
        Assert.Throws<ArgumentException>(() => T.Take(x, i, mode: "stop"));
    }

    [Fact]
    public void Choose_takes_each_element_from_one_of_several()
    {
        Expr i = T.LVector("i");
        Expr[] choices = [T.Constant(new double[] { 1, 2, 3 }), 7.0];
        Assert.Equal([7, 2, 7], i.Choose(choices).Eval((i, new long[] { 1, 0, 1 })).ToArray<double>());
        Assert.Equal([1, 7, 7], i.Choose(choices, "wrap").Eval((i, new long[] { 2, 3, 1 })).ToArray<double>());
        Assert.Equal([1, 7, 7], i.Choose(choices, "clip").Eval((i, new long[] { -2, 3, 1 })).ToArray<double>());
        Assert.Throws<IndexException>(() => i.Choose(choices).Eval((i, new long[] { 2, 0, 0 })));
    }

    [Fact]
    public void Repeats_may_differ_by_element()
    {
        Expr x = T.DVector("x");
        Expr n = T.LVector("n");
        Expr repeated = T.Repeat(x, n);
        Assert.Equal([1, 3, 3], repeated.Eval((x, new double[] { 1, 2, 3 }), (n, new long[] { 1, 0, 2 })).ToArray<double>());
        Assert.Empty(repeated.Eval((x, new double[] { 1 }), (n, new long[] { 0 })).ToArray<double>());
        Expr gradient = T.Grad(T.Sum(T.Sqr(repeated)), x);
        Assert.Equal([2, 0, 12], gradient.Eval((x, new double[] { 1, 2, 3 }), (n, new long[] { 1, 0, 2 })).ToArray<double>());
        Expr k = T.LScalar("k");
        Assert.Equal([1, 1, 2, 2], x.Repeat(k).Eval((x, new double[] { 1, 2 }), (k, 2L)).ToArray<double>());
    }

    [Fact]
    public void Bincount_counts_or_adds_weights()
    {
        Expr x = T.LVector("x");
        Expr w = T.DVector("w");
        Assert.Equal([1, 3, 1, 1, 0, 0, 0, 1], T.Bincount(x).Eval((x, new long[] { 0, 1, 1, 3, 2, 1, 7 })).ToArray<long>());
        Assert.Equal([0, 1, 0, 0], T.Bincount(x, minLength: 4).Eval((x, new long[] { 1 })).ToArray<long>());
        Assert.Equal(
            [0.3, 0.7, 1.1],
            T.Bincount(x, w).Eval((x, new long[] { 0, 1, 1, 2, 2, 2 }), (w, new[] { 0.3, 0.5, 0.2, 0.7, 1, -0.6 }))
                .ToArray<double>().Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void SearchSorted_goes_left_or_right_of_equals()
    {
        Expr x = T.Constant(new double[] { 1, 2, 2, 3 });
        Expr v = T.Constant(new double[] { 2, 0, 9 });
        Assert.Equal([1, 0, 4], T.SearchSorted(x, v).Eval().ToArray<long>());
        Assert.Equal([3, 0, 4], x.SearchSorted(v, "right").Eval().ToArray<long>());
        Assert.Equal([1], T.SearchSorted(x[(.., -1)], v[..1], sorter: new long[] { 3, 2, 1, 0 }).Eval().ToArray<long>());
    }

    [Fact]
    public void Indices_are_raveled_and_unraveled_in_either_order()
    {
        Expr i = T.LVector("i");
        long[] flat = [22, 41, 37];
        foreach ((string order, long[] rows) in new[] { ("C", new long[] { 3, 6, 6 }), ("F", [1, 6, 2]) })
        {
            IReadOnlyList<Expr> places = T.UnravelIndex(i, [7, 6], order);
            Assert.Equal(rows, places[0].Eval((i, flat)).ToArray<long>());
            Assert.Equal(flat, T.RavelMultiIndex(places, [7, 6], order).Eval((i, flat)).ToArray<long>());
        }
    }

    [Fact]
    public void Rows_are_permuted_and_back()
    {
        Expr x = T.Constant(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Expr order = T.Constant(new long[,] { { 2, 0, 1 }, { 1, 0, 2 } });
        Expr permuted = T.PermuteRowElements(x, order);
        Assert.Equal([3, 1, 2, 5, 4, 6], permuted.Eval().ToArray<double>());
        Assert.Equal([1, 2, 3, 4, 5, 6], T.PermuteRowElements(permuted, order, inverse: true).Eval().ToArray<double>());
        Assert.Equal([3, 1, 2], T.PermuteRowElements(x[0], order[0]).Eval().ToArray<double>());
        Assert.Equal([1, 2, 3], T.PermuteRowElements(T.PermuteRowElements(x[0], order[0]), order[0], inverse: true).Eval().ToArray<double>());
    }

    [Fact]
    public void Grids_are_open_or_full()
    {
        Assert.Equal([2, 1], T.OGrid[0..2, 0..3][0].Eval().Shape);
        Assert.Equal([0, 0, 0, 1, 1, 1], T.MGrid[0..2, 0..3][0].Eval().ToArray<long>());
        Assert.Equal([1, 3, 5], T.MGrid[(1..6, 2)][0].Eval().ToArray<long>());
    }

    [Fact]
    public void A_window_is_a_triangle()
    {
        Assert.Equal([0, 0.5, 1, 0.5, 0], T.Bartlett(5).Eval().ToArray<double>());
        Assert.Equal([1.0], T.Bartlett(1).Eval().ToArray<double>());
        Assert.Empty(T.Bartlett(0).Eval().ToArray<double>());
    }

    [Fact]
    public void Sums_can_be_of_another_dtype_and_accumulate_in_another()
    {
        Expr x = T.FVector("x");
        float[] tenths = [.. Enumerable.Repeat(0.1f, 1000)];
        Assert.Equal(1000 * (double)0.1f, (double)T.Sum(x, dtype: DType.Float64).Eval((x, tenths)), 1e-12);
        Assert.Equal(DType.Float32, T.Sum(x, accDType: DType.Float64).DType);
        Assert.Equal(DType.Float32, T.Sum(T.BVector("b"), dtype: DType.Float32).DType);
        Assert.Equal(DType.Float64, T.Mean(x, dtype: DType.Float64).DType);
        Assert.Equal(DType.Int32, T.Prod(T.IVector("n"), dtype: DType.Int32).DType);
        double[] far = [1e9 + 1, 1e9 + 2, 1e9 + 3];
        Expr d = T.DVector("d");
        Assert.Equal(2.0 / 3, (double)T.Var(d, corrected: true).Eval((d, far)), 1e-15);
    }

    [Fact]
    public void Jacobians_and_Hessians_of_known_lengths()
    {
        Expr x = T.Tensor(DType.Float64, [2], "x");
        double[] at = [3, 5];
        Expr jacobian = T.Jacobian(x * x * x[0], x);
        Assert.Equal([27, 0, 25, 30], jacobian.Eval((x, at)).ToArray<double>());
        Assert.Equal([0, 1, 1, 0], T.Hessian(x[0] * x[1], x).Eval((x, at)).ToArray<double>());
        Assert.Throws<GradientException>(() => T.Jacobian(T.DVector("y"), x));
    }

    [Fact]
    public void Nothing_is_compressed_to_nothing() =>
        Assert.Equal(None, T.Compress([false, false], T.Constant(new long[] { 1, 2 })).Eval().ToArray<long>());
}
