using Hypatia.Loops;
using Hypatia.Lowering;

namespace Hypatia.Scheduling;

/// <summary>In which order a stage of a tile runs over its two axes, the rows and what is in a row.</summary>
internal enum StageKind
{
    /// <summary>Row after row, along each row in vectors: maps, and reductions along rows.</summary>
    Rows,

    /// <summary>Vectors of columns, down all rows of the tile: maps, and sums over rows.</summary>
    Columns,

    /// <summary>Rows in vector lanes; the few elements of a row are written out or, if the stage has a length, a loop.</summary>
    Narrow,

    /// <summary>One member on its own: a matrix product by micro-kernels, or a reduction over other axes.</summary>
    Single,
}

/// <summary>Members of a row group that one loop nest over a tile computes.</summary>
/// <param name="Kind">The order of its loops.</param>
/// <param name="Length">The number of columns; 0 where that plays no role.</param>
/// <param name="Members">What is computed, in order.</param>
internal sealed record Stage(StageKind Kind, long Length, List<Expr> Members);

/// <summary>
/// How a row group runs over a tile: its stages, in order, what must be kept between them, and the number of rows.
/// Members with the same loops share a stage, where one reads the other at the same place only; a stage ends before what
/// needs its sums. A map that only sums over rows read is computed with them, column by column, and never stored.
/// </summary>
internal sealed class TilePlan
{
    /// <summary>Elements of a row that are written out, with rows in vector lanes.</summary>
    public const long NarrowRow = 8;

    // So many are a loop instead, if nothing that is computed for a row serves several of them.
    private const long LeastInLoop = 5;

    // Accumulators of a stage: as many as fit the registers beside what is computed, or as stay in L1 if every row has
    // that many once.
    private const long MostAccumulators = 8;
    private const long MostNarrowAccumulators = 32;

    private const long LargestScratch = 1 << 18;        // bytes of a tile's intermediates: half of a usual L2
    private const long FewestRows = 8;
    private const long MostRows = 128;
    private const long MostNarrowRows = 1024;
    private const long ManyTiles = 64;                  // of which it matters little that a thread has one more
    private const long WorkPerChunk = 1 << 21;          // multiply-adds of products, some 40 µs, for which threads are worth smaller tiles
    private const long ElementWork = 5;                 // of anything else, in those
    private const long FunctionWork = 20;

    private readonly IReadOnlySet<Expr> _inMemory;
    private readonly HashSet<Expr> _members;
    private readonly Dictionary<Expr, List<MemberRead>> _reads = [];
    private readonly Dictionary<Expr, HashSet<Expr>> _readersOf = [];
    private readonly Dictionary<Expr, int> _stageOf = [];
    private readonly List<Stage> _stages = [];
    private readonly HashSet<Expr> _stored = [];
    private readonly HashSet<Expr> _inLoop = [];        // narrow members whose columns are a loop

    /// <summary>A plan for a group of tiles.</summary>
    /// <param name="members">What it computes, in order.</param>
    /// <param name="outputs">What of that must be stored.</param>
    /// <param name="inMemory">What is read from memory, rather than computed where it is used.</param>
    /// <param name="anyRows">Whether the number of rows may be any.</param>
    /// <param name="isShared">Whether threads share the tiles.</param>
    /// <param name="decisions">Gets why tiles have so many rows.</param>
    public TilePlan(
        IReadOnlyList<Expr> members, IReadOnlyList<Expr> outputs, IReadOnlySet<Expr> inMemory, bool anyRows, bool isShared,
        Decisions? decisions = null)
    {
        _inMemory = inMemory;
        _members = [.. members];
        Rows = RowTiles.RowsOf(members[0]);
        foreach (Expr x in members)
        {
            if (IsColumnByColumn(x, read => _inMemory.Contains(read) || _members.Contains(read)))
            {
                _inLoop.Add(x);
            }

            _reads[x] = FindReads(x);
        }

        Dictionary<Expr, StageLoops> kinds = Kinds(members, outputs);
        foreach (Expr x in members)
        {
            Place(x, kinds[x].Kind, kinds[x].Length);
        }

        FindStored(members, outputs);
        IsForAnyRows = anyRows;
        TileRows = ChooseTileRows(isShared, decisions);
    }

    /// <summary>Rows of the whole group.</summary>
    public long Rows { get; }

    /// <summary>Whether that is only the most that there may be.</summary>
    public bool IsForAnyRows { get; }

    /// <summary>Rows of one tile.</summary>
    public long TileRows { get; }

    /// <summary>The stages of a tile, in order.</summary>
    public IReadOnlyList<Stage> Stages => _stages;

