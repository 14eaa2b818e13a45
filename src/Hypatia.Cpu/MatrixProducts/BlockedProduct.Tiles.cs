namespace Hypatia.Cpu.MatrixProducts;

/// <content>How C is cut into panels and tiles, and which of them threads take.</content>
internal unsafe partial struct BlockedProduct<T>
{
    /// <summary>Row panels of a tile: its rows of A in a k-block, and of C, then take a quarter of a common L2 each.</summary>
    private const int TilePanels = 16;

    /// <summary>Column panels of a tile.</summary>
    private const int TileColumnPanels = 8;

    /// <summary>What a tile costs besides, and a job of packing for all threads, in multiply-adds.</summary>
    private const double TileWork = 1 << 15;
    private const double JoinWork = 1 << 17;

    /// <summary>The part of a tile for which threads wait for one that is late, and the most of it, in multiply-adds.</summary>
    private const double Lateness = 0.25;
    private const double LateWork = 1 << 18;

    /// <summary>What it costs to pack a row of B for a tile, ahead for all, or to read what another thread has packed: as much as this many rows of A.</summary>
    private const double PackingRows = 5;
    private const double PackingAheadRows = 10;
    private const double ReadingRows = 10;

    /// <summary>The gain that is worth smaller tiles: each reads its A and B again.</summary>
    private const double LeastGain = 0.05;

    /// <summary>The fewest rows of a panel, where more panels keep more threads busy, or as busy.</summary>
    private const int FewRows = 4;
    private const int SomeRows = 6;

    /// <summary>Whether one thread computes it in one tile, and one block of k.</summary>
    public static bool IsOneTile(in Product<T> product) =>
        product.M <= TilePanels * product.Lanes.MaxRows && product.N <= TileColumnPanels * product.Lanes.PanelWidth && BlocksOfSteps(product.K) == 1;

    /// <summary>As many rows and columns to a panel as registers hold; fewer rows where else some threads would have nothing to do.</summary>
    private void ChoosePanels()
    {
        _rowPanels = Parts(_rows, _lanes.MaxRows);
        _columnPanels = Parts(_columns, Width);
        nint evenly = Parts(_rowPanels, _threads) * _threads;
        if (_threads > 1 && (_rows >= evenly * SomeRows || _rowPanels * _columnPanels < 4 * _threads))
        {
            _rowPanels = Math.Max(_rowPanels, Math.Min(evenly, _rows / FewRows));
        }

        (_panelRows, _tallPanels) = Math.DivRem(_rows, _rowPanels);
    }

    /// <summary>Tiles that fit L2, or of which threads are done sooner.</summary>
    private void ChooseTiles()
    {
        nint down = _rowPanels <= TilePanels * 3 / 2 ? 1 : Parts(_rowPanels, TilePanels);
        (_tileRows, _tileColumns) = (Parts(_rowPanels, down), Math.Min(_columnPanels, TileColumnPanels));
        if (_threads > 1)
        {
            CutTiles();
        }

        _packBInTile = _packB && PackingInTiles(_tileRows, _tileColumns) <= PackingAhead;
        _packBAhead = _packB && !_packBInTile;

        // Some columns are then computed twice, to the same bits: if nothing is added to them, or done with them, between.
        nint rest = _columns & (Width - 1);
        bool hasRest = _lanes.Rest(rest) != 0 && !(_lanes.HasMasks<T>() && _product.CColumn == 1);
        _overlaps = hasRest && _columns >= (rest > _lanes.Count ? Width : _lanes.Count)
            && _tileColumns == _columnPanels && (_packBInTile || !_packB)
            && _product.CColumn == 1 && !_product.Accumulate && _blockSteps == _product.K;
        _packRestOfB = !_packB && !_overlaps && hasRest;
    }

    /// <summary>Makes tiles smaller, and chooses their order, so that threads are done sooner.</summary>
    private void CutTiles()
    {
        double least = double.PositiveInfinity;
        for (nint rows = _tileRows; rows > 0; rows = rows > 1 ? Parts(rows, 2) : 0)
        {
            nint across = Parts(_columnPanels, TileColumnPanels);
            for (nint step = across; across <= _columnPanels; across += step, step = across % (4 * step) == 0 ? 2 * step : step)
            {
                nint columns = Parts(_columnPanels, across);
                double time = TimeOf(rows, columns, out bool isByRows);
                if (time < (1 - LeastGain) * least)
                {
                    (least, _tileRows, _tileColumns, _isByRows) = (time, rows, columns, isByRows);
                }
            }
        }
    }

    /// <summary>What it costs that tiles of so many panels pack what they need of B, or that all of it is packed before, for each step of k.</summary>
    private readonly double PackingInTiles(nint tileRows, nint tileColumns) =>
        Parts(Parts(_rowPanels, tileRows) * Parts(_columnPanels, tileColumns), _threads) * PackingRows * tileColumns * Width;

    private readonly double PackingAhead => (PackingAheadRows * _columns) + (_threads > 1 ? (JoinWork + LateWork) / _steps : 0);

    /// <summary>How long all threads take with tiles of so many panels, in multiply-adds for each step of k.</summary>
    private readonly double TimeOf(nint tileRows, nint tileColumns, out bool isByRows)
    {
        nint down = Parts(_rowPanels, tileRows), across = Parts(_columnPanels, tileColumns), each = Parts(down * across, _threads);
        double rows = (double)_rows / _rowPanels * tileRows, columns = tileColumns * Width;

        // What a thread reads of A and B depends on the order: tiles of the same rows follow each other, or of the same columns.
        double byRows = (Parts(each, across) * rows) + (Math.Min(each, across) * columns);
        double byColumns = (Math.Min(each, down) * rows) + (Parts(each, down) * columns);
        isByRows = byRows < byColumns;
        double packing = _packB ? Math.Min(PackingInTiles(tileRows, tileColumns), PackingAhead) : 0;
        double tile = (rows * columns) + (TileWork / _steps);
        return (each * tile) + Math.Min(Lateness * tile, LateWork / _steps) + (ReadingRows * Math.Min(byRows, byColumns)) + packing;
    }

    /// <summary>Where a tile begins.</summary>
    private readonly (nint Row, nint Column) FirstPanels(nint tile)
    {
        if (tile == 0)
        {
            return (0, 0);
        }

        nint along = _isByRows ? Parts(_columnPanels, _tileColumns) : Parts(_rowPanels, _tileRows);
        (nint line, nint place) = Math.DivRem(tile, along);
        return _isByRows ? (line * _tileRows, place * _tileColumns) : (place * _tileRows, line * _tileColumns);
    }
}
