using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Hypatia.Loops;

namespace Hypatia.Cpu.Instructions;

/// <content>Operations on one element that only vectors have: in the first lane of one.</content>
internal sealed partial class VectorOps
{
    /// <summary>Replaces the operand on the stack by the result.</summary>
    public void ApplyInLane(UnaryOp op, DType dtype)
    {
        VectorType vector = PushInLane(dtype);
        TryApply(op, vector);
        il.Vector(vector.Bits, nameof(Vector128.ToScalar), vector.ClrType);
    }

    /// <summary>Replaces the two operands on the stack by the result.</summary>
    public void ApplyInLane(BinaryOp op, DType dtype)
    {
        VectorType vector = PushInLane(dtype);
        LocalBuilder second = il.DeclareLocal(vector.ClrType);
        il.Emit(OpCodes.Stloc, second);
        PushInLane(dtype);
        il.Emit(OpCodes.Ldloc, second);
        TryApply(op, vector);
        il.Vector(vector.Bits, nameof(Vector128.ToScalar), vector.ClrType);
    }

    private VectorType PushInLane(DType dtype)
    {
        var vector = new VectorType(dtype, 1);
        il.Call(typeof(Vector128), nameof(Vector128.CreateScalarUnsafe), 1, dtype.ClrType());
        return vector;
    }
}
