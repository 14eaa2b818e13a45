using System.Collections.Immutable;

namespace Hypatia.Loops;

/// <summary>A memory that a kernel is called with, and what it does to it.</summary>
/// <param name="Memory">The memory, of global scope.</param>
/// <param name="IsWritten">Whether the kernel stores to it. A parameter that is not written is only read.</param>
/// <param name="MayBeShorter">Whether calls may pass fewer elements: how many are used depends on what else they pass.</param>
public sealed record Parameter(Memory Memory, bool IsWritten, bool MayBeShorter = false);

/// <summary>
/// The unit that a device compiles and runs. Parameters that are written overlap no other parameter.
/// </summary>
public sealed class Kernel(string name, ImmutableArray<Parameter> parameters, Block body)
{
    /// <summary>Name in listings and profiles.</summary>
    public string Name { get; } = name;

    /// <summary>What it is called with, in order.</summary>
    public ImmutableArray<Parameter> Parameters { get; } = parameters;

    /// <summary>
    /// What it does. If the body is a single <see cref="For"/> of kind <see cref="LoopKind.Parallel"/>, devices may
    /// share its iterations among threads.
    /// </summary>
    public Block Body { get; } = body;

    /// <inheritdoc/>
    public override string ToString() => KernelPrinter.Print(this);
}
