using System.Numerics;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Products with one to three steps of k, bound by writing C: each row of C is written from end to end.</summary>
/// <remarks>
/// Memory takes one stream of stores nearly twice as fast as several at a time, so rows are not blocked. B is copied, a
/// block of its columns stays in L1; a row of A is held in registers. A chunk is a band of rows, finished while in L2. A C that is
/// more than caches hold, and complete, goes past them.
/// </remarks>
internal readonly unsafe struct OuterProduct<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Steps of k for which this family is meant.</summary>
    public const int MaxSteps = 3;

    /// <summary>Bytes of a block of B: two thirds of a common L1.</summary>
    private const int BlockBytes = 32 << 10;

    /// <summary>Bytes of C in a chunk.</summary>
    private const int ChunkBytes = 192 << 10;

    /// <summary>Bytes of C that no cache holds.</summary>
    private const long PastBytes = 32 << 20;

    private readonly Product<T> _product;
    private readonly T* _rows;
    private readonly nint _rowStride;
    private readonly bool _isPast;
    private readonly nint _blockColumns;
    private readonly nint _bandRows;

    private OuterProduct(in Product<T> product, WorkerPool? pool)
    {
        _product = product;
        Lanes lanes = product.Lanes;
        _blockColumns = Math.Min(lanes.RoundUp(product.N), BlockBytes / sizeof(T) / lanes.Count / product.K * lanes.Count);
        _rowStride = lanes.RoundUp(product.N) + lanes.Count;
        _rows = (T*)PackScratch.Rent((nuint)(_rowStride * product.K * sizeof(T)));
        _isPast = product.IsFinal && !product.Accumulate && (long)product.M * product.N * sizeof(T) >= PastBytes;
        nint worth = Math.Max(1, ChunkBytes / sizeof(T) / product.N);
        _bandRows = pool is null ? worth : (nint)pool.PerChunk(product.M, worth);
    }

    /// <summary>Computes the product; every length is at least 1, k at most <see cref="MaxSteps"/>, columns of C are neighbours.</summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        OuterProduct<T> outer = new(product, pool);
        Packing.Rows(product.K, product.N, product.B, product.BRow, product.BColumn, outer._rows, outer._rowStride);
        nint bands = (product.M + outer._bandRows - 1) / outer._bandRows;
        if (pool is not null)
        {
            pool.Run(bands, &outer, &ComputeChunk);
            return;
        }

        for (nint band = 0; band < bands; band++)
        {
            outer.Compute(band);
        }
    }

    private static void ComputeChunk(void* context, long chunk) =>
        ((OuterProduct<T>*)context)->Compute((nint)chunk);

    private void Compute(nint band)
    {
        nint first = band * _bandRows;
        nint rows = Math.Min(_bandRows, _product.M - first);
        OuterBlock block = OuterBlocks<T>.Of(
            _product.Lanes, _product.K, _product.Accumulate ? Outcome.Added : _isPast ? Outcome.StoredPast : Outcome.Stored);
        BlockShape shape = new()
        {
            ARow = _product.ARow * sizeof(T),
            AStep = _product.AColumn * sizeof(T),
            BStep = _rowStride * sizeof(T),
            CRow = _product.CRow * sizeof(T),
        };
        for (nint column = 0; column < _product.N; column += _blockColumns)
        {
            nint columns = Math.Min(_blockColumns, _product.N - column);
            T* a = _product.A + first * _product.ARow;
            T* c = _product.C + first * _product.CRow + column;
            block(rows, columns, (nint)a, (nint)(_rows + column), (nint)c, &shape);
        }

        if (_isPast)
        {
            Interlocked.MemoryBarrier();
        }

        _product.Finish(first, rows, 0, _product.N);
    }
}
