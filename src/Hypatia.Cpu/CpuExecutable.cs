using Hypatia.Cpu.Emission;
using Hypatia.Devices;
using Hypatia.Loops;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Cpu;

/// <summary>A compiled kernel.</summary>
internal sealed unsafe class CpuExecutable(Kernel kernel, KernelBody body) : Executable(kernel)
{
    private readonly long _iterations =
        kernel.Body.Statements is [For { Kind: LoopKind.Parallel, Extent: Literal extent }] ? extent.Value.AsInt64 : 0;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<Buffer> arguments)
    {
        if (arguments.Length != Kernel.Parameters.Length)
        {
            throw new ArgumentException(
                $"{Kernel.Name} has {Kernel.Parameters.Length} parameters, got {arguments.Length} buffers.");
        }

        nint* addresses = stackalloc nint[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            Memory memory = Kernel.Parameters[i].Memory;
            Buffer buffer = arguments[i];
            if (buffer.DType != memory.DType || buffer.Count < memory.Count)
            {
                throw new ArgumentException(
                    $"{Kernel.Name} needs {memory.Count} elements of {memory.DType.Name()} for {memory.Name}, "
                    + $"got {buffer.Count} of {buffer.DType.Name()}.");
            }

            addresses[i] = (nint)((CpuBuffer)buffer).Address;
        }

        body(addresses, 0, _iterations);
        foreach (Buffer buffer in arguments)
        {
            GC.KeepAlive(buffer);                           // the addresses were valid until here
        }
    }
}
