using System.Runtime.CompilerServices;
using Hypatia.Cpu;
using Hypatia.Cpu.Emission;
using Hypatia.Loops;

namespace Hypatia.Tests.Cpu;

/// <summary>How kernels are called.</summary>
public unsafe class KernelCodeTests
{
    [Fact]
    public void Vectors_on_the_stack_begin_at_cache_lines()
    {
        int bits = new CpuOptions().VectorBits;
        KernelCode code = KernelEmitter.Emit(new Kernel("nothing", [], new Block()), new KernelContext(null, bits, []), out _);
        for (int bytes = 0; bytes < 64; bytes += 16)
        {
            Below(bytes, () => code.Run(null, 0, 1));               // learns how the frame lies, if it does not know
            Below(bytes, () => Assert.Equal(0, code.Run(null, 0, 1) % 64));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Below(int bytes, Action action)
    {
        byte* moved = stackalloc byte[bytes + 1];
        *moved = 0;
        action();
    }
}
