using System.Runtime.InteropServices;
using Hypatia.Cpu.Interop;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The memory of a thread for packed operands: grows to the largest product seen, freed with the thread.</summary>
internal sealed unsafe class PackScratch
{
    [ThreadStatic]
    private static PackScratch? _ofThread;

    private void* _memory;
    private nuint _bytes;

    ~PackScratch()
    {
        NativeMemory.AlignedFree(_memory);
    }

    /// <summary>At least <paramref name="bytes"/> bytes, aligned to a page; valid until this thread asks again.</summary>
    public static void* Rent(nuint bytes)
    {
        PackScratch scratch = _ofThread ??= new PackScratch();
        if (bytes > scratch._bytes)
        {
            NativeMemory.AlignedFree(scratch._memory);
            scratch._memory = null;
            scratch._bytes = 0;
            bool large = bytes >= HugePages.Bytes;
            nuint page = large ? HugePages.Bytes : 4096;
            bytes = (bytes + page - 1) / page * page;
            scratch._memory = NativeMemory.AlignedAlloc(bytes, page);
            scratch._bytes = bytes;
            if (large)
            {
                HugePages.Advise(scratch._memory, bytes);
            }
        }

        return scratch._memory;
    }
}
