using Hypatia.Loops;
using Hypatia.Loops.Decompositions;

namespace Hypatia.Tests.Loops.Decompositions;

public class SplitChainsTests
{
    [Fact]
    public void Inner_functions_are_computed_first_into_scratch_memory() => Assert.Equal("""
        kernel k(in x: float64[100], out y: float64[100])
          scratch f0: float64[100]
          vector i in 0..100
            f0[i] = exp(-x[i])
          vector i1 in 0..100
            y[i1] = log1p(f0[i1]) * x[i1] + f0[i1]

        """, Split(100, x => (Scalar.Apply(UnaryOp.Log1p, Exp(-x)) * x) + Exp(-x)).ToString());

    [Fact]
    public void Each_depth_is_a_loop() => Assert.Equal("""
        kernel k(in x: float64[100], out y: float64[100])
          scratch f0: float64[100]
          scratch f1: float64[100]
          vector i in 0..100
            f0[i] = exp(x[i])
          vector i1 in 0..100
            f1[i1] = log1p(f0[i1])
          vector i2 in 0..100
            y[i2] = tanh(f1[i2])

        """, Split(100, x => Tanh(Scalar.Apply(UnaryOp.Log1p, Exp(x)))).ToString());

    [Theory]
    [InlineData(2048, "vector i in 0..2048", null)]
    [InlineData(10_000, "vector i in 0..2000", "for strip in 0..5")]                                      // of 80 kB, 16 kB at a time
    [InlineData(10_007, "vector i in 0..min(2048, 10007 - strip * 2048)", "for strip in 0..5")]         // a prime
    public void Long_loops_go_strip_by_strip(long count, string loop, string? strips)
    {
        string printed = Split(count, x => Tanh(Exp(x))).ToString();
        Assert.Contains(loop, printed, StringComparison.Ordinal);
        Assert.Equal(strips is not null, printed.Contains(strips ?? "strip", StringComparison.Ordinal));
    }

    [Fact]
    public void A_length_that_is_known_later_is_respected()
    {
        Memory n = new("n", DType.Int64, 1, MemoryScope.Global), x = Doubles("x", 5000), y = Doubles("y", 5000);
        Variable i = Variable.Index("i", 5000);
        var kernel = new Kernel("k", [new(n, false), new(x, false), new(y, true)], new Block(
            new For(i, new Load(n, Scalar.Int(0)), LoopKind.Vector, new Block(new Store(y, i, Tanh(Exp(new Load(x, i))))))));
        AssertSame(kernel, new[] { 4500L }, Values(5000), new double[5000]);
        AssertSame(kernel, new[] { 7L }, Values(5000), new double[5000]);
        AssertSame(kernel, new[] { 0L }, Values(5000), new double[5000]);
    }

    [Fact]
    public void Functions_that_do_not_wait_for_each_other_stay_in_one_loop() =>
        AssertUnchanged(100, x => Tanh(x) + (Exp(x) * Scalar.Apply(UnaryOp.Sin, x)));

    [Fact]
    public void What_is_the_same_in_all_iterations_is_no_chain() =>
        AssertUnchanged(100, x => Tanh(x) * Exp(Tanh(Scalar.Of(DType.Float64, 3) + new Load(X(100), Scalar.Int(0)))));

    [Fact]
    public void Short_loops_stay_as_they_are() => AssertUnchanged(63, x => Tanh(Exp(x)));

    [Fact]
    public void A_loop_that_reads_what_it_writes_stays_as_it_is()
    {
        Memory x = Doubles("x", 100), y = Doubles("y", 100);
        Variable i = Variable.Index("i", 100);
        var kernel = new Kernel("k", [new(x, true), new(y, true)], new Block(new For(i, Scalar.Int(100), LoopKind.Vector, new Block(
            new Store(x, i, new Load(x, i) * 2), new Store(y, i, Tanh(Exp(new Load(x, i))))))));
        Assert.Equal(kernel.ToString(), SplitChains.Apply(kernel).ToString());
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(3000)]
    [InlineData(10_007)]
    public void Results_stay_the_same(int count)
    {
        Memory x = Doubles("x", count), y = Doubles("y", count), z = Doubles("z", count), sum = Doubles("sum", 1);
        Variable i = Variable.Index("i", count);
        Scalar of = new Load(x, i), inner = Tanh(of), outer = Exp(inner * 2);
        var kernel = new Kernel("k", [new(x, false), new(y, true), new(z, true), new(sum, true)], new Block(
            new Store(sum, Scalar.Int(0), Scalar.Of(DType.Float64, 0)),
            new For(i, Scalar.Int(count), LoopKind.Vector, new Block(
                new Store(y, i, outer / (outer + inner)),
                new Accumulate(sum, Scalar.Int(0), BinaryOp.Max, Scalar.Apply(UnaryOp.Log, outer) - inner),
                new Store(z, Scalar.Int(count - 1) - i, Scalar.If(Scalar.Less(inner, of), Exp(outer), inner))))));
        AssertSame(kernel, Values(count), new double[count], new double[count], new double[1]);
    }

    [Fact]
    public void A_power_is_two_functions()
    {
        Kernel kernel = Split(200, x => Scalar.Apply(BinaryOp.Pow, Scalar.Apply(UnaryOp.Abs, x), x * 3));
        Assert.Equal(2, StatementTree.InOrder(kernel.Body).OfType<For>().Count());
        double[] x = Values(200), y = new double[200];
        Interpreter.Run(kernel, x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Math.Pow(Math.Abs(x[i]), x[i] * 3);
            Assert.True(Math.Abs(y[i] - expected) <= 2 * (Math.BitIncrement(expected) - expected), $"{x[i]}: {y[i]}, not {expected}");
        }
    }

    private static Memory X(long count) => Doubles("x", count);

    private static Memory Doubles(string name, long count) => new(name, DType.Float64, count, MemoryScope.Global);

    private static double[] Values(int count) => [.. Enumerable.Range(0, count).Select(i => Math.Sin(i) * 3)];

    private static Scalar Exp(Scalar x) => Scalar.Apply(UnaryOp.Exp, x);

    private static Scalar Tanh(Scalar x) => Scalar.Apply(UnaryOp.Tanh, x);

    private static Kernel Map(long count, Func<Scalar, Scalar> value)
    {
        Memory x = Doubles("x", count), y = Doubles("y", count);
        Variable i = Variable.Index("i", count);
        return new Kernel("k", [new(x, false), new(y, true)], new Block(
            new For(i, Scalar.Int(count), LoopKind.Vector, new Block(new Store(y, i, value(new Load(x, i)))))));
    }

    private static Kernel Split(long count, Func<Scalar, Scalar> value)
    {
        Kernel split = SplitChains.Apply(Map(count, value));
        KernelVerifier.Verify(split);
        return split;
    }

    private static void AssertUnchanged(long count, Func<Scalar, Scalar> value)
    {
        Kernel kernel = Map(count, value);
        Assert.Equal(kernel.ToString(), SplitChains.Apply(kernel).ToString());
    }

    private static void AssertSame(Kernel kernel, params Array[] arguments)
    {
        Array[] expected = [.. arguments.Select(array => (Array)array.Clone())];
        Interpreter.Run(kernel, expected);
        Kernel split = SplitChains.Apply(kernel);
        Assert.NotEqual(kernel.ToString(), split.ToString());
        KernelVerifier.Verify(split);
        Interpreter.Run(split, arguments);
        for (int k = 0; k < arguments.Length; k++)
        {
            Assert.Equal(expected[k], arguments[k]);
        }
    }
}
