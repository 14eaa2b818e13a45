using System.Reflection;
using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>A vector loop being emitted: which iterations, what its names stand for, what is computed before it.</summary>
internal sealed class VectorFrame(Frame method, ScalarEmitter scalars, VectorPlan plan)
{
    private readonly Dictionary<Prepared, LocalBuilder> _hoisted = [];
    private readonly List<Action> _hoists = [];
    private Action? _pushLaneCount;
    private int? _knownLaneCount;

    /// <summary>The method that the loop is in.</summary>
    public Frame Method { get; } = method;

    /// <summary>Where instructions go.</summary>
    public ILGenerator IL => Method.IL;

    /// <summary>Operations on vectors on the stack.</summary>
    public VectorOps Ops { get; } = new(method.IL);

    /// <summary>Emits what all lanes share.</summary>
    public ScalarEmitter Scalars { get; } = scalars;

    /// <summary>What depends on the index and how.</summary>
    public VectorPlan Plan { get; } = plan;

    /// <summary>Index of the first iteration of the vectors being emitted, if it changes.</summary>
    public LocalBuilder? Position { get; set; }

    /// <summary>Index of that iteration if it is known, or what to add to <see cref="Position"/>.</summary>
    public long Start { get; set; }

    /// <summary>Vectors being emitted at once.</summary>
    public int Copies { get; set; }

