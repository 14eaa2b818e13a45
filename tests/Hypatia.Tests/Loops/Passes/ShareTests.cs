using Hypatia.Loops;
using Hypatia.Loops.Passes;

namespace Hypatia.Tests.Loops.Passes;

public class ShareTests
{
    private static readonly Memory X = new("x", DType.Float64, 60, MemoryScope.Global);
    private static readonly Memory Y = new("y", DType.Float64, 60, MemoryScope.Global);
    private static readonly Variable I = Variable.Index("i", 10);
    private static readonly Variable J = Variable.Index("j", 6);
    private static readonly Scalar Zero = Scalar.Int(0);

    private static string Shared(params Statement[] body)
    {
        var kernel = new Kernel("k", [new(X, false), new(Y, true)], new Block(body));
        KernelVerifier.Verify(kernel);
        Kernel shared = Share.Apply(Unroll.Apply(kernel));
        KernelVerifier.Verify(shared);
        return shared.ToString();
    }

    private static For Loop(Variable index, LoopKind kind, params Statement[] body) =>
        new(index, Scalar.Int(index.Extent), kind, new Block(body));

    private static Load At(Memory memory, Scalar index) => new(memory, index);

    [Fact]
    public void Common_and_invariant_operations_are_named_where_their_variables_are()
    {
        Scalar at = (I * Scalar.Int(6)) + J;
        Scalar scale = Scalar.Apply(UnaryOp.Exp, At(X, I));
        Assert.Equal("""
            kernel k(in x: float64[60], out y: float64[60])
              for i in 0..10
                let t = i * 6
                let t1 = exp(x[i])
                vector j in 0..6
                  let t2 = t + j
                  y[t2] = x[t2] * t1

            """, Shared(Loop(I, LoopKind.Serial, Loop(J, LoopKind.Vector,
                new Store(Y, at, At(X, (I * Scalar.Int(6)) + J) * scale)))));
    }

    [Fact]
    public void Nothing_leaves_a_parallel_loop() =>
        Assert.Equal("""
            kernel k(in x: float64[60], out y: float64[60])
              parallel i in 0..10
                y[i] = exp(x[0])

            """, Shared(Loop(I, LoopKind.Parallel, new Store(Y, I, Scalar.Apply(UnaryOp.Exp, At(X, Zero))))));

    [Fact]
    public void Loads_do_not_move_across_writes()
    {
        var a = new Variable("a", DType.Float64);
        Assert.Equal("""
            kernel k(in x: float64[60], out y: float64[60])
              for i in 0..10
                let a = y[i]
                y[i] = x[i]
                y[i] += a
                y[i] *= y[i]

            """, Shared(Loop(I, LoopKind.Serial,
                new Let(a, At(Y, I)),
                new Store(Y, I, At(X, I)),
                new Accumulate(Y, I, BinaryOp.Add, a),
                new Accumulate(Y, I, BinaryOp.Mul, At(Y, I)))));
    }

    [Fact]
    public void Loads_and_divisions_stay_inside_conditions()
    {
        Scalar product = Scalar.Apply(UnaryOp.Sin, Scalar.Convert(DType.Float64, I));
        Assert.Equal("""
            kernel k(in x: float64[60], out y: float64[60])
              for i in 0..10
                let t = i < 7
                let t1 = sin(float64(i))
                for j in 0..6
                  if t
                    y[j] += x[i] * t1

            """, Shared(Loop(I, LoopKind.Serial, Loop(J, LoopKind.Serial,
                new If(Scalar.Less(I, Scalar.Int(7)), new Block(
                    new Accumulate(Y, J, BinaryOp.Add, At(X, I) * product)))))));
    }

    [Fact]
    public void Registers_are_read_in_place()
    {
        var sum = new Memory("sum", DType.Float64, 1, MemoryScope.Register);
        Assert.Equal("""
            kernel k(in x: float64[60], out y: float64[60])
              register sum: float64
              sum = 0.0
              vector j in 0..6
                sum += x[j]
              let t = sum - sum * 0.5
              vector i in 0..10
                y[i] = t

            """, Shared(
                new Allocate(sum),
                new Store(sum, Zero, Scalar.Of(DType.Float64, 0)),
                Loop(J, LoopKind.Vector, new Accumulate(sum, Zero, BinaryOp.Add, At(X, J))),
                Loop(I, LoopKind.Vector, new Store(Y, I, At(sum, Zero) - (At(sum, Zero) * 0.5)))));
    }

    [Fact]
    public void Deep_and_shared_graphs_take_linear_time()
    {
        Scalar x = At(X, I);
        for (int n = 0; n < 5000; n++)
        {
            x = (x * x) + 1;
        }

        string text = Shared(Loop(I, LoopKind.Serial, new Store(Y, I, x)));
        Assert.Equal(5003, text.Count(c => c == '\n'));
    }
}
