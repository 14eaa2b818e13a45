using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>
/// Loops of a row group: chunks of rows for threads, tiles of rows within them, and for each tile one stage after the
/// other. What only members read lives in scratch of one tile; sums over rows add to the chunk's own accumulators.
/// </summary>
internal sealed class TileLowering
{
    private const long UnrolledRow = 8;         // elements of a row that are written out, with rows in vector lanes

    private readonly Group _group;
    private readonly Func<Expr, Memory?> _memoryOf;
    private readonly Dictionary<Expr, Memory> _scratch = [];
    private readonly long _rows;
    private readonly long _tileRows;
    private readonly int _chunks;

    public TileLowering(Group group, Func<Expr, Memory?> memoryOf, bool mayShare)
    {
        _group = group;
        _memoryOf = memoryOf;
        _rows = RowTiles.RowsOf(group.Members[0]);
        _tileRows = RowTiles.TileRows(group);
        _chunks = mayShare ? RowTiles.ChunksFor(group) : 1;
    }

    /// <summary>The loops.</summary>
    public IReadOnlyList<Statement> Lower()
    {
        List<Statement> body = [];
        long tiles = _rows / _tileRows;
        Variable chunk = Variable.Index("chunk", _chunks);
        Scalar chunkIndex = _chunks == 1 ? Scalar.Int(0) : chunk;
        foreach (Expr x in _group.Members)
        {
            if (RowTiles.IsSumOverRows(x))
            {
                body.Add(Cleared(x, chunkIndex));
            }
            else if (_memoryOf(x) is null)
            {
                var memory = new Memory(
                    $"s{_scratch.Count}", x.DType, _tileRows * Math.Max(RowShape(x).Count, 1), MemoryScope.Scratch);
                _scratch[x] = memory;
                body.Add(new Allocate(memory));
            }
        }

        long tilesPerChunk = (tiles + _chunks - 1) / _chunks;
        Variable tile = Variable.Index("tile", tilesPerChunk);
        Scalar first = chunkIndex * Scalar.Int(tilesPerChunk);
        Scalar count = tiles == tilesPerChunk * _chunks
            ? Scalar.Int(tilesPerChunk)
            : Scalar.Apply(BinaryOp.Min, Scalar.Int(tilesPerChunk), Scalar.Int(tiles) - first);
        body.Add(new For(tile, count, LoopKind.Serial, new Block(Stages((first + tile) * Scalar.Int(_tileRows), _tileRows, chunkIndex))));
        if (_rows % _tileRows is > 0 and var rest)
        {
            var last = new Block(Stages(Scalar.Int(tiles * _tileRows), rest, chunkIndex));
            body.Add(_chunks == 1 ? last : new If(Scalar.Apply(BinaryOp.Eq, chunk, Scalar.Int(_chunks - 1)), last));
        }

        return [_chunks == 1 ? new Block(body) : new For(chunk, Scalar.Int(_chunks), LoopKind.Parallel, new Block(body))];
    }

    private static Shape RowShape(Expr x) => [.. x.Type.Shape.Skip(1)];

    private List<Statement> Stages(Scalar start, long rows, Scalar chunk) =>
        [.. _group.Members.Select(x => Stage(x, start, rows, chunk))];

    private Statement Stage(Expr x, Scalar start, long rows, Scalar chunk)
    {
        bool isProduct = Scheduler.KindOf(x) == GroupKind.Contract || x.Op is PartialSum { Of: MatMul };
        return isProduct ? Product(x, start, rows, chunk)
            : RowTiles.IsSumOverRows(x) ? RowSum(x, start, rows, chunk)
            : Scheduler.KindOf(x) == GroupKind.Reduce ? RowReduction(x, start, rows)
            : Map(x, start, rows);
    }

    private Statement Map(Expr x, Scalar start, long rows)
    {
        Shape row = RowShape(x);
        if (row.Count <= UnrolledRow)
        {
            // Rows in vector lanes; their few elements one after the other.
            Variable lane = Variable.Index("r", rows);
            ElementBuilder elements = Elements(start, lane);
            IEnumerable<Statement> stores = Enumerable.Range(0, (int)row.Count).Select(k =>
            {
                Scalar[] rest = ElementBuilder.Unflatten(row, Scalar.Int(k));
                return Stored(x, start, lane, rest, elements.At(x, [start + lane, .. rest], compute: true));
            });
            return new For(lane, Scalar.Int(rows), LoopKind.Vector, new Block(stores));
        }

        Variable r = Variable.Index("r", rows);
        ElementBuilder rowElements = Elements(start, r);
        LoopNest nest = LoopNest.Collapsed(
            row, index => [rowElements.At(x, [start + r, .. index], compute: true)], mayShare: false);
        Statement inner = nest.Around([Stored(
            x, start, r, nest.Index, rowElements.At(x, [start + r, .. nest.Index], compute: true))]);
        return new For(r, Scalar.Int(rows), LoopKind.Serial, inner as Block ?? new Block(inner));
    }

