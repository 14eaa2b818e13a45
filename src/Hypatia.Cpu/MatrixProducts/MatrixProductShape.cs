namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Distances in elements between neighbours of an operand; negative and, but for C, 0 are allowed.</summary>
internal readonly record struct MatrixStrides(long Batch, long Row, long Column);

/// <summary>Lengths and layouts of C[b,i,j] = Σₖ A[b,i,k]·B[b,k,j]: [batch,m,k] · [batch,k,n] → [batch,m,n].</summary>
internal readonly record struct MatrixProductShape(
    long Batch, long M, long N, long K, MatrixStrides A, MatrixStrides B, MatrixStrides C)
{
    /// <summary>Multiply-adds, and bytes to read or write, that are worth more threads than the calling one: some 20 µs.</summary>
    private const double SharedWork = 1 << 20;
    private const double SharedBytes = 1 << 20;

    /// <summary>Whether threads should share it, given the bytes of an element.</summary>
    public bool IsWorthSharing(int size)
    {
        double rows = M, columns = N, steps = K;
        return Batch * rows * columns * steps >= SharedWork
            || Batch * ((rows * steps) + (steps * columns) + (rows * columns)) * size >= SharedBytes;
    }

    /// <summary>One product of contiguous row-major matrices: [m,k] · [k,n] → [m,n].</summary>
    public static MatrixProductShape Contiguous(long m, long n, long k) => Contiguous(1, m, n, k);

    /// <summary>A batch of products of contiguous row-major matrices: [batch,m,k] · [batch,k,n] → [batch,m,n].</summary>
    public static MatrixProductShape Contiguous(long batch, long m, long n, long k) =>
        new(batch, m, n, k, new(m * k, k, 1), new(k * n, n, 1), new(m * n, n, 1));
}
