using System.Runtime.CompilerServices;
using Hypatia.Cpu.Emission;
using Hypatia.Cpu.Threading;
using Hypatia.Devices;
using Hypatia.Loops;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Cpu;

/// <summary>A compiled kernel, and how its parallel loop is cut.</summary>
internal sealed unsafe class CpuExecutable : Executable
{
    /// <summary>Nanoseconds of estimated work below which threads are not worth waking.</summary>
    private const double InlineWork = 30_000;

    /// <summary>Nanoseconds of estimated work that a chunk should have.</summary>
    private const double ChunkWork = 10_000;

    private readonly KernelCode _code;
    private readonly IReadOnlyList<KernelCode> _epilogues;
    private readonly WorkerPool? _pool;
    private readonly Parameter[] _parameters;
    private readonly long _iterations;
    private readonly long _perChunk;

    /// <summary>A kernel and its code.</summary>
    public CpuExecutable(Kernel kernel, KernelCode code, IReadOnlyList<KernelCode> epilogues, int codeBytes, WorkerPool? pool)
        : base(kernel)
    {
        CodeBytes = codeBytes;
        _epilogues = epilogues;
        _code = code;
        _pool = pool;
        _parameters = [.. kernel.Parameters];
        _iterations = _perChunk = long.MaxValue;
        if (kernel.Body.Statements is [For { Kind: LoopKind.Parallel } loop])
        {
            _iterations = loop.Extent is Literal extent ? extent.Value.AsInt64
                : loop.Index.Extent > 0 ? loop.Index.Extent : long.MaxValue;       // at most; what is beyond does nothing
            double each = pool is null || _iterations == long.MaxValue ? 0 : WorkEstimate.Nanoseconds(loop.Body);
            _perChunk = each * _iterations < InlineWork ? _iterations : pool!.PerChunk(_iterations, Math.Max(1, (long)(ChunkWork / each)));
        }
    }

    /// <summary>The length of its IL. Of methods longer than 60,000 bytes, and of some others, the JIT optimizes nothing.</summary>
    public int CodeBytes { get; }

    /// <inheritdoc/>
    public override void Prepare()
    {
        _code.PrepareBeside();
        foreach (KernelCode epilogue in _epilogues)
        {
            epilogue.PrepareBeside();
        }
    }

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<Buffer> arguments)
    {
        if (arguments.Length != _parameters.Length)
        {
            throw new ArgumentException(
                $"{Kernel.Name} has {_parameters.Length} parameters, got {arguments.Length} buffers.");
        }

        nint* addresses = stackalloc nint[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            Memory memory = _parameters[i].Memory;
            Buffer buffer = arguments[i];
            if (buffer.DType != memory.DType || (buffer.Count < memory.Count && !_parameters[i].MayBeShorter))
            {
                throw new ArgumentException(
                    $"{Kernel.Name} needs {memory.Count} elements of {memory.DType.Name()} for {memory.Name}, "
                    + $"got {buffer.Count} of {buffer.DType.Name()}.");
            }

            addresses[i] = (nint)((CpuBuffer)buffer).Address;
        }

        if (_pool is null || _perChunk >= _iterations)
        {
            _code.Run(addresses, 0, _iterations);
        }
        else
        {
            var job = new Job(_code, addresses, _iterations, _perChunk);
            // Unsafe: the job is on this stack, where the collector sees its reference, until all chunks are done.
            _pool.Run((_iterations + _perChunk - 1) / _perChunk, Unsafe.AsPointer(ref job), &RunChunk);
        }

        foreach (Buffer buffer in arguments)
        {
            GC.KeepAlive(buffer);                           // the addresses were valid until here
        }
    }

    private static void RunChunk(void* context, long chunk)
    {
        ref Job job = ref Unsafe.AsRef<Job>(context);
        long begin = chunk * job.PerChunk;
        job.Code.Run(job.Addresses, begin, Math.Min(begin + job.PerChunk, job.Iterations));
    }

    private readonly struct Job(KernelCode code, nint* addresses, long iterations, long perChunk)
    {
        public readonly KernelCode Code = code;
        public readonly nint* Addresses = addresses;
        public readonly long Iterations = iterations;
        public readonly long PerChunk = perChunk;
    }
}
