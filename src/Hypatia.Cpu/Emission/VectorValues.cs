// A little long because each kind of scalar has its vector form here, side by side.
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>Emits scalars for all lanes at once: each method leaves a vector, or a mask for a bool, on the stack.</summary>
internal sealed class VectorValues
{
    private readonly VectorFrame _frame;
    private readonly ILGenerator _il;
    private readonly VectorOps _ops;
    private readonly ScalarEmitter _scalars;
    private readonly VectorPlan _plan;

    /// <summary>Values of one loop.</summary>
    public VectorValues(VectorFrame frame)
    {
        _frame = frame;
        _il = frame.IL;
        _ops = frame.Ops;
        _scalars = frame.Scalars;
        _plan = frame.Plan;
        Memory = new VectorMemory(frame, this);
    }

    /// <summary>Loads and stores.</summary>
    public VectorMemory Memory { get; }

    /// <summary>Pushes a value as a vector, or a bool as a mask with lanes of the size of a type.</summary>
    public void Push(Scalar value, VectorType type, int copy)
    {
        if (value.DType == DType.Bool)
        {
            PushMask(value, copy, type.Element.Size());
        }
        else
        {
            PushVector(value, copy);
        }
    }

    /// <summary>Pushes a value as the elements of its dtype in memory: a bool as 0 and 1.</summary>
    public void PushElements(Scalar value, int copy)
    {
        if (value.DType == DType.Bool)
        {
            PushMask(value, copy, 1);
            MaskToElements(1);
        }
        else
        {
            PushVector(value, copy);
        }
    }

    /// <summary>Replaces the mask on the stack, with lanes of a size, by the bools in memory: −1 becomes 1.</summary>
    public void MaskToElements(int size)
    {
        VectorType bytes = _frame.Vector(DType.UInt8);
        _ops.ResizeMask(_plan.Lanes, size, 1);
        _ops.Reinterpret(bytes.Of(DType.Int8), DType.UInt8);
        _il.Emit(OpCodes.Ldc_I4_1);
        _ops.Broadcast(bytes);
        _ops.TryApply(BinaryOp.And, bytes);
    }

