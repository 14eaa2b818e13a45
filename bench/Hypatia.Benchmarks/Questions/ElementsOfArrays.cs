using System.Runtime.InteropServices;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Arrays that code by hand writes into.</summary>
internal static class ElementsOfArrays
{
    /// <summary>The elements of an array of the bench's own, to be written.</summary>
    public static Span<T> Elements<T>(this NDArray array)
        where T : unmanaged
    {
        ReadOnlySpan<T> elements = array.AsSpan<T>();
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(elements), elements.Length);
    }
}
