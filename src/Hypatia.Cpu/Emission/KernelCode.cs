using System.Runtime.CompilerServices;

namespace Hypatia.Cpu.Emission;

/// <summary>A compiled kernel, called such that the vectors on its stack begin at cache lines.</summary>
/// <remarks>
/// The runtime aligns stacks to 16 bytes. A vector of 64 that does not fit into registers would lie across two cache lines in three
/// processes of four, by chance, and what spills much takes up to twice the time. So the kernel says where such a vector is, and
/// the next call moves the stack.
/// </remarks>
internal sealed unsafe class KernelCode(KernelBody body)
{
    private const nint CacheLine = 64;

    private nint _shift;                // what to add to an address of the caller's frame, so that a multiple of 64 is right

    /// <summary>Lets another thread call the JIT, for which the first run otherwise waits.</summary>
    public void PrepareBeside()
    {
        if (Environment.ProcessorCount > 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static body => Prepare(body), body, preferLocal: false);
        }
    }

    private static void Prepare(KernelBody body)
    {
        try
        {
            RuntimeHelpers.PrepareDelegate(body);
        }
        catch (Exception)
        {
            // What the JIT does not take, it does not take when it is called either: that says so where it is seen.
        }
    }

    /// <summary>Runs the kernel, or iterations of its parallel loop.</summary>
    /// <returns>The address of a vector on its stack, 0 if it has none.</returns>
    public nint Run(nint* arguments, long begin, long end)
    {
        nint frame;
        byte* moved = stackalloc byte[1 + (int)(((nint)(&frame) + _shift) & (CacheLine - 1))];
        *moved = 0;                     // else it would not be reserved
        nint vector = body(arguments, begin, end);
        if (vector % CacheLine != 0)
        {
            _shift += vector % CacheLine;       // by threads at once: wrong, and mended by the next call
        }

        return vector;
    }
}
