using System.Collections.Immutable;
using Hypatia.Loops;

namespace Hypatia.Tests.Loops;

/// <summary>
/// A kernel made from a seed, with arguments for it. Every loop may be of any kind that its body allows, every index is
/// inside, and all floating-point arithmetic is exact: small integers, so that any order gives the same bits.
/// </summary>
internal sealed class RandomKernel
{
    private static readonly DType[] DTypes =
        [DType.Float32, DType.Float64, DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Bool, DType.UInt8];

    private readonly System.Random _random;
    private readonly List<Parameter> _parameters = [];
    private readonly List<Array> _arguments = [];
    private readonly List<Scalar> _scope = [];
    private readonly List<(Variable Index, long Extent, LoopKind Kind)> _loops = [];
    private readonly List<(Memory Memory, int Level)> _own = [];

    private RandomKernel(int seed) => _random = new System.Random(seed);

    public static (Kernel Kernel, Func<Array[]> Arguments) Make(int seed)
    {
        var maker = new RandomKernel(seed);
        foreach (DType dtype in DTypes.Distinct())
        {
            maker.AddInput($"x{maker._parameters.Count}", dtype, 1 + maker._random.Next(90));
        }

        Block body = maker._random.Next(3) == 0
            ? new Block(maker.Loop(LoopKind.Parallel, 3))
            : maker.Body(3);
        var kernel = new Kernel($"random{seed}", [.. maker._parameters], body);
        return (kernel, () => [.. maker._arguments.Select(array => (Array)array.Clone())]);
    }

    private void AddInput(string name, DType dtype, int count)
    {
        _parameters.Add(new(new Memory(name, dtype, count, MemoryScope.Global), false));
        Array array = NewArray(dtype, count);
        for (int i = 0; i < count; i++)
        {
            var elements = new HostElements(array);
            elements[i] = ScalarValue.Of(dtype, (long)_random.Next(dtype.IsUnsigned() ? 0 : -5, 6));
        }

        _arguments.Add(array);
    }

    private Memory AddOutput(DType dtype, long count)
    {
        var memory = new Memory($"y{_parameters.Count}", dtype, count, MemoryScope.Global);
        _parameters.Add(new(memory, true));
        _arguments.Add(NewArray(dtype, count));
        return memory;
    }

    private static Array NewArray(DType dtype, long count) => Array.CreateInstance(dtype.ClrType(), count);

    private Block Body(int depth)
    {
        int visible = _scope.Count;
        int memories = _own.Count;
        var statements = ImmutableArray.CreateBuilder<Statement>();
        int count = 1 + _random.Next(4);
        for (int i = 0; i < count; i++)
        {
            switch (_random.Next(10))
            {
                case 0 or 1 when depth > 0:
                    LoopKind kind = (LoopKind)_random.Next(3);
                    statements.Add(Loop(kind == LoopKind.Serial ? kind : kind + 1, depth - 1));
                    break;
                case 2 when depth > 0:
                    Scalar condition = Expression(DType.Bool, 2);
                    statements.Add(new If(condition, Body(depth - 1)));
                    break;
                case 3 or 4:
                    Scalar value = Clamped(Expression(Pick(DTypes), 3));
                    var name = new Variable(Pick(["a", "b", "c"]), value.DType);
                    statements.Add(new Let(name, value));
                    _scope.Add(name);
                    break;
                case 5:
                    var own = new Memory("own", Pick(DTypes), _random.Next(2) == 0 ? 1 : 3,
                        _random.Next(2) == 0 ? MemoryScope.Register : MemoryScope.Scratch);
                    own = own.Scope == MemoryScope.Register ? new("sum", own.DType, 1, own.Scope) : own;
                    statements.Add(new Allocate(own));
                    for (int k = 0; k < own.Count; k++)
                    {
                        statements.Add(new Store(own, Scalar.Int(k), Clamped(Expression(own.DType, 1))));
                    }

                    _own.Add((own, _loops.Count));
                    break;
                case 6 when _own.Count > 0:
                    (Memory memory, int level) = Pick(_own.ToArray());
                    Scalar index = Index(memory.Count);
                    if (_loops.Skip(level).All(loop => loop.Kind is LoopKind.Serial or LoopKind.Unrolled))
                    {
                        statements.Add(new Store(memory, index, Clamped(Expression(memory.DType, 2))));
                    }
                    else if (memory.Scope == MemoryScope.Register)
                    {
                        // All updates of one target in a vector loop combine by one operation.
                        BinaryOp op = memory.DType == DType.Bool ? BinaryOp.Or : BinaryOp.Max;
                        statements.Add(new Accumulate(memory, Scalar.Int(0), op, Clamped(Expression(memory.DType, 2))));
                    }

                    break;
                case 7:
                    Memory soon = Pick(_parameters.ToArray()).Memory;
                    statements.Add(new Prefetch(soon, Index(soon.Count) + Scalar.Int(_random.Next(2) << 40)));
                    statements.Add(Reduce());
                    break;
                default:
                    statements.Add(Map());
                    break;
            }
        }

        _scope.RemoveRange(visible, _scope.Count - visible);
        _own.RemoveRange(memories, _own.Count - memories);
        return new Block(statements.ToImmutable());
    }

