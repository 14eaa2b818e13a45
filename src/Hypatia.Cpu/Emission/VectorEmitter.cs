using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>
/// Emits the body of a vector loop for several vectors of iterations at once: each statement for all of them before the
/// next statement.
/// </summary>
internal sealed class VectorEmitter(Frame frame, StatementEmitter statements, VectorPlan plan)
{
    private readonly ILGenerator _il = frame.IL;
    private readonly ScalarEmitter _scalars = statements.Scalars;
    private readonly VectorOps _ops = new(frame.IL);
    private readonly Dictionary<object, LocalBuilder[]> _vectors = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(object, Scalar, int), LocalBuilder> _hoisted = [];
    private readonly List<Action> _hoists = [];
    private readonly Dictionary<(Scalar, int), LocalBuilder> _broadcasts = [];
    private readonly Dictionary<int, LocalBuilder> _lanesInUse = [];
    private Action? _pushLaneCount;
    private int? _knownLaneCount;
    private int _conditions;
    private int _selects;
    private int _copies;

    /// <summary>Index of the first iteration of the vectors being emitted, if it changes.</summary>
    public LocalBuilder? Position { get; set; }

    /// <summary>Index of that iteration if it is known, or what to add to <see cref="Position"/>.</summary>
    public long Start { get; set; }

    /// <summary>Emits the body for some vectors.</summary>
    public void EmitBody(Block body, int copies)
    {
        _copies = copies;
        Emit(body);
    }

    /// <summary>Emits what the body needs once, before the loop.</summary>
    public void EmitHoisted()
    {
        foreach (Action hoist in _hoists)
        {
            hoist();
        }
    }

    /// <summary>From now on, only as many lanes are in use as the int64 that an action pushes, and that may be known.</summary>
    public void LimitLanes(Action pushCount, int? known)
    {
        _pushLaneCount = pushCount;
        _knownLaneCount = known;
        foreach (int size in (int[])[1, 2, 4, 8])
        {
            if (size > plan.MaxSize)
            {
                continue;
            }

            var type = new VectorType(VectorOps.Mask(size), plan.Lanes);
            LocalBuilder mask = _il.DeclareLocal(type.ClrType);
            _il.Emit(OpCodes.Call, Indices(type));
            pushCount();
            if (size < 8)
            {
                _il.Emit(OpCodes.Conv_I4);
            }

            _ops.Broadcast(type);
            _ops.Compare(BinaryOp.Lt, type);
            _il.Emit(OpCodes.Stloc, mask);
            _lanesInUse.Add(size, mask);
        }
    }

    /// <summary>All copies of the accumulator of a reduction, set to what changes no result.</summary>
    public void StartReduction(Accumulate reduction, int copies)
    {
        VectorType type = ReductionType(reduction);
        LocalBuilder[] accumulators = Locals(reduction, type.ClrType, copies);
        foreach (LocalBuilder accumulator in accumulators)
        {
            _scalars.PushLiteral(Identity(ReductionOp(reduction), type.Element));
            _ops.Broadcast(type);
            _il.Emit(OpCodes.Stloc, accumulator);
        }
    }

    /// <summary>Combines all lanes of a reduction into its target: copies pairwise, then halves, in a fixed order.</summary>
    public void EndReduction(Accumulate reduction)
    {
        LocalBuilder[] accumulators = _vectors[reduction];
        VectorType type = ReductionType(reduction);
        BinaryOp op = ReductionOp(reduction);
        for (int step = 1; step < accumulators.Length; step *= 2)
        {
            for (int i = 0; i + step < accumulators.Length; i += 2 * step)
            {
                _il.Emit(OpCodes.Ldloc, accumulators[i]);
                _il.Emit(OpCodes.Ldloc, accumulators[i + step]);
                _ops.TryApply(op, type);
                _il.Emit(OpCodes.Stloc, accumulators[i]);
            }
        }

        UpdateTarget(reduction, op, type, accumulators[0]);
    }

