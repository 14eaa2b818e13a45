using Hypatia.Cpu.Instructions;

namespace Hypatia.Cpu;

/// <summary>How the CPU device runs kernels.</summary>
/// <param name="Threads">Threads that share the work of one kernel, the caller included.</param>
/// <param name="VectorBits">Width of vectors: 512, 256, 128, or 0 for one element at a time.</param>
public sealed record CpuOptions(int Threads, int VectorBits)
{
    /// <summary>All processors, and the widest vectors that the machine has in hardware.</summary>
    public CpuOptions()
        : this(Environment.ProcessorCount, Machine.VectorBits)
    {
    }
}
