namespace Hypatia.Cpu.MatrixProducts;

/// <summary>What emitted blocks call for vectors of one width, instead of emitting it.</summary>
/// <remarks>
/// Every member is a few instructions once the JIT has put it into its caller; no call, for elements of 4 or 8 bytes: the sums of a
/// block would live in memory.
/// </remarks>
internal unsafe interface ILanes<T, TVector>
    where T : unmanaged
    where TVector : unmanaged
{
    /// <summary>Writes all lanes past the caches, to an address that is a multiple of their bytes; visible to others after a fence.</summary>
    static abstract void StorePast(TVector value, T* destination);

    /// <summary>The first <paramref name="count"/> lanes from memory, at any alignment; 0 in the others.</summary>
    static abstract TVector LoadFirst(T* source, nint count);

    /// <summary>Writes the first <paramref name="count"/> lanes, at any alignment, and nothing else.</summary>
    static abstract void StoreFirst(TVector value, T* destination, nint count);

    /// <summary>The sum of all lanes of each of four vectors, in a fixed order.</summary>
    static abstract void Sums(TVector x0, TVector x1, TVector x2, TVector x3, T* sums);
}
