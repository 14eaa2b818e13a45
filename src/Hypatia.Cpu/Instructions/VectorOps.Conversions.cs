using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Hypatia.Loops;

namespace Hypatia.Cpu.Instructions;

/// <content>Conversions between element types.</content>
internal sealed partial class VectorOps
{
    /// <summary>The dtype of twice the size that widening gives.</summary>
    public static DType Widened(DType dtype) => dtype == DType.Float32 ? DType.Float64 : Resized(dtype, 2 * dtype.Size());

    /// <summary>Makes the lanes of a mask as large as asked.</summary>
    public void ResizeMask(int lanes, int from, int to) => ConvertInteger(new(Mask(from), lanes), Mask(to));

    /// <summary>Converts each lane to another dtype, neither of them bool.</summary>
    public void Convert(VectorType from, DType to)
    {
        switch (from.Element, to)
        {
            case (var a, var b) when a == b:
                break;
            case (DType.Float32, DType.Float64):
                Widen(from);
                break;
            case (DType.Float64, DType.Float32):
                Narrow(from, DType.Float32);
                break;
            case (DType.Float32, DType.Int32):
                il.Vector(from.Bits, "ConvertToInt32", from.ClrType);
                break;
            case (DType.Float32, DType.UInt32):
                il.Vector(from.Bits, "ConvertToUInt32", from.ClrType);
                break;
            case (DType.Float32, DType.Int64 or DType.UInt64):
                Widen(from);
                Convert(from.Of(DType.Float64), to);
                break;
            case (DType.Float32, _):
                il.Vector(from.Bits, "ConvertToInt32", from.ClrType);
                ConvertInteger(from.Of(DType.Int32), to);
                break;
            case (DType.Float64, DType.Int64):
                il.Vector(from.Bits, "ConvertToInt64", from.ClrType);
                break;
            case (DType.Float64, DType.UInt64):
                il.Vector(from.Bits, "ConvertToUInt64", from.ClrType);
                break;
            case (DType.Float64, DType.UInt32):
                Clamp(from, uint.MinValue, uint.MaxValue);
                il.Vector(from.Bits, "ConvertToInt64", from.ClrType);
                ConvertInteger(from.Of(DType.Int64), to);
                break;
            case (DType.Float64, _):
                Clamp(from, int.MinValue, int.MaxValue);
                il.Vector(from.Bits, "ConvertToInt64", from.ClrType);
                ConvertInteger(from.Of(DType.Int64), to);
                break;
            case (DType.Int32 or DType.UInt32, DType.Float32):
                il.Vector(from.Bits, "ConvertToSingle", from.ClrType);
                break;
            case (DType.Int64 or DType.UInt64, DType.Float64):
                il.Vector(from.Bits, "ConvertToDouble", from.ClrType);
                break;
            case (DType.Int64 or DType.UInt64, DType.Float32):
                il.Vector(from.Bits, "ConvertToDouble", from.ClrType);
                Narrow(from.Of(DType.Float64), DType.Float32);
                break;
            case (_, DType.Float32):
                ConvertInteger(from, DType.Int32);
                il.Vector(from.Of(DType.Int32).Bits, "ConvertToSingle", from.Of(DType.Int32).ClrType);
                break;
            case (_, DType.Float64):
                ConvertInteger(from, DType.Int64);
                il.Vector(from.Of(DType.Int64).Bits, "ConvertToDouble", from.Of(DType.Int64).ClrType);
                break;
            default:
                ConvertInteger(from, to);
                break;
        }
    }

    /// <summary>Integers wrap, or extend by their sign.</summary>
    private void ConvertInteger(VectorType from, DType to)
    {
        while (from.Element.Size() < to.Size())
        {
            from = Widen(from);
        }

        while (from.Element.Size() > to.Size())
        {
            from = Narrow(from, Resized(from.Element, from.Element.Size() / 2));
        }

        Reinterpret(from, to);
    }

    private VectorType Widen(VectorType from)
    {
        VectorType to = from.Of(Widened(from.Element));
        if (to.Bits > from.Bits)
        {
            il.Vector(from.Bits, $"ToVector{to.Bits}Unsafe", from.ClrType);
        }

        Type source = Simd.Generic(to.Bits).MakeGenericType(from.Element.ClrType());
        il.Vector(to.Bits, "WidenLower", source);
        return to;
    }

    private VectorType Narrow(VectorType from, DType element)
    {
        VectorType to = from.Of(element);
        if (NarrowingInstruction(from, element) is { } instruction)
        {
            il.Instruction(instruction.Set, instruction.Name, from.ClrType);
            return to;
        }

        LocalBuilder wide = il.DeclareLocal(from.ClrType);
        il.Emit(OpCodes.Stloc, wide);
        il.Emit(OpCodes.Ldloc, wide);
        Type half = from.ClrType;
        if (to.Bits < from.Bits)
        {
            il.Vector(from.Bits, "GetLower", from.ClrType);
            il.Emit(OpCodes.Ldloc, wide);
            il.Vector(from.Bits, "GetUpper", from.ClrType);
            half = Simd.Generic(to.Bits).MakeGenericType(from.Element.ClrType());
        }
        else
        {
            il.Emit(OpCodes.Ldloc, wide);                   // the upper lanes are not in use
        }

        il.Vector(to.Bits, "Narrow", half, half);
        return to;
    }

    // What the runtime's Narrow does in several instructions; null if the machine has no single one.
    private static (Type Set, string Name)? NarrowingInstruction(VectorType from, DType element) => (from.Bits, element) switch
    {
        (512, DType.Float32) when Avx512F.IsSupported => (typeof(Avx512F), nameof(Avx512F.ConvertToVector256Single)),
        (256, DType.Float32) when Avx.IsSupported => (typeof(Avx), nameof(Avx.ConvertToVector128Single)),
        (512, DType.Int32) when Avx512F.IsSupported => (typeof(Avx512F), nameof(Avx512F.ConvertToVector256Int32)),
        _ => null,
    };

    private void Clamp(VectorType type, double min, double max)
    {
        il.Emit(OpCodes.Ldc_R8, max);
        Broadcast(type);
        TryApply(BinaryOp.Min, type);
        il.Emit(OpCodes.Ldc_R8, min);
        Broadcast(type);
        TryApply(BinaryOp.Max, type);
    }

    private static DType Resized(DType integer, int size) => (integer.IsUnsigned(), size) switch
    {
        (true, 1) => DType.UInt8,
        (true, 2) => DType.UInt16,
        (true, 4) => DType.UInt32,
        (true, _) => DType.UInt64,
        (false, _) => Mask(size),
    };
}
