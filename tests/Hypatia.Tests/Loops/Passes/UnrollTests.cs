using Hypatia.Loops;
using Hypatia.Loops.Passes;

namespace Hypatia.Tests.Loops.Passes;

public class UnrollTests
{
    [Fact]
    public void Unrolled_loops_become_copies_with_names_of_their_own()
    {
        var x = new Memory("x", DType.Float64, 6, MemoryScope.Global);
        var y = new Memory("y", DType.Float64, 6, MemoryScope.Global);
        Variable i = Variable.Index("i", 3);
        Variable j = Variable.Index("j", 2);
        var a = new Variable("a", DType.Float64);
        var sum = new Memory("sum", DType.Float64, 1, MemoryScope.Register);
        Scalar at = (i * Scalar.Int(2)) + j;
        var kernel = new Kernel("copies", [new(x, false), new(y, true)], new Block(
            new For(i, Scalar.Int(3), LoopKind.Serial, new Block(
                new For(j, Scalar.Int(2), LoopKind.Unrolled, new Block(
                    new Allocate(sum),
                    new Let(a, new Load(x, at)),
                    new Store(sum, Scalar.Int(0), a),
                    new If(Scalar.Less(j, Scalar.Int(1)), new Block(
                        new Accumulate(sum, Scalar.Int(0), BinaryOp.Add, a))),
                    new Store(y, at, new Load(sum, Scalar.Int(0)))))))));

        Assert.Equal("""
            kernel copies(in x: float64[6], out y: float64[6])
              for i in 0..3
                register sum: float64
                let a = x[i * 2]
                sum = a
                sum += a
                y[i * 2] = sum
                register sum1: float64
                let a1 = x[i * 2 + 1]
                sum1 = a1
                y[i * 2 + 1] = sum1

            """, Unroll.Apply(kernel).ToString());
    }

    [Fact]
    public void Loops_that_share_an_index_get_one_each()
    {
        var y = new Memory("y", DType.Int64, 3, MemoryScope.Global);
        Variable i = Variable.Index("i", 3);
        var loop = new For(i, Scalar.Int(3), LoopKind.Serial, new Block(new Store(y, i, i)));
        Assert.Equal("""
            kernel twice(out y: int64[3])
              for i in 0..3
                y[i] = i
              for i1 in 0..3
                y[i1] = i1

            """, Unroll.Apply(new Kernel("twice", [new(y, true)], new Block(loop, loop))).ToString());
    }
}
