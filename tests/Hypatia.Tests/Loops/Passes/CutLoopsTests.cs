using Hypatia.Loops;
using Hypatia.Loops.Passes;

namespace Hypatia.Tests.Loops.Passes;

public class CutLoopsTests
{
    private static readonly Memory X = new("x", DType.Float64, 10, MemoryScope.Global);
    private static readonly Memory Y = new("y", DType.Float64, 10, MemoryScope.Global);
    private static readonly Variable I = Variable.Index("i", 10);

    [Fact]
    public void A_loop_becomes_one_for_each_result_of_a_comparison() => Assert.Equal("""
        kernel k(in x: float64[10], out y: float64[10])
          vector i in 0..3
            y[i] = x[i + 7]
          vector i1 in 0..7
            y[i1 + 3] = x[i1]

        """, Cut(LoopKind.Vector, Scalar.If(Scalar.Less(I, Scalar.Int(3)), At(I + Scalar.Int(7)), At(I - Scalar.Int(3)))));

    [Theory]
    [InlineData(BinaryOp.Lt, false, 4)]        // i + 1 < 5
    [InlineData(BinaryOp.Le, false, 5)]        // i + 1 ≤ 5
    [InlineData(BinaryOp.Lt, true, 5)]         // 5 < i + 1
    [InlineData(BinaryOp.Le, true, 4)]         // 5 ≤ i + 1
    public void It_is_cut_where_the_result_changes(BinaryOp op, bool isTurned, int first)
    {
        (Scalar shifted, Scalar limit) = (I + Scalar.Int(1), Scalar.Int(5));
        Scalar condition = isTurned ? Scalar.Apply(op, limit, shifted) : Scalar.Apply(op, shifted, limit);
        string printed = Cut(LoopKind.Vector, Scalar.If(condition, At(I), Scalar.Of(DType.Float64, 0)));
        Assert.Contains($"vector i in 0..{first}\n", printed, StringComparison.Ordinal);
        Assert.Contains($"vector i1 in 0..{10 - first}\n", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("?", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_loops_stay_as_they_are()
    {
        Scalar never = Scalar.If(Scalar.Less(At(I), Scalar.Of(DType.Float64, 3)), At(I), At(Scalar.Int(0)));
        Assert.Contains("vector i in 0..10", Cut(LoopKind.Vector, never), StringComparison.Ordinal);
        Scalar once = Scalar.If(Scalar.Less(I, Scalar.Int(3)), At(I), At(Scalar.Int(0)));
        Assert.Contains("for i in 0..10", Cut(LoopKind.Serial, once), StringComparison.Ordinal);
    }

    // As many joined arrays have it.
    [Fact]
    public void Many_parts_are_cut_if_they_are_little_code()
    {
        Scalar many = Enumerable.Range(1, 5).Aggregate(At(I), (sum, k) => Scalar.If(Scalar.Less(I, Scalar.Int(k)), sum, At(Scalar.Int(k))));
        string printed = Cut(LoopKind.Vector, many);
        Assert.Equal(6, printed.Split("vector i").Length - 1);
        Assert.DoesNotContain("?", printed, StringComparison.Ordinal);

        Scalar terms = Enumerable.Range(0, 300).Aggregate(many, (sum, k) => sum + (At(I) * Scalar.Of(DType.Float64, k + 0.5)));
        Assert.Contains("vector i in 0..10", Cut(LoopKind.Vector, terms), StringComparison.Ordinal);
    }

    private static Scalar At(Scalar index) => new Load(X, Scalar.Apply(BinaryOp.Min, Scalar.Apply(BinaryOp.Max, index, Scalar.Int(0)), Scalar.Int(9)));

    private static string Cut(LoopKind kind, Scalar value) => Unroll.Apply(CutLoops.Apply(new Kernel("k", [new(X, false), new(Y, true)], new Block(
        new For(I, Scalar.Int(10), kind, new Block(new Store(Y, I, value))))))).ToString();
}
