using System.Numerics;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Products with a short k and many rows, bound by writing C: it is written along bands of a few rows.</summary>
/// <remarks>
/// B is packed into panels once, a block of its columns at a time, and stays in L2; A is read where it is. A chunk is
/// some bands, finished while they are in L2. C is asked for ahead of the register block: its lines are all that is far.
/// </remarks>
internal unsafe struct BandProduct<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Steps of k for which this family is meant: a register block then takes less time than a line from memory.</summary>
    public const int MaxSteps = 32;

    /// <summary>Bytes of a block of B: an eighth of a common L2.</summary>
    private const int BlockBytes = 128 << 10;

    /// <summary>Bytes of C in a chunk.</summary>
    private const int ChunkBytes = 192 << 10;

    private readonly Product<T> _product;
    private readonly Lanes _lanes;
    private readonly T* _panels;
    private readonly nint _blockColumns;
    private readonly nint _chunkRows;
    private nint _column;
    private nint _columns;

    private BandProduct(in Product<T> product, WorkerPool? pool)
    {
        (_product, _lanes) = (product, product.Lanes);
        _blockColumns = Math.Min(product.N, BlockBytes / sizeof(T) / MaxSteps);
        _panels = (T*)PackScratch.Rent((nuint)((_blockColumns + _lanes.PanelWidth) * product.K * sizeof(T)));
        nint worth = Math.Max(1, ChunkBytes / (_lanes.MaxRows * _blockColumns * sizeof(T)));
        nint bands = (product.M + _lanes.MaxRows - 1) / _lanes.MaxRows;
        _chunkRows = (pool is null ? worth : (nint)pool.PerChunk(bands, worth)) * _lanes.MaxRows;
    }

    /// <summary>Rows from which on this family is meant: B is then read often enough to be packed.</summary>
    public static int MinRows(Lanes lanes) => 4 * lanes.MaxRows;

    /// <summary>Computes the product; every length is at least 1, k at most <see cref="MaxSteps"/>, columns of C are neighbours.</summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        BandProduct<T> bands = new(product, pool);
        nint chunks = (product.M + bands._chunkRows - 1) / bands._chunkRows;
        for (bands._column = 0; bands._column < product.N; bands._column += bands._blockColumns)
        {
            bands._columns = Math.Min(bands._blockColumns, product.N - bands._column);
            Packing.Panels(
                product.Lanes, product.K, bands._columns, product.B + bands._column * product.BColumn, product.BRow, product.BColumn,
                bands._panels, product.K * product.Lanes.PanelWidth);
            if (pool is not null)
            {
                pool.Run(chunks, &bands, &ComputeChunk);
                continue;
            }

            for (nint chunk = 0; chunk < chunks; chunk++)
            {
                bands.Compute(chunk);
            }
        }
    }

    private static void ComputeChunk(void* context, long chunk) =>
        ((BandProduct<T>*)context)->Compute((nint)chunk);

    private readonly void Compute(nint chunk)
    {
        nint first = chunk * _chunkRows;
        nint end = Math.Min(first + _chunkRows, _product.M);
        nint width = _lanes.PanelWidth;
        nint rest = _columns % width;
        bool direct = _lanes.HasMasks<T>();
        nint steps = _product.K;
        nint cRow = _product.CRow;
        T* edge = stackalloc T[Edge.Length<T>()];
        BlockShape shape = new()
        {
            Steps = steps,
            ARow = _product.ARow * sizeof(T),
            AStep = _product.AColumn * sizeof(T),
            BStep = width * sizeof(T),
            CRow = cRow * sizeof(T),
            AheadStep = cRow * sizeof(T),
            Soon = 4 * width * sizeof(T),
            Accumulate = _product.Accumulate,
        };
        BlockShape narrow = direct ? shape with { Rest = _lanes.Rest(rest), AheadStep = 0, Soon = 0 }
            : shape with { CRow = width * sizeof(T), AheadStep = 0, Soon = 0, Accumulate = false };
        for (nint row = first; row < end; row += _lanes.MaxRows)
        {
            nint rows = Math.Min(_lanes.MaxRows, end - row);
            T* a = _product.A + row * _product.ARow;
            T* b = _panels;
            T* c = _product.C + row * cRow + _column;
            RegisterBlock block = RegisterBlocks<T>.Of(_lanes, rows, 2, shape);
            for (nint column = width; column <= _columns; column += width, b += steps * width, c += width)
            {
                block((nint)a, (nint)b, (nint)c, (nint)(c + 4 * width + _lanes.Count), &shape);
            }

            if (rest > 0)
            {
                RegisterBlocks<T>.Of(_lanes, rows, rest > _lanes.Count ? 2 : 1, narrow)(
                    (nint)a, (nint)b, (nint)(direct ? c : edge), (nint)edge, &narrow);
                if (!direct)
                {
                    Edge.Store(rows, rest, edge, width, c, cRow, 1, _product.Accumulate);
                }
            }
        }

        _product.Finish(first, end - first, _column, _columns);
    }
}