    private void UpdateTarget(Accumulate update, BinaryOp op, VectorType type, LocalBuilder vector)
    {
        Memory memory = update.Memory;
        bool isRegister = memory.Scope == MemoryScope.Register;
        if (isRegister)
        {
            _il.Emit(OpCodes.Ldloc, frame[memory]);
        }
        else
        {
            _scalars.PushAddress(memory, update.Index);
            _il.Emit(OpCodes.Dup);
            _il.LoadElement(memory.DType);
        }

        PushCombined(op, type, vector);
        if (memory.DType == DType.Bool)
        {
            _scalars.Convert(type.Element, DType.Bool);
        }

        _scalars.Apply(update.Op, memory.DType);
        if (isRegister)
        {
            _il.Emit(OpCodes.Stloc, frame[memory]);
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

    private void Emit(Statement statement)
    {
        _broadcasts.Clear();
        switch (statement)
        {
            case Block block:
                foreach (Statement child in block.Statements)
                {
                    Emit(child);
                }

                break;
            case Let let when plan.IsUniform(let.Value):
                statements.Emit(let);
                break;
            case Let let when plan.Of(let.Value) == Dependence.Varying:
                ForEachCopy(Locals(let.Variable, TypeOf(let.Value).ClrType, _copies), copy => Push(let.Value, copy));
                break;
            case Let:
                break;                                      // start + step · index, computed where it is used
            case Store { Memory.Scope: MemoryScope.Register } store:
                ForEachCopy(_vectors[store.Memory], copy => PushFor(store.Memory, store.Value, copy));
                break;
            case Store store:
                for (int copy = 0; copy < _copies; copy++)
                {
                    int current = copy;
                    EmitStore(store.Memory, store.Index, copy, () => PushElements(store.Value, current));
                }

                break;
            case Accumulate update:
                Emit(update);
                break;
            case Allocate { Memory: var memory }:
                Locals(memory, RegisterType(memory).ClrType, _copies);
                break;
            case If choice:
                Label end = _il.DefineLabel();
                _scalars.Push(choice.Condition);
                _il.Emit(OpCodes.Brfalse, end);
                _conditions++;
                Emit(choice.Then);
                _conditions--;
                _il.MarkLabel(end);
                break;
            case For loop:
                bool runsAlways = loop.Extent is Literal { Value.AsInt64: > 0 };
                _conditions += runsAlways ? 0 : 1;
                statements.EmitLoop(loop.Index, () => _il.Push(0), () => _scalars.Push(loop.Extent), runsAlways,
                    () => Emit(loop.Body));
                _conditions -= runsAlways ? 0 : 1;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType(), "no vector form");
        }

        _broadcasts.Clear();
    }

    private void Emit(Accumulate update)
    {
        Memory memory = update.Memory;
        if (plan.IsInner(memory))
        {
            LocalBuilder[] registers = _vectors[memory];
            ForEachCopy(registers, copy => PushUpdated(
                update, ReductionOp(update), RegisterType(memory), copy, () => _il.Emit(OpCodes.Ldloc, registers[copy])));
        }
        else if (_vectors.TryGetValue(update, out LocalBuilder[]? accumulators))
        {
            VectorType type = ReductionType(update);
            for (int copy = 0; copy < _copies; copy++)
            {
                LocalBuilder accumulator = accumulators[copy];
                void PushAccumulator() => _il.Emit(OpCodes.Ldloc, accumulator);
                if (_lanesInUse.TryGetValue(type.Element.Size(), out LocalBuilder? inUse))
                {
                    _il.Emit(OpCodes.Ldloc, inUse);
                    _ops.Reinterpret(type.Of(VectorOps.Mask(type.Element.Size())), type.Element);
                    PushUpdated(update, ReductionOp(update), type, copy, PushAccumulator);
                    PushAccumulator();
                    _ops.Select(type);
                }
                else
                {
                    PushUpdated(update, ReductionOp(update), type, copy, PushAccumulator);
                }

                _il.Emit(OpCodes.Stloc, accumulator);
            }
        }
        else if (plan.IsUniform(update.Index))
        {
            EmitInnerReduction(update);
        }
        else
        {
            for (int copy = 0; copy < _copies; copy++)
            {
                int current = copy;
                EmitStore(memory, update.Index, copy, () => PushUpdatedElements(update, current));
            }
        }
    }

    /// <summary>A sum over lanes into a target that changes in the loop: combined at once.</summary>
    private void EmitInnerReduction(Accumulate update)
    {
        VectorType type = ReductionType(update);
        BinaryOp op = ReductionOp(update);
        LocalBuilder sum = _il.DeclareLocal(type.ClrType);
        for (int copy = 0; copy < _copies; copy++)
        {
            int current = copy;
            void PushSum()
            {
                if (current == 0)
                {
                    _scalars.PushLiteral(Identity(op, type.Element));
                    _ops.Broadcast(type);
                }
                else
                {
                    _il.Emit(OpCodes.Ldloc, sum);
                }
            }

            bool isMasked = _lanesInUse.TryGetValue(type.Element.Size(), out LocalBuilder? inUse);
            if (isMasked)
            {
                _il.Emit(OpCodes.Ldloc, inUse!);
                _ops.Reinterpret(type.Of(VectorOps.Mask(type.Element.Size())), type.Element);
            }

            PushUpdated(update, op, type, copy, PushSum);
            if (isMasked)
            {
                PushSum();
                _ops.Select(type);
            }

            _il.Emit(OpCodes.Stloc, sum);
        }

        UpdateTarget(update, op, type, sum);
    }

    /// <summary>Pushes old op value, as a vector or a mask of a type.</summary>
    private void PushUpdated(Accumulate update, BinaryOp op, VectorType type, int copy, Action pushOld)
    {
        if (update.Memory.DType == DType.Bool)
        {
            pushOld();
            PushMask(update.Value, copy, type.Element.Size());
            _ops.TryApply(op, type);
        }
        else if (op == BinaryOp.Add && type.Element.IsFloat() && update.Value is Binary { Op: BinaryOp.Mul } product)
        {
            PushVector(product.X, copy);
            PushVector(product.Y, copy);
            pushOld();
            _ops.MultiplyAdd(type);
        }
        else
        {
            pushOld();
            PushVector(update.Value, copy);
            _ops.TryApply(op, type);
        }
    }

    /// <summary>Pushes the elements, as they are in memory, after an update.</summary>
    private void PushUpdatedElements(Accumulate update, int copy)
    {
        var old = new Load(update.Memory, update.Index);
        if (update.Memory.DType != DType.Bool)
        {
            PushUpdated(update, update.Op, Vector(update.Memory.DType), copy, () => PushLoad(old, copy));
            return;
        }

        VectorType bytes = Vector(DType.UInt8);
        PushUpdated(update, ReductionOp(update), Vector(DType.Int8), copy, () => PushLoadedMask(old, copy));
        MaskToElements(bytes);
    }

    /// <summary>Pushes a value as the elements of its dtype in memory: a bool as 0 and 1.</summary>
    private void PushElements(Scalar value, int copy)
    {
        if (value.DType == DType.Bool)
        {
            PushMask(value, copy, 1);
            MaskToElements(Vector(DType.UInt8));
        }
        else
        {
            PushVector(value, copy);
        }
    }

    // −1 → 1
    private void MaskToElements(VectorType bytes)
    {
        _ops.Reinterpret(bytes.Of(DType.Int8), DType.UInt8);
        _il.Emit(OpCodes.Ldc_I4_1);
        _ops.Broadcast(bytes);
        _ops.TryApply(BinaryOp.And, bytes);
    }

    private void ForEachCopy(LocalBuilder[] targets, Action<int> push)
    {
        for (int copy = 0; copy < _copies; copy++)
        {
            push(copy);
            _il.Emit(OpCodes.Stloc, targets[copy]);
        }
    }

    private void PushFor(Memory register, Scalar value, int copy)
    {
        if (register.DType == DType.Bool)
        {
            PushMask(value, copy, plan.MaxSize);
        }
        else
        {
            PushVector(value, copy);
        }
    }

    /// <summary>Pushes a value as a vector, or a bool as a mask of the size that it is computed with.</summary>
    private void Push(Scalar value, int copy)
    {
        if (value.DType == DType.Bool)
        {
            PushMask(value, copy, TypeOf(value).Element.Size());
        }
        else
        {
            PushVector(value, copy);
        }
    }

    /// <summary>Pushes a value that is not a bool.</summary>
    private void PushVector(Scalar x, int copy)
    {
        if (plan.IsUniform(x))
        {
            PushBroadcast(x, Vector(x.DType), () => _scalars.Push(x));
            return;
        }

        if (plan.Of(x) == Dependence.Affine)
        {
            PushSequence(x, copy);
            return;
        }

        switch (x)
        {
            case Variable variable:
                _il.Emit(OpCodes.Ldloc, _vectors[variable][copy]);
                break;
            case Load load:
                PushLoad(load, copy);
                break;
            case Unary unary:
                PushUnary(unary, copy);
                break;
            case Binary binary:
                PushBinary(binary, copy);
                break;
            case Select select:
                PushSelect(select, copy);
                break;
            case Cast { X.DType: DType.Bool } cast:
                VectorType type = Vector(cast.DType);
                DType bits = VectorOps.Mask(cast.DType.Size());
                PushMask(cast.X, copy, cast.DType.Size());
                _ops.Reinterpret(type.Of(bits), cast.DType);
                _scalars.PushLiteral(ScalarValue.Of(cast.DType, 1L));
                _ops.Broadcast(type);
                _ops.TryApply(BinaryOp.And, type);
                break;
            case Cast { Reinterpret: true } cast:
                PushVector(cast.X, copy);
                _ops.Reinterpret(Vector(cast.X.DType), cast.DType);
                break;
            case Cast cast:
                PushVector(cast.X, copy);
                _ops.Convert(Vector(cast.X.DType), cast.DType);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(x), x.GetType(), "unknown scalar");
        }
    }

