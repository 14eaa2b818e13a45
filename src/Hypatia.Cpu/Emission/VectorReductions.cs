using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>Emits updates: of registers and elements of each lane, and of targets that all lanes share.</summary>
internal sealed class VectorReductions(VectorFrame frame, VectorValues values)
{
    private readonly ILGenerator _il = frame.IL;
    private readonly VectorOps _ops = frame.Ops;
    private readonly ScalarEmitter _scalars = frame.Scalars;

    /// <summary>Sets all copies of the accumulator of a shared target to what changes no result.</summary>
    public void Start(Accumulate update, int copies)
    {
        VectorType type = AccumulatorType(update);
        foreach (LocalBuilder accumulator in frame.Declare(update, type, copies * Parts(update)))
        {
            PushIdentity(update, type);
            _il.Emit(OpCodes.Stloc, accumulator);
        }
    }

    /// <summary>
    /// Updates a shared target: its accumulators if it was started, else the target itself, with all lanes combined.
    /// </summary>
    public void Emit(Accumulate update)
    {
        VectorType type = AccumulatorType(update);
        if (frame.Vectors.TryGetValue(update, out LocalBuilder[]? accumulators))
        {
            if (frame.Plan.IsWidened(update))
            {
                EmitWidened(update, type, accumulators);
                return;
            }

            frame.ForEachCopy(accumulators,
                copy => PushUpdatedInUse(update, copy, () => _il.Emit(OpCodes.Ldloc, accumulators[copy])));
            return;
        }

        LocalBuilder sum = _il.DeclareLocal(type.ClrType);
        PushIdentity(update, type);
        _il.Emit(OpCodes.Stloc, sum);
        for (int copy = 0; copy < frame.Copies; copy++)
        {
            PushUpdatedInUse(update, copy, () => _il.Emit(OpCodes.Ldloc, sum));
            _il.Emit(OpCodes.Stloc, sum);
        }

        UpdateTarget(update, type, sum);
    }

    /// <summary>Combines the accumulators of a shared target into it: copies pairwise, then halves, in a fixed order.</summary>
    public void End(Accumulate update)
    {
        LocalBuilder[] accumulators = frame.Vectors[update];
        VectorType type = AccumulatorType(update);
        for (int step = 1; step < accumulators.Length; step *= 2)
        {
            for (int i = 0; i + step < accumulators.Length; i += 2 * step)
            {
                _il.Emit(OpCodes.Ldloc, accumulators[i]);
                _il.Emit(OpCodes.Ldloc, accumulators[i + step]);
                _ops.TryApply(OpOf(update), type);
                _il.Emit(OpCodes.Stloc, accumulators[i]);
            }
        }

        UpdateTarget(update, type, accumulators[0]);
        frame.Vectors.Remove(update);
    }

    /// <summary>Pushes what an action pushes, of the register type of the target, updated by the value of each lane.</summary>
    public void PushUpdated(Accumulate update, int copy, Action pushOld)
    {
        VectorType type = frame.RegisterType(update.Memory);
        if (update.Op == BinaryOp.Add && type.Element.IsFloat() && update.Value is Binary { Op: BinaryOp.Mul } product)
        {
            values.Push(product.X, type, copy);
            values.Push(product.Y, type, copy);
            pushOld();
            _ops.MultiplyAdd(type);
            return;
        }

        pushOld();
        values.Push(update.Value, type, copy);
        _ops.TryApply(OpOf(update), type);
    }

    /// <summary>Adds each half of the lanes, widened, to an accumulator of its own.</summary>
    private void EmitWidened(Accumulate update, VectorType type, LocalBuilder[] accumulators)
    {
        Scalar x = ((Cast)update.Value).X;
        VectorType narrow = frame.Vector(x.DType);
        for (int copy = 0; copy < frame.Copies; copy++)
        {
            LocalBuilder value = _il.DeclareLocal(narrow.ClrType);
            bool isLimited = frame.TryPushLanesInUse(narrow);
            values.Push(x, narrow, copy);
            if (isLimited)
            {
                _scalars.PushLiteral(Identity(update.Op, x.DType));
                _ops.Broadcast(narrow);
                _ops.Select(narrow);
            }

            _il.Emit(OpCodes.Stloc, value);
            for (int half = 0; half < 2; half++)
            {
                LocalBuilder accumulator = accumulators[(2 * copy) + half];
                _il.Emit(OpCodes.Ldloc, accumulator);
                _il.Emit(OpCodes.Ldloc, value);
                _il.Vector(narrow.Bits, half == 0 ? "WidenLower" : "WidenUpper", narrow.ClrType);
                _ops.Reinterpret(type.Of(VectorOps.Widened(x.DType)), type.Element);
                _ops.TryApply(update.Op, type);
                _il.Emit(OpCodes.Stloc, accumulator);
            }
        }
    }