    /// <summary>Bytes of large matrices that several products read: all but the first find them in cache.</summary>
    public long ReadAgain => _readersOf.Keys.Total(x =>
    {
        long bytes = x.Type.Shape.Count * x.DType.Size();
        return bytes < LargestScratch ? 0 : bytes * Math.Max(0, _readersOf[x].Count(y => y.Op is MatMul or PartialSum { Of: MatMul }) - 1);
    });

    /// <summary>Whether values by row of a member are kept from one stage to another, or for what comes after the group.</summary>
    public bool IsStored(Expr x) => _stored.Contains(x);

    /// <summary>Registers that a member needs in its stage for each row, or for each column.</summary>
    public static long Accumulators(Expr x) => x.Op switch
    {
        PartialSum { Of: MatMul } or MatMul when RowTiles.IsSumOverRows(x) =>
            x.Inputs[0].Type.Shape[0] * x.Inputs[1].Type.Shape[1] / Math.Max(1, KindOf(x).Length),
        MatMul when Scheduler.KindOf(x) == GroupKind.Contract => x.Type.Shape[1],
        Reduction or PartialSum when Scheduler.KindOf(x) != GroupKind.Map => 1,
        _ => 0,
    };

    /// <summary>One line a stage.</summary>
    public override string ToString() => string.Join("", _stages.Select((stage, k) =>
        $"\n   stage {k}, {stage.Kind.ToString().ToLowerInvariant()}{(stage.Length > 0 ? $" of {stage.Length}" : "")}: "
        + string.Join(", ", stage.Members.Select(x => (x.Name ?? x.Op.ToString()) + (IsStored(x) ? " (stored)" : "")))));

    private static Shape RowShape(Expr x) => x.Type.Shape.Skip(1);

    /// <summary>The loops that a member needs by itself, and its columns. Maps count as computed row by row here.</summary>
    public static (StageKind Kind, long Length) KindOf(Expr x)
    {
        bool isSum = RowTiles.IsSumOverRows(x);
        if (IsProduct(x))
        {
            long columns = isSum ? x.Inputs[0].Type.Shape[0] : x.Type.Shape[1];
            long others = isSum ? x.Inputs[1].Type.Shape[1] : x.Inputs[0].Type.Shape[1];
            (long few, long many) = isSum && columns > others ? (others, columns) : (columns, others);
            return few > NarrowRow ? (StageKind.Single, 0)
                : many > NarrowRow ? (isSum ? StageKind.Columns : StageKind.Rows, many)
                : (StageKind.Narrow, isSum && x.Inputs[1].Type.Shape[1] >= LeastInLoop ? x.Inputs[1].Type.Shape[1] : 0);
        }

        bool reduces = Scheduler.KindOf(x) is GroupKind.Reduce or GroupKind.Tiles;
        Expr over = reduces ? x.Inputs[0] : x;
        Shape row = RowShape(over);
        if (reduces && ReducedAxes(x) is not ([0] or [1]))
        {
            return (StageKind.Single, 0);
        }

        return row.Count <= NarrowRow && (isSum || !reduces) && !CopiesRows(x) ? (StageKind.Narrow, 0)
            : row.Rank != 1 ? (StageKind.Single, 0)
            : (isSum ? StageKind.Columns : StageKind.Rows, row[0]);
    }

    // Rows of a table: what is in one is side by side there, too.
    private static bool CopiesRows(Expr x) => x.Op is Gather && x.Rank == 2 && x.Inputs[1].Rank == 1 && x.Type.Shape[1] > 1;

    private static IReadOnlyList<int> ReducedAxes(Expr x) =>
        [.. ((Reduction)(x.Op is PartialSum partial ? partial.Of : x.Op)).Axes];

    // Last first: a map runs column by column if all that reads it does.
    private Dictionary<Expr, StageLoops> Kinds(IReadOnlyList<Expr> members, IReadOnlyList<Expr> outputs)
    {
        Dictionary<Expr, StageLoops> kinds = [];
        HashSet<Expr> readElsewhere = [];
        foreach (Expr x in members.Reverse())
        {
            (StageKind kind, long length) = KindOf(x);
            length = _inLoop.Contains(x) && length == 0 ? RowShape(Over(x)).Count : length;
            if (kind == StageKind.Rows && Scheduler.KindOf(x) == GroupKind.Map && !outputs.Contains(x) && !readElsewhere.Contains(x))
            {
                kind = StageKind.Columns;
            }

            kinds[x] = new StageLoops(kind, length);
            foreach ((Expr read, bool same) in _reads[x])
            {
                if (kind != StageKind.Columns || !same || KindOf(read).Length != length)
                {
                    readElsewhere.Add(read);
                }
            }
        }

        return kinds;
    }

