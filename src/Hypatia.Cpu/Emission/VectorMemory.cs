using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>Emits loads and stores of vectors: of neighbours, of elements some steps apart, and of any.</summary>
internal sealed class VectorMemory(VectorFrame frame, VectorValues values)
{
    private readonly ILGenerator _il = frame.IL;
    private readonly VectorOps _ops = frame.Ops;
    private readonly ScalarEmitter _scalars = frame.Scalars;
    private readonly VectorPlan _plan = frame.Plan;

    /// <summary>Pushes elements as they are in memory: bools as bytes.</summary>
    public void PushLoad(Load load, int copy)
    {
        if (load.Memory.Scope == MemoryScope.Register)
        {
            _il.Emit(OpCodes.Ldloc, frame.Vectors[load.Memory][copy]);
            return;
        }

        VectorType type = frame.ElementType(load.Memory);
        Type pointer = type.Element.ClrType().MakePointerType();
        if (_plan.Of(load.Index) == Dependence.Varying)
        {
            PushGathered(load, type, copy);
        }
        else if (_plan.Affine(load.Index).Step is not 1 and var step)
        {
            if (!frame.IsLimited && step is >= -4 and <= 4 && type.Element.Size() >= 4 && !type.IsPartial)
            {
                PushStrided(load, type, copy, step);
            }
            else
            {
                PushCreated(type, lane => PushLaneAddress(load.Memory, load.Index, copy, lane));
            }
        }
        else if (frame.IsLimited)
        {
            PushAddress(load.Memory, load.Index, copy, 0);
            frame.TryPushLanesInUse(type);
            _scalars.PushZero(type.Element);
            _ops.Broadcast(type);
            _il.Instruction(MaskedSet(type), "MaskLoad", pointer, type.ClrType, type.ClrType);
        }
        else if (type.IsPartial)
        {
            DType whole = Whole(type);
            PushAddress(load.Memory, load.Index, copy, 0);
            _il.LoadElement(whole);
            _il.Vector(128, "CreateScalar", whole.ClrType());
            _ops.Reinterpret(new VectorType(whole, 1), type.Element);
        }
        else
        {
            if (frame.Streamed is not null && load.Memory.Scope == MemoryScope.Global)
            {
                PushAddress(load.Memory, load.Index, copy, 0);
                _il.Emit(OpCodes.Ldc_I4, Streaming.BytesAhead);
                _il.Emit(OpCodes.Add);
                EmitPrefetch();
            }

            PushAddress(load.Memory, load.Index, copy, 0);
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Ldobj, type.ClrType);
        }
    }

    /// <summary>Stores the elements that an action pushes.</summary>
    public void EmitStore(Memory memory, Scalar index, int copy, Action pushElements)
    {
        VectorType type = frame.ElementType(memory);
        Type pointer = type.Element.ClrType().MakePointerType();
        if (_plan.Of(index) == Dependence.Varying)
        {
            EmitScattered(memory, index, type, copy, pushElements);
        }
        else if (_plan.Affine(index).Step != 1)
        {
            LocalBuilder value = _il.DeclareLocal(type.ClrType);
            pushElements();
            _il.Emit(OpCodes.Stloc, value);
            frame.ForEachLane(lane =>
            {
                PushAddress(memory, index, copy, lane);
                PushLaneOf(value, type, lane);
                _il.StoreElement(type.Element);
            });
        }
        else if (frame.IsLimited)
        {
            PushAddress(memory, index, copy, 0);
            frame.TryPushLanesInUse(type);
            pushElements();
            _il.Instruction(MaskedSet(type), "MaskStore", pointer, type.ClrType, type.ClrType);
        }
        else if (type.IsPartial)
        {
            DType whole = Whole(type);
            PushAddress(memory, index, copy, 0);
            pushElements();
            _ops.Reinterpret(type, whole);
            _il.Vector(128, "ToScalar", new VectorType(whole, 1).ClrType);
            _il.StoreElement(whole);
        }
        else
        {
            PushAddress(memory, index, copy, 0);
            pushElements();
            if (ReferenceEquals(memory, frame.Streamed?.Memory))
            {
                _il.Instruction(type.Bits == 512 ? typeof(Avx512F) : typeof(Avx), nameof(Avx.StoreAlignedNonTemporal), pointer, type.ClrType);
            }
            else
            {
                _il.Emit(OpCodes.Unaligned, (byte)1);
                _il.Emit(OpCodes.Stobj, type.ClrType);
            }
        }
    }

    /// <summary>Asks for the elements of a vector, if they are neighbors.</summary>
    public void EmitPrefetch(Prefetch prefetch, int copy)
    {
        if (Sse.IsSupported && _plan.Of(prefetch.Index) == Dependence.Affine && _plan.Affine(prefetch.Index).Step is 1)
        {
            PushAddress(prefetch.Memory, prefetch.Index, copy, 0);
            EmitPrefetch();
        }
    }

    private void EmitPrefetch() => _il.Instruction(typeof(Sse), nameof(Sse.Prefetch0), typeof(void*));

    /// <summary>Pushes how many elements there are from the first one of a store to the next address that its vectors divide.</summary>
    public void PushElementsToAlignment(Store store)
    {
        VectorType type = frame.ElementType(store.Memory);
        PushAddress(store.Memory, store.Index, 0, 0);
        _il.Emit(OpCodes.Neg);
        _il.Emit(OpCodes.Conv_I8);
        _il.Push((type.Bits / 8) - 1L);
        _il.Emit(OpCodes.And);
        _il.Push((long)type.Element.Size());
        _il.Emit(OpCodes.Div);
    }

    /// <summary>
    /// A vector of every step-th element, up to four apart: neighbouring vectors, the last of which ends with the last
    /// element, have their elements moved into place and are merged.
    /// </summary>
    private void PushStrided(Load load, VectorType type, int copy, long step)
    {
        int lanes = _plan.Lanes;
        int sources = (int)Math.Abs(step);
        int span = (sources * (lanes - 1)) + 1;
        VectorType indexType = type.Of(VectorOps.Mask(type.Element.Size()));
        for (int source = 0; source < sources; source++)
        {
            int first = Math.Min(source * lanes, span - lanes);
            PushAddress(load.Memory, load.Index, copy, step < 0 ? lanes - 1 : 0);
            _il.Plus(first * type.Element.Size(), asAddress: true);
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Ldobj, type.ClrType);

            long[] from = new long[lanes];
            long[] isHere = new long[lanes];
            for (int lane = 0; lane < lanes; lane++)
            {
                int offset = sources * (step < 0 ? lanes - 1 - lane : lane);
                from[lane] = Math.Clamp(offset - first, 0, lanes - 1);
                isHere[lane] = offset >= first && offset < first + lanes ? -1 : 0;
            }

            _ops.Constant(indexType, from);
            _il.Vector(type.Bits, "Shuffle", type.ClrType, indexType.ClrType);
            if (source > 0)
            {
                LocalBuilder moved = _il.DeclareLocal(type.ClrType);
                LocalBuilder merged = _il.DeclareLocal(type.ClrType);
                _il.Emit(OpCodes.Stloc, moved);
                _il.Emit(OpCodes.Stloc, merged);
                _ops.Constant(indexType, isHere);
                _ops.Reinterpret(indexType, type.Element);
                _il.Emit(OpCodes.Ldloc, moved);
                _il.Emit(OpCodes.Ldloc, merged);
                _ops.Select(type);
            }
        }
    }

    /// <summary>Pushes a vector of the elements at the addresses that an action pushes for each lane.</summary>
    private void PushCreated(VectorType type, Action<int> pushAddress)
    {
        int all = type.Bits / 8 / type.Element.Size();
        for (int lane = 0; lane < all; lane++)
        {
            if (lane < _plan.Lanes)
            {
                pushAddress(lane);
                _il.LoadElement(type.Element);
            }
            else
            {
                _scalars.PushZero(type.Element);
            }
        }

        _il.Create(type.Bits, type.Element.ClrType(), all);
    }

    private void PushGathered(Load load, VectorType type, int copy)
    {
        LocalBuilder indices = StoreIndices(load.Index, copy);
        PushCreated(type, lane =>
        {
            _il.Emit(OpCodes.Ldloc, frame.Method[load.Memory]);
            _il.Emit(OpCodes.Ldloca, indices);
            _il.Emit(OpCodes.Conv_U);
            frame.PushLaneInUse(lane);
            _il.Times(sizeof(long));
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
            _il.LoadElement(DType.Int64);
            _il.Times(load.Memory.DType.Size());
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        });
    }

    private void EmitScattered(Memory memory, Scalar index, VectorType type, int copy, Action pushElements)
    {
        LocalBuilder indices = StoreIndices(index, copy);
        LocalBuilder value = _il.DeclareLocal(type.ClrType);
        pushElements();
        _il.Emit(OpCodes.Stloc, value);
        frame.ForEachLane(lane =>
        {
            _il.Emit(OpCodes.Ldloc, frame.Method[memory]);
            PushLaneOf(indices, frame.Vector(DType.Int64), lane);
            _il.Times(memory.DType.Size());
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
            PushLaneOf(value, type, lane);
            _il.StoreElement(type.Element);
        });
    }

    private LocalBuilder StoreIndices(Scalar index, int copy)
    {
        LocalBuilder indices = _il.DeclareLocal(frame.Vector(DType.Int64).ClrType);
        values.PushVector(index, copy);
        _il.Emit(OpCodes.Stloc, indices);
        return indices;
    }

    private void PushLaneOf(LocalBuilder vector, VectorType type, int lane)
    {
        _il.Emit(OpCodes.Ldloca, vector);
        _il.Emit(OpCodes.Conv_U);
        _il.Plus(lane * type.Element.Size(), asAddress: true);
        _il.LoadElement(type.Element);
    }

    /// <summary>Pushes the address of the element of a lane, or of the last one in use.</summary>
    private void PushLaneAddress(Memory memory, Scalar index, int copy, int lane)
    {
        if (frame.IsLaneCountKnown)
        {
            PushAddress(memory, index, copy, Math.Min(lane, frame.LastLane));
            return;
        }

        PushAddress(memory, index, copy, 0);
        frame.PushLaneInUse(lane);
        _il.Times(_plan.Affine(index).Step * memory.DType.Size());
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    /// <summary>Pushes the address of the element of one iteration, whose index is start + step · index of the loop.</summary>
    private void PushAddress(Memory memory, Scalar index, int copy, int lane)
    {
        (Scalar start, long step) = _plan.Affine(index);
        int size = memory.DType.Size();
        (Scalar varying, long constant) = start switch
        {
            Literal literal => (Scalar.Int(0), literal.Value.AsInt64),
            Binary { Op: BinaryOp.Add, Y: Literal term } sum => (sum.X, term.Value.AsInt64),
            _ => (start, 0L),
        };
        if (varying is Literal)
        {
            _il.Emit(OpCodes.Ldloc, frame.Method[memory]);
        }
        else if (frame.IsHoistable(varying))
        {
            frame.PushHoisted(memory, varying, typeof(nint), () => _scalars.PushAddress(memory, varying));
        }
        else
        {
            _scalars.PushAddress(memory, varying);
        }

        if (frame.Position is not null)
        {
            _il.Emit(OpCodes.Ldloc, frame.Position);
            _il.Times(step * size);
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        }

        _il.Plus((constant + (step * (frame.Start + (copy * _plan.Lanes) + lane))) * size, asAddress: true);
    }

    private static DType Whole(VectorType type) => (type.Element.Size() * type.Lanes) switch
    {
        1 => DType.UInt8,
        2 => DType.UInt16,
        4 => DType.UInt32,
        _ => DType.UInt64,
    };

    private static Type MaskedSet(VectorType type) => (type.Bits, type.Element.Size()) switch
    {
        (512, >= 4) => typeof(Avx512F),
        (512, _) => typeof(Avx512BW),
        (_, >= 4) => typeof(Avx512F.VL),
        _ => typeof(Avx512BW.VL),
    };
}
