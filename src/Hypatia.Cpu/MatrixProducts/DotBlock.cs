using System.Numerics;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Dot products of a few rows of A with a few columns of B, along k, contiguous in both: C[i,j] (+)= Σₖ A[i,k]·B[k,j].</summary>
/// <param name="a">The address of the first row of A.</param>
/// <param name="soon">The address of rows that will be read soon, as many: of them is asked for meanwhile.</param>
/// <param name="b">The address of the first column of B.</param>
/// <param name="c">The address of the first element of C.</param>
/// <param name="shape">What the blocks have in common.</param>
/// <remarks>Unsafe: the caller owns those elements; C overlaps neither A nor B.</remarks>
internal unsafe delegate void DotBlock(nint a, nint soon, nint b, nint c, DotShape* shape);

/// <summary>What blocks of dot products have in common. Strides are in bytes.</summary>
internal unsafe struct DotShape
{
    /// <summary>Whole vectors of k.</summary>
    public nint Vectors;

    /// <summary>Elements of k that are left, less than a vector.</summary>
    public nint Rest;

    public nint ARow;

    /// <summary>For each vector of k, how much is asked for of each row that will be read soon.</summary>
    public nint SoonStep;

    public nint BColumn;
    public nint CRow;
    public nint CColumn;

    /// <summary>Whether the product is added to what C holds.</summary>
    public bool Accumulate;

    /// <summary>Room for the sums of a block.</summary>
    public fixed double Sums[DotBlocks.MaxRows * DotBlocks.MaxColumns];
}

/// <summary>The largest block of dot products.</summary>
internal static class DotBlocks
{
    public const int MaxRows = 4;
    public const int MaxColumns = 5;

    /// <summary>Columns up to which the processor itself looks ahead far enough.</summary>
    public const int FewColumns = 2;
}

/// <summary>The blocks of dot products for elements of one type. Compiled when they are asked for first.</summary>
internal static class DotBlocks<T>
    where T : unmanaged, INumber<T>
{
    private static readonly DotBlock?[] All = new DotBlock?[Lanes.Widths * (DotBlocks.MaxRows + 1) * (DotBlocks.MaxColumns + 1)];

    /// <summary>The block of some rows and columns, at least 1.</summary>
    public static DotBlock Of(Lanes lanes, nint rows, nint columns)
    {
        ref DotBlock? block = ref All[(lanes.Number * (DotBlocks.MaxRows + 1) + rows) * (DotBlocks.MaxColumns + 1) + columns];
        return block ??= new DotBlockEmitter(lanes.Vector<T>(), lanes.CodeFor<T>(), (int)rows, (int)columns).Emit();
    }
}
