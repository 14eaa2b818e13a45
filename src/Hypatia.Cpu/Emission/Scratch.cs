using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>Where scratch memories live while a kernel runs: on the stack if they are small, else in the thread's arena.</summary>
internal sealed unsafe class Scratch
{
    private const long MaxStackBytes = 16 * 1024;
    private const int CacheLine = 64;

    [ThreadStatic]
    private static Scratch? _ofThread;

    private void* _memory;
    private nuint _bytes;

    ~Scratch()
    {
        NativeMemory.AlignedFree(_memory);
    }

    /// <summary>Emits code that reserves all scratch memories of a kernel, each at the start of a cache line.</summary>
    public static void Emit(Kernel kernel, Frame frame)
    {
        Memory[] memories =
        [
            .. StatementTree.InOrder(kernel.Body).OfType<Allocate>().Select(allocate => allocate.Memory)
                .Where(memory => memory.Scope == MemoryScope.Scratch),
        ];
        long total = memories.Total(RoundedBytes);
        if (total == 0)
        {
            return;
        }

        ILGenerator il = frame.IL;
        LocalBuilder start = il.DeclareLocal(typeof(nint));
        if (total <= MaxStackBytes)
        {
            il.Emit(OpCodes.Ldc_I4, (int)total + CacheLine - 1);
            il.Emit(OpCodes.Conv_U);
            il.Emit(OpCodes.Localloc);
            il.Emit(OpCodes.Ldc_I4, CacheLine - 1);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldc_I4, -CacheLine);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.And);
        }
        else
        {
            il.Push(total);
            il.Call(typeof(Scratch), nameof(Rent), 1, typeof(long));
        }

        il.Emit(OpCodes.Stloc, start);
        long offset = 0;
        foreach (Memory memory in memories)
        {
            il.Emit(OpCodes.Ldloc, start);
            il.Push(offset);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, frame.Declare(memory));
            offset += RoundedBytes(memory);
        }
    }

    /// <summary>Memory of this thread; valid until it asks again. Kernels ask once, and do not call kernels.</summary>
    public static nint Rent(long bytes)
    {
        Scratch scratch = _ofThread ??= new Scratch();
        if ((nuint)bytes > scratch._bytes)
        {
            NativeMemory.AlignedFree(scratch._memory);
            scratch._memory = null;
            scratch._bytes = 0;
            scratch._memory = NativeMemory.AlignedAlloc((nuint)bytes, CacheLine);
            scratch._bytes = (nuint)bytes;
        }

        return (nint)scratch._memory;
    }

    private static long RoundedBytes(Memory memory) =>
        ((memory.Count * memory.DType.Size()) + CacheLine - 1) / CacheLine * CacheLine;
}
