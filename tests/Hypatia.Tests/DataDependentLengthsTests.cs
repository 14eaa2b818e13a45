namespace Hypatia.Tests;

/// <summary>Lengths that are inputs, or computed from data.</summary>
public class DataDependentLengthsTests
{
    private static readonly double[] Ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    private readonly Expr _n = T.LScalar("n");
    private readonly Expr _x = T.Vector("x");

    [Fact]
    public void Arange()
    {
        Function f = T.Function([_n], T.Arange(_n) * 2);

        foreach (int n in new[] { 3, 0, 5, -2, 3 })
        {
            Assert.Equal([.. Enumerable.Range(0, Math.Max(n, 0)).Select(i => 2L * i)], f.Call(n).Single.ToArray<long>());
        }
    }

    [Fact]
    public void Slices()
    {
        Function head = T.Function([_x, _n], _x[T.Slice(stop: _n)]);
        Function tail = T.Function([_x, _n], _x[T.Slice(start: _n)]);
        Function middle = T.Function([_x, _n], _x[T.Slice(_n, _n + 3)]);

        foreach (int n in new[] { 0, 4, 9, 15, -3, -20 })
        {
            int at = Math.Clamp(n < 0 ? n + 10 : n, 0, 10);
            Assert.Equal(Ten[..at], head.Call(Ten, n).Single.ToArray<double>());
            Assert.Equal(Ten[at..], tail.Call(Ten, n).Single.ToArray<double>());
        }

        Assert.Equal([4, 5, 6], middle.Call(Ten, 4).Single.ToArray<double>());
        Assert.Equal([8, 9], middle.Call(Ten, 8).Single.ToArray<double>());
    }

    [Fact]
    public void Updates_of_slices()
    {
        Function set = T.Function([_x, _n], T.SetSubtensor(_x[T.Slice(_n, _n + 2)], -1));
        Function increment = T.Function([_x, _n], T.IncSubtensor(_x[T.Slice(stop: _n)], T.Arange(_n)));

        Assert.Equal([0, 1, 2, -1, -1, 5, 6, 7, 8, 9], set.Call(Ten, 3).Single.ToArray<double>());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, -1], set.Call(Ten, 9).Single.ToArray<double>());
        Assert.Equal([0, 2, 4, 3, 4, 5, 6, 7, 8, 9], increment.Call(Ten, 3).Single.ToArray<double>());
    }

    [Fact]
    public void Steps()
    {
        Function f = T.Function([_x, _n], _x[T.Slice(step: _n)]);

        Assert.Equal([0, 3, 6, 9], f.Call(Ten, 3).Single.ToArray<double>());
        Assert.Equal([0, 4, 8], f.Call(Ten, 4).Single.ToArray<double>());
        Assert.Equal([9, 4], f.Call(Ten, -5).Single.ToArray<double>());

        Function bounded = T.Function([_x, _n], _x[T.Slice(_n, -1, _n)]);
        Assert.Equal([2, 4, 6, 8], bounded.Call(Ten, 2).Single.ToArray<double>());
        Assert.Equal([3, 6], bounded.Call(Ten, 3).Single.ToArray<double>());
    }

    [Fact]
    public void Reshape_and_fill()
    {
        Function f = T.Function([_x, _n], [_x.Reshape(_n, -1), T.Zeros([_n, 2]), T.Ones([_n]) * _x.Sum()]);

        foreach (int n in new[] { 2, 5, 1 })
        {
            Results r = f.Call(Ten, n);
            Assert.Equal([n, 10 / n], r[0].Shape);
            Assert.Equal([n, 2], r[1].Shape);
            Assert.Equal(Enumerable.Repeat(45.0, n), r[2].ToArray<double>());
        }
    }

    [Fact]
    public void Lengths_computed_from_data()
    {
        Expr positive = T.Sum(_x > 0);
        Function f = T.Function([_x], T.Arange(positive) + T.Cast(_x.Max(), DType.Int64));

        Assert.Equal([3, 4], f.Call(new double[] { -1, 2, 3 }).Single.ToArray<long>());
        Assert.Equal([3, 4, 5], f.Call(new double[] { 1, 2, 3 }).Single.ToArray<long>());
    }

    [Fact]
    public void Lengths_that_depend_on_lengths_that_depend_on_data()
    {
        Expr first = T.Arange(_n);
        Expr second = T.Arange(first.Sum());
        Function f = T.Function([_n], second.Sum());

        Assert.Equal(15, (long)f.Call(4));
        Assert.Equal(45, (long)f.Call(5));
    }

    [Fact]
    public void Minibatches_share_one_plan()
    {
        const int Size = 4;
        Shared data = T.Shared(Enumerable.Range(0, 30).Select(i => (double)i).ToArray());
        Expr i = T.LScalar("i");
        Expr batch = T.Vector("batch");
        Shared w = T.Shared(0.0);
        Function f = T.Function(
            [i], batch.Sum(), updates: [(w, w + batch.Sum())], givens: [(batch, data[T.Slice(i * Size, (i + 1) * Size)])]);
        for (int k = 0; k < 7; k++)
        {
            Assert.Equal(Enumerable.Range(k * Size, Size).Sum(), (double)f.Call(k));
        }

        Assert.Single(f.Plans);
        Assert.Equal(28 + 29, (double)f.Call(7));
        Assert.Equal(2, f.Plans.Count());
        Assert.Equal(435, (double)w.GetValue());
    }

    [Fact]
    public void Batch_sizes_may_vary()
    {
        Expr x = T.Matrix("x");
        Shared w = T.Shared(new double[3, 2]);
        Function f = T.Function([x], T.Tanh(x.Dot(w) + 1).Mean());

        for (int n = 1; n < 20; n++)
        {
            Assert.Equal(Math.Tanh(1), (double)f.Call(new double[n, 3]), 12);
        }
    }

    [Fact]
    public void Gradients_through_data_dependent_slices()
    {
        Expr cost = T.Sum(T.Sqr(_x[T.Slice(stop: _n)]));
        Function f = T.Function([_x, _n], T.Grad(cost, _x));

        Assert.Equal([0, 2, 4, 0, 0, 0, 0, 0, 0, 0], f.Call(Ten, 3).Single.ToArray<double>());
        Assert.Equal([0, 2, 0, 0, 0, 0, 0, 0, 0, 0], f.Call(Ten, 2).Single.ToArray<double>());
    }
}
