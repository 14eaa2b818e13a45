namespace Hypatia.Tests.Scheduling;

/// <summary>Rows that are taken from tables, and added to them.</summary>
public class TableTests
{
    private static readonly long[] Which = [.. Enumerable.Range(0, 1000).Select(k => (long)(k * k % 37) - 5)];      // many of them repeat

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_are_taken_at_indices(int width, DType dtype)
    {
        double[] table = Table(width, dtype);
        Expr x = T.Tensor(dtype, Shape.UnknownOf(2), "x"), at = T.Tensor(DType.Int64, Shape.UnknownOf(1), "at");
        Function f = T.Function([x, at], x[at]);
        NDArray rows = f.Call(NDArray.Wrap(table, 40, width).Cast(dtype), NDArray.Wrap(Which, Which.Length)).Single;

        double[] expected = [.. Which.SelectMany(row => table.Skip((int)((row + 40) % 40) * width).Take(width))];
        Assert.Equal(expected, rows.Cast(DType.Float64).ToArray<double>());
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_are_added_and_put_at_indices_that_repeat(int width, DType dtype)
    {
        double[] table = Table(width, dtype), added = [.. table], put = [.. table];
        double[] rows = [.. Enumerable.Range(0, Which.Length * width).Select(k => dtype == DType.Bool ? k % 2 : (double)(k % 3))];
        for (int k = 0; k < rows.Length; k++)
        {
            int to = (int)((Which[k / width] + 40) % 40 * width) + (k % width);
            added[to] = dtype == DType.Bool ? Math.Max(added[to], rows[k]) : added[to] + rows[k];
            put[to] = rows[k];
        }

        Expr x = T.Tensor(dtype, Shape.UnknownOf(2), "x"), at = T.Tensor(DType.Int64, Shape.UnknownOf(1), "at");
        Expr v = T.Tensor(dtype, Shape.UnknownOf(2), "v");
        Function f = T.Function([x, at, v], [T.IncSubtensor(x[at], v), T.SetSubtensor(x[at], v)]);
        Results r = f.Call(
            NDArray.Wrap(table, 40, width).Cast(dtype), NDArray.Wrap(Which, Which.Length), NDArray.Wrap(rows, Which.Length, width).Cast(dtype));
        Assert.Equal(added, r[0].Cast(DType.Float64).ToArray<double>());
        Assert.Equal(put, r[1].Cast(DType.Float64).ToArray<double>());
    }

    [Fact]
    public void Single_elements_are_added_one_after_the_other()
    {
        Expr x = T.FVector("x"), at = T.Tensor(DType.Int64, Shape.UnknownOf(1), "at");
        Function f = T.Function([x, at], T.IncSubtensor(x[at], T.Constant(1f)));
        float[] counts = f.Call(new float[40], Which).Single.ToArray<float>();
        Assert.Equal(Enumerable.Range(0, 40).Select(k => (float)Which.Count(row => (row + 40) % 40 == k)), counts);
    }

    /// <summary>With columns in vector lanes a row of eight takes 1.5 ns; with rows in them, 8.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public void Vectors_go_along_the_rows_of_a_table(int width)
    {
        Expr x = T.FMatrix("x"), at = T.Tensor(DType.Int64, Shape.UnknownOf(1), "at"), v = T.FMatrix("v");
        Function f = T.Function([x, at, v], [x[at], T.IncSubtensor(x[at], v)]);
        f.Call(new float[40, width], Which, new float[Which.Length, width]);
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(Code(f), $@"vector \w+ in 0..{width}\n"));
    }

    /// <summary>An element apart from the one before takes as long as some 16 that are read in order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Threads_share_what_is_taken_one_by_one_sooner_than_copies(int axis)
    {
        using IDisposable use = Options.Use(Options.Current with { Threads = 2 });
        Expr x = T.FMatrix("x"), at = T.Tensor(DType.Int64, Shape.UnknownOf(1), "at");
        Function f = T.Function([x, at], x.Take(at, axis));
        f.Call(new float[500, 500], new long[500]);
        Assert.Equal(axis == 1, Code(f).Contains("parallel"));
    }

    public static TheoryData<int, DType> Widths()
    {
        TheoryData<int, DType> all = [];
        foreach (int width in new[] { 1, 2, 3, 7, 8, 9, 16, 33, 64 })
        {
            all.Add(width, DType.Float32);
            all.Add(width, DType.Float64);
            all.Add(width, DType.Int64);
            all.Add(width, DType.Int8);
            all.Add(width, DType.Bool);
        }

        return all;
    }

    private static string Code(Function f) =>
        string.Join("\n", f.Plans.SelectMany(plan => plan.Steps).Select(step => step.Executable.Kernel));

    private static double[] Table(int width, DType dtype) =>
        [.. Enumerable.Range(0, 40 * width).Select(k => dtype == DType.Bool ? k / 3 % 2 : (double)(k % 19))];
}
