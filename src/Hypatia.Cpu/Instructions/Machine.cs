using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Cpu.Instructions;

/// <summary>What the machine has. Asked here, once: code that asks the runtime is not compiled ahead of time.</summary>
internal static class Machine
{
    /// <summary>The width of the widest vectors in hardware; 0 if there are none.</summary>
    public static int VectorBits { get; } =
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>Whether vectors have 32 registers.</summary>
    public static bool HasManyRegisters { get; } = Avx512F.IsSupported || AdvSimd.IsSupported;

    /// <summary>Whether vectors of any width are loaded and stored with masks.</summary>
    public static bool HasMasks { get; } = Avx512BW.VL.IsSupported;

    /// <summary>Whether vectors of any width are taken apart into exponents and significands, and put together, in one instruction each.</summary>
    public static bool HasParts { get; } = Avx512F.VL.IsSupported;

    public static bool HasSse41 { get; } = Sse41.IsSupported;

    public static bool HasFma { get; } = Fma.IsSupported;

    public static bool HasAvx2 { get; } = Avx2.IsSupported;

    public static bool HasAvx512F { get; } = Avx512F.IsSupported;

    public static bool HasAvx512DQ { get; } = Avx512DQ.VL.IsSupported;
}
