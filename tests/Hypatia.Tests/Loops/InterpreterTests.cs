using Hypatia.Loops;

namespace Hypatia.Tests.Loops;

public class InterpreterTests
{
    private static readonly Scalar Zero = Scalar.Int(0);

    [Fact]
    public void A_sum_over_columns_runs_as_written()
    {
        var x = new Memory("x", DType.Float32, 6, MemoryScope.Global);
        var y = new Memory("y", DType.Float32, 2, MemoryScope.Global);
        var sum = new Memory("sum", DType.Float32, 1, MemoryScope.Register);
        Variable i = Variable.Index("i", 2);
        Variable j = Variable.Index("j", 3);
        var kernel = new Kernel("sum", [new(x, false), new(y, true)], new Block(
            new For(i, Scalar.Int(2), LoopKind.Parallel, new Block(
                new Allocate(sum),
                new Store(sum, Zero, Scalar.Of(DType.Float32, 0)),
                new For(j, Scalar.Int(3), LoopKind.Vector, new Block(
                    new Accumulate(sum, Zero, BinaryOp.Add, new Load(x, (i * Scalar.Int(3)) + j)))),
                new Store(y, i, new Load(sum, Zero))))));
        KernelVerifier.Verify(kernel);

        float[] result = new float[2];
        Interpreter.Run(kernel, new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }, result);
        Assert.Equal([6, 15], result);
    }

    [Fact]
    public void Contract_is_a_matrix_product()
    {
        var a = new Memory("a", DType.Int32, 6, MemoryScope.Global);
        var b = new Memory("b", DType.Int32, 6, MemoryScope.Global);
        var c = new Memory("c", DType.Int32, 4, MemoryScope.Global);
        Kernel Product(bool accumulate) => new("product", [new(a, false), new(b, false), new(c, true)], new Block(
            new Contract(new(c, Zero, 0, 2, 1), new(a, Zero, 0, 3, 1), new(b, Zero, 0, 1, 3), 1, 2, 2, 3, accumulate)));

        int[] result = [100, 100, 100, 100];
        Interpreter.Run(Product(false), new[] { 1, 2, 3, 4, 5, 6 }, new[] { 1, 0, 2, 0, 1, 3 }, result);
        Assert.Equal([7, 11, 16, 23], result);
        Interpreter.Run(Product(true), new[] { 1, 2, 3, 4, 5, 6 }, new[] { 1, 0, 2, 0, 1, 3 }, result);
        Assert.Equal([14, 22, 32, 46], result);
    }

    [Fact]
    public void An_epilogue_finishes_each_element_of_a_product()
    {
        var a = new Memory("a", DType.Int32, 6, MemoryScope.Global);
        var b = new Memory("b", DType.Int32, 6, MemoryScope.Global);
        var c = new Memory("c", DType.Int32, 4, MemoryScope.Global);
        var odd = new Memory("odd", DType.Bool, 4, MemoryScope.Global);
        Variable p = Variable.Index("p", 1), i = Variable.Index("i", 2), j = Variable.Index("j", 2);
        Scalar at = (i * Scalar.Int(2)) + j;
        Scalar isOdd = Scalar.Apply(BinaryOp.Eq, new Load(c, at) % Scalar.Of(DType.Int32, 2), Scalar.Of(DType.Int32, 1));
        var kernel = new Kernel("product", [new(a, false), new(b, false), new(c, true), new(odd, true)], new Block(
            new Contract(
                new(c, Zero, 0, 2, 1), new(a, Zero, 0, 3, 1), new(b, Zero, 0, 1, 3), 1, 2, 2, 3, accumulate: false,
                new Epilogue(p, i, j,
                [
                    new Store(odd, at, isOdd),
                    new Store(c, at, new Load(c, at) * Scalar.Of(DType.Int32, 10) + Scalar.Convert(DType.Int32, i - j)),
                ]))));

        int[] result = new int[4];
        bool[] isOddAt = new bool[4];
        Interpreter.Run(kernel, new[] { 1, 2, 3, 4, 5, 6 }, new[] { 1, 0, 2, 0, 1, 3 }, result, isOddAt);
        Assert.Equal([70, 109, 161, 230], result);
        Assert.Equal([true, true, false, true], isOddAt);
    }

    [Fact]
    public void Reading_outside_a_memory_is_reported_with_the_indices()
    {
        var x = new Memory("x", DType.Float32, 2, MemoryScope.Global);
        var y = new Memory("y", DType.Float32, 4, MemoryScope.Global);
        Variable i = Variable.Index("i", 4);
        var kernel = new Kernel("outside", [new(x, false), new(y, true)], new Block(
            new For(i, Scalar.Int(4), LoopKind.Serial, new Block(new Store(y, i, new Load(x, i))))));

        CompilerException error = Assert.Throws<CompilerException>(
            () => Interpreter.Run(kernel, new float[2], new float[4]));
        Assert.Equal("x[2] is read, outside its 2 elements, with i = 2:\nx[i]", error.Message);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_rejected()
    {
        var x = new Memory("x", DType.Float32, 2, MemoryScope.Global);
        var kernel = new Kernel("none", [new(x, false)], new Block());
        ArgumentException error = Assert.Throws<ArgumentException>(() => Interpreter.Run(kernel, new double[2]));
        Assert.Equal("none needs 2 elements of float32 for x, got 2 of float64.", error.Message);
        error = Assert.Throws<ArgumentException>(() => Interpreter.Run(kernel));
        Assert.Equal("none has 1 parameters, got 0 arrays.", error.Message);
    }
}
