namespace Hypatia.Cpu.MatrixProducts;

/// <content>Where operands lie, and how they are packed.</content>
internal unsafe partial struct BlockedProduct<T>
{
    /// <summary>Packs part <paramref name="chunk"/> of A.</summary>
    private readonly void PackA(nint chunk)
    {
        if (_rowsContiguous)
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
    private readonly void PackColumnsOfA(nint chunk)
    {
        nint groups = Parts(_rowPanels, _packedPanelsOfA);
        nint first = chunk % groups * _packedPanelsOfA;
        nint panels = Math.Min(_packedPanelsOfA, _rowPanels - first);
        nint step = chunk / groups * _blockSteps;
        nint steps = Math.Min(_blockSteps, _steps - step);
        nint* rows = stackalloc nint[PackedPanelsOfA + 1];
        for (nint panel = 0; panel <= panels; panel++)
        {
            rows[panel] = PanelRow(first + panel);
        }

        // What is written past a panel's rows is overwritten by the next k, or lies between panels.
        nint padded = PaddedRows;
        bool readable = _row + rows[panels - 1] + padded <= _product.M;
        nint whole = readable ? panels : Math.Max(0, panels - 2);
        T* from = _product.A + _row + (_step + step) * _product.AColumn;
        T* to = BlockOfA(first, step);
        nint panelLength = PanelLength(steps);
        for (nint k = 0; k < steps; k++, from += _product.AColumn, to += _lanes.MaxRows)
        {
            nint ahead = k + 8 < steps ? 8 * _product.AColumn : 0;
            Packing.Pieces(whole, padded, from, rows, ahead, to, panelLength);
            for (nint panel = whole; panel < panels; panel++)
            {
                Packing.Rows(1, rows[panel + 1] - rows[panel], from + rows[panel], 0, 1, to + panel * panelLength, 0);
            }
        }
    }

    /// <summary>Copies some panels of B over one k-block; an unpacked B has only its last, narrow panel copied.</summary>
    private readonly void PackB(nint chunk)
    {
        nint groups = Parts(_columnPanels, _packedPanels);
        nint first = chunk % groups * _packedPanels;
        nint step = chunk / groups * _blockSteps;
        nint steps = Math.Min(_blockSteps, _steps - step);
        nint columns = Math.Min(_packedPanels * Width, _columns - first * Width);
        if (_packRestOfB)
        {
            nint whole = columns & -Width;
            first += whole / Width;
            columns -= whole;
            if (columns == 0)
            {
                return;         // the narrow panel is another chunk's, which writes it at the same time
            }
        }

        T* from = _product.B + (_step + step) * _product.BRow + (_column + first * Width) * _product.BColumn;
        T* to = _packedB + ((_packB ? first * _steps : 0) + step) * Width;
        Packing.Panels(_lanes, steps, columns, from, _product.BRow, _product.BColumn, to, _steps * Width);
    }

    /// <summary>Packs one panel of B over one k-block.</summary>
    private readonly void PackPanel(nint panel, nint step, nint steps, T* to)
    {
        nint column = PanelColumn(panel, out nint columns);
        T* from = _product.B + (_step + step) * _product.BRow + (_column + column) * _product.BColumn;
        Packing.Panels(_lanes, steps, columns, from, _product.BRow, _product.BColumn, to, 0);
    }

    /// <summary>Element (first row of a panel, <paramref name="step"/>) of A, where a k-block begins.</summary>
    private readonly T* BlockOfA(nint rowPanel, nint step)
    {
        if (!_packA)
        {
            return _product.A + (_row + PanelRow(rowPanel)) * _product.ARow + (_step + step) * _product.AColumn;
        }

        return _rowsContiguous
            ? _packedA + (step / _blockSteps * _rows + PanelRow(rowPanel)) * _packedRow
            : _packedA + step / _blockSteps * _rowPanels * PanelLength(_blockSteps)
                + rowPanel * PanelLength(Math.Min(_blockSteps, _steps - step));
    }

    /// <summary>Elements of a panel of A whose columns are contiguous.</summary>
    private readonly nint PanelLength(nint steps) => steps * _lanes.MaxRows + PaddedRows;

    /// <summary>Element (<paramref name="step"/>, first column of a panel) of B, and the distance of its rows.</summary>
    private readonly T* PanelOfB(nint panel, nint step, out nint row)
    {
        nint column = PanelColumn(panel, out nint columns);
        bool packed = _packBAhead || (_packRestOfB && _lanes.Rest(columns) != 0);
        row = packed ? Width : _product.BRow;
        return step * row + (packed
            ? _packedB + (_packBAhead ? panel * Width * _steps : 0)
            : _product.B + _step * row + _column + column);
    }

    private void ReserveScratch()
    {
        nint line = 64 / sizeof(T);
        nint blocks = Parts(_steps, _blockSteps);
        _packedRow = (Parts(_blockSteps, line) | 1) * line;         // an odd number of lines: rows spread over all sets
        nint a = !_packA ? 0 : _rowsContiguous ? blocks * _rows * _packedRow : blocks * _rowPanels * PanelLength(_blockSteps);
        nint b = (_packBAhead ? _columnPanels : _packRestOfB ? 1 : 0) * Width * _steps;
        if (a + b == 0)
        {
            return;
        }

        a = (a + line - 1) / line * line;
        _packedA = (T*)PackScratch.Rent((nuint)((a + b) * sizeof(T)));
        _packedB = _packedA + a;
    }
}
