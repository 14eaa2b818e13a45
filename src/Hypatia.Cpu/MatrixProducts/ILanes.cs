using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>One vector width, as a type: lets a kernel be written once and compiled for each width.</summary>
/// <remarks>
/// Every member is a few instructions once the JIT has specialized its caller; no call, for elements of 4 or 8 bytes,
/// in one that a kernel uses: its sums would live in memory.
/// </remarks>
internal unsafe interface ILanes<T, TVector>
    where T : unmanaged
    where TVector : unmanaged
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the largest register block of two vectors a row.</summary>
    static abstract int MaxRows { get; }

    /// <summary>x₀ … x₍Count−1₎ from memory, at any alignment.</summary>
    static abstract TVector Load(T* source);

    /// <summary>Writes all lanes, at any alignment.</summary>
    static abstract void Store(TVector value, T* destination);

    /// <summary>Writes all lanes past the caches, to an address that is a multiple of their bytes; visible to others after a fence.</summary>
    static abstract void StorePast(TVector value, T* destination);

    /// <summary>x in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary>x + y, lane by lane.</summary>
    static abstract TVector Add(TVector x, TVector y);

    /// <summary>x·y + z, lane by lane; rounded once where the machine has FMA, else twice.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>The first <paramref name="count"/> lanes from memory, at any alignment; 0 in the others.</summary>
    static abstract TVector LoadFirst(T* source, nint count);

    /// <summary>Writes the first <paramref name="count"/> lanes, at any alignment, and nothing else.</summary>
    static abstract void StoreFirst(TVector value, T* destination, nint count);

    /// <summary>The sum of all lanes of each of four vectors, in a fixed order.</summary>
    static abstract void Sums(TVector x0, TVector x1, TVector x2, TVector x3, T* sums);

    /// <summary>Asks for a line of memory that will be read soon; any address is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual void Prefetch(T* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
