using System.Runtime.CompilerServices;
using Hypatia.Cpu.Emission;
using Hypatia.Cpu.Instructions;
using Hypatia.Cpu.Threading;
using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Loops.Decompositions;
using Hypatia.Loops.Passes;
using Buffer = Hypatia.Devices.Buffer;

// Nothing here relies on locals or `stackalloc` being cleared: that would take a tenth of the time of a small product.
[module: SkipLocalsInit]

namespace Hypatia.Cpu;

/// <summary>The processor: kernels become IL with vector instructions, which the runtime compiles in this process.</summary>
public sealed class CpuDevice : Device
{
    private readonly KernelContext _context;

    /// <summary>A device with the default options.</summary>
    public CpuDevice()
        : this(new CpuOptions())
    {
    }

    /// <summary>A device with its own options.</summary>
    public CpuDevice(CpuOptions options)
    {
        Options = options;
        WorkerPool? pool = options.Threads == 1 ? null
            : options.Threads == Environment.ProcessorCount ? WorkerPool.Shared
            : new WorkerPool(options.Threads);
        _context = new KernelContext(pool, options.VectorBits, []);
    }

    /// <summary>How it runs kernels.</summary>
    public CpuOptions Options { get; }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override Buffer Allocate(DType dtype, long count) => CpuBuffer.Allocate(dtype, count);

    /// <inheritdoc/>
    public override Window Window(DType dtype) => new CpuWindow(dtype);

    /// <inheritdoc/>
    public override Executable Compile(Kernel kernel)
    {
        KernelVerifier.Verify(kernel);
        Kernel prepared = Prepare(kernel);
        KernelContext context = _context with
        {
            Epilogues =
            [
                .. EpilogueCall.All(prepared.Body).Select(
                    epilogue => KernelEmitter.Emit(Prepare(EpilogueKernel.Of(epilogue)), _context, out _)),
            ],
        };
        KernelCode code = KernelEmitter.Emit(prepared, context, out int bytes);
        return new CpuExecutable(kernel, code, context.Epilogues, bytes, _context.Pool);
    }

    private static Kernel Prepare(Kernel kernel) =>
        Share.Apply(Decompose.Apply(SplitChains.Apply(NarrowIndices.Apply(Unroll.Apply(CutLoops.Apply(kernel)))), Machine.HasParts));
}
