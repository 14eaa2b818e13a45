using Hypatia.Loops;

namespace Hypatia.Tests.Loops;

public class SameCodeTests
{
    [Fact]
    public void Names_and_lengths_of_memories_play_no_role() =>
        Assert.True(SameCode.Of(Scaled("x", 10, 2, 8), Scaled("z", 30, 2, 8)));

    [Theory]
    [InlineData(3, 8, false)]
    [InlineData(2, 9, false)]
    [InlineData(2, 8, true)]
    public void Numbers_extents_and_what_is_read_do(double factor, long extent, bool isInPlace) =>
        Assert.False(SameCode.Of(Scaled("x", 10, 2, 8), Scaled("x", 10, factor, extent, isInPlace)));

    [Fact]
    public void So_does_which_variable_is_used()
    {
        Assert.True(SameCode.Of(Nested(isInner: true), Nested(isInner: true)));
        Assert.False(SameCode.Of(Nested(isInner: true), Nested(isInner: false)));
    }

    [Fact]
    public void A_kernel_has_the_code_of_one_that_is_made_alike()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Assert.True(SameCode.Of(RandomKernel.Make(seed).Kernel, RandomKernel.Make(seed).Kernel), $"seed {seed}");
        }
    }

    // for i: y[i] = x[i] * factor
    private static Kernel Scaled(string name, long count, double factor, long extent, bool isInPlace = false)
    {
        Memory x = new(name, DType.Float64, count, MemoryScope.Global), y = new("y", DType.Float64, count, MemoryScope.Global);
        Variable i = Variable.Index("i", extent);
        var store = new Store(y, i, new Load(isInPlace ? y : x, i) * factor);
        return new Kernel("k", [new Parameter(x, false), new Parameter(y, true)],
            new Block(new For(i, Scalar.Int(extent), LoopKind.Vector, new Block(store))));
    }

    // for i: for j: y[i or j] = 1
    private static Kernel Nested(bool isInner)
    {
        var y = new Memory("y", DType.Float64, 4, MemoryScope.Global);
        Variable i = Variable.Index("i", 4), j = Variable.Index("j", 4);
        var store = new Store(y, isInner ? j : i, Scalar.Of(DType.Float64, 1));
        var inner = new For(j, Scalar.Int(4), LoopKind.Serial, new Block(store));
        return new Kernel("k", [new Parameter(y, true)], new Block(new For(i, Scalar.Int(4), LoopKind.Serial, new Block(inner))));
    }
}
