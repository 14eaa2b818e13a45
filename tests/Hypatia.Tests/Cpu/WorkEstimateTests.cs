using Hypatia.Cpu.Emission;
using Hypatia.Loops;

namespace Hypatia.Tests.Cpu;

/// <summary>How long a loop takes by estimate, against that of a plain copy of as many elements.</summary>
public class WorkEstimateTests
{
    private const long Count = 10_000;

    private static readonly Memory X = new("x", DType.Float32, Count, MemoryScope.Global);
    private static readonly Memory At = new("at", DType.Int64, Count, MemoryScope.Global);
    private static readonly Memory Y = new("y", DType.Float32, Count, MemoryScope.Global);

    private static readonly double Copy = Loop(LoopKind.Vector, i => new Load(X, i));

    [Fact]
    public void What_is_the_same_for_all_elements_costs_nothing()
    {
        var factor = new Load(X, Scalar.Int(7));
        double scaled = Loop(LoopKind.Vector, i => Scalar.Apply(UnaryOp.Exp, factor) * new Load(X, i));
        double plain = Loop(LoopKind.Vector, i => factor * new Load(X, i));
        Assert.InRange(scaled / plain, 1, 1.01);
    }

    [Fact]
    public void What_is_stored_twice_is_computed_once()
    {
        static Statement Exp(int stores)
        {
            Variable i = Variable.Index("i", Count);
            Scalar exp = Scalar.Apply(UnaryOp.Exp, new Load(X, i));
            return new For(i, Scalar.Int(Count), LoopKind.Vector, new Block(Enumerable.Repeat(new Store(Y, i, exp), stores)));
        }

        Assert.InRange(WorkEstimate.Nanoseconds(Exp(2)) - WorkEstimate.Nanoseconds(Exp(1)), 0.1 * Copy, Copy);
    }

    [Fact]
    public void Indices_are_free_but_elements_apart_from_each_other_are_not()
    {
        double reversed = Loop(LoopKind.Vector, i => new Load(X, Scalar.Int(Count - 1) - i));
        double gathered = Loop(LoopKind.Vector, i => new Load(X, new Load(At, i)));
        Assert.Equal(Copy, reversed);
        Assert.True(gathered > 4 * Copy, $"{gathered} against {Copy}");
    }

    [Fact]
    public void Functions_take_longer_than_copies_and_vectors_less_than_single_elements()
    {
        double function = Loop(LoopKind.Vector, i => Scalar.Apply(UnaryOp.Exp, new Load(X, i)));
        double single = Loop(LoopKind.Serial, i => Scalar.Apply(UnaryOp.Exp, new Load(X, i)));
        Assert.InRange(function / Copy, 3, 20);
        Assert.InRange(single / function, 4, 16);
    }

    private static double Loop(LoopKind kind, Func<Variable, Scalar> value)
    {
        Variable i = Variable.Index("i", Count);
        return WorkEstimate.Nanoseconds(new For(i, Scalar.Int(Count), kind, new Block(new Store(Y, i, value(i)))));
    }
}
