using Hypatia.Loops;

namespace Hypatia.Tests.Loops;

public class KernelPrinterTests
{
    [Fact]
    public void A_map_prints_as_loops_over_elements()
    {
        var x = new Memory("x", DType.Float64, 6, MemoryScope.Global);
        var y = new Memory("y", DType.Float64, 6, MemoryScope.Global);
        Variable i = Variable.Index("i", 6);
        var a = new Variable("a", DType.Float64);
        var kernel = new Kernel("add", [new(x, false), new(y, true)], new Block(
            new For(i, Scalar.Int(6), LoopKind.Parallel, new Block(
                new Let(a, new Load(x, i) * 2),
                new Store(y, i, a + 1)))));

        Assert.Equal("""
            kernel add(in x: float64[6], out y: float64[6])
              parallel i in 0..6
                let a = x[i] * 2.0
                y[i] = a + 1.0

            """, kernel.ToString());
    }

    [Fact]
    public void Every_statement_has_its_form()
    {
        var x = new Memory("x", DType.Float32, 60, MemoryScope.Global);
        var y = new Memory("y", DType.Float32, 60, MemoryScope.Global);
        var tile = new Memory("tile", DType.Float32, 12, MemoryScope.Scratch);
        var sum = new Memory("sum", DType.Float32, 1, MemoryScope.Register);
        Variable i = Variable.Index("i", 10);
        Variable j = Variable.Index("j", 6);
        Scalar zero = Scalar.Int(0);
        var kernel = new Kernel("all", [new(x, false), new(y, true)], new Block(
            new For(i, Scalar.Int(10), LoopKind.Serial, new Block(
                new Allocate(tile),
                new Allocate(sum),
                new Store(sum, zero, Scalar.Of(DType.Float32, 0)),
                new For(j, Scalar.Int(6), LoopKind.Vector, new Block(
                    new Accumulate(sum, zero, BinaryOp.Add, new Load(x, (i * Scalar.Int(6)) + j)),
                    new Accumulate(tile, j, BinaryOp.Max, new Load(x, (i * Scalar.Int(6)) + j)),
                    new Prefetch(x, ((i + Scalar.Int(1)) * Scalar.Int(6)) + j))),
                new If(Scalar.Less(new Load(sum, zero), Scalar.Of(DType.Float32, 1)), new Block(
                    new Store(y, i, new Load(sum, zero)))),
                new Contract(
                    new(y, i, 6, 2, 1), new(x, zero, 6, 3, 1), new(tile, zero, 6, 2, 1), 2, 2, 2, 3, accumulate: true)))));

        Assert.Equal("""
            kernel all(in x: float32[60], out y: float32[60])
              for i in 0..10
                scratch tile: float32[12]
                register sum: float32
                sum = 0.0
                vector j in 0..6
                  sum += x[i * 6 + j]
                  tile[j] max= x[i * 6 + j]
                  prefetch x[i * 6 + 6 + j]
                if sum < 1.0
                  y[i] = sum
                contract y[i + 6b + 2i + 1j] += x[0 + 6b + 3i + 1k] * tile[0 + 6b + 2k + 1j] for b in 0..2, i in 0..2, j in 0..2, k in 0..3

            """, kernel.ToString());
    }

    [Fact]
    public void An_epilogue_is_printed_below_its_product()
    {
        var x = new Memory("x", DType.Float32, 6, MemoryScope.Global);
        var y = new Memory("y", DType.Float32, 4, MemoryScope.Global);
        Variable b = Variable.Index("b", 1), i = Variable.Index("i", 2), j = Variable.Index("j", 2);
        Scalar zero = Scalar.Int(0), at = (i * Scalar.Int(2)) + j;
        var product = new Contract(
            new(y, zero, 0, 2, 1), new(x, zero, 0, 3, 1), new(x, zero, 0, 1, 3), 1, 2, 2, 3, accumulate: false,
            new Epilogue(b, i, j, [new Store(y, at, new Load(y, at) + new Load(x, j))]));
        Assert.Equal("""
            contract y[0 + 2i + 1j] = x[0 + 3i + 1k] * x[0 + 1k + 3j] for i in 0..2, j in 0..2, k in 0..3, then
              y[i * 2 + j] = y[i * 2 + j] + x[j]

            """, KernelPrinter.Print(product));
    }

    [Fact]
    public void Different_variables_of_one_name_are_numbered()
    {
        Variable i = Variable.Index("i", 2);
        Variable other = Variable.Index("i", 3);
        Assert.Equal("i * 5 + i1", ((i * Scalar.Int(5)) + other).ToString());
    }

    [Fact]
    public void Parentheses_are_written_where_they_are_needed()
    {
        var x = new Variable("x", DType.Float64);
        var y = new Variable("y", DType.Float64);
        Scalar less = Scalar.Less(x, y);
        Assert.Equal("(x + y) * x - (y - x)", (((x + y) * x) - (y - x)).ToString());
        Assert.Equal("-(x + y) / exp(-x)", (-(x + y) / Scalar.Apply(UnaryOp.Exp, -x)).ToString());
        Assert.Equal("(x < y) & !(x < y)", Scalar.And(less, Scalar.Apply(UnaryOp.Not, less)).ToString());
        Assert.Equal("(x < y ? x : y) + 1.0", (Scalar.If(less, x, y) + 1).ToString());
        Assert.Equal("int64.bits(x) >> 52",
            Scalar.Apply(BinaryOp.ShiftRight, new Cast(DType.Int64, x, reinterpret: true), Scalar.Int(52)).ToString());
        Assert.Equal("float32(pow(x, y))",
            Scalar.Convert(DType.Float32, Scalar.Apply(BinaryOp.Pow, x, y)).ToString());
    }

    [Fact]
    public void Large_graphs_print_what_they_share_once()
    {
        Scalar x = new Variable("x", DType.Float64);
        for (int n = 0; n < 60; n++)
        {
            x = (x * x) + 1;
        }

        string text = x.ToString();
        Assert.StartsWith("#1 = x * x + 1.0\n#2 = #1 * #1 + 1.0\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n#59 * #59 + 1.0", text, StringComparison.Ordinal);
    }
}