    private For Loop(LoopKind kind, int depth)
    {
        long extent = kind switch
        {
            LoopKind.Vector => _random.Next(0, 70),
            LoopKind.Unrolled => _random.Next(1, 4),
            _ => _random.Next(0, 5),
        };
        Variable index = Variable.Index(Pick(["i", "j", "k"]), extent);
        _loops.Add((index, extent, kind));
        _scope.Add(index);
        Block body = Body(depth);
        _scope.Remove(index);
        _loops.RemoveAt(_loops.Count - 1);
        return new For(index, Scalar.Int(extent), kind, body);
    }

    /// <summary>A store to an output of its own, at an index that each iteration has for itself.</summary>
    private Store Map()
    {
        Scalar value = Clamped(Expression(Pick(DTypes), 3));
        (Scalar index, long count) = Place(_loops);
        int stride = 1 + (_random.Next(4) == 0 ? _random.Next(3) : 0);
        Memory memory = AddOutput(value.DType, Math.Max(1, count * stride));
        return new Store(memory, index * Scalar.Int(stride), value);
    }

    /// <summary>An update of an output that does not depend on some of the loops.</summary>
    private Accumulate Reduce()
    {
        var kept = _loops.Where(loop => loop.Kind == LoopKind.Parallel || _random.Next(2) == 0).ToList();
        DType dtype = Pick(DTypes);
        (Scalar index, long count) = Place(kept);
        return Update(AddOutput(dtype, Math.Max(1, count)), index);
    }

    private Accumulate Update(Memory memory, Scalar index)
    {
        BinaryOp op = Pick<BinaryOp>(memory.DType == DType.Bool
            ? [BinaryOp.And, BinaryOp.Or]
            : memory.DType.IsInteger()
            ? [BinaryOp.Add, BinaryOp.Min, BinaryOp.Max, BinaryOp.Mul, BinaryOp.And, BinaryOp.Or]
            : [BinaryOp.Add, BinaryOp.Min, BinaryOp.Max]);
        return new Accumulate(memory, index, op, Clamped(Expression(memory.DType, 2)));
    }

    private static (Scalar Index, long Count) Place(List<(Variable Index, long Extent, LoopKind Kind)> loops)
    {
        Scalar index = Scalar.Int(0);
        long count = 1;
        for (int i = loops.Count - 1; i >= 0; i--)
        {
            index = (loops[i].Index * Scalar.Int(count)) + index;
            count *= loops[i].Extent;
        }

        return (index, count);
    }

