using Hypatia.Loops;

namespace Hypatia.Tests.Loops;

public class KernelVerifierTests
{
    private static readonly Memory X = new("x", DType.Float64, 6, MemoryScope.Global);
    private static readonly Memory Y = new("y", DType.Float64, 6, MemoryScope.Global);
    private static readonly Variable I = Variable.Index("i", 6);
    private static readonly Variable A = new("a", DType.Float64);

    private static For Loop(params Statement[] body) => new(I, Scalar.Int(6), LoopKind.Serial, new Block(body));

    private static string Fault(params Statement[] body)
    {
        var kernel = new Kernel("k", [new(X, false), new(Y, true)], new Block(body));
        return Assert.Throws<CompilerException>(() => KernelVerifier.Verify(kernel)).Message;
    }

    [Fact]
    public void The_message_shows_the_code_around_the_fault() =>
        Assert.Equal("""
            Kernel k: a is used where it is not defined.
              kernel k(in x: float64[6], out y: float64[6])
                for i in 0..6
            →     y[i] = x[i] + a
                  let a = 1.0
            """, Fault(Loop(
                new Store(Y, I, new Load(X, I) + A),
                new Let(A, Scalar.Of(DType.Float64, 1)))));

    [Fact]
    public void Names_end_with_their_block() =>
        Assert.StartsWith("Kernel k: i is used where it is not defined.", Fault(
            Loop(new Store(Y, I, new Load(X, I))), new Store(Y, Scalar.Int(0), new Load(X, I))),
            StringComparison.Ordinal);

    [Fact]
    public void Names_are_not_introduced_twice_at_once() =>
        Assert.StartsWith("Kernel k: i is introduced while it is in scope.", Fault(Loop(Loop())), StringComparison.Ordinal);

    [Fact]
    public void Memories_must_be_allocated()
    {
        var t = new Memory("t", DType.Float64, 3, MemoryScope.Scratch);
        Assert.StartsWith("Kernel k: memory t is not in scope.",
            Fault(Loop(new Store(Y, I, new Load(t, I)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_are_only_read_are_not_stored_to() =>
        Assert.StartsWith("Kernel k: x is only read by its declaration, but is stored to.",
            Fault(Loop(new Store(X, I, new Load(Y, I)))), StringComparison.Ordinal);

    [Fact]
    public void Registers_are_not_prefetched_and_nothing_out_of_scope_is()
    {
        var t = new Memory("t", DType.Float64, 1, MemoryScope.Register);
        Assert.StartsWith("Kernel k: register t is prefetched.",
            Fault(new Allocate(t), new Prefetch(t, Scalar.Int(0))), StringComparison.Ordinal);
        Assert.StartsWith("Kernel k: memory t is not in scope.", Fault(new Prefetch(t, Scalar.Int(0))), StringComparison.Ordinal);
    }

    [Fact]
    public void Dtypes_must_agree()
    {
        Assert.StartsWith("Kernel k: the value for y is int64, not float64.",
            Fault(Loop(new Store(Y, I, I))), StringComparison.Ordinal);
        Assert.StartsWith("Kernel k: Lt has operands of int64 and float64.",
            Fault(new If(new Binary(BinaryOp.Lt, Scalar.Int(1), Scalar.Of(DType.Float64, 1)), new Block())),
            StringComparison.Ordinal);
        Assert.StartsWith("Kernel k: the condition is int64, not bool.",
            Fault(new If(Scalar.Int(1), new Block())), StringComparison.Ordinal);
        Assert.StartsWith("Kernel k: the index into y is float64, not int64.",
            Fault(new Store(Y, Scalar.Of(DType.Float64, 0), Scalar.Of(DType.Float64, 0))), StringComparison.Ordinal);
        Assert.StartsWith("Kernel k: Exp is not defined on int64.",
            Fault(Loop(new Store(Y, new Unary(UnaryOp.Exp, I), Scalar.Of(DType.Float64, 0)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Parallel_loops_are_outermost_and_alone()
    {
        var parallel = new For(I, Scalar.Int(6), LoopKind.Parallel, new Block());
        string message = "Kernel k: a parallel loop is not the single outermost statement of the kernel.";
        Assert.StartsWith(message, Fault(parallel, parallel), StringComparison.Ordinal);
        Assert.StartsWith(message, Fault(new Block(parallel)), StringComparison.Ordinal);
        KernelVerifier.Verify(new Kernel("k", [], new Block(parallel)));
    }

    [Fact]
    public void Indices_that_are_always_outside_are_rejected() =>
        Assert.StartsWith("Kernel k: index i + 6 is outside the 6 elements of x.",
            Fault(Loop(new Store(Y, I, new Load(X, I + Scalar.Int(6))))), StringComparison.Ordinal);

    [Fact]
    public void An_epilogue_uses_no_variable_but_its_own()
    {
        Variable b = Variable.Index("b", 1), row = Variable.Index("row", 1), column = Variable.Index("column", 1);
        var product = new Contract(
            new(Y, Scalar.Int(0), 0, 1, 1), new(X, Scalar.Int(0), 0, 1, 1), new(X, Scalar.Int(0), 0, 1, 1), 1, 1, 1, 1, false,
            new Epilogue(b, row, column, [new Store(Y, row, new Load(X, I))]));
        Assert.StartsWith("Kernel k: i is used where it is not defined.", Fault(Loop(product)), StringComparison.Ordinal);
    }

    [Fact]
    public void Matrices_must_fit_their_memories() =>
        Assert.StartsWith("Kernel k: elements 0 to 8 are outside the 6 elements of x.", Fault(
            new Contract(new(Y, Scalar.Int(0), 0, 3, 1), new(X, Scalar.Int(0), 0, 3, 1), new(X, Scalar.Int(0), 0, 3, 1),
                1, 2, 3, 3, false)), StringComparison.Ordinal);
}
