using System.Runtime.InteropServices;

namespace Hypatia.Cpu.Interop;

/// <summary>Asks Linux to back memory by pages of 2 MiB, so that walking it seldom misses the TLB.</summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of a huge page; memory that should have some is aligned to it.</summary>
    public const nuint Bytes = 2 << 20;

    private const int AdviseHugePage = 14;

    /// <summary>Advises for the memory at <paramref name="address"/>; elsewhere than on Linux, does nothing.</summary>
    /// <remarks>
    /// Advice only: a refusal changes speed, never contents. Unsafe: the whole pages from
    /// <paramref name="address"/> on belong to the caller.
    /// </remarks>
    public static void Advise(void* address, nuint bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Advise(address, bytes, AdviseHugePage);
        }
        catch (DllNotFoundException)
        {
            // A C library of another name: small pages do as well, more slowly.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint bytes, int advice);
}
