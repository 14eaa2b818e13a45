using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>Emits scalars, one element at a time: each method leaves one value on the evaluation stack.</summary>
internal sealed class ScalarEmitter(Frame frame)
{
    private readonly ILGenerator _il = frame.IL;

    /// <summary>Pushes the value of a scalar.</summary>
    public void Push(Scalar scalar)
    {
        switch (scalar)
        {
            case Literal literal:
                PushLiteral(literal.Value);
                break;
            case Variable variable:
                _il.Emit(OpCodes.Ldloc, frame[variable]);
                break;
            case Load { Memory.Scope: MemoryScope.Register } load:
                _il.Emit(OpCodes.Ldloc, frame[load.Memory]);
                break;
            case Load load:
                PushAddress(load.Memory, load.Index);
                _il.LoadElement(load.DType);
                break;
            case Unary unary:
                Push(unary.X);
                Apply(unary.Op, unary.X.DType);
                break;
            case Binary binary:
                Push(binary);
                break;
            case Select select:
                Push(select);
                break;
            case Cast cast:
                Push(cast.X);
                Convert(cast.X.DType, cast.DType, cast.Reinterpret);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(scalar), scalar.GetType(), "unknown scalar");
        }
    }

    /// <summary>Pushes the address of an element.</summary>
    public void PushAddress(Memory memory, Scalar index)
    {
        _il.Emit(OpCodes.Ldloc, frame[memory]);
        PushOffset(memory.DType.Size(), index);
    }

    /// <summary>Adds an index, in elements of a size, to the address on the stack.</summary>
    public void PushOffset(int size, Scalar index)
    {
        (Scalar start, long rest) = index switch
        {
            Binary { Op: BinaryOp.Add, Y: Literal term } sum => (sum.X, term.Value.AsInt64),
            Literal literal => (Scalar.Int(0), literal.Value.AsInt64),
            _ => (index, 0),
        };
        if (start is not Literal)
        {
            Push(start);
            _il.Times(size);
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        }

        if (rest != 0)
        {
            _il.Push(rest * size);
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        }
    }

    /// <summary>Replaces the operand on the stack by the result.</summary>
    public void Apply(UnaryOp op, DType dtype)
    {
        Type type = Frame.StackType(dtype);
        switch (op)
        {
            case UnaryOp.Neg:
                _il.Emit(OpCodes.Neg);
                Wrap(dtype);
                break;
            case UnaryOp.Not when dtype == DType.Bool:
                Not();
                break;
            case UnaryOp.Not:
                _il.Emit(OpCodes.Not);
                Wrap(dtype);
                break;
            case UnaryOp.IsNaN:
                _il.Call(type, nameof(float.IsNaN), 1, type);
                break;
            case UnaryOp.IsInf:
                _il.Call(type, nameof(float.IsInfinity), 1, type);
                break;
            case UnaryOp.Sign when dtype is DType.UInt32 or DType.UInt64:
                Convert(dtype, DType.Bool);
                Convert(DType.Bool, dtype);
                break;
            case UnaryOp.Abs or UnaryOp.Sign when dtype.IsInteger():
                if (!dtype.IsUnsigned() || op == UnaryOp.Sign)
                {
                    _il.Call(typeof(ElementMath), op.ToString(), 1, type);
                    Wrap(dtype);
                }

                break;
            case var _ when !dtype.IsFloat():
                break;                                      // rounding an integer, or anything of a bool
            case UnaryOp.Exponent or UnaryOp.Significand:
                new VectorOps(_il).ApplyInLane(op, dtype);
                break;
            case UnaryOp.Sign or UnaryOp.Exp2 or UnaryOp.Expm1 or UnaryOp.Log1p or UnaryOp.Erf:
                _il.Call(typeof(ElementMath), op.ToString(), 1, type);
                break;
            case UnaryOp.Abs:
                _il.Call(typeof(Math), nameof(Math.Abs), 1, type);
                break;
            default:
                string name = op switch
                {
                    UnaryOp.Ceil => nameof(Math.Ceiling),
                    UnaryOp.Trunc => nameof(Math.Truncate),
                    _ => op.ToString(),
                };
                _il.Call(dtype == DType.Float32 ? typeof(MathF) : typeof(Math), name, 1, type);
                break;
        }
    }

    /// <summary>Replaces the two operands on the stack by the result.</summary>
    public void Apply(BinaryOp op, DType dtype)
    {
        Type type = Frame.StackType(dtype);
        bool unsigned = dtype.IsUnsigned();
        switch (op)
        {
            case BinaryOp.Add when dtype == DType.Bool:
            case BinaryOp.Max when dtype == DType.Bool:
                _il.Emit(OpCodes.Or);
                break;
            case BinaryOp.Mul when dtype == DType.Bool:
            case BinaryOp.Min when dtype == DType.Bool:
                _il.Emit(OpCodes.And);
                break;
            case BinaryOp.Add or BinaryOp.Sub or BinaryOp.Mul or BinaryOp.Div:
                _il.Emit(op switch
                {
                    BinaryOp.Add => OpCodes.Add,
                    BinaryOp.Sub => OpCodes.Sub,
                    BinaryOp.Mul => OpCodes.Mul,
                    _ => OpCodes.Div,
                });
                Wrap(dtype);
                break;
            case BinaryOp.And:
                _il.Emit(OpCodes.And);
                break;
            case BinaryOp.Or:
                _il.Emit(OpCodes.Or);
                break;
            case BinaryOp.Xor:
                _il.Emit(OpCodes.Xor);
                break;
            case BinaryOp.ShiftLeft:
                _il.Emit(OpCodes.Conv_I4);
                _il.Emit(OpCodes.Shl);
                Wrap(dtype);
                break;
            case BinaryOp.ShiftRight:
                _il.Emit(OpCodes.Conv_I4);
                _il.Emit(unsigned ? OpCodes.Shr_Un : OpCodes.Shr);
                break;
            case BinaryOp.Eq:
                _il.Emit(OpCodes.Ceq);
                break;
            case BinaryOp.Ne:
                _il.Emit(OpCodes.Ceq);
                Not();
                break;
            case BinaryOp.Lt:
                _il.Emit(unsigned ? OpCodes.Clt_Un : OpCodes.Clt);
                break;
            case BinaryOp.Le:
                // of floats: not (greater or unordered)
                _il.Emit(unsigned || dtype.IsFloat() ? OpCodes.Cgt_Un : OpCodes.Cgt);
                Not();
                break;
            case BinaryOp.Min or BinaryOp.Max:
                _il.Call(typeof(Math), op.ToString(), 2, type);
                break;
            case BinaryOp.Scale:
                new VectorOps(_il).ApplyInLane(op, dtype);
                break;
            case BinaryOp.Pow or BinaryOp.Atan2 when dtype.IsFloat():
                _il.Call(dtype == DType.Float32 ? typeof(MathF) : typeof(Math), op.ToString(), 2, type);
                break;
            case BinaryOp.FloorDiv or BinaryOp.Mod or BinaryOp.Pow:
                _il.Call(typeof(ElementMath), op.ToString(), 2, type);
                Wrap(dtype);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(op), op, "unknown operation");
        }
    }

    /// <summary>Replaces the value on the stack by its conversion, or its bits.</summary>
    public void Convert(DType from, DType to, bool reinterpret = false)
    {
        if (reinterpret && from.IsFloat() != to.IsFloat())
        {
            Reinterpret(from, to);
            return;
        }

        switch (to)
        {
            case DType.Bool:
                PushZero(from);
                _il.Emit(from.IsFloat() ? OpCodes.Ceq : OpCodes.Cgt_Un);
                if (from.IsFloat())
                {
                    Not();
                }

                break;
            case DType.Float32 or DType.Float64:
                if (from is DType.UInt32 or DType.UInt64)
                {
                    _il.Emit(OpCodes.Conv_R_Un);
                }

                _il.Emit(OpCodes.Conv_R8);
                if (to == DType.Float32)
                {
                    _il.Emit(OpCodes.Conv_R4);
                }

                break;
            case DType.Int64 or DType.UInt64:
                bool zeroExtend = from.IsFloat() ? to == DType.UInt64 : from.IsUnsigned();
                _il.Emit(zeroExtend ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
                break;
            case DType.UInt32:
                _il.Emit(OpCodes.Conv_U4);
                break;
            case DType.Int32:
                _il.Emit(OpCodes.Conv_I4);
                break;
            default:
                if (from.IsFloat())
                {
                    _il.Emit(OpCodes.Conv_I4);
                }

                Wrap(to);
                break;
        }
    }

    /// <summary>Pushes zero of a dtype.</summary>
    public void PushZero(DType dtype) => PushLiteral(ScalarValue.Of(dtype, 0L));

    /// <summary>Pushes a constant.</summary>
    public void PushLiteral(ScalarValue value)
    {
        switch (value.DType)
        {
            case DType.Float32:
                _il.Emit(OpCodes.Ldc_R4, (float)value.AsDouble);
                break;
            case DType.Float64:
                _il.Emit(OpCodes.Ldc_R8, value.AsDouble);
                break;
            case DType.Int64 or DType.UInt64:
                _il.Push(value.AsInt64);
                break;
            default:
                _il.Emit(OpCodes.Ldc_I4, (int)value.AsInt64);
                break;
        }
    }

    private void Push(Binary x)
    {
        if (Fusion.TryMatch(x, out Fusion fused))
        {
            Push(fused);
            return;
        }

        Push(x.X);
        Push(x.Y);
        if (x is { Op: BinaryOp.FloorDiv or BinaryOp.Mod, Y: Literal divisor } && IsUnsignedDivision(x, divisor))
        {
            _il.Emit(x.Op == BinaryOp.Mod ? OpCodes.Rem_Un : OpCodes.Div_Un);
        }
        else
        {
            Apply(x.Op, x.X.DType);
        }
    }

    private void Push(Fusion x)
    {
        Push(x.A);
        Negate(x.NegateProduct);
        Push(x.B);
        Push(x.C);
        Negate(x.NegateTerm);
        Type type = Frame.StackType(x.A.DType);
        _il.Call(type, nameof(double.MultiplyAddEstimate), 3, type);

        void Negate(bool negated)
        {
            if (negated)
            {
                _il.Emit(OpCodes.Neg);
            }
        }
    }

    /// <summary>Whether both are known not to be negative, so that Python's division is the machine's.</summary>
    private static bool IsUnsignedDivision(Binary x, Literal divisor) =>
        x.DType == DType.Int64 && divisor.Value.AsInt64 > 0 && IndexMath.Range(x.X) is var (min, _) && min >= 0;

    private void Push(Select x)
    {
        Label otherwise = _il.DefineLabel();
        Label end = _il.DefineLabel();
        Push(x.Condition);
        _il.Emit(OpCodes.Brfalse, otherwise);
        Push(x.WhenTrue);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(otherwise);
        Push(x.WhenFalse);
        _il.MarkLabel(end);
    }

    /// <summary>Brings the int on the stack back into the range of a small integer.</summary>
    private void Wrap(DType dtype)
    {
        switch (dtype)
        {
            case DType.Int8:
                _il.Emit(OpCodes.Conv_I1);
                break;
            case DType.Int16:
                _il.Emit(OpCodes.Conv_I2);
                break;
            case DType.UInt8:
                _il.Emit(OpCodes.Conv_U1);
                break;
            case DType.UInt16:
                _il.Emit(OpCodes.Conv_U2);
                break;
        }
    }

    private void Reinterpret(DType from, DType to)
    {
        Type type = Frame.StackType(from);
        string name = (from, to) switch
        {
            (DType.Float32, _) => nameof(BitConverter.SingleToInt32Bits),
            (DType.Float64, _) => nameof(BitConverter.DoubleToInt64Bits),
            (DType.UInt32, _) => nameof(BitConverter.UInt32BitsToSingle),
            (DType.Int32, _) => nameof(BitConverter.Int32BitsToSingle),
            (DType.UInt64, _) => nameof(BitConverter.UInt64BitsToDouble),
            _ => nameof(BitConverter.Int64BitsToDouble),
        };
        _il.Call(typeof(BitConverter), name, 1, type);
    }

    private void Not()
    {
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Ceq);
    }
}
