using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.Emission;

/// <summary>A compiled kernel, or the iterations begin … end − 1 of its parallel loop.</summary>
/// <remarks>Unsafe: each argument is the address of as many elements as its parameter has, and lives until the return.</remarks>
/// <returns>The address of a vector on its stack, 0 if it has none.</returns>
internal unsafe delegate nint KernelBody(nint* arguments, long begin, long end);

/// <summary>What emitted code needs of its device.</summary>
/// <param name="Pool">The threads that share large products, or null to use the calling one.</param>
/// <param name="VectorBits">Width of vectors, or 0.</param>
/// <param name="Epilogues">What finishes the products of the kernel, by their order.</param>
internal sealed record KernelContext(WorkerPool? Pool, int VectorBits, IReadOnlyList<KernelCode> Epilogues);