    private int Parts(Accumulate update) => frame.Plan.IsWidened(update) ? 2 : 1;

    private VectorType AccumulatorType(Accumulate update)
    {
        VectorType type = frame.RegisterType(update.Memory);
        return type with { Lanes = type.Lanes / Parts(update) };
    }

    // Lanes that are not in use keep what they have.
    private void PushUpdatedInUse(Accumulate update, int copy, Action pushOld)
    {
        VectorType type = frame.RegisterType(update.Memory);
        bool isLimited = frame.TryPushLanesInUse(type);
        PushUpdated(update, copy, pushOld);
        if (isLimited)
        {
            pushOld();
            _ops.Select(type);
        }
    }

    private void UpdateTarget(Accumulate update, VectorType type, LocalBuilder vector)
    {
        Memory memory = update.Memory;
        bool isRegister = memory.Scope == MemoryScope.Register;
        if (isRegister)
        {
            _il.Emit(OpCodes.Ldloc, frame.Method[memory]);
        }
        else
        {
            _scalars.PushAddress(memory, update.Index);
            _il.Emit(OpCodes.Dup);
            _il.LoadElement(memory.DType);
        }

        PushCombined(OpOf(update), type, vector);
        if (memory.DType == DType.Bool)
        {
            _scalars.Convert(type.Element, DType.Bool);
        }

        _scalars.Apply(update.Op, memory.DType);
        if (isRegister)
        {
            _il.Emit(OpCodes.Stloc, frame.Method[memory]);
        }
        else
        {
            _il.StoreElement(memory.DType);
        }
    }

    private void PushCombined(BinaryOp op, VectorType type, LocalBuilder vector)
    {
        while (type.Bits > 128)
        {
            VectorType half = type with { Lanes = type.Lanes / 2 };
            LocalBuilder combined = _il.DeclareLocal(half.ClrType);
            _il.Emit(OpCodes.Ldloc, vector);
            _il.Vector(type.Bits, "GetLower", type.ClrType);
            _il.Emit(OpCodes.Ldloc, vector);
            _il.Vector(type.Bits, "GetUpper", type.ClrType);
            _ops.TryApply(op, half);
            _il.Emit(OpCodes.Stloc, combined);
            (vector, type) = (combined, half);
        }

        void PushRange(int first, int count)
        {
            if (count == 1)
            {
                _il.Emit(OpCodes.Ldloc, vector);
                _il.Emit(OpCodes.Ldc_I4, first);
                _il.Vector(type.Bits, "GetElement", type.ClrType, typeof(int));
                return;
            }

            PushRange(first, count / 2);
            PushRange(first + (count / 2), count / 2);
            _scalars.Apply(op, type.Element);
        }

        PushRange(0, type.Lanes);
    }

    private void PushIdentity(Accumulate update, VectorType type)
    {
        _scalars.PushLiteral(Identity(OpOf(update), type.Element));
        _ops.Broadcast(type);
    }

    private static BinaryOp OpOf(Accumulate update) =>
        update.Memory.DType == DType.Bool ? VectorOps.MaskOp(update.Op) : update.Op;

    /// <summary>What an operation leaves unchanged: −0 for a sum, so that −0 + −0 stays −0.</summary>
    private static ScalarValue Identity(BinaryOp op, DType dtype) => op switch
    {
        BinaryOp.Add => ScalarValue.Of(dtype, dtype.IsFloat() ? -0.0 : 0),
        BinaryOp.Mul => ScalarValue.Of(dtype, 1L),
        BinaryOp.And => ScalarValue.Of(dtype, -1L),
        BinaryOp.Or => ScalarValue.Of(dtype, 0L),
        BinaryOp.Min when dtype.IsFloat() => ScalarValue.Of(dtype, double.PositiveInfinity),
        BinaryOp.Max when dtype.IsFloat() => ScalarValue.Of(dtype, double.NegativeInfinity),
        BinaryOp.Min => Extreme(dtype, largest: true),
        BinaryOp.Max => Extreme(dtype, largest: false),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "cannot accumulate"),
    };

    private static ScalarValue Extreme(DType dtype, bool largest)
    {
        int bits = 8 * dtype.Size();
        long all = dtype.IsUnsigned() ? (long)(ulong.MaxValue >> (64 - bits)) : long.MaxValue >> (64 - bits);
        return ScalarValue.Of(dtype, largest ? all : dtype.IsUnsigned() ? 0 : ~all);
    }
}