    private void Place(Expr x, StageKind kind, long length)
    {
        int least = 0;
        foreach ((Expr read, bool same) in _reads[x])
        {
            int stage = _stageOf[read];
            bool shares = same && _stages[stage].Kind == kind && _stages[stage].Length == length && kind != StageKind.Single
                && Accumulators(read) == 0;
            least = Math.Max(least, shares ? stage : stage + 1);
        }

        int place = kind == StageKind.Single ? -1 : _stages.FindIndex(least, stage => stage.Kind == kind && stage.Length == length
            && stage.Members.Total(Accumulators) + Accumulators(x) <= (kind == StageKind.Narrow ? MostNarrowAccumulators : MostAccumulators));
        if (place < 0)
        {
            place = _stages.Count;
            _stages.Add(new Stage(kind, length, []));
        }

        _stages[place].Members.Add(x);
        _stageOf[x] = place;
    }

    private void FindStored(IReadOnlyList<Expr> members, IReadOnlyList<Expr> outputs)
    {
        _stored.UnionWith(outputs.Where(x => !RowTiles.IsSumOverRows(x)));
        foreach (Expr x in members)
        {
            foreach ((Expr read, _) in _reads[x])
            {
                if (_stageOf[read] != _stageOf[x])
                {
                    _stored.Add(read);
                }
            }
        }
    }

    // As many as fit the cache; better a divisor of all rows, a multiple of what a stage works on at once, and as many tiles for each thread.
    private long ChooseTileRows(bool isShared, Decisions? decisions)
    {
        bool isNarrow = _stages.TrueForAll(stage => stage.Kind == StageKind.Narrow);
        IEnumerable<Expr> inCache = _stored.Concat(_readersOf.Keys.Where(x => StagesThatRead(x) > 1));
        long bytesPerRow = inCache.Total(x => RowShape(x).Count * x.DType.Size());
        long fit = LargestScratch / Math.Max(bytesPerRow, 1);
        long mostOfAny = isNarrow ? MostNarrowRows : MostRows;
        long most = Math.Clamp(fit, FewestRows, mostOfAny);
        long tiles = (Rows + most - 1) / most;
        long? split = _members.Select(x => x.Op).OfType<PartialSum>().FirstOrDefault()?.Chunks;
        if (isShared && split is null)
        {
            tiles = Math.Max(tiles, Math.Min(_members.Total(Work) / WorkPerChunk, Rows / FewestRows));
        }

        long chunks = split ?? (isShared ? RowTiles.ChunksFor(tiles) : 1);
        bool isEven = !IsForAnyRows && chunks > 1 && tiles < ManyTiles;
        long rows = IsForAnyRows ? most / 4 * 4 : isEven ? TileHeight.Even(Rows, tiles, chunks) : TileHeight.Divisor(Rows, Math.Min(Rows, most));
        decisions?.About(this, $"a tile has {rows} rows" + (
            rows == Rows ? ", which are all"
            : isEven ? $", so that {chunks} chunks are alike"
            : fit < FewestRows ? ", the fewest"
            : rows == mostOfAny ? ", the most"
            : rows < most && Rows % rows == 0 ? $", a divisor of {Rows}"
            : "")
            + (bytesPerRow == 0 ? ": nothing is kept from stage to stage"
                : $": {fit} of {GroupCost.InBytes(bytesPerRow)} each would fit into {GroupCost.InBytes(LargestScratch)} of cache"));
        return rows;
    }

    private static long Work(Expr x) => Group.WorkOf(x) * (x.Op is MatMul ? 1 : Scheduler.IsFunction(x) ? FunctionWork : ElementWork);

    private int StagesThatRead(Expr x)
    {
        int stages = 0;
        for (int stage = 0; stage < _stages.Count; stage++)
        {
            stages += _readersOf[x].Any(reader => _stageOf[reader] == stage) ? 1 : 0;
        }

        return stages;
    }

