namespace Hypatia.Loops;

/// <summary>A matrix, or a batch of them, inside a memory: element (b, i, j) is at offset + b·batch + i·row + j·column.</summary>
/// <param name="Memory">What holds it.</param>
/// <param name="Offset">Index of element (0, 0, 0), an int64.</param>
/// <param name="BatchStride">Elements from one matrix to the next.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
/// <param name="ColumnStride">Elements from one column to the next.</param>
public readonly record struct MatrixView(
    Memory Memory, Scalar Offset, long BatchStride, long RowStride, long ColumnStride);

/// <summary>
/// A batch of matrix products, <c>C[b,i,j] (+)= Σₖ A[b,i,k]·B[b,k,j]</c>: the one statement above scalars, because
/// its fast form (packing, register blocks) is each target's own. Any strides; all three share one dtype.
/// </summary>
public sealed class Contract(
    MatrixView c,
    MatrixView a,
    MatrixView b,
    long batch,
    long rows,
    long columns,
    long depth,
    bool accumulate,
    Epilogue? epilogue = null)
    : Statement
{
    /// <summary>The result, [batch, rows, columns]; no two elements share a place, and it overlaps no operand.</summary>
    public MatrixView C { get; } = c;

    /// <summary>The left operand, [batch, rows, depth].</summary>
    public MatrixView A { get; } = a;

    /// <summary>The right operand, [batch, depth, columns].</summary>
    public MatrixView B { get; } = b;

    /// <summary>Number of products.</summary>
    public long Batch { get; } = batch;

    /// <summary>Rows of A and C.</summary>
    public long Rows { get; } = rows;

    /// <summary>Columns of B and C.</summary>
    public long Columns { get; } = columns;

    /// <summary>Length of the sum; 0 gives zeros.</summary>
    public long Depth { get; } = depth;

    /// <summary>Whether the products are added to what C holds.</summary>
    public bool Accumulate { get; } = accumulate;

    /// <summary>What is done with each element of C at the end, if anything.</summary>
    public Epilogue? Epilogue { get; } = epilogue;

    /// <summary>The same lengths over other matrices.</summary>
    internal Contract With(MatrixView c, MatrixView a, MatrixView b, Epilogue? epilogue) =>
        new(c, a, b, Batch, Rows, Columns, Depth, Accumulate, epilogue);
}