    /// <summary>start + step · (position + 0, 1, …).</summary>
    private void PushSequence(Scalar x, int copy)
    {
        VectorType type = Vector(DType.Int64);
        (Scalar start, long step) = plan.Affine(x);
        _scalars.Push(start);
        PushPosition(copy);
        _il.Times(step);
        _il.Emit(OpCodes.Add);
        _ops.Broadcast(type);
        _il.Emit(OpCodes.Call, Indices(type));
        if (step != 1)
        {
            _il.Push(step);
            _ops.Broadcast(type);
            _ops.TryApply(BinaryOp.Mul, type);
        }

        _ops.TryApply(BinaryOp.Add, type);
    }

    private void PushUnary(Unary x, int copy)
    {
        VectorType type = Vector(x.DType);
        PushVector(x.X, copy);
        if (!_ops.TryApply(x.Op, type))
        {
            EmitEach(type, 1, () => _scalars.Apply(x.Op, x.DType));
        }
    }

    private void PushBinary(Binary x, int copy)
    {
        VectorType type = Vector(x.DType);
        if (x.DType.IsFloat() && x.Op is BinaryOp.Add or BinaryOp.Sub && Fusion.TryMatch(x, out Fusion fused)
            && x.DType.IsFloat())
        {
            PushVector(fused.A, copy);
            Negate(fused.NegateProduct);
            PushVector(fused.B, copy);
            PushVector(fused.C, copy);
            Negate(fused.NegateTerm);
            _ops.MultiplyAdd(type);
            return;
        }

        PushVector(x.X, copy);
        if (x.Op is BinaryOp.ShiftLeft or BinaryOp.ShiftRight && plan.IsUniform(x.Y))
        {
            _scalars.Push(x.Y);
            _il.Emit(OpCodes.Conv_I4);
            _ops.Shift(x.Op, type);
            return;
        }

        PushVector(x.Y, copy);
        if (!_ops.TryApply(x.Op, type))
        {
            EmitEach(type, 2, () => _scalars.Apply(x.Op, x.DType));
        }

        void Negate(bool negated)
        {
            if (negated)
            {
                _ops.TryApply(UnaryOp.Neg, type);
            }
        }
    }