    private Scalar Index(long count)
    {
        if (_loops.Count == 0 || _random.Next(6) == 0)
        {
            return Scalar.Int(_random.NextInt64(count));
        }

        (Variable index, long extent, _) = Pick(_loops.ToArray());
        Scalar scaled = (index * Scalar.Int(_random.Next(1, 4))) + Scalar.Int(_random.Next(3));
        if (_loops.Count > 1 && _random.Next(2) == 0)
        {
            scaled = (Pick(_loops.ToArray()).Index * Scalar.Int(_random.Next(1, 9))) + scaled;
        }

        return _random.Next(5) switch
        {
            0 when extent > 0 && extent <= count => Scalar.Int(extent - 1) - index,
            1 when extent > 0 && extent <= count => index,
            2 => Scalar.Apply(BinaryOp.Min, scaled, Scalar.Int(count - 1)),
            _ => scaled % Scalar.Int(count),
        };
    }

    private Scalar Expression(DType dtype, int depth)
    {
        if (depth == 0 || _random.Next(6) == 0)
        {
            return Leaf(dtype);
        }

        switch (_random.Next(8))
        {
            case 0:
                return Scalar.If(Expression(DType.Bool, depth - 1), Expression(dtype, depth - 1), Expression(dtype, depth - 1));
            case 1:
                DType other = Pick(DTypes);
                Scalar x = Expression(other, depth - 1);
                return dtype.IsUnsigned() && other != DType.Bool && !other.IsUnsigned()
                    ? Leaf(dtype)
                    : Scalar.Convert(dtype, x);
            case 2 when dtype == DType.Bool:
                return Scalar.Apply(UnaryOp.Not, Expression(dtype, depth - 1));
            case 2:
                Scalar operand = Expression(dtype, depth - 1);
                return Scalar.Apply(Pick<UnaryOp>(dtype.IsUnsigned()
                    ? [UnaryOp.Sign, UnaryOp.Abs]
                    : [UnaryOp.Neg, UnaryOp.Abs, UnaryOp.Sign, UnaryOp.Floor, UnaryOp.Round]), operand);
        }

        if (dtype == DType.Bool)
        {
            if (_random.Next(2) == 0)
            {
                return Scalar.Apply(Pick([BinaryOp.And, BinaryOp.Or, BinaryOp.Xor]),
                    Expression(dtype, depth - 1), Expression(dtype, depth - 1));
            }

            DType compared = Pick(DTypes);
            return Scalar.Apply(Pick([BinaryOp.Eq, BinaryOp.Ne, BinaryOp.Lt, BinaryOp.Le]),
                Expression(compared, depth - 1), Expression(compared, depth - 1));
        }

        BinaryOp op = Pick<BinaryOp>(dtype.IsInteger()
            ? [BinaryOp.Add, BinaryOp.Sub, BinaryOp.Mul, BinaryOp.Min, BinaryOp.Max, BinaryOp.And, BinaryOp.FloorDiv,
               BinaryOp.Mod]
            : [BinaryOp.Add, BinaryOp.Sub, BinaryOp.Mul, BinaryOp.Min, BinaryOp.Max, BinaryOp.Add, BinaryOp.Mul]);
        return Scalar.Apply(op, Expression(dtype, depth - 1), Expression(dtype, depth - 1));
    }

    private Scalar Leaf(DType dtype)
    {
        Scalar[] names = [.. _scope.Where(name => name.DType == dtype)];
        if (names.Length > 0 && _random.Next(2) == 0)
        {
            return Pick(names);
        }

        Memory[] memories = [.. _parameters.Where(p => !p.IsWritten).Select(p => p.Memory)
            .Concat(_own.Where(own => _loops.Skip(own.Level).All(loop => loop.Kind != LoopKind.Vector)).Select(own => own.Memory))
            .Where(memory => memory.DType == dtype)];
        if (memories.Length == 0 || _random.Next(5) == 0)
        {
            return new Literal(ScalarValue.Of(dtype, (long)_random.Next(0, 4)));
        }

        Memory read = Pick(memories);
        return new Load(read, Index(read.Count));
    }

    /// <summary>Keeps values small, so that floats stay exact.</summary>
    private Scalar Clamped(Scalar value) =>
        !value.DType.IsFloat() && _random.Next(2) == 0 ? value
        : value.DType == DType.Bool ? value
        : Scalar.Apply(BinaryOp.Min, Scalar.Apply(BinaryOp.Max, value, Scalar.Of(value.DType, 0)), Scalar.Of(value.DType, 6));

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
