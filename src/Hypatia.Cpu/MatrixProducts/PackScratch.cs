using System.Runtime.InteropServices;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The memory of a thread for packed operands: grows to the largest product seen, freed with the thread.</summary>
internal sealed unsafe class PackScratch
{
    /// <summary>A page: panels then never share one with other data.</summary>
    private const nuint Alignment = 4096;

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
            scratch._memory = NativeMemory.AlignedAlloc(bytes, Alignment);
            scratch._bytes = bytes;
        }

        return scratch._memory;
    }
}
