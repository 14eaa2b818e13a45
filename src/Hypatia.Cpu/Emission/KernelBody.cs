namespace Hypatia.Cpu.Emission;

/// <summary>A compiled kernel, or the iterations begin … end − 1 of its parallel loop.</summary>
/// <remarks>Unsafe: each argument is the address of as many elements as its parameter has, and lives until the return.</remarks>
internal unsafe delegate void KernelBody(nint* arguments, long begin, long end);
