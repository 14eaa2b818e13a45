using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Hypatia.Cpu.Instructions;
using Hypatia.Cpu.MatrixProducts;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>How the products of a kernel call their epilogues, which are compiled as kernels over a region.</summary>
internal static unsafe class EpilogueCall
{
    /// <summary>The epilogues of a kernel, in order.</summary>
    public static IEnumerable<Epilogue> All(Statement statement) =>
        StatementTree.InOrder(statement).OfType<Contract>().Select(contract => contract.Epilogue).OfType<Epilogue>();

    /// <summary>Emits code that reserves, once for the method, room for the addresses that each epilogue is called with.</summary>
    public static void Reserve(Kernel kernel, Frame frame)
    {
        int number = 0;
        foreach (Epilogue epilogue in All(kernel.Body))
        {
            LocalBuilder arguments = frame.IL.DeclareLocal(typeof(nint));
            frame.IL.Emit(OpCodes.Ldc_I4, (1 + epilogue.Memories().Count) * nint.Size);
            frame.IL.Emit(OpCodes.Conv_U);
            frame.IL.Emit(OpCodes.Localloc);
            frame.IL.Emit(OpCodes.Stloc, arguments);
            frame.Epilogues.Add(epilogue, (number++, arguments));
        }
    }

    /// <summary>Pushes an epilogue's number (−1 for none), the addresses of its arguments, and how many there are.</summary>
    public static void Push(Epilogue? epilogue, Frame frame)
    {
        ILGenerator il = frame.IL;
        if (epilogue is null)
        {
            il.Emit(OpCodes.Ldc_I4_M1);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Ldc_I4_0);
            return;
        }

        IReadOnlyList<Memory> memories = epilogue.Memories();
        (int number, LocalBuilder arguments) = frame.Epilogues[epilogue];
        for (int k = 0; k < memories.Count; k++)
        {
            il.Emit(OpCodes.Ldloc, arguments);
            il.Plus((k + 1) * nint.Size, asAddress: true);
            il.Emit(OpCodes.Ldloc, frame[memories[k]]);
            il.Emit(OpCodes.Stind_I);
        }

        il.Emit(OpCodes.Ldc_I4, number);
        il.Emit(OpCodes.Ldloc, arguments);
        il.Emit(OpCodes.Ldc_I4, 1 + memories.Count);
    }

    /// <summary>Runs an epilogue over a region. Its <see cref="Job"/> lives until the product is complete.</summary>
    public static void Run(void* context, ProductRegion region)
    {
        ref Job job = ref Unsafe.AsRef<Job>(context);
        nint* arguments = stackalloc nint[job.Count];
        new ReadOnlySpan<nint>(job.Arguments, job.Count).CopyTo(new Span<nint>(arguments, job.Count));
        arguments[0] = (nint)(&region);                     // five longs, as the kernel's first parameter
        job.Code.Run(arguments, 0, 1);
    }

    /// <summary>An epilogue and its arguments, of which the first is left for the region.</summary>
    public readonly struct Job(KernelCode code, nint* arguments, int count)
    {
        public readonly KernelCode Code = code;
        public readonly nint* Arguments = arguments;
        public readonly int Count = count;
    }
}
