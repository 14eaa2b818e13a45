using System.Numerics;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Hypatia.Loops;

namespace Hypatia.Cpu.Instructions;

/// <summary>Emits operations on vectors that are on the evaluation stack.</summary>
internal sealed partial class VectorOps(ILGenerator il)
{
    /// <summary>Integers below it are divided exactly by way of float64.</summary>
    public const long LargestDividend = 1L << 50;

    /// <summary>The signed integer whose 0 and −1 make a mask with lanes of a size.</summary>
    public static DType Mask(int size) => size switch
    {
        1 => DType.Int8,
        2 => DType.Int16,
        4 => DType.Int32,
        _ => DType.Int64,
    };

    /// <summary>The operation on masks that an operation on bools is.</summary>
    public static BinaryOp MaskOp(BinaryOp op) => op switch
    {
        BinaryOp.Add or BinaryOp.Max => BinaryOp.Or,
        BinaryOp.Mul or BinaryOp.Min => BinaryOp.And,
        _ => op,
    };

    /// <summary>Makes the element on the stack the value of all lanes.</summary>
    public void Broadcast(VectorType type)
    {
        il.Vector(type.Bits, "Create", type.Element.ClrType());
    }

    /// <summary>Pushes the vector on the stack once more.</summary>
    public void Duplicate(VectorType type)
    {
        LocalBuilder local = il.DeclareLocal(type.ClrType);
        il.Emit(OpCodes.Stloc, local);
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ldloc, local);
    }

    /// <summary>Pushes a vector of integers, one for each lane; unused lanes get 0.</summary>
    public void Constant(VectorType type, ReadOnlySpan<long> lanes)
    {
        int all = type.Bits / 8 / type.Element.Size();
        for (int lane = 0; lane < all; lane++)
        {
            long value = lane < lanes.Length ? lanes[lane] : 0;
            if (type.Element.Size() == 8)
            {
                il.Push(value);
            }
            else
            {
                il.Emit(OpCodes.Ldc_I4, (int)value);
            }
        }

        il.Create(type.Bits, type.Element.ClrType(), all);
    }

    /// <summary>Reads the lanes' bits as another element type of the same size.</summary>
    public void Reinterpret(VectorType from, DType to)
    {
        if (from.Element != to)
        {
            il.VectorTo(from.Bits, "As", from.ClrType, to.ClrType());
        }
    }

    /// <summary>A unary operation that vectors have; false if they have not.</summary>
    public bool TryApply(UnaryOp op, VectorType type)
    {
        bool isFloat = type.Element.IsFloat();
        string? name = op switch
        {
            UnaryOp.Neg => "op_UnaryNegation",
            UnaryOp.Not => "op_OnesComplement",
            UnaryOp.Abs => "Abs",
            UnaryOp.Sqrt => "Sqrt",
            UnaryOp.Floor => "Floor",
            UnaryOp.Ceil => "Ceiling",
            UnaryOp.Trunc => "Truncate",
            UnaryOp.Round => "Round",
            _ => null,
        };
        if (op is UnaryOp.Exponent or UnaryOp.Significand)
        {
            Part(op, type);
            return true;
        }

        if (name is null)
        {
            return false;
        }

        bool isIdentity = (op is >= UnaryOp.Floor and <= UnaryOp.Round && !isFloat)
            || (op == UnaryOp.Abs && type.Element.IsUnsigned());
        if (op is UnaryOp.Neg or UnaryOp.Not)
        {
            il.Operator(name, type.ClrType);
        }
        else if (!isIdentity)
        {
            il.Vector(type.Bits, name, type.ClrType);
        }

        return true;
    }

    /// <summary>The exponent or the significand of the vector on the stack.</summary>
    /// <remarks>The instructions for exponents are those of significands from 1 to 2, so what a significand from ¾ to 1½ lacks is subtracted.</remarks>
    private void Part(UnaryOp op, VectorType type)
    {
        const int fromThreeQuarters = 3, positive = 1 << 2;
        Type instructions = type.Bits == 512 ? typeof(Avx512F) : typeof(Avx512F.VL);
        if (op == UnaryOp.Exponent)
        {
            Duplicate(type);
            il.Instruction(instructions, nameof(Avx512F.GetExponent), type.ClrType);
            LocalBuilder exponent = il.DeclareLocal(type.ClrType);
            il.Emit(OpCodes.Stloc, exponent);
            Part(UnaryOp.Significand, type);
            il.Instruction(instructions, nameof(Avx512F.GetExponent), type.ClrType);
            LocalBuilder lacking = il.DeclareLocal(type.ClrType);
            il.Emit(OpCodes.Stloc, lacking);
            il.Emit(OpCodes.Ldloc, exponent);
            il.Emit(OpCodes.Ldloc, lacking);
            TryApply(BinaryOp.Sub, type);
            return;
        }

        il.Emit(OpCodes.Ldc_I4, fromThreeQuarters | positive);
        il.Instruction(instructions, nameof(Avx512F.GetMantissa), type.ClrType, typeof(byte));
    }

    /// <summary>A binary operation that vectors have, with a result of the same type; false if they have not.</summary>
    public bool TryApply(BinaryOp op, VectorType type)
    {
        string? name = op switch
        {
            BinaryOp.Add => "op_Addition",
            BinaryOp.Sub => "op_Subtraction",
            BinaryOp.Mul => "op_Multiply",
            BinaryOp.Div => "op_Division",
            BinaryOp.Scale => "Scale",
            BinaryOp.Min => "Min",
            BinaryOp.Max => "Max",
            BinaryOp.And => "op_BitwiseAnd",
            BinaryOp.Or => "op_BitwiseOr",
            BinaryOp.Xor => "op_ExclusiveOr",
            _ => null,
        };
        if (name is null)
        {
            return false;
        }

        if (op is BinaryOp.Min or BinaryOp.Max)
        {
            if (type.Element.IsFloat() && IsNarrowX86(type))
            {
                Extreme(type, larger: op == BinaryOp.Max);
            }
            else
            {
                il.Vector(type.Bits, name, type.ClrType, type.ClrType);
            }
        }
        else if (op == BinaryOp.Scale)
        {
            il.Instruction(type.Bits == 512 ? typeof(Avx512F) : typeof(Avx512F.VL), name, type.ClrType, type.ClrType);
        }
        else
        {
            il.Operator(name, type.ClrType, type.ClrType);
        }

        return true;
    }

    /// <summary>A comparison: a mask with lanes of the operands' size.</summary>
    public void Compare(BinaryOp op, VectorType type)
    {
        string name = op switch
        {
            BinaryOp.Lt => "LessThan",
            BinaryOp.Le => "LessThanOrEqual",
            _ => "Equals",
        };
        il.Vector(type.Bits, name, type.ClrType, type.ClrType);
        VectorType mask = type.Of(Mask(type.Element.Size()));
        Reinterpret(type, mask.Element);
        if (op == BinaryOp.Ne)
        {
            TryApply(UnaryOp.Not, mask);
        }
    }

    /// <summary>a · b + c, with one rounding where the machine has it.</summary>
    public void MultiplyAdd(VectorType type) =>
        il.Vector(type.Bits, "MultiplyAddEstimate", type.ClrType, type.ClrType, type.ClrType);

    /// <summary>Whether the machine has products that are subtracted, or subtracted from, in one instruction.</summary>
    public static bool HasMultiplySubtract(VectorType type) => type.Bits == 512 ? Machine.HasAvx512F : Machine.HasFma;

    /// <summary>c − a · b if the product is negated, else a · b − c, with one rounding.</summary>
    public void MultiplySubtract(VectorType type, bool negateProduct) => il.Instruction(
        type.Bits == 512 ? typeof(Avx512F) : typeof(Fma),
        (type.Bits == 512 ? "Fused" : "") + (negateProduct ? "MultiplyAddNegated" : "MultiplySubtract"),
        type.ClrType, type.ClrType, type.ClrType);

    /// <summary>
    /// a &lt; b ? a : b (or the larger: b &lt; a ? a : b) of floats, in one instruction: b where the comparison fails, so if either is NaN.
    /// </summary>
    public void Least(VectorType type, bool larger) =>
        il.Vector(type.Bits, larger ? "MaxNative" : "MinNative", type.ClrType, type.ClrType);

    /// <summary>
    /// The smaller (or larger) of two floats, NaN if either is, −0 below 0, by instructions that choose the second of two alike or of which
    /// one is NaN. In both orders: they differ for zeros alone, in the sign bit, but for NaN.
    /// </summary>
    private void Extreme(VectorType type, bool larger)
    {
        LocalBuilder x = il.DeclareLocal(type.ClrType), y = il.DeclareLocal(type.ClrType);
        il.Emit(OpCodes.Stloc, y);
        il.Emit(OpCodes.Stloc, x);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, y);
        Least(type, larger);
        il.Emit(OpCodes.Ldloc, y);
        il.Emit(OpCodes.Ldloc, x);
        Least(type, larger);
        TryApply(larger ? BinaryOp.And : BinaryOp.Or, type);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, y);
        il.Instruction(
            type.Bits == 256 ? typeof(Avx) : type.Element == DType.Float32 ? typeof(Sse) : typeof(Sse2), nameof(Avx.CompareUnordered),
            type.ClrType, type.ClrType);
        TryApply(BinaryOp.Or, type);
    }

    /// <summary>Chooses lane by lane: the mask, of integers of the element's size, is the first of three on the stack.</summary>
    public void Select(VectorType type)
    {
        if (!IsNarrowX86(type))
        {
            il.Vector(type.Bits, "ConditionalSelect", type.ClrType, type.ClrType, type.ClrType);
            return;
        }

        // By hand, because the JIT takes three instructions where it does not see that a mask is one.
        LocalBuilder mask = il.DeclareLocal(type.ClrType), yes = il.DeclareLocal(type.ClrType), no = il.DeclareLocal(type.ClrType);
        il.Emit(OpCodes.Stloc, no);
        il.Emit(OpCodes.Stloc, yes);
        il.Emit(OpCodes.Stloc, mask);
        il.Emit(OpCodes.Ldloc, no);
        il.Emit(OpCodes.Ldloc, yes);
        il.Emit(OpCodes.Ldloc, mask);
        Type instructions = type.Bits == 128 ? typeof(Sse41) : type.Element.IsFloat() ? typeof(Avx) : typeof(Avx2);
        il.Instruction(instructions, nameof(Avx.BlendVariable), type.ClrType, type.ClrType, type.ClrType);
    }

    // A vector that x86 has, without what AVX-512 adds.
    private static bool IsNarrowX86(VectorType type) =>
        !Machine.HasAvx512DQ && (type.Bits == 256 ? Machine.HasAvx2 : type.Bits == 128 && Machine.HasSse41);

    /// <summary>Shifts all lanes by the int on the stack.</summary>
    public void Shift(BinaryOp op, VectorType type)
    {
        string name = op == BinaryOp.ShiftLeft ? "op_LeftShift" : "op_RightShift";
        il.Operator(name, type.ClrType, typeof(int));
    }

    /// <summary>
    /// ⌊x / divisor⌋ of int64s, or the remainder. By a shift or a mask if the divisor is a power of two; else x is from 0
    /// to below <see cref="LargestDividend"/>, and it is by (x + ½)·(1/divisor), which is at least ½/divisor from any
    /// integer: more than the product is off.
    /// </summary>
    public void Divide(VectorType type, long divisor, bool remainder)
    {
        if (BitOperations.IsPow2(divisor))
        {
            if (remainder)
            {
                il.Push(divisor - 1);
                Broadcast(type);
                TryApply(BinaryOp.And, type);
            }
            else
            {
                il.Emit(OpCodes.Ldc_I4, BitOperations.Log2((ulong)divisor));
                Shift(BinaryOp.ShiftRight, type);
            }

            return;
        }

        VectorType real = type.Of(DType.Float64);
        LocalBuilder x = il.DeclareLocal(type.ClrType);
        il.Emit(OpCodes.Stloc, x);
        il.Emit(OpCodes.Ldloc, x);
        Convert(type, DType.Float64);
        il.Emit(OpCodes.Ldc_R8, 0.5);
        Broadcast(real);
        TryApply(BinaryOp.Add, real);
        il.Emit(OpCodes.Ldc_R8, 1.0 / divisor);
        Broadcast(real);
        TryApply(BinaryOp.Mul, real);
        il.Vector(real.Bits, "ConvertToInt64Native", real.ClrType);
        if (remainder)
        {
            LocalBuilder quotient = il.DeclareLocal(type.ClrType);
            il.Emit(OpCodes.Stloc, quotient);
            il.Emit(OpCodes.Ldloc, x);
            il.Emit(OpCodes.Ldloc, quotient);
            il.Push(divisor);
            Broadcast(type);
            TryApply(BinaryOp.Mul, type);
            TryApply(BinaryOp.Sub, type);
        }
    }

    /// <summary>Applies an operation that vectors lack to each lane of the vectors on the stack.</summary>
    public void ApplyEach(VectorType type, int operands, Action apply)
    {
        LocalBuilder[] vectors = new LocalBuilder[operands];
        LocalBuilder offset = il.DeclareLocal(typeof(nint));
        Label body = il.DefineLabel();
        for (int i = operands - 1; i >= 0; i--)
        {
            vectors[i] = il.DeclareLocal(type.ClrType);
            il.Emit(OpCodes.Stloc, vectors[i]);
        }

        void PushLane(LocalBuilder vector)
        {
            il.Emit(OpCodes.Ldloca, vector);
            il.Emit(OpCodes.Conv_U);
            il.Emit(OpCodes.Ldloc, offset);
            il.Emit(OpCodes.Add);
        }

        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Stloc, offset);
        il.MarkLabel(body);
        PushLane(vectors[0]);
        foreach (LocalBuilder vector in vectors)
        {
            PushLane(vector);
            il.LoadElement(type.Element);
        }

        apply();
        il.StoreElement(type.Element);
        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Ldc_I4, type.Element.Size());
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, offset);
        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Ldc_I4, type.Element.Size() * type.Lanes);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Blt, body);
        il.Emit(OpCodes.Ldloc, vectors[0]);
    }
}