    /// <summary>The locals, one for each copy, of variables, registers and reductions.</summary>
    public Dictionary<object, LocalBuilder[]> Vectors { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Vectors made of one value, for the other copies of the statement being emitted; by the type of lanes.</summary>
    public Dictionary<Prepared, LocalBuilder> Broadcasts { get; } = [];

    /// <summary>By the size of lanes, the mask of those that are in use; empty if all are.</summary>
    public Dictionary<int, LocalBuilder> LanesInUse { get; } = [];

    /// <summary>Conditions around the statement being emitted: what they guard is not computed before the loop.</summary>
    public int Conditions { get; set; }

    /// <summary>Branches around the expression being emitted: what they skip is of no use after them.</summary>
    public int Branches { get; set; }

    /// <summary>The store that writes whole vectors past the caches, if there is one.</summary>
    public Store? Streamed { get; init; }

    /// <summary>Whether some lanes may not be in use.</summary>
    public bool IsLimited => _pushLaneCount is not null;

    /// <summary>Whether it is known now how many lanes are in use.</summary>
    public bool IsLaneCountKnown => !IsLimited || _knownLaneCount is not null;

    /// <summary>The last lane in use, or that may be.</summary>
    public int LastLane => (_knownLaneCount ?? Plan.Lanes) - 1;

    /// <summary>From now on, only as many lanes are in use as the int64 that an action pushes, and that may be known.</summary>
    public void LimitLanes(Action pushCount, int? known)
    {
        _pushLaneCount = pushCount;
        _knownLaneCount = known;
        for (int size = 1; size <= Plan.MaxSize; size *= 2)
        {
            VectorType type = Vector(VectorOps.Mask(size));
            LocalBuilder mask = IL.DeclareLocal(type.ClrType);
            PushIndices(type);
            pushCount();
            if (size < sizeof(long))
            {
                IL.Emit(OpCodes.Conv_I4);
            }

            Ops.Broadcast(type);
            Ops.Compare(BinaryOp.Lt, type);
            IL.Emit(OpCodes.Stloc, mask);
            LanesInUse.Add(size, mask);
        }
    }

    /// <summary>From now on, all lanes are in use.</summary>
    public void UseAllLanes()
    {
        _pushLaneCount = null;
        _knownLaneCount = null;
        LanesInUse.Clear();
    }

    /// <summary>Pushes the mask of lanes in use as a vector of a type; false, pushing nothing, if all are.</summary>
    public bool TryPushLanesInUse(VectorType type)
    {
        int size = type.Element.Size();
        if (!LanesInUse.TryGetValue(size, out LocalBuilder? mask))
        {
            return false;
        }

        IL.Emit(OpCodes.Ldloc, mask);
        Ops.Reinterpret(type.Of(VectorOps.Mask(size)), type.Element);
        return true;
    }

    /// <summary>Pushes the number of a lane, or of the last one in use.</summary>
    public void PushLaneInUse(int lane)
    {
        if (IsLaneCountKnown)
        {
            IL.Push(Math.Min(lane, LastLane));
            return;
        }

        IL.Push(lane);
        _pushLaneCount!();
        IL.Plus(-1);
        Scalars.Apply(BinaryOp.Min, DType.Int64);
    }

    /// <summary>Emits something for each lane in use.</summary>
    public void ForEachLane(Action<int> emit)
    {
        for (int lane = 0; lane <= LastLane; lane++)
        {
            Label end = IL.DefineLabel();
            if (!IsLaneCountKnown)
            {
                IL.Push(lane);
                _pushLaneCount!();
                IL.Emit(OpCodes.Bge, end);
            }

            emit(lane);
            IL.MarkLabel(end);
        }
    }

    /// <summary>Sets a local for each copy to what an action pushes.</summary>
    public void ForEachCopy(LocalBuilder[] targets, Action<int> push)
    {
        for (int copy = 0; copy < Copies; copy++)
        {
            push(copy);
            IL.Emit(OpCodes.Stloc, targets[copy]);
        }
    }

    /// <summary>Makes the locals of a variable, register or reduction.</summary>
    public LocalBuilder[] Declare(object owner, VectorType type, int copies)
    {
        LocalBuilder[] locals = new LocalBuilder[copies];
        for (int i = 0; i < copies; i++)
        {
            locals[i] = IL.DeclareLocal(type.ClrType);
        }

        return Vectors[owner] = locals;
    }

    /// <summary>Pushes the index of the first iteration of a copy.</summary>
    public void PushPosition(int copy)
    {
        long start = Start + (copy * Plan.Lanes);
        if (Position is null)
        {
            IL.Push(start);
            return;
        }

        IL.Emit(OpCodes.Ldloc, Position);
        IL.Plus(start);
    }

    /// <summary>Pushes 0, 1, 2, ….</summary>
    public void PushIndices(VectorType type)
    {
        MethodInfo indices = type.ClrType.GetProperty("Indices")!.GetMethod!;
        IL.Emit(OpCodes.Call, indices);
    }

    /// <summary>Whether a scalar can be computed before the loop.</summary>
    public bool IsHoistable(Scalar x) => Plan.Of(x) == Dependence.Invariant && (Conditions == 0
        || !ScalarGraph.InOrder(x).Exists(node => node is Load { Memory.Scope: not MemoryScope.Register }));

    /// <summary>Pushes what an action computes, once, before the loop.</summary>
    public void PushHoisted(object kind, Scalar value, Type type, Action push)
    {
        var prepared = new Prepared(kind, value);
        if (!_hoisted.TryGetValue(prepared, out LocalBuilder? local))
        {
            LocalBuilder target = local = IL.DeclareLocal(type);
            _hoisted.Add(prepared, local);
            _hoists.Add(() =>
            {
                push();
                IL.Emit(OpCodes.Stloc, target);
            });
        }

        IL.Emit(OpCodes.Ldloc, local);
    }

    /// <summary>Emits what was found to be needed once, before the loop.</summary>
    public void EmitHoisted()
    {
        foreach (Action hoist in _hoists)
        {
            hoist();
        }
    }

    /// <summary>The vector of a dtype, not bool.</summary>
    public VectorType Vector(DType element) => new(element, Plan.Lanes);

    /// <summary>The vector, or mask, that a value is computed as.</summary>
    public VectorType TypeOf(Scalar value) =>
        value.DType != DType.Bool ? Vector(value.DType)
        : Vector(VectorOps.Mask(Plan.MaskSize(value) is > 0 and var size ? size : Plan.MaxSize));

    /// <summary>The vector of a memory's elements as they are stored: bools are bytes.</summary>
    public VectorType ElementType(Memory memory) => Vector(memory.DType == DType.Bool ? DType.UInt8 : memory.DType);

    /// <summary>The vector, or mask, that a register or a reduction is kept in.</summary>
    public VectorType RegisterType(Memory memory) =>
        Vector(memory.DType == DType.Bool ? VectorOps.Mask(Plan.MaxSize) : memory.DType);
}

/// <summary>A value that is computed once: as an address in a memory, or as a vector of an element type.</summary>
internal sealed record Prepared(object Kind, Scalar Value);
