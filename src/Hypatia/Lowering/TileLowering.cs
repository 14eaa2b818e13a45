using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>
/// Loops of a row group: chunks of rows for threads, tiles of rows within them, and for each tile one stage after the
/// other. What one stage leaves for another lives in scratch of one tile; sums over rows add to the chunk's own
/// accumulators.
/// </summary>
internal sealed class TileLowering
{
    private const long FewRows = 32;            // in which nothing is worth transposing for

    private readonly Group _group;
    private readonly TilePlan _plan;
    private readonly Func<Expr, Memory?> _memoryOf;
    private readonly Dictionary<Expr, Memory> _scratch = [];
    private readonly bool _mayShare;
    private readonly int _chunks;
    private readonly Scalar _rows;
    private readonly PackedMatrices _packed;

    public TileLowering(Group group, Func<Expr, Memory?> memoryOf, bool mayShare, Extents extents)
    {
        if (group.Members.FirstOrDefault(x => RowTiles.IsSumOverRows(x) && x.Op is not PartialSum) is { } whole)
        {
            throw new CompilerException($"{whole.Describe()} is a sum over rows in one piece: each chunk of rows would begin it anew.");
        }

        _group = group;
        _plan = group.Tiles!;
        _memoryOf = memoryOf;
        _rows = extents.Of(_plan.Rows);
        _mayShare = mayShare;
        _packed = new PackedMatrices(_plan.Rows >= FewRows);
        _chunks = group.Members.Select(x => x.Op).OfType<PartialSum>().FirstOrDefault()?.Chunks ?? (mayShare ? RowTiles.ChunksFor(_plan) : 1);
    }

    /// <summary>The loops.</summary>
    public IReadOnlyList<Statement> Lower()
    {
        List<Statement> body = [];
        Variable chunk = Variable.Index("chunk", _chunks);
        Scalar chunkIndex = _chunks == 1 ? Scalar.Int(0) : chunk;
        foreach (Expr x in _group.Members)
        {
            if (RowTiles.IsSumOverRows(x))
            {
                body.Add(Cleared(x, chunkIndex));
            }
            else if (_memoryOf(x) is null && _plan.IsStored(x))
            {
                long perRow = Math.Max(x.Type.Shape.Skip(1).Count, 1);
                var memory = new Memory($"s{_scratch.Count}", x.DType, _plan.TileRows * perRow, MemoryScope.Scratch);
                _scratch[x] = memory;
                body.Add(new Allocate(memory));
            }
        }

        // The last tile may have fewer rows. If their number is known, it has a code of its own; else one code is for all tiles.
        bool isAnyTile = _rows is not Literal;
        Scalar tileRows = Scalar.Int(_plan.TileRows);
        Scalar tiles = (isAnyTile ? _rows + (tileRows - Scalar.Int(1)) : _rows) / tileRows;
        var rows = Variable.Index("rows", _plan.TileRows + 1);
        if (tiles is Literal { Value.AsInt64: 1 } && _chunks == 1)
        {
            body.AddRange(Stages(Scalar.Int(0), tileRows, chunkIndex));
        }
        else if (isAnyTile && _plan.Rows <= _plan.TileRows && _chunks == 1)
        {
            body.AddRange([new Let(rows, _rows), .. Stages(Scalar.Int(0), rows, chunkIndex)]);
        }
        else if (tiles is not Literal { Value.AsInt64: 0 })
        {
            Scalar perChunk = (tiles + Scalar.Int(_chunks - 1)) / Scalar.Int(_chunks);
            long most = (isAnyTile ? _plan.Rows + _plan.TileRows - 1 : _plan.Rows) / _plan.TileRows;
            Variable tile = Variable.Index("tile", Math.Max(1, (most + _chunks - 1) / _chunks));
            Scalar first = chunkIndex * perChunk;
            Scalar count = _chunks == 1 || (tiles is Literal { Value.AsInt64: var known } && known % _chunks == 0)
                ? perChunk
                : Scalar.Apply(BinaryOp.Min, perChunk, tiles - first);
            Scalar start = (first + tile) * tileRows;
            body.Add(new For(tile, count, LoopKind.Serial, new Block(isAnyTile
                ? [new Let(rows, Scalar.Apply(BinaryOp.Min, tileRows, _rows - start)), .. Stages(start, rows, chunkIndex)]
                : Stages(start, tileRows, chunkIndex))));
        }

        Scalar rest = isAnyTile ? Scalar.Int(0) : _rows % tileRows;
        if (rest is not Literal { Value.AsInt64: 0 })
        {
            var last = new Block(Stages(tiles * tileRows, rest, chunkIndex));
            body.Add(_chunks == 1 ? last : new If(Scalar.Apply(BinaryOp.Eq, chunk, Scalar.Int(_chunks - 1)), last));
        }

        body.InsertRange(0, _packed.Pack());
        return [_chunks == 1 ? new Block(body) : new For(chunk, Scalar.Int(_chunks), _mayShare ? LoopKind.Parallel : LoopKind.Serial, new Block(body))];
    }

    private List<Statement> Stages(Scalar start, Scalar rows, Scalar chunk)
    {
        var tile = new Tile(_scratch, _memoryOf, _plan, start, rows, chunk, _packed);
        return [.. _plan.Stages.SelectMany(stage => stage.Kind == StageKind.Single
            ? [new SingleStage(tile, stage.Members[0]).Lower()]
            : new StageLowering(tile, stage).Lower())];
    }

    private Statement Cleared(Expr x, Scalar chunk)
    {
        var tile = new Tile(_scratch, _memoryOf, _plan, Scalar.Int(0), Scalar.Int(0), chunk, _packed);
        Op op = x.Op is PartialSum partial ? partial.Of : x.Op;
        LoopNest nest = LoopNest.Collapsed([Tile.SumShape(x).Count], _ => [], mayShare: false);
        double neutral = op is Reduction reduction ? reduction.Neutral(x.DType) : 0;
        return nest.Around([new Store(tile.Destination(x), tile.SumPlace(x) + nest.Index[0], Scalar.Of(x.DType, neutral))]);
    }
}
