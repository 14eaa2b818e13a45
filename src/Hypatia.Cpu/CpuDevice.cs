using Hypatia.Cpu.Emission;
using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Loops.Passes;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Cpu;

/// <summary>The processor: kernels become IL with vector instructions, which the runtime compiles in this process.</summary>
public sealed class CpuDevice(CpuOptions options) : Device
{
    /// <summary>A device with the default options.</summary>
    public CpuDevice()
        : this(new CpuOptions())
    {
    }

    /// <summary>How it runs kernels.</summary>
    public CpuOptions Options { get; } = options;

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override Buffer Allocate(DType dtype, long count) => CpuBuffer.Allocate(dtype, count);

    /// <inheritdoc/>
    public override Buffer Borrow(Array array) => CpuBuffer.Borrow(array);

    /// <inheritdoc/>
    public override Executable Compile(Kernel kernel)
    {
        KernelVerifier.Verify(kernel);
        Kernel prepared = Share.Apply(Unroll.Apply(kernel));
        return new CpuExecutable(kernel, KernelEmitter.Emit(prepared));
    }
}
