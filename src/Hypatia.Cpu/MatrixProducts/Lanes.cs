using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using Hypatia.Cpu.Instructions;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The vectors that a product is computed with.</summary>
/// <param name="Bits">Their width: 128, 256 or 512 bits.</param>
/// <param name="Count">Elements in one: a power of two.</param>
/// <param name="MaxRows">Rows of the largest register block of two vectors a row.</param>
/// <remarks>
/// A value, and not a type: what only counts with them is compiled once for all widths, and ahead of time. The code that has
/// vectors in it is emitted.
/// </remarks>
internal readonly record struct Lanes(int Bits, int Count, int MaxRows)
{
    /// <summary>Widths there are.</summary>
    public const int Widths = 3;

    /// <summary>The most rows of a register block, of any width.</summary>
    public const int MostRows = 12;

    /// <summary>The number of this width.</summary>
    public int Number => Bits >> 8;

    /// <summary>Whether instructions read and write a part of a vector as fast as all of it: those of AVX2 take longer than copies.</summary>
    public unsafe bool HasMasks<T>()
        where T : unmanaged => Bits == 512 && sizeof(T) is 4 or 8;

    /// <summary>Elements in two vectors: the columns of a panel.</summary>
    public int PanelWidth => 2 * Count;

    /// <summary>Whether there are 32 registers for vectors.</summary>
    public bool HasManyRegisters => MaxRows == MostRows;

    /// <summary>Vectors of elements of a type.</summary>
    public static unsafe Lanes Of<T>(int bits)
        where T : unmanaged =>
        new(bits, bits / 8 / sizeof(T), bits == 512 || (bits == 128 && AdvSimd.IsSupported) ? MostRows : 6);   // by the registers there are

    /// <summary>Elements in the vectors that cover some.</summary>
    public nint RoundUp(nint length) => (length + Count - 1) & -Count;

    /// <summary>Vectors that cover some elements.</summary>
    public nint Vectors(nint length) => (length + Count - 1) >> BitOperations.Log2((uint)Count);     // a division takes longer

    /// <summary>Elements in the whole vectors among some.</summary>
    public nint RoundDown(nint length) => length & -Count;

    /// <summary>Elements that are not in whole vectors.</summary>
    public nint Rest(nint length) => length & (Count - 1);

    /// <summary>The vector of elements of a type.</summary>
    public VectorType Vector<T>() => new(DTypes.Of<T>(), Count);

    /// <summary>What emitted code calls for vectors of elements of a type: an <see cref="ILanes{T, TVector}"/>.</summary>
    public Type CodeFor<T>()
        where T : unmanaged, INumber<T> => Bits switch
    {
        512 => typeof(Lanes512<T>),
        256 => typeof(Lanes256<T>),
        _ => typeof(Lanes128<T>),
    };
}