    private For RowReduction(Expr x, Scalar start, long rows)
    {
        Variable r = Variable.Index("r", rows);
        ElementBuilder elements = Elements(start, r);
        var row = new ReduceLowering(
            x,
            (operand, index) => elements.At(operand, index),
            (index, value) => Stored(x, start, r, [.. index.Skip(1)], value),
            mayShare: false,
            leading: start + r);
        Statement body = row.Lower();
        return new For(r, Scalar.Int(rows), LoopKind.Serial, body as Block ?? new Block(body));
    }

    private Statement RowSum(Expr x, Scalar start, long rows, Scalar chunk)
    {
        var op = (Reduction)(x.Op is PartialSum partial ? partial.Of : x.Op);
        Expr operand = x.Inputs[0];
        Variable r = Variable.Index("r", rows);
        ElementBuilder elements = Elements(start, r);
        Memory sums = Destination(x);
        Shape row = RowShape(operand);
        Shape result = x.Op is PartialSum ? RowShape(x) : x.Type.Shape;
        Scalar offset = x.Op is PartialSum ? chunk * Scalar.Int(result.Count) : Scalar.Int(0);
        LoopNest nest = LoopNest.Collapsed(row, index => [elements.At(operand, [start + r, .. index])], mayShare: false);
        Scalar[] kept = [.. nest.Index.Where((_, axis) => !op.Axes.Contains(axis + 1))];
        Statement inner = nest.Around([new Accumulate(
            sums,
            offset + ElementBuilder.Linear(result, kept),
            op.Combine,
            Scalar.Convert(sums.DType, elements.At(operand, [start + r, .. nest.Index])))]);
        return new For(r, Scalar.Int(rows), LoopKind.Serial, inner as Block ?? new Block(inner));
    }

    private Contract Product(Expr x, Scalar start, long rows, Scalar chunk)
    {
        (Expr a, Expr b) = (x.Inputs[0], x.Inputs[1]);
        if (!RowTiles.IsSumOverRows(x))
        {
            return new Contract(
                RowView(x, start), RowView(a, start), View(b, Scalar.Int(0)),
                1, rows, x.Type.Shape[1], a.Type.Shape[1], accumulate: false);
        }

        Shape result = x.Op is PartialSum ? RowShape(x) : x.Type.Shape;
        Scalar offset = x.Op is PartialSum ? chunk * Scalar.Int(result.Count) : Scalar.Int(0);
        MatrixView left = RowView(MatrixOperand.Base(a), start);
        return new Contract(
            new MatrixView(Destination(x), offset, 0, result[1], 1),
            left with { RowStride = left.ColumnStride, ColumnStride = left.RowStride },
            RowView(b, start),
            1, result[0], result[1], rows, accumulate: true);
    }

    // The rows of a tile: in scratch from its beginning, in memory from the tile's first row.
    private MatrixView RowView(Expr x, Scalar start)
    {
        Expr of = MatrixOperand.Base(x);
        long[] strides = MatrixOperand.Strides(x);
        Scalar offset = _scratch.ContainsKey(of) ? Scalar.Int(0) : start * Scalar.Int(strides[0]);
        return View(x, offset);
    }

    private MatrixView View(Expr x, Scalar offset)
    {
        Expr of = MatrixOperand.Base(x);
        long[] strides = MatrixOperand.Strides(x);
        return new MatrixView(_scratch.GetValueOrDefault(of) ?? Destination(of), offset, 0, strides[0], strides[1]);
    }

    private Statement Cleared(Expr x, Scalar chunk)
    {
        Shape result = x.Op is PartialSum ? RowShape(x) : x.Type.Shape;
        Scalar offset = x.Op is PartialSum ? chunk * Scalar.Int(result.Count) : Scalar.Int(0);
        Op op = x.Op is PartialSum partial ? partial.Of : x.Op;
        LoopNest nest = LoopNest.Collapsed([result.Count], _ => [], mayShare: false);
        double neutral = op is Reduction reduction ? reduction.Neutral(x.DType) : 0;
        return nest.Around([new Store(Destination(x), offset + nest.Index[0], Scalar.Of(x.DType, neutral))]);
    }

    private Store Stored(Expr x, Scalar start, Scalar row, IReadOnlyList<Scalar> rest, Scalar value) =>
        _scratch.TryGetValue(x, out Memory? memory)
            ? new Store(memory, ElementBuilder.Linear(x.Type.Shape, [row, .. rest]), value)
            : new Store(Destination(x), ElementBuilder.Linear(x.Type.Shape, [start + row, .. rest]), value);

    private ElementBuilder Elements(Scalar start, Scalar row) => new((x, index) =>
        _scratch.TryGetValue(x, out Memory? scratch)
            ? new Load(scratch, ElementBuilder.Linear(x.Type.Shape, [row, .. index.Skip(1)]))
            : _memoryOf(x) is { } memory ? new Load(memory, ElementBuilder.Linear(x.Type.Shape, index)) : null);

    private Memory Destination(Expr x) => _memoryOf(x) ?? throw new CompilerException($"{x.Describe()} has no memory.");
}
