using System.Numerics;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Products with few columns and rows of A contiguous along k: A is read once, along its rows.</summary>
/// <remarks>
/// Columns of B are made contiguous first, a block of k at a time. A chunk is a band of rows. Where one register block has all columns,
/// its rows are far apart in their band, so that each of its streams goes on where it ended.
/// </remarks>
internal unsafe struct DotProduct<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Columns up to which this family is meant.</summary>
    public const int MaxColumns = 16;

    /// <summary>Bytes of B, the rows of A and the next ones in a block of k: three quarters of a common L1.</summary>
    private const int BlockBytes = 36 << 10;

    /// <summary>Elements of A worth a chunk of their own, with one column; with more, fewer.</summary>
    private const int ChunkElements = 1 << 16;

    /// <summary>Bytes of C that a band may have where threads do not share: half of a common L2.</summary>
    private const int BandBytes = 256 << 10;

    private readonly Product<T> _product;
    private readonly Lanes _lanes;
    private readonly nint _blocks;
    private readonly nint _blockRows;
    private readonly nint _maxSteps;
    private readonly nint _bandRows;
    private nint _step;
    private nint _steps;
    private T* _columns;
    private nint _columnStride;

    private DotProduct(in Product<T> product, WorkerPool? pool)
    {
        (_product, _lanes) = (product, product.Lanes);
        _blocks = (product.N + DotBlocks.MaxColumns - 1) / DotBlocks.MaxColumns;
        _blockRows = _lanes.HasManyRegisters || product.N <= 3 * _blocks ? 4 : 2;    // with 16 registers, 12 sums
        _maxSteps = BlockBytes / sizeof(T) / (product.N > DotBlocks.FewColumns ? product.N + 2 * _blockRows : 2 * product.N);
        nint worth = Math.Max(1, 2 * ChunkElements / (product.N + 1) / Math.Min(product.K, _maxSteps));
        _bandRows = pool is null ? BandBytes / sizeof(T) / product.N
            : ((nint)pool.PerChunk(product.M, worth) + _blockRows - 1) / _blockRows * _blockRows;
    }

    /// <summary>Computes the product; every length is at least 1, at most 16 columns, and A is contiguous along k.</summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        DotProduct<T> dot = new(product, pool);
        nint bands = (product.M + dot._bandRows - 1) / dot._bandRows;
        nint blocks = (product.K + dot._maxSteps - 1) / dot._maxSteps;
        nint steps = product.Lanes.RoundUp(product.K / blocks + 1);
        for (dot._step = 0; dot._step < product.K; dot._step += dot._steps)
        {
            dot._steps = Math.Min(steps, product.K - dot._step);
            dot.ReadColumns();
            if (pool is not null)
            {
                pool.Run(bands, &dot, &ComputeChunk);
                continue;
            }

            for (nint band = 0; band < bands; band++)
            {
                dot.Compute(band);
            }
        }
    }

    private static void ComputeChunk(void* context, long chunk) =>
        ((DotProduct<T>*)context)->Compute((nint)chunk);

    /// <summary>Makes this block of each column of B contiguous, unless it is.</summary>
    private void ReadColumns()
    {
        T* from = _product.B + _step * _product.BRow;
        if (_product.BRow == 1)
        {
            _columns = from;
            _columnStride = _product.BColumn;
            return;
        }

        _columnStride = _maxSteps + 128 / sizeof(T);
        _columns = (T*)PackScratch.Rent((nuint)(MaxColumns * _columnStride * sizeof(T)));
        Packing.Rows(_product.N, _steps, from, _product.BColumn, _product.BRow, _columns, _columnStride);
    }

    private readonly void Compute(nint band)
    {
        nint start = band * _bandRows;
        nint rows = Math.Min(_bandRows, _product.M - start);
        nint blocks = rows / _blockRows;
        bool isApart = _product.N <= DotBlocks.MaxColumns;
        for (nint block = 0; block < blocks; block++)
        {
            Compute(start + (isApart ? block : block * _blockRows), _blockRows, isApart ? blocks : 1, isApart ? 1 : _blockRows);
        }

        if (rows % _blockRows > 0)
        {
            Compute(start + blocks * _blockRows, rows % _blockRows, 1, 0);
        }

        if (_step + _steps == _product.K)
        {
            _product.Finish(start, rows, 0, _product.N);
        }
    }

    /// <summary>Computes a few rows, <paramref name="apart"/> from each other; the next ones are <paramref name="next"/> rows further on.</summary>
    private readonly void Compute(nint row, nint rows, nint apart, nint next)
    {
        T* a = _product.A + row * _product.ARow + _step;
        DotShape shape = new()
        {
            Vectors = _steps / _lanes.Count,
            Rest = _lanes.Rest(_steps),
            ARow = apart * _product.ARow * sizeof(T),
            SoonStep = _lanes.Count / _blocks * sizeof(T),
            BColumn = _columnStride * sizeof(T),
            CRow = apart * _product.CRow * sizeof(T),
            CColumn = _product.CColumn * sizeof(T),
            Accumulate = _product.Accumulate || _step > 0,
        };
        for (nint block = 0; block < _blocks; block++)
        {
            nint column = block * _product.N / _blocks;
            nint columns = (block + 1) * _product.N / _blocks - column;
            T* soon = a + next * _product.ARow + block * _steps / _blocks;
            T* c = _product.C + row * _product.CRow + column * _product.CColumn;
            DotBlocks<T>.Of(_lanes, rows, columns)((nint)a, (nint)soon, (nint)(_columns + column * _columnStride), (nint)c, &shape);
        }
    }
}