    // What is read of other members, and whether at the place that is computed.
    private List<MemberRead> FindReads(Expr x)
    {
        if (KindOf(x).Kind == StageKind.Single && Scheduler.KindOf(x) != GroupKind.Map && x.Op is MatMul or PartialSum { Of: MatMul })
        {
            return [.. x.Inputs.List.Select(MatrixOperand.Base).Where(_members.Contains).Select(read => new MemberRead(read, false))];
        }

        List<MemberRead> reads = [];
        Variable row = Variable.Index("row", Rows);
        Variable column = Variable.Index("column", Math.Max(1, KindOf(x).Length));
        var elements = new ElementBuilder((read, index) =>
        {
            bool isMember = _members.Contains(read);
            if (isMember && !ReferenceEquals(read, x))
            {
                bool same = ReferenceEquals(index[0], row)
                    && index.Skip(1).All(i => KindOf(x).Kind == StageKind.Narrow && !_inLoop.Contains(x) ? i is Literal : ReferenceEquals(i, column));
                reads.Add(new MemberRead(read, same));
            }

            if (!isMember && index.Count > 0 && ReferenceEquals(index[0], row))
            {
                (_readersOf.TryGetValue(read, out HashSet<Expr>? readers) ? readers : _readersOf[read] = []).Add(x);
            }

            return isMember || read.Op is LeafOp || _inMemory.Contains(read) ? new Load(new Memory("m", read.DType, 1, MemoryScope.Global), Scalar.Int(0)) : null;
        });
        foreach ((Expr operand, Scalar[] index) in Elements(x, row, column))
        {
            elements.At(operand, index, compute: ReferenceEquals(operand, x));
        }

        return reads;
    }

    private static bool IsProduct(Expr x) => x.Op is MatMul or PartialSum { Of: MatMul } && Scheduler.KindOf(x) != GroupKind.Map;

    // What a member's loops run over.
    private static Expr Over(Expr x) => Scheduler.KindOf(x) is GroupKind.Reduce or GroupKind.Tiles ? x.Inputs[0] : x;

    /// <summary>Whether a member of few columns computes each of them on its own: what serves several columns is in memory.</summary>
    public static bool IsColumnByColumn(Expr x, Func<Expr, bool> isInMemory)
    {
        Expr over = Over(x);
        (StageKind kind, long length) = KindOf(x);
        if (kind != StageKind.Narrow || length > 0 || over.Rank != 2 || over.Type.Shape[1] < LeastInLoop || IsProduct(x))
        {
            return kind == StageKind.Narrow && length > 0;
        }

        bool isAlone = true;
        Variable row = Variable.Index("row", over.Type.Shape[0]);
        Variable column = Variable.Index("column", over.Type.Shape[1]);
        var elements = new ElementBuilder((read, index) =>
        {
            if (read.Op is LeafOp || (!ReferenceEquals(read, x) && isInMemory(read)))
            {
                return new Load(new Memory("m", read.DType, 1, MemoryScope.Global), Scalar.Int(0));
            }

            isAlone &= read.Op is not (Elementwise or Reduction or MatMul) || index.Any(i => ReferenceEquals(i, column));
            return null;
        });
        elements.At(over, [row, column], compute: ReferenceEquals(over, x));
        return isAlone;
    }

    /// <summary>The elements of its operands that a member combines at a row and, if it is not narrow, a column.</summary>
    private IEnumerable<(Expr, Scalar[])> Elements(Expr x, Variable row, Variable column)
    {
        if (IsProduct(x))
        {
            bool isSum = RowTiles.IsSumOverRows(x);
            (Expr a, Expr b) = (x.Inputs[0], x.Inputs[1]);
            for (long i = 0; i < (isSum ? Math.Min(a.Type.Shape[0], NarrowRow) : 0); i++)
            {
                yield return (a, [KindOf(x).Kind == StageKind.Columns && a.Type.Shape[0] == KindOf(x).Length ? column : Scalar.Int(i), row]);
            }

            for (long j = 0; j < (isSum ? Math.Min(b.Type.Shape[1], NarrowRow) : 0); j++)
            {
                yield return (b, [row, b.Type.Shape[1] == KindOf(x).Length ? column : Scalar.Int(j)]);
            }

            if (!isSum)
            {
                yield return (a, [row, column]);
            }

            yield break;
        }

        Expr over = Over(x);
        Shape rest = RowShape(over);
        if (KindOf(x).Kind != StageKind.Narrow || _inLoop.Contains(x))
        {
            yield return (over, [row, .. rest.Select((n, axis) => n == 1 ? Scalar.Int(0)
                : rest.Rank == 1 ? column : (Scalar)Variable.Index($"i{axis}", n))]);
            yield break;
        }

        for (long k = 0; k < rest.Count; k++)
        {
            yield return (over, [row, .. ElementBuilder.Unflatten(rest, Scalar.Int(k))]);
        }
    }

    /// <summary>What a member reads of another one, and whether at the place that it computes.</summary>
    private sealed record MemberRead(Expr Read, bool AtSamePlace);

    /// <summary>The loops that a member needs.</summary>
    private sealed record StageLoops(StageKind Kind, long Length);
}
