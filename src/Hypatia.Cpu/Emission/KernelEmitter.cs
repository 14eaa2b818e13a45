using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>Emits a kernel, unrolled and shared, as one method.</summary>
internal static class KernelEmitter
{
    /// <summary>Compiles a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="context">What it finds when it runs.</param>
    /// <param name="bytes">The length of its IL.</param>
    public static KernelCode Emit(Kernel kernel, KernelContext context, out int bytes)
    {
        var method = new DynamicMethod(
            kernel.Name, typeof(nint), [typeof(KernelContext), typeof(nint*), typeof(long), typeof(long)],
            typeof(KernelEmitter).Module, skipVisibility: true)
        {
            InitLocals = false,
        };
        ILGenerator il = method.GetILGenerator();
        var frame = new Frame(il) { Streamed = Streaming.Targets(kernel) };
        for (int i = 0; i < kernel.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, i * nint.Size);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Stloc, frame.Declare(kernel.Parameters[i].Memory));
        }

        Scratch.Emit(kernel, frame);
        EpilogueCall.Reserve(kernel, frame);
        new StatementEmitter(frame, context.VectorBits).EmitBody(kernel.Body);
        if (frame.Streamed.Count > 0)
        {
            il.Emit(OpCodes.Call, ((Action)Sse.StoreFence).Method);
        }

        PushAddressOfVector(il, context.VectorBits);
        il.Emit(OpCodes.Ret);
        bytes = il.ILOffset;
        return new KernelCode(method.CreateDelegate<KernelBody>(context));
    }

    private static void PushAddressOfVector(ILGenerator il, int bits)
    {
        if (bits == 0)
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I);
            return;
        }

        il.Emit(OpCodes.Ldloca, il.DeclareLocal(new VectorType(DType.UInt8, bits / 8).ClrType));
        il.Emit(OpCodes.Conv_U);
    }
}
