using System.Numerics;
using System.Runtime.CompilerServices;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The general product: operands packed into panels, C computed in tiles of register blocks.</summary>
/// <remarks>
/// Jobs of a stage: pack A, pack B, then compute every tile; a stage covers as many k-blocks as let the panels fit
/// the last-level cache. Inside a tile, a k-block of one panel of B stays in L1 and one of the tile's rows of A in L2;
/// what comes next is asked for meanwhile. How k is cut depends on the shape alone, and each element of C is summed over
/// k in one order by one thread, so its bits do not depend on the thread count, though the tiles do. Operands that are
/// small, or read only once, stay unpacked; a B that few tiles read is packed by them, panel by panel.
/// The scheme is that of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008.
/// </remarks>
internal unsafe partial struct BlockedProduct<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Rows or columns in a stage: bounds the memory for panels.</summary>
    private const nint StageLength = 4096;

    /// <summary>Bytes of panels in a stage: half of a common last-level cache.</summary>
    private const nint StageBytes = 16 << 20;

    /// <summary>Bytes of one row of A in a k-block: a panel of B with two vectors a row then takes 32 KiB.</summary>
    private const nint BlockBytes = 1024;

    /// <summary>Bytes up to which an operand is read where it is: it stays in L1 or nearly so.</summary>
    private const nint UnpackedBytes = 32 << 10;

    /// <summary>Bytes up to which an A whose columns are contiguous is read where it is: it stays nearby.</summary>
    private const nint UnpackedColumnsBytes = 96 << 10;

    /// <summary>Bytes from one step of k to the next up to which an operand is read where it is: less than three lines.</summary>
    private const nint ShortBytes = (3 * 64) - 1;

    /// <summary>Panels of B up to which it takes less time to read an A where it is, each row or column on a page, than to pack it.</summary>
    private const nint FewPanels = 16;

    /// <summary>Bytes after which a common L1 has the same sets again, and how far a dozen rows must be from them to fit.</summary>
    private const nint CacheWayBytes = 4096;
    private const nint LeastApart = 16;

    /// <summary>Panels packed together, at most: 1 KiB of a row of B.</summary>
    private const int PackedPanels = 8;

    /// <summary>Panels packed together, at most, of an A whose columns are contiguous: 1.5 KiB of a column.</summary>
    private const int PackedPanelsOfA = 32;

    private readonly Product<T> _product;
    private readonly Lanes _lanes;
    private readonly bool _packA;
    private readonly bool _packB;
    private readonly bool _rowsContiguous;
    private readonly int _threads;

    // Whether panels of B are packed by each tile that needs them, just before, rather than once for all.
    private bool _packBInTile;

    // Whether they are packed once for all; or only the last one, as its vectors are not whole.
    private bool _packBAhead;
    private bool _packRestOfB;

    // Whether the last panel of B begins within the one before, so that it has whole vectors.
    private bool _overlaps;

    // The stage: rows _row …, columns _column …, and k in _step …
    private nint _row;
    private nint _rows;
    private nint _column;
    private nint _columns;
    private nint _step;
    private nint _steps;
    private nint _blockSteps;

    private nint _packChunksA;
    private nint _packChunksB;
    private nint _packedPanelsOfA;      // packed together, where columns are contiguous
    private nint _packedPanels;
    private nint _rowPanels;
    private nint _panelRows;
    private nint _tallPanels;
    private nint _columnPanels;
    private nint _tileRows;
    private nint _tileColumns;
    private bool _isByRows;             // the order of tiles

    private T* _packedA;
    private nint _packedRow;
    private T* _packedB;

    private BlockedProduct(in Product<T> product, int threads)
    {
        (_product, _lanes) = (product, product.Lanes);
        _threads = threads;
        _rowsContiguous = AreRowsContiguous(product);
        _packA = PacksA(product);
        _packB = PacksB(product);
    }

    /// <summary>Columns of a panel of B.</summary>
    private readonly int Width => _lanes.PanelWidth;

    /// <summary>Elements that are written at once for each k of a panel of A whose columns are contiguous: whole vectors.</summary>
    private readonly nint PaddedRows => _lanes.RoundUp(_lanes.MaxRows);

    /// <summary>Whether rows, or columns, are so close that to read a part of each is to read on.</summary>
    private static bool IsShort(nint stride, nint bytes) => stride >= 0 && stride * sizeof(T) <= bytes;

    /// <summary>Whether rows, or columns, lie in different sets of a cache.</summary>
    private static bool AreApart(nint stride)
    {
        nint place = stride * sizeof(T) % CacheWayBytes;
        return stride >= 0 && Math.Min(place, CacheWayBytes - place) >= LeastApart;
    }

    private static bool AreRowsContiguous(in Product<T> product) => product.AColumn == 1 || product.ARow != 1;

    /// <summary>Whether A is copied into panels.</summary>
    public static bool PacksA(in Product<T> product)
    {
        bool rowsContiguous = AreRowsContiguous(product);
        int width = product.Lanes.PanelWidth;
        if (product.N <= 2 * width || product.M * product.K * sizeof(T) <= (rowsContiguous ? UnpackedBytes : UnpackedColumnsBytes))
        {
            return false;
        }

        nint stride = rowsContiguous ? product.ARow : product.AColumn;
        return (product.AColumn != 1 && product.ARow != 1)
            || !(IsShort(stride, rowsContiguous ? BlockBytes : ShortBytes) || (product.N <= FewPanels * width && AreApart(stride)));
    }

    /// <summary>Whether B is copied into panels.</summary>
    public static bool PacksB(in Product<T> product)
    {
        // Rows that begin in different cache sets can be read where they are, if there are not too many.
        bool rowsSpread = product.BRow * sizeof(T) % 512 != 0;
        int maxRows = product.Lanes.MaxRows;
        return product.BColumn != 1
            || (product.K * product.N * sizeof(T) > (rowsSpread ? 2 : 1) * UnpackedBytes && product.M > 2 * maxRows
                && !(rowsSpread && IsShort(product.BRow, ShortBytes) && product.M <= 5 * maxRows));
    }

    /// <summary>In how many blocks k is cut.</summary>
    public static nint BlocksOfSteps(nint steps) => Parts(steps, BlockBytes / sizeof(T));

    /// <summary>Computes the product; every length is at least 1.</summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        BlockedProduct<T> blocked = new(product, pool?.Threads ?? 1);
        blocked.Run(pool);
    }

    private void Run(WorkerPool? pool)
    {
        nint maxRows = Math.Min(_product.M, StageLength);
        nint maxColumns = Math.Min(_product.N, StageLength);
        nint blocks = BlocksOfSteps(_product.K);
        _blockSteps = Parts(_product.K, blocks);
        nint maxSteps = _product.K;
        if (blocks > 1)
        {
            nint packed = (_packA ? maxRows : 0) + (_packB ? maxColumns : 0) + Width;
            maxSteps = Math.Max(1, StageBytes / sizeof(T) / packed / _blockSteps) * _blockSteps;
        }

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
        ChoosePanels();
        ChooseTiles();
        ReserveScratch();

        nint blocks = Parts(_steps, _blockSteps);
        _packedPanelsOfA = Math.Min(PackedPanelsOfA, Parts(_rowPanels * blocks, _threads));
        _packChunksA = !_packA ? 0 : _rowsContiguous ? _rowPanels : Parts(_rowPanels, _packedPanelsOfA) * blocks;
        _packedPanels = Math.Min(PackedPanels, Parts(_columnPanels * blocks, _threads));
        _packChunksB = _packBAhead || _packRestOfB ? Parts(_columnPanels, _packedPanels) * blocks : 0;
        nint tiles = Parts(_rowPanels, _tileRows) * Parts(_columnPanels, _tileColumns);
        fixed (BlockedProduct<T>* self = &this)    // a local of Run: it does not move
        {
            if (pool is null || tiles == 1)
            {
                for (nint chunk = 0; chunk < _packChunksA; chunk++)
                {
                    self->PackA(chunk);
                }

                for (nint chunk = 0; chunk < _packChunksB; chunk++)
                {
                    self->PackB(chunk);
                }

                for (nint tile = 0; tile < tiles; tile++)
                {
                    self->Compute(tile);
                }
            }
            else
            {
                pool.Run(_packChunksA, self, &PackChunkOfA);          // by itself: each thread has rows that its tiles need
                pool.Run(_packChunksB, self, &PackChunkOfB);
                pool.Run(tiles, self, &ComputeChunk);
            }
        }
    }

    private static void PackChunkOfA(void* context, long chunk) =>
        ((BlockedProduct<T>*)context)->PackA((nint)chunk);

    private static void PackChunkOfB(void* context, long chunk) =>
        ((BlockedProduct<T>*)context)->PackB((nint)chunk);

    private static void ComputeChunk(void* context, long chunk) =>
        ((BlockedProduct<T>*)context)->Compute((nint)chunk);

    /// <summary>The first row of a panel of A: of all alike or, for the first ones, one more.</summary>
    private readonly nint PanelRow(nint panel) => (panel * _panelRows) + Math.Min(panel, _tallPanels);

    /// <summary>The first column of a panel of B, and how many it has.</summary>
    private readonly nint PanelColumn(nint panel, out nint columns)
    {
        columns = Math.Min(Width, _columns - panel * Width);
        if (!_overlaps || columns == Width)
        {
            return panel * Width;
        }

        columns = columns > _lanes.Count ? Width : _lanes.Count;
        return _columns - columns;
    }

    /// <summary>Computes tile <paramref name="tile"/> of C over the k of the stage.</summary>
    private readonly void Compute(nint tile)
    {
        (nint firstRow, nint firstColumn) = FirstPanels(tile);
        nint endRow = Math.Min(firstRow + _tileRows, _rowPanels);
        nint endColumn = Math.Min(firstColumn + _tileColumns, _columnPanels);
        T* edge = stackalloc T[Edge.Length<T>()];
        nint line = 64 / sizeof(T);
        T* panelOfB = stackalloc T[(int)(_packBInTile ? Width * _blockSteps + line : 0)];
        panelOfB = (T*)(((nint)panelOfB + 63) & ~(nint)63);

        for (nint step = 0; step < _steps; step += _blockSteps)
        {
            nint steps = Math.Min(_blockSteps, _steps - step);
            nint next = step + steps < _steps ? step + steps : 0;
            nint nextTile = next > 0 ? tile : tile + 1;
            Ahead ahead = AheadInA(nextTile, next, steps * (endColumn - firstColumn));
            bool accumulate = _product.Accumulate || _step + step > 0;
            for (nint panel = firstColumn; panel < endColumn; panel++)
            {
                bool isLast = panel + 1 == endColumn;
                AheadInB(
                    ref ahead, isLast ? FirstPanels(nextTile).Column : panel + 1, isLast ? next : step, steps,
                    endRow - firstRow);
                T* b = panelOfB;
                nint bRow = Width;
                if (_packBInTile)
                {
                    PackPanel(panel, step, steps, b);
                }
                else
                {
                    b = PanelOfB(panel, step, out bRow);
                }

                ComputePanel(firstRow, endRow, step, steps, b, bRow, panel, accumulate, edge, ref ahead);
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

    /// <summary>What a tile needs of A in a k-block, to be asked for while some steps are computed for every row panel.</summary>
    private readonly Ahead AheadInA(nint tile, nint step, nint steps)
    {
        if (!_packA)
        {
            return default;
        }

        nint firstRow = FirstPanels(tile).Row;
        nint endRow = Math.Min(firstRow + _tileRows, _rowPanels);
        if (endRow - firstRow < 2)
        {
            return default;
        }

        byte* first = (byte*)BlockOfA(firstRow, step);
        nint bytes = (nint)((byte*)BlockOfA(endRow, step) - first);
        return new Ahead { A = first, StepA = Parts(bytes, steps * ((endRow - firstRow) / 2)) };
    }

    /// <summary>What a panel of B needs, to be asked for while <paramref name="rowPanels"/> row panels are computed.</summary>
    private readonly void AheadInB(ref Ahead ahead, nint panel, nint step, nint steps, nint rowPanels)
    {
        ahead.B = (byte*)PanelOfB(panel, step, out nint row);
        if (row == Width)
        {
            nint calls = ahead.StepA == 0 ? rowPanels : (rowPanels + 1) / 2;
            ahead.StepB = Parts(Math.Min(_blockSteps, _steps - step) * Width * sizeof(T), steps * calls);
            ahead.TurnB = steps * ahead.StepB;
        }
        else
        {
            (ahead.StepB, ahead.TurnB) = (row * sizeof(T), 64);     // a line of each row, then the next line
        }
    }

    /// <summary>One panel of B times the tile's rows of A.</summary>
    private readonly void ComputePanel(
        nint firstRow, nint endRow, nint step, nint steps, T* b, nint bRow, nint panel, bool accumulate, T* edge,
        ref Ahead ahead)
    {
        nint column = PanelColumn(panel, out nint columns);
        int vectors = columns > _lanes.Count ? 2 : 1;
        nint rest = _lanes.Rest(columns);
        bool direct = (rest == 0 || _lanes.HasMasks<T>()) && _product.CColumn == 1;
        bool panelsOfA = _packA && !_rowsContiguous;
        nint aRow = panelsOfA ? 1 : _packA ? _packedRow : _product.ARow;
        T* a = BlockOfA(firstRow, step);
        BlockShape shape = new()
        {
            Steps = steps,
            ARow = aRow * sizeof(T),
            AStep = (panelsOfA ? _lanes.MaxRows : _packA ? 1 : _product.AColumn) * sizeof(T),
            BStep = bRow * sizeof(T),
            Rest = direct ? rest : 0,
            CRow = (direct ? _product.CRow : Width) * sizeof(T),
            Alike = direct && _step + step + steps == _product.K ? _product.ReadAtEnd * sizeof(T) : 0,
            Accumulate = direct && accumulate,
        };

        nint row = PanelRow(firstRow);
        RegisterBlock? block = null;
        (nint blockRows, nint blockAhead) = (0, 0);
        for (nint rowPanel = firstRow; rowPanel < endRow; rowPanel++)
        {
            nint nextRow = PanelRow(rowPanel + 1);
            nint rows = nextRow - row;
            T* c = _product.C + (_row + row) * _product.CRow + (_column + column) * _product.CColumn;
            byte* soon = ahead.Next((rowPanel - firstRow) % 2 == 1, steps, out shape.AheadStep);
            if (block is null || rows != blockRows || shape.AheadStep != blockAhead)
            {
                block = RegisterBlocks<T>.Of(_lanes, rows, vectors, shape);
                (blockRows, blockAhead) = (rows, shape.AheadStep);
            }

            block((nint)a, (nint)b, (nint)(direct ? c : edge), (nint)soon, &shape);
            if (!direct)
            {
                Edge.Store(rows, columns, edge, Width, c, _product.CRow, _product.CColumn, accumulate);
            }

            a += panelsOfA ? PanelLength(steps) : rows * aRow;
            row = nextRow;
        }
    }

    /// <summary>How many parts of <paramref name="part"/> cover <paramref name="length"/>, which is at least 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Parts(nint length, nint part) =>
        length <= part ? 1 : part == 1 ? length : (length + part - 1) / part;   // for what is small, divisions take a tenth of the time
}