    /// <summary>Applies an operation that vectors lack to each lane of the vectors on the stack.</summary>
    private void EmitEach(VectorType type, int operands, Action apply)
    {
        LocalBuilder[] vectors = new LocalBuilder[operands];
        LocalBuilder offset = _il.DeclareLocal(typeof(nint));
        Label body = _il.DefineLabel();
        for (int i = operands - 1; i >= 0; i--)
        {
            vectors[i] = _il.DeclareLocal(type.ClrType);
            _il.Emit(OpCodes.Stloc, vectors[i]);
        }

        void PushLane(LocalBuilder vector)
        {
            _il.Emit(OpCodes.Ldloca, vector);
            _il.Emit(OpCodes.Conv_U);
            _il.Emit(OpCodes.Ldloc, offset);
            _il.Emit(OpCodes.Add);
        }

        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Stloc, offset);
        _il.MarkLabel(body);
        PushLane(vectors[0]);
        foreach (LocalBuilder vector in vectors)
        {
            PushLane(vector);
            _il.LoadElement(type.Element);
        }

        apply();
        _il.StoreElement(type.Element);
        _il.Emit(OpCodes.Ldloc, offset);
        _il.Emit(OpCodes.Ldc_I4, type.Element.Size());
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, offset);
        _il.Emit(OpCodes.Ldloc, offset);
        _il.Emit(OpCodes.Ldc_I4, type.Element.Size() * plan.Lanes);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Blt, body);
        _il.Emit(OpCodes.Ldloc, vectors[0]);
    }

    /// <summary>
    /// Both sides are computed and one chosen, except that a side that calls a function for each lane is left out when
    /// no lane needs it.
    /// </summary>
    private void PushSelect(Select x, int copy)
    {
        VectorType type = Vector(x.DType);
        VectorType maskType = type.Of(VectorOps.Mask(x.DType.Size()));
        bool callsWhenTrue = CallsFunction(x.WhenTrue);
        if (!callsWhenTrue && !CallsFunction(x.WhenFalse))
        {
            PushMask(x.Condition, copy, x.DType.Size());
            _ops.Reinterpret(maskType, x.DType);
            PushVector(x.WhenTrue, copy);
            PushVector(x.WhenFalse, copy);
            _ops.Select(type);
            return;
        }

        LocalBuilder mask = _il.DeclareLocal(maskType.ClrType);
        LocalBuilder value = _il.DeclareLocal(type.ClrType);
        Label end = _il.DefineLabel();
        PushMask(x.Condition, copy, x.DType.Size());
        if (callsWhenTrue)
        {
            _ops.TryApply(UnaryOp.Not, maskType);
        }

        _il.Emit(OpCodes.Stloc, mask);
        PushVector(callsWhenTrue ? x.WhenFalse : x.WhenTrue, copy);
        _il.Emit(OpCodes.Stloc, value);
        _il.Emit(OpCodes.Ldloc, mask);
        _il.Vector(maskType.Bits, "ExtractMostSignificantBits", maskType.ClrType);
        PushAllLanes(maskType);
        _il.Emit(OpCodes.Beq, end);
        _selects++;
        _il.Emit(OpCodes.Ldloc, mask);
        _ops.Reinterpret(maskType, x.DType);
        _il.Emit(OpCodes.Ldloc, value);
        PushVector(callsWhenTrue ? x.WhenTrue : x.WhenFalse, copy);
        _ops.Select(type);
        _il.Emit(OpCodes.Stloc, value);
        _selects--;
        _il.MarkLabel(end);
        _il.Emit(OpCodes.Ldloc, value);
    }

    // Lanes that are not in use may call for nothing.
    private void PushAllLanes(VectorType mask)
    {
        int lanes = mask.Bits / 8 / mask.Element.Size();
        if (mask.Bits == 512)
        {
            _il.Emit(OpCodes.Ldc_I8, -1L >>> (64 - lanes));
        }
        else
        {
            _il.Emit(OpCodes.Ldc_I4, -1 >>> (32 - lanes));
        }
    }

    private bool CallsFunction(Scalar x) => x is not Variable && !plan.IsUniform(x)
        && (VectorPlan.IsFunction(x) || x.Operands.Any(CallsFunction));

    /// <summary>Pushes a bool as a mask with lanes of a size.</summary>
    private void PushMask(Scalar x, int copy, int size)
    {
        VectorType type = Vector(VectorOps.Mask(size));
        if (plan.IsUniform(x))
        {
            PushBroadcast(x, type, () =>
            {
                _scalars.Push(x);
                _il.Emit(OpCodes.Neg);
                _scalars.Convert(DType.Int32, type.Element);
            });
            return;
        }

        switch (x)
        {
            case Variable variable:
                _il.Emit(OpCodes.Ldloc, _vectors[variable][copy]);
                _ops.ResizeMask(plan.Lanes, MaskSize(x), size);
                break;
            case Load { Memory.Scope: MemoryScope.Register } load:
                _il.Emit(OpCodes.Ldloc, _vectors[load.Memory][copy]);
                _ops.ResizeMask(plan.Lanes, plan.MaxSize, size);
                break;
            case Load load:
                PushLoadedMask(load, copy);
                _ops.ResizeMask(plan.Lanes, 1, size);
                break;
            case Unary { Op: UnaryOp.IsNaN } predicate:
                PushVector(predicate.X, copy);
                DuplicateTop(Vector(predicate.X.DType));
                _ops.Compare(BinaryOp.Ne, Vector(predicate.X.DType));
                _ops.ResizeMask(plan.Lanes, predicate.X.DType.Size(), size);
                break;
            case Unary { Op: UnaryOp.IsInf } predicate:
                VectorType operand = Vector(predicate.X.DType);
                PushVector(predicate.X, copy);
                _ops.TryApply(UnaryOp.Abs, operand);
                _scalars.PushLiteral(ScalarValue.Of(predicate.X.DType, double.PositiveInfinity));
                _ops.Broadcast(operand);
                _ops.Compare(BinaryOp.Eq, operand);
                _ops.ResizeMask(plan.Lanes, predicate.X.DType.Size(), size);
                break;
            case Unary unary:
                PushMask(unary.X, copy, size);
                if (unary.Op == UnaryOp.Not)
                {
                    _ops.TryApply(UnaryOp.Not, type);
                }

                break;
            case Binary binary when binary.X.DType == DType.Bool:
                PushLogical(binary, copy, type);
                break;
            case Binary binary:
                PushVector(binary.X, copy);
                PushVector(binary.Y, copy);
                _ops.Compare(binary.Op, Vector(binary.X.DType));
                _ops.ResizeMask(plan.Lanes, binary.X.DType.Size(), size);
                break;
            case Select select:
                PushMask(select.Condition, copy, size);
                PushMask(select.WhenTrue, copy, size);
                PushMask(select.WhenFalse, copy, size);
                _ops.Select(type);
                break;
            case Cast cast:
                VectorType number = Vector(cast.X.DType);
                PushVector(cast.X, copy);
                _scalars.PushZero(cast.X.DType);
                _ops.Broadcast(number);
                _ops.Compare(BinaryOp.Ne, number);
                _ops.ResizeMask(plan.Lanes, cast.X.DType.Size(), size);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(x), x.GetType(), "unknown scalar");
        }
    }

    private void PushLogical(Binary x, int copy, VectorType type)
    {
        int size = type.Element.Size();
        PushMask(x.X, copy, size);
        if (x.Op is BinaryOp.Lt or BinaryOp.Le)
        {
            _ops.TryApply(UnaryOp.Not, type);               // false < true
        }

        PushMask(x.Y, copy, size);
        _ops.TryApply(x.Op switch
        {
            BinaryOp.Lt => BinaryOp.And,
            BinaryOp.Le => BinaryOp.Or,
            BinaryOp.Eq or BinaryOp.Ne => BinaryOp.Xor,
            _ => MaskOp(x.Op),
        }, type);
        if (x.Op == BinaryOp.Eq)
        {
            _ops.TryApply(UnaryOp.Not, type);
        }
    }

    private void PushLoadedMask(Load load, int copy)
    {
        VectorType bytes = Vector(DType.UInt8);
        PushLoad(load, copy);
        _il.Emit(OpCodes.Ldc_I4_0);
        _ops.Broadcast(bytes);
        _ops.Compare(BinaryOp.Ne, bytes);
    }

    /// <summary>Pushes elements as they are in memory: bools as bytes.</summary>
    private void PushLoad(Load load, int copy)
    {
        if (load.Memory.Scope == MemoryScope.Register)
        {
            _il.Emit(OpCodes.Ldloc, _vectors[load.Memory][copy]);
            return;
        }

        VectorType type = ElementType(load.Memory);
        Type pointer = type.Element.ClrType().MakePointerType();
        if (plan.Of(load.Index) == Dependence.Varying)
        {
            PushGathered(load, type, copy);
        }
        else if (plan.Affine(load.Index).Step is not 1 and var step)
        {
            if (_pushLaneCount is null && step is >= -4 and <= 4 && type.Element.Size() >= 4 && !type.IsPartial)
            {
                PushStrided(load, type, copy, step);
            }
            else
            {
                PushCreated(type, lane => PushLaneAddress(load.Memory, load.Index, copy, lane));
            }
        }
        else if (_lanesInUse.TryGetValue(type.Element.Size(), out LocalBuilder? inUse))
        {
            PushAddress(load.Memory, load.Index, copy, 0);
            _il.Emit(OpCodes.Ldloc, inUse);
            _ops.Reinterpret(type.Of(VectorOps.Mask(type.Element.Size())), type.Element);
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
            PushAddress(load.Memory, load.Index, copy, 0);
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Ldobj, type.ClrType);
        }
    }

    /// <summary>Stores the elements that an action pushes.</summary>
    private void EmitStore(Memory memory, Scalar index, int copy, Action pushElements)
    {
        VectorType type = ElementType(memory);
        Type pointer = type.Element.ClrType().MakePointerType();
        if (plan.Of(index) == Dependence.Varying)
        {
            EmitScattered(memory, index, type, copy, pushElements);
        }
        else if (plan.Affine(index).Step != 1)
        {
            LocalBuilder value = _il.DeclareLocal(type.ClrType);
            pushElements();
            _il.Emit(OpCodes.Stloc, value);
            ForEachLane(lane =>
            {
                PushAddress(memory, index, copy, lane);
                PushLaneOf(value, type, lane);
                _il.StoreElement(type.Element);
            });
        }
        else if (_lanesInUse.TryGetValue(type.Element.Size(), out LocalBuilder? inUse))
        {
            PushAddress(memory, index, copy, 0);
            _il.Emit(OpCodes.Ldloc, inUse);
            _ops.Reinterpret(type.Of(VectorOps.Mask(type.Element.Size())), type.Element);
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
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Stobj, type.ClrType);
        }
    }

    /// <summary>Pushes a vector of the elements at the addresses that an action pushes for each lane.</summary>
    private void PushCreated(VectorType type, Action<int> pushAddress)
    {
        LocalBuilder vector = _il.DeclareLocal(type.ClrType);
        for (int lane = 0; lane < plan.Lanes; lane++)
        {
            _il.Emit(OpCodes.Ldloca, vector);
            _il.Emit(OpCodes.Conv_U);
            _il.Plus(lane * type.Element.Size(), asAddress: true);
            pushAddress(lane);
            _il.LoadElement(type.Element);
            _il.StoreElement(type.Element);
        }

        _il.Emit(OpCodes.Ldloc, vector);
    }

    private void PushGathered(Load load, VectorType type, int copy)
    {
        LocalBuilder indices = StoreIndices(load.Index, copy);
        PushCreated(type, lane =>
        {
            _il.Emit(OpCodes.Ldloc, frame[load.Memory]);
            _il.Emit(OpCodes.Ldloca, indices);
            _il.Emit(OpCodes.Conv_U);
            PushLaneInUse(lane);
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
        ForEachLane(lane =>
        {
            _il.Emit(OpCodes.Ldloc, frame[memory]);
            PushLaneOf(indices, Vector(DType.Int64), lane);
            _il.Times(memory.DType.Size());
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
            PushLaneOf(value, type, lane);
            _il.StoreElement(type.Element);
        });
    }

    private LocalBuilder StoreIndices(Scalar index, int copy)
    {
        LocalBuilder indices = _il.DeclareLocal(Vector(DType.Int64).ClrType);
        PushVector(index, copy);
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

    /// <summary>
    /// A vector of every step-th element, up to four apart: neighbouring vectors, the last of which ends with the last
    /// element, have their elements moved into place and are merged.
    /// </summary>
    private void PushStrided(Load load, VectorType type, int copy, long step)
    {
        int lanes = plan.Lanes;
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

    private void ForEachLane(Action<int> emit)
    {
        for (int lane = 0; lane < (_knownLaneCount ?? plan.Lanes); lane++)
        {
            Label end = _il.DefineLabel();
            if (_pushLaneCount is not null && _knownLaneCount is null)
            {
                _il.Push(lane);
                _pushLaneCount();
                _il.Emit(OpCodes.Bge, end);
            }

            emit(lane);
            _il.MarkLabel(end);
        }
    }

    /// <summary>Pushes the number of a lane, or of the last one in use.</summary>
    private void PushLaneInUse(int lane)
    {
        if (_pushLaneCount is null || _knownLaneCount is not null)
        {
            _il.Push(Math.Min(lane, (_knownLaneCount ?? plan.Lanes) - 1));
            return;
        }

        _il.Push(lane);
        _pushLaneCount();
        _il.Plus(-1);
        _scalars.Apply(BinaryOp.Min, DType.Int64);
    }

    /// <summary>Pushes the address of the element of a lane, or of the last one in use.</summary>
    private void PushLaneAddress(Memory memory, Scalar index, int copy, int lane)
    {
        if (_pushLaneCount is null || _knownLaneCount is not null)
        {
            PushAddress(memory, index, copy, Math.Min(lane, (_knownLaneCount ?? plan.Lanes) - 1));
            return;
        }

        PushAddress(memory, index, copy, 0);
        PushLaneInUse(lane);
        _il.Times(plan.Affine(index).Step * memory.DType.Size());
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    /// <summary>Pushes the address of the element of one iteration, whose index is start + step · index of the loop.</summary>
    private void PushAddress(Memory memory, Scalar index, int copy, int lane)
    {
        (Scalar start, long step) = plan.Affine(index);
        int size = memory.DType.Size();
        (Scalar varying, long constant) = start switch
        {
            Literal literal => (Scalar.Int(0), literal.Value.AsInt64),
            Binary { Op: BinaryOp.Add, Y: Literal term } sum => (sum.X, term.Value.AsInt64),
            _ => (start, 0L),
        };
        if (varying is Literal)
        {
            _il.Emit(OpCodes.Ldloc, frame[memory]);
        }
        else if (IsHoistable(varying))
        {
            PushHoisted((memory, varying, 0), typeof(nint), () => _scalars.PushAddress(memory, varying));
        }
        else
        {
            _scalars.PushAddress(memory, varying);
        }

        if (Position is not null)
        {
            _il.Emit(OpCodes.Ldloc, Position);
            _il.Times(step * size);
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        }

        _il.Plus((constant + (step * (Start + (copy * plan.Lanes) + lane))) * size, asAddress: true);
    }

    private void PushPosition(int copy)
    {
        if (Position is not null)
        {
            _il.Emit(OpCodes.Ldloc, Position);
            _il.Plus(Start + (copy * plan.Lanes));
        }
        else
        {
            _il.Push(Start + (copy * plan.Lanes));
        }
    }

    /// <summary>Pushes a vector with one value in all lanes: made before the loop, or once for all copies.</summary>
    private void PushBroadcast(Scalar x, VectorType type, Action pushElement)
    {
        void PushVector()
        {
            pushElement();
            _ops.Broadcast(type);
        }

        if (IsHoistable(x) && !(x is Literal && plan.CallsFunctions))
        {
            PushHoisted((type.Element, x, 0), type.ClrType, PushVector);
        }
        else if (_broadcasts.TryGetValue((x, type.Element.Size()), out LocalBuilder? known))
        {
            _il.Emit(OpCodes.Ldloc, known);
        }
        else
        {
            PushVector();
            if (_copies > 1 && _selects == 0)
            {
                LocalBuilder local = _il.DeclareLocal(type.ClrType);
                _il.Emit(OpCodes.Stloc, local);
                _il.Emit(OpCodes.Ldloc, local);
                _broadcasts.Add((x, type.Element.Size()), local);
            }
        }
    }

    private bool IsHoistable(Scalar x) =>
        plan.Of(x) == Dependence.Invariant
        && (_conditions == 0 || !ScalarGraph.InOrder(x).Exists(node => node is Load { Memory.Scope: not MemoryScope.Register }));

    private void PushHoisted((object, Scalar, int) key, Type type, Action push)
    {
        if (!_hoisted.TryGetValue(key, out LocalBuilder? local))
        {
            local = _il.DeclareLocal(type);
            _hoisted.Add(key, local);
            LocalBuilder target = local;
            _hoists.Add(() =>
            {
                push();
                _il.Emit(OpCodes.Stloc, target);
            });
        }

        _il.Emit(OpCodes.Ldloc, local);
    }

    private void DuplicateTop(VectorType type)
    {
        LocalBuilder local = _il.DeclareLocal(type.ClrType);
        _il.Emit(OpCodes.Stloc, local);
        _il.Emit(OpCodes.Ldloc, local);
        _il.Emit(OpCodes.Ldloc, local);
    }

    private LocalBuilder[] Locals(object owner, Type type, int count)
    {
        LocalBuilder[] locals = new LocalBuilder[count];
        for (int i = 0; i < count; i++)
        {
            locals[i] = _il.DeclareLocal(type);
        }

        return _vectors[owner] = locals;
    }

    private VectorType Vector(DType element) => new(element, plan.Lanes);

    private VectorType ElementType(Memory memory) => Vector(memory.DType == DType.Bool ? DType.UInt8 : memory.DType);

    private VectorType RegisterType(Memory memory) =>
        Vector(memory.DType == DType.Bool ? VectorOps.Mask(plan.MaxSize) : memory.DType);

    private VectorType ReductionType(Accumulate update) =>
        Vector(update.Memory.DType == DType.Bool ? VectorOps.Mask(plan.MaxSize) : update.Memory.DType);

    private VectorType TypeOf(Scalar value) =>
        Vector(value.DType == DType.Bool ? VectorOps.Mask(MaskSize(value)) : value.DType);

    private int MaskSize(Scalar value) => plan.MaskSize(value) is > 0 and var size ? size : plan.MaxSize;

    private static BinaryOp ReductionOp(Accumulate update) =>
        update.Memory.DType == DType.Bool ? MaskOp(update.Op) : update.Op;

    private static BinaryOp MaskOp(BinaryOp op) => op switch
    {
        BinaryOp.Add or BinaryOp.Max => BinaryOp.Or,
        BinaryOp.Mul or BinaryOp.Min => BinaryOp.And,
        _ => op,
    };

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

    /// <summary>0, 1, 2, …</summary>
    private static System.Reflection.MethodInfo Indices(VectorType type) =>
        type.ClrType.GetProperty("Indices")!.GetMethod!;

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
