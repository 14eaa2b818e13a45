namespace Hypatia.Cpu.MatrixProducts;

/// <summary>One product C[m,n] (+)= A[m,k]·B[k,n] on memory: what every kernel family is given.</summary>
/// <remarks>
/// Unsafe: A, B and C point to element [0,0]; every element that the lengths and strides reach is the caller's;
/// elements of C are distinct and overlap neither A nor B.
/// </remarks>
internal readonly unsafe struct Product<T>
    where T : unmanaged
{
    private readonly ProductEpilogue _epilogue;
    private readonly long _batch;
    private readonly bool _isTransposed;
    private readonly nint _firstRow;            // of the whole product
    private readonly nint _firstColumn;

    /// <summary>Product <paramref name="batch"/> of a batch, whose first has its elements [0,0] at these places.</summary>
    public Product(
        Lanes lanes, in MatrixProductShape shape, T* a, T* b, T* c, bool accumulate, ProductEpilogue epilogue = default, long batch = 0)
    {
        Lanes = lanes;
        _epilogue = epilogue;
        _batch = batch;
        (M, N, K) = ((nint)shape.M, (nint)shape.N, (nint)shape.K);
        A = a + batch * shape.A.Batch;
        B = b + batch * shape.B.Batch;
        C = c + batch * shape.C.Batch;
        Accumulate = accumulate;
        ReadAtEnd = epilogue.Alike is null ? 0 : (nint)((T*)epilogue.Alike - c);

        // The stride of an axis of length 1 is never used: 1 for a column lets more layouts count as contiguous.
        (ARow, AColumn) = ((nint)shape.A.Row, K == 1 ? 1 : (nint)shape.A.Column);
        (BRow, BColumn) = ((nint)shape.B.Row, N == 1 ? 1 : (nint)shape.B.Column);
        (CRow, CColumn) = ((nint)shape.C.Row, N == 1 ? 1 : (nint)shape.C.Column);
        ARow = M == 1 ? 1 : ARow;
        BRow = K == 1 ? 1 : BRow;
        CRow = M == 1 ? 1 : CRow;
    }

    private Product(Product<T> transposed)
    {
        Lanes = transposed.Lanes;
        (M, N, K) = (transposed.N, transposed.M, transposed.K);
        A = transposed.B;
        (ARow, AColumn) = (transposed.BColumn, transposed.BRow);
        B = transposed.A;
        (BRow, BColumn) = (transposed.AColumn, transposed.ARow);
        C = transposed.C;
        (CRow, CColumn) = (transposed.CColumn, transposed.CRow);
        Accumulate = transposed.Accumulate;
        _epilogue = transposed._epilogue;
        _batch = transposed._batch;
        ReadAtEnd = transposed.ReadAtEnd;
        _isTransposed = !transposed._isTransposed;
        (_firstRow, _firstColumn) = (transposed._firstColumn, transposed._firstRow);
    }

    private Product(Product<T> whole, nint step, nint steps, T* c, nint cRow)
    {
        this = whole;
        K = steps;
        A += step * AColumn;
        B += step * BRow;
        C = c;
        (CRow, CColumn) = (cRow, 1);
        Accumulate = false;
        _epilogue = default;
    }

    private Product(Product<T> whole, nint column, nint columns)
    {
        this = whole;
        N = columns;
        B += column * BColumn;
        C += column * CColumn;
        _firstColumn += column;
    }

    /// <summary>The vectors to compute it with.</summary>
    public Lanes Lanes { get; }

    public nint M { get; }

    public nint N { get; }

    public nint K { get; }

    public T* A { get; }

    public nint ARow { get; }

    public nint AColumn { get; }

    public T* B { get; }

    public nint BRow { get; }

    public nint BColumn { get; }

    public T* C { get; }

    public nint CRow { get; }

    public nint CColumn { get; }

    /// <summary>Whether the product is added to C, instead of replacing it.</summary>
    public bool Accumulate { get; }

    /// <summary>The same product read as Cᵀ[n,m] = Bᵀ[n,k]·Aᵀ[k,m].</summary>
    public Product<T> Transposed => new(this);

    /// <summary>Some columns of the product.</summary>
    public Product<T> Columns(nint column, nint columns) => new(this, column, columns);

    /// <summary>The product of some steps of k, in another place, whose rows are contiguous.</summary>
    public Product<T> Steps(nint step, nint steps, T* c, nint cRow) => new(this, step, steps, c, cRow);

    /// <summary>Multiply-adds in the product.</summary>
    public double Work => (double)M * N * K;

    /// <summary>
    /// Elements from each one of C to the one that <see cref="Finish"/> reads with it, from another array; 0 if none.
    /// </summary>
    public nint ReadAtEnd { get; }

    /// <summary>Whether nothing is done with C once it is complete.</summary>
    public bool IsFinal => _epilogue.IsEmpty;

    /// <summary>To be called once for each element, when its sum is complete.</summary>
    public void Finish(nint row, nint rows, nint column, nint columns)
    {
        (row, column) = (row + _firstRow, column + _firstColumn);
        _epilogue.Run(_isTransposed ? new(_batch, column, columns, row, rows) : new(_batch, row, rows, column, columns));
    }
}
