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
    Scalar batch,
    Scalar rows,
    Scalar columns,
    Scalar depth,
    bool accumulate,
    Epilogue? epilogue = null)
    : Statement
{
    /// <summary>Products whose lengths are all known.</summary>
    public Contract(
        MatrixView c, MatrixView a, MatrixView b, long batch, long rows, long columns, long depth, bool accumulate, Epilogue? epilogue = null)
        : this(c, a, b, Scalar.Int(batch), Scalar.Int(rows), Scalar.Int(columns), Scalar.Int(depth), accumulate, epilogue)
    {
    }

    /// <summary>The result, [batch, rows, columns]; no two elements share a place, and it overlaps no operand.</summary>
    public MatrixView C { get; } = c;

    /// <summary>The left operand, [batch, rows, depth].</summary>
    public MatrixView A { get; } = a;

    /// <summary>The right operand, [batch, depth, columns].</summary>
    public MatrixView B { get; } = b;

    /// <summary>Number of products, an int64 as all lengths.</summary>
    public Scalar Batch { get; } = batch;

    /// <summary>Rows of A and C.</summary>
    public Scalar Rows { get; } = rows;

    /// <summary>Columns of B and C.</summary>
    public Scalar Columns { get; } = columns;

    /// <summary>Length of the sum; 0 gives zeros.</summary>
    public Scalar Depth { get; } = depth;

    /// <summary>Whether the products are added to what C holds.</summary>
    public bool Accumulate { get; } = accumulate;

    /// <summary>What is done with each element of C at the end, if anything.</summary>
    public Epilogue? Epilogue { get; } = epilogue;

    /// <summary>What is computed for it: where its matrices start, and its lengths.</summary>
    internal IReadOnlyList<Scalar> Scalars => [C.Offset, A.Offset, B.Offset, Batch, Rows, Columns, Depth];

    /// <summary>The same product with other <see cref="Scalars"/>, asked for in their order, and another epilogue.</summary>
    internal Contract With(Func<Scalar, Scalar> scalar, Epilogue? epilogue) =>
        new(C with { Offset = scalar(C.Offset) }, A with { Offset = scalar(A.Offset) }, B with { Offset = scalar(B.Offset) },
            scalar(Batch), scalar(Rows), scalar(Columns), scalar(Depth), Accumulate, epilogue);

    /// <summary>The same product in other memories.</summary>
    internal Contract In(Func<Memory, Memory> memory) =>
        new(C with { Memory = memory(C.Memory) }, A with { Memory = memory(A.Memory) }, B with { Memory = memory(B.Memory) },
            Batch, Rows, Columns, Depth, Accumulate, Epilogue);
}
