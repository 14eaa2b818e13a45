using System.Numerics;
using System.Runtime.CompilerServices;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The general product: operands packed into panels, C computed in tiles of register blocks.</summary>
/// <remarks>
/// Two jobs a stage: pack every panel, then compute every tile; a stage covers as many k-blocks as let the panels fit
/// the last-level cache. Inside a tile, a k-block of one panel of B stays in L1 and one of the tile's rows of A in L2.
/// How the product is cut depends on its shape alone, and each element of C is summed over k in one order by one
/// thread, so its bits do not depend on the thread count. Operands that are small, or read only once, stay unpacked.
/// The scheme is that of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008.
/// </remarks>
internal unsafe struct BlockedProduct<T, TVector, TLanes>
    where T : unmanaged, INumber<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Rows or columns in a stage: bounds the memory for panels.</summary>
    private const nint StageLength = 4096;

    /// <summary>Bytes of panels in a stage: half of a common last-level cache.</summary>
    private const nint StageBytes = 16 << 20;

    /// <summary>Bytes of one row of A in a k-block: a panel of B with two vectors a row then takes 32 KiB.</summary>
    private const nint BlockBytes = 1024;

    /// <summary>Bytes up to which an operand is read where it is: it stays in L1 or nearly so.</summary>
    private const nint UnpackedBytes = 32 << 10;

    /// <summary>Panels packed together: 1 KiB of a row of B.</summary>
    private const int PackedPanels = 8;

    /// <summary>Multiply-adds worth a chunk of their own: about 8 µs.</summary>
    private const double ChunkWork = 1 << 20;

    private readonly Product<T> _product;
    private readonly bool _packA;
    private readonly bool _packB;
    private readonly bool _rowsContiguous;

    // The stage: rows _row …, columns _column …, and k in _step …
    private nint _row;
    private nint _rows;
    private nint _column;
    private nint _columns;
    private nint _step;
    private nint _steps;
    private nint _blockSteps;

    private nint _packChunksA;
    private nint _rowPanels;
    private nint _columnPanels;
    private nint _tileRows;
    private nint _tileColumns;

    private T* _packedA;
    private nint _packedRow;
    private T* _packedB;

    private BlockedProduct(in Product<T> product)
    {
        _product = product;
        _rowsContiguous = product.AColumn == 1 || product.ARow != 1;
        bool rowsAdjoin = product.AColumn == 1 && product.ARow >= 0 && product.ARow * sizeof(T) <= BlockBytes;
        _packA = product.M * product.K * sizeof(T) > UnpackedBytes && product.N > 2 * Width && !rowsAdjoin;
        _packB = product.BColumn != 1
            || (product.K * product.N * sizeof(T) > UnpackedBytes && product.M > 2 * TLanes.MaxRows);
    }

    /// <summary>Columns of a panel of B.</summary>
    private static int Width => 2 * TLanes.Count;

    /// <summary>Elements for each k in a panel of A whose columns are contiguous: whole vectors.</summary>
    private static int PaddedRows => (TLanes.MaxRows + TLanes.Count - 1) / TLanes.Count * TLanes.Count;

    /// <summary>Computes the product; every length is at least 1.</summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        BlockedProduct<T, TVector, TLanes> blocked = new(product);
        blocked.Run(pool);
    }

    private void Run(WorkerPool? pool)
    {
        nint maxRows = Math.Min(_product.M, StageLength);
        nint maxColumns = Math.Min(_product.N, StageLength);
        nint blocks = Parts(_product.K, BlockBytes / sizeof(T));
        _blockSteps = Parts(_product.K, blocks);
        nint packed = (_packA ? maxRows : 0) + (_packB ? maxColumns : 0) + Width;
        nint maxSteps = Math.Max(1, StageBytes / sizeof(T) / packed / _blockSteps) * _blockSteps;

        for (_row = 0; _row < _product.M; _row += _rows)
        {
            _rows = Math.Min(maxRows, _product.M - _row);
            for (_column = 0; _column < _product.N; _column += _columns)
            {
                _columns = Math.Min(maxColumns, _product.N - _column);
                for (_step = 0; _step < _product.K; _step += _steps)
                {
                    _steps = Math.Min(maxSteps, _product.K - _step);
                    RunStage(pool);
                }
            }
        }
    }

    private void RunStage(WorkerPool? pool)
    {
        _rowPanels = Parts(_rows, TLanes.MaxRows);
        _columnPanels = Parts(_columns, Width);
        ChooseTiles();
        ReserveScratch();

        nint blocks = Parts(_steps, _blockSteps);
        _packChunksA = !_packA ? 0 : _rowsContiguous ? _rowPanels : Parts(_rowPanels, PackedPanels) * blocks;
        nint packChunks = _packChunksA + Parts(_columnPanels, PackedPanels) * blocks;
        nint tiles = Parts(_rowPanels, _tileRows) * Parts(_columnPanels, _tileColumns);
        fixed (BlockedProduct<T, TVector, TLanes>* self = &this)    // a local of Run: it does not move
        {
            if (pool is null || tiles == 1)
            {
                for (nint chunk = 0; chunk < packChunks; chunk++)
                {
                    self->Pack(chunk);
                }

                for (nint tile = 0; tile < tiles; tile++)
                {
                    self->Compute(tile);
                }
            }
            else
            {
                pool.Run(packChunks, self, &PackChunk);
                pool.Run(tiles, self, &ComputeChunk);
            }
        }
    }

    private static void PackChunk(void* context, long chunk) =>
        ((BlockedProduct<T, TVector, TLanes>*)context)->Pack((nint)chunk);

    private static void ComputeChunk(void* context, long chunk) =>
        ((BlockedProduct<T, TVector, TLanes>*)context)->Compute((nint)chunk);

    /// <summary>Tiles that fit L2, cut smaller while that gives more threads work worth having.</summary>
    private void ChooseTiles()
    {
        _tileRows = Math.Min(_rowPanels, 16);
        _tileColumns = Math.Min(_columnPanels, 8);
        while (_tileRows * _tileColumns > 1
            && Parts(_rowPanels, _tileRows) * Parts(_columnPanels, _tileColumns) < 32
            && (double)_tileRows * TLanes.MaxRows * _tileColumns * Width * _steps > 2 * ChunkWork)
        {
            if (_tileColumns == 1 || (_tileRows > 1 && _tileRows * TLanes.MaxRows > _tileColumns * Width))
            {
                _tileRows = Parts(_tileRows, 2);
            }
            else
            {
                _tileColumns = Parts(_tileColumns, 2);
            }
        }
    }

    private void ReserveScratch()
    {
        nint line = 64 / sizeof(T);
        nint blocks = Parts(_steps, _blockSteps);
        _packedRow = (Parts(_blockSteps, line) | 1) * line;         // an odd number of lines: rows spread over all sets
        nint a = !_packA ? 0 : _rowsContiguous ? blocks * _rows * _packedRow : _rowPanels * PaddedRows * _steps;
        nint b = (_packB ? _columnPanels : 1) * Width * _steps;
        a = Parts(a, line) * line;
        _packedA = (T*)PackScratch.Rent((nuint)((a + b) * sizeof(T)));
        _packedB = _packedA + a;
    }

    private readonly nint PanelRow(nint panel) => panel * _rows / _rowPanels;

    /// <summary>Packs part <paramref name="chunk"/> of A or, after those, of B.</summary>
    private readonly void Pack(nint chunk)
    {
        if (chunk >= _packChunksA)
        {
            PackB(chunk - _packChunksA);
        }
        else if (_rowsContiguous)
        {
            PackRowsOfA(chunk);
        }
        else
        {
            PackColumnsOfA(chunk);
        }
    }

    /// <summary>Copies the rows of one panel of A, k-block after k-block.</summary>
    private readonly void PackRowsOfA(nint panel)
    {
        nint row = PanelRow(panel);
        nint rows = PanelRow(panel + 1) - row;
        T* from = _product.A + (_row + row) * _product.ARow + _step * _product.AColumn;
        T* to = _packedA + row * _packedRow;
        for (nint step = 0; step < _steps; step += _blockSteps)
        {
            nint steps = Math.Min(_blockSteps, _steps - step);
            Packing.Rows(
                rows, steps, from + step * _product.AColumn, _product.ARow, _product.AColumn, to, _packedRow);
            to += _rows * _packedRow;
        }
    }

    /// <summary>Copies some panels of A over one k-block; neighbours together, for they share pages.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void PackColumnsOfA(nint chunk)
    {
        nint groups = Parts(_rowPanels, PackedPanels);
        nint first = chunk % groups * PackedPanels;
        nint end = Math.Min(first + PackedPanels, _rowPanels);
        nint step = chunk / groups * _blockSteps;
        nint endStep = Math.Min(step + _blockSteps, _steps);
        nint* rows = stackalloc nint[PackedPanels + 1];
        for (nint panel = first; panel <= end; panel++)
        {
            rows[panel - first] = PanelRow(panel);
        }

        for (; step < endStep; step++)
        {
            T* from = _product.A + _row + (_step + step) * _product.AColumn;
            T* to = _packedA + (first * _steps + step) * PaddedRows;
            for (nint panel = 0; panel < end - first; panel++)
            {
                nint row = rows[panel];
                Packing.Row<T, TVector, TLanes>(
                    rows[panel + 1] - row, PaddedRows, _row + row + PaddedRows <= _product.M, from + row, to);
                to += _steps * PaddedRows;
            }
        }
    }

    /// <summary>Copies some panels of B over one k-block; an unpacked B has only its last, narrow panel copied.</summary>
    private readonly void PackB(nint chunk)
    {
        nint groups = Parts(_columnPanels, PackedPanels);
        nint first = chunk % groups * PackedPanels;
        nint step = chunk / groups * _blockSteps;
        nint steps = Math.Min(_blockSteps, _steps - step);
        nint columns = Math.Min(PackedPanels * Width, _columns - first * Width);
        if (!_packB)
        {
            nint whole = columns / Width * Width;
            first += whole / Width;
            columns -= whole;
        }

        T* from = _product.B + (_step + step) * _product.BRow + (_column + first * Width) * _product.BColumn;
        T* to = _packedB + ((_packB ? first * _steps : 0) + step) * Width;
        Packing.Panels<T, TVector, TLanes>(
            steps, columns, from, _product.BRow, _product.BColumn, to, Width, _steps * Width);
    }

    /// <summary>Computes tile <paramref name="tile"/> of C over the k of the stage.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Compute(nint tile)
    {
        nint tilesDown = Parts(_rowPanels, _tileRows);
        nint firstRow = tile % tilesDown * _tileRows;
        nint firstColumn = tile / tilesDown * _tileColumns;
        nint endRow = Math.Min(firstRow + _tileRows, _rowPanels);
        nint endColumn = Math.Min(firstColumn + _tileColumns, _columnPanels);
        T* edge = stackalloc T[TLanes.MaxRows * Width];

        for (nint step = 0; step < _steps; step += _blockSteps)
        {
            nint steps = Math.Min(_blockSteps, _steps - step);
            bool accumulate = _product.Accumulate || _step + step > 0;
            for (nint panel = firstColumn; panel < endColumn; panel++)
            {
                nint columns = Math.Min(Width, _columns - panel * Width);
                bool packed = _packB || columns < Width;
                nint bRow = packed ? Width : _product.BRow;
                T* b = packed
                    ? _packedB + (_packB ? panel * Width * _steps : 0)
                    : _product.B + _step * bRow + _column + panel * Width;
                ComputePanel(firstRow, endRow, step, steps, b + step * bRow, bRow, panel, columns, accumulate, edge);
            }
        }

        if (_step + _steps == _product.K)
        {
            nint row = PanelRow(firstRow);
            nint column = firstColumn * Width;
            _product.Finish(
                _row + row, PanelRow(endRow) - row, _column + column, Math.Min(endColumn * Width, _columns) - column);
        }
    }

    /// <summary>One panel of B times the tile's rows of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ComputePanel(
        nint firstRow, nint endRow, nint step, nint steps, T* b, nint bRow, nint panel, nint columns, bool accumulate,
        T* edge)
    {
        var kernels = MicroKernels<T, TVector, TLanes>.OfVectors(columns > TLanes.Count ? 2 : 1);
        bool whole = columns % TLanes.Count == 0 && _product.CColumn == 1;
        bool panelsOfA = _packA && !_rowsContiguous;
        nint aRow = panelsOfA ? 1 : _packA ? _packedRow : _product.ARow;
        nint aStep = panelsOfA ? PaddedRows : _packA ? 1 : _product.AColumn;
        T* a = _packA ? _packedA : _product.A + _row * aRow + _step * aStep;
        a += _packA && _rowsContiguous ? step / _blockSteps * _rows * _packedRow : step * aStep;

        nint row = PanelRow(firstRow);
        for (nint rowPanel = firstRow; rowPanel < endRow; rowPanel++)
        {
            nint nextRow = PanelRow(rowPanel + 1);
            nint rows = nextRow - row;
            T* panelA = a + (panelsOfA ? rowPanel * PaddedRows * _steps : row * aRow);
            T* c = _product.C + (_row + row) * _product.CRow + (_column + panel * Width) * _product.CColumn;
            if (whole)
            {
                kernels[rows - 1](steps, panelA, aRow, aStep, b, bRow, c, _product.CRow, accumulate);
            }
            else
            {
                kernels[rows - 1](steps, panelA, aRow, aStep, b, bRow, edge, Width, false);
                StoreEdge(rows, columns, edge, c, accumulate);
            }

            row = nextRow;
        }
    }

    /// <summary>Moves the part of a register block that lies in C from <paramref name="edge"/> to its place.</summary>
    private readonly void StoreEdge(nint rows, nint columns, T* edge, T* c, bool accumulate)
    {
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < columns; j++)
            {
                T* to = c + i * _product.CRow + j * _product.CColumn;
                T value = edge[i * Width + j];
                *to = accumulate ? *to + value : value;
            }
        }
    }

    /// <summary>How many parts of <paramref name="part"/> cover <paramref name="length"/>.</summary>
    private static nint Parts(nint length, nint part) => (length + part - 1) / part;
}
