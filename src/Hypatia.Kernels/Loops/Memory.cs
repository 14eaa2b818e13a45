namespace Hypatia.Loops;

/// <summary>Where a memory lives.</summary>
public enum MemoryScope
{
    /// <summary>A parameter of the kernel: a device buffer.</summary>
    Global,

    /// <summary>One per thread, in cache: freed at the end of the block that allocates it.</summary>
    Scratch,

    /// <summary>One value in a register; its only index is 0.</summary>
    Register,
}

/// <summary>A flat, contiguous array of scalars that kernels load from and store to. Compared by identity.</summary>
public sealed class Memory(string name, DType dtype, long count, MemoryScope scope)
{
    /// <summary>Name in printed code.</summary>
    public string Name { get; } = name;

    /// <summary>Type of each element.</summary>
    public DType DType { get; } = dtype;

    /// <summary>Number of elements.</summary>
    public long Count { get; } = count;

    /// <summary>Where it lives.</summary>
    public MemoryScope Scope { get; } = scope;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