    /// <summary>Pushes a value that is not a bool.</summary>
    public void PushVector(Scalar x, int copy)
    {
        if (_plan.IsUniform(x))
        {
            PushUniform(x);
            return;
        }

        if (_plan.Of(x) == Dependence.Affine || _plan.IsSequence(x))
        {
            PushSequence(x is Cast cast ? cast.X : x, x.DType, copy);
            return;
        }

        switch (x)
        {
            case Variable variable:
                _il.Emit(OpCodes.Ldloc, _frame.Vectors[variable][copy]);
                break;
            case Load load:
                Memory.PushLoad(load, copy);
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
                VectorType type = _frame.Vector(cast.DType);
                DType bits = VectorOps.Mask(cast.DType.Size());
                PushMask(cast.X, copy, cast.DType.Size());
                _ops.Reinterpret(type.Of(bits), cast.DType);
                _scalars.PushLiteral(ScalarValue.Of(cast.DType, 1L));
                _ops.Broadcast(type);
                _ops.TryApply(BinaryOp.And, type);
                break;
            case Cast { Reinterpret: true } cast:
                PushVector(cast.X, copy);
                _ops.Reinterpret(_frame.Vector(cast.X.DType), cast.DType);
                break;
            case Cast cast:
                PushVector(cast.X, copy);
                _ops.Convert(_frame.Vector(cast.X.DType), cast.DType);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(x), x.GetType(), "unknown scalar");
        }
    }

    private void PushUniform(Scalar x) => PushBroadcast(x, _frame.Vector(x.DType), () => _scalars.Push(x));

    private void PushUniformMask(Scalar x, VectorType type) => PushBroadcast(x, type, () =>
    {
        _scalars.Push(x);
        _il.Emit(OpCodes.Neg);
        _scalars.Convert(DType.Int32, type.Element);
    });

    /// <summary>Pushes a bool as a mask with lanes of a size.</summary>
    public void PushMask(Scalar x, int copy, int size)
    {
        VectorType type = _frame.Vector(VectorOps.Mask(size));
        if (_plan.IsUniform(x))
        {
            PushUniformMask(x, type);
            return;
        }

        switch (x)
        {
            case Variable variable:
                _il.Emit(OpCodes.Ldloc, _frame.Vectors[variable][copy]);
                _ops.ResizeMask(_plan.Lanes, _frame.TypeOf(x).Element.Size(), size);
                break;
            case Load { Memory.Scope: MemoryScope.Register } load:
                _il.Emit(OpCodes.Ldloc, _frame.Vectors[load.Memory][copy]);
                _ops.ResizeMask(_plan.Lanes, _plan.MaxSize, size);
                break;
            case Load load:
                PushLoadedMask(load, copy, size);
                break;
            case Unary { Op: UnaryOp.IsNaN } predicate:
                PushVector(predicate.X, copy);
                _ops.Duplicate(_frame.Vector(predicate.X.DType));
                _ops.Compare(BinaryOp.Ne, _frame.Vector(predicate.X.DType));
                _ops.ResizeMask(_plan.Lanes, predicate.X.DType.Size(), size);
                break;
            case Unary { Op: UnaryOp.IsInf } predicate:
                VectorType operand = _frame.Vector(predicate.X.DType);
                PushVector(predicate.X, copy);
                _ops.TryApply(UnaryOp.Abs, operand);
                _scalars.PushLiteral(ScalarValue.Of(predicate.X.DType, double.PositiveInfinity));
                _ops.Broadcast(operand);
                _ops.Compare(BinaryOp.Eq, operand);
                _ops.ResizeMask(_plan.Lanes, predicate.X.DType.Size(), size);
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
                _ops.Compare(binary.Op, _frame.Vector(binary.X.DType));
                _ops.ResizeMask(_plan.Lanes, binary.X.DType.Size(), size);
                break;
            case Select select:
                PushMask(select.Condition, copy, size);
                PushMask(select.WhenTrue, copy, size);
                PushMask(select.WhenFalse, copy, size);
                _ops.Select(type);
                break;
            case Cast cast:
                VectorType number = _frame.Vector(cast.X.DType);
                PushVector(cast.X, copy);
                _scalars.PushZero(cast.X.DType);
                _ops.Broadcast(number);
                _ops.Compare(BinaryOp.Ne, number);
                _ops.ResizeMask(_plan.Lanes, cast.X.DType.Size(), size);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(x), x.GetType(), "unknown scalar");
        }
    }

    /// <summary>Pushes the mask of the bools in memory.</summary>
    public void PushLoadedMask(Load load, int copy, int size)
    {
        VectorType bytes = _frame.Vector(DType.UInt8);
        Memory.PushLoad(load, copy);
        _il.Emit(OpCodes.Ldc_I4_0);
        _ops.Broadcast(bytes);
        _ops.Compare(BinaryOp.Ne, bytes);
        _ops.ResizeMask(_plan.Lanes, 1, size);
    }

    /// <summary>Pushes a vector with one value in all lanes: made before the loop, or once for all copies.</summary>
    private void PushBroadcast(Scalar x, VectorType type, Action pushElement)
    {
        void PushVector()
        {
            pushElement();
            _ops.Broadcast(type);
        }

        if (_frame.IsHoistable(x) && !(x is Literal && _plan.CallsFunctions))
        {
            _frame.PushHoisted(type.Element, x, type.ClrType, PushVector);
        }
        else if (_frame.Broadcasts.TryGetValue(new Prepared(type.Element, x), out LocalBuilder? known))
        {
            _il.Emit(OpCodes.Ldloc, known);
        }
        else
        {
            PushVector();
            if (_frame.Copies > 1 && _frame.Branches == 0)
            {
                LocalBuilder local = _il.DeclareLocal(type.ClrType);
                _il.Emit(OpCodes.Stloc, local);
                _il.Emit(OpCodes.Ldloc, local);
                _frame.Broadcasts.Add(new Prepared(type.Element, x), local);
            }
        }
    }

    /// <summary>start + step · (position + 0, 1, …), in an integer dtype.</summary>
    private void PushSequence(Scalar index, DType dtype, int copy)
    {
        VectorType type = _frame.Vector(dtype);
        (Scalar start, long step) = _plan.Affine(index);
        _scalars.Push(start);
        _frame.PushPosition(copy);
        _il.Times(step);
        _il.Emit(OpCodes.Add);
        _scalars.Convert(DType.Int64, dtype);
        _ops.Broadcast(type);
        _frame.PushIndices(type);
        if (step != 1)
        {
            _scalars.PushLiteral(ScalarValue.Of(dtype, step));
            _ops.Broadcast(type);
            _ops.TryApply(BinaryOp.Mul, type);
        }

        _ops.TryApply(BinaryOp.Add, type);
    }

    private void PushUnary(Unary x, int copy)
    {
        VectorType type = _frame.Vector(x.DType);
        PushVector(x.X, copy);
        if (!_ops.TryApply(x.Op, type))
        {
            ApplyEach(x, type);
        }
    }

    private void ApplyEach(Unary x, VectorType type) => _ops.ApplyEach(type, 1, () => _scalars.Apply(x.Op, x.DType));

    private void ApplyEach(Binary x, VectorType type) => _ops.ApplyEach(type, 2, () => _scalars.Apply(x.Op, x.DType));

    private void PushBinary(Binary x, int copy)
    {
        VectorType type = _frame.Vector(x.DType);
        if (Fusion.TryMatch(x, out Fusion fused))
        {
            bool isNegated = fused.NegateProduct || fused.NegateTerm;
            bool inOne = isNegated && VectorOps.HasMultiplySubtract(type);
            PushVector(fused.A, copy);
            Negate(fused.NegateProduct && !inOne);
            PushVector(fused.B, copy);
            PushVector(fused.C, copy);
            Negate(fused.NegateTerm && !inOne);
            if (inOne)
            {
                _ops.MultiplySubtract(type, fused.NegateProduct);
            }
            else
            {
                _ops.MultiplyAdd(type);
            }

            return;
        }

        PushVector(x.X, copy);
        if (x.Op is BinaryOp.ShiftLeft or BinaryOp.ShiftRight && _plan.IsUniform(x.Y))
        {
            _scalars.Push(x.Y);
            _il.Emit(OpCodes.Conv_I4);
            _ops.Shift(x.Op, type);
            return;
        }

        if (VectorPlan.IsDivisionByConstant(x))
        {
            _ops.Divide(type, ((Literal)x.Y).Value.AsInt64, remainder: x.Op == BinaryOp.Mod);
            return;
        }

        PushVector(x.Y, copy);
        if (!_ops.TryApply(x.Op, type))
        {
            ApplyEach(x, type);
        }

        void Negate(bool negated)
        {
            if (negated)
            {
                _ops.TryApply(UnaryOp.Neg, type);
            }
        }
    }

    /// <summary>
    /// Both sides are computed and one chosen, except that a side that calls a function for each lane is left out when
    /// no lane needs it.
    /// </summary>
    private void PushSelect(Select x, int copy)
    {
        VectorType type = _frame.Vector(x.DType);
        if (IsLeast(x, out bool larger))
        {
            PushVector(x.WhenTrue, copy);
            PushVector(x.WhenFalse, copy);
            _ops.Least(type, larger);
            return;
        }

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
        _frame.Branches++;
        _il.Emit(OpCodes.Ldloc, mask);
        _ops.Reinterpret(maskType, x.DType);
        _il.Emit(OpCodes.Ldloc, value);
        PushVector(callsWhenTrue ? x.WhenTrue : x.WhenFalse, copy);
        _ops.Select(type);
        _il.Emit(OpCodes.Stloc, value);
        _frame.Branches--;
        _il.MarkLabel(end);
        _il.Emit(OpCodes.Ldloc, value);
    }

    // The smaller or the larger of two floats, and the second where they do not compare: as the instructions of x86 have it.
    private static bool IsLeast(Select x, out bool larger)
    {
        larger = x.Condition is Binary { Op: BinaryOp.Lt } condition && condition.X.Equals(x.WhenFalse) && condition.Y.Equals(x.WhenTrue);
        bool smaller = x.Condition is Binary { Op: BinaryOp.Lt } less && less.X.Equals(x.WhenTrue) && less.Y.Equals(x.WhenFalse);
        return Sse.IsSupported && x.DType.IsFloat() && (larger || smaller);
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

    private bool CallsFunction(Scalar x)
    {
        if (x is Variable || _plan.IsUniform(x))
        {
            return false;
        }

        bool calls = VectorPlan.IsFunction(x);
        for (int k = 0; !calls && k < x.OperandSpan.Length; k++)
        {
            calls = CallsFunction(x.OperandSpan[k]);
        }

        return calls;
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
            _ => VectorOps.MaskOp(x.Op),
        }, type);
        if (x.Op == BinaryOp.Eq)
        {
            _ops.TryApply(UnaryOp.Not, type);
        }
    }
}
