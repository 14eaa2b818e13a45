using System.Numerics;
using Hypatia.Loops;
using Hypatia.Lowering;

namespace Hypatia.Scheduling;

/// <summary>When groups over the same rows are joined.</summary>
internal enum TileForm
{
    /// <summary>If that keeps enough intermediates in cache.</summary>
    ToSaveMemory,

    /// <summary>If there are several: in a function that is one kernel every loop less is a gain.</summary>
    InSmallFunctions,
}

/// <summary>
/// Finds the row groups of a function: groups that can run tile by tile along their leading axis, the rows. A member has
/// values by row, computed from the same row of other members; or it sums over rows, into accumulators that stay in
/// cache. What depends on a finished sum, or reads members at other rows, comes after the group. It pays if what needs no
/// longer go to memory, or what several members read, is large.
/// </summary>
internal sealed class RowTiles
{
    private const long LeastSaved = 1 << 15;            // bytes of intermediates; less stays in cache anyway
    private const long FewestRows = 8;
    private const long LargestSums = 1 << 17;           // bytes of accumulators
    private const long LargestOperand = 1 << 14;        // elements of a matrix that every tile multiplies with
    private const int Chunks = 8;                       // units of work for threads, and terms of the last sums

    private readonly IReadOnlySet<Expr> _stored;
    private readonly IReadOnlyDictionary<Expr, Expr[]> _reads;
    private readonly long _mostCode;
    private readonly HashSet<Expr> _members = [];
    private readonly HashSet<Expr> _after = [];
    private readonly long _rows;
    private readonly Decisions? _decisions;
    private readonly Decisions? _onTrial;               // forgotten if nothing comes of this group

    private RowTiles(long rows, Context context)
    {
        _rows = rows;
        _decisions = context.Decisions;
        _onTrial = context.Decisions is null ? null : new Decisions();
        _stored = context.Stored;
        _reads = context.Reads;
        _mostCode = context.MostCode;
    }

    /// <summary>The groups, with those that tile joined.</summary>
    /// <param name="groups">Groups in an order in which each finds what it reads.</param>
    /// <param name="outputs">What must be stored.</param>
    /// <param name="stored">What any group computes.</param>
    /// <param name="form">When.</param>
    /// <param name="anyRows">Whether the number of rows is only the most that there may be.</param>
    /// <param name="mostCode">Instructions from which on a group gets no more members.</param>
    /// <param name="decisions">Gets why.</param>
    public static IReadOnlyList<Group> Form(
        IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs, IReadOnlySet<Expr> stored, TileForm form, bool anyRows, long mostCode,
        Decisions? decisions = null) =>
        Form(groups, outputs, new Context(stored, form, anyRows, mostCode, decisions, groups.SelectMany(group => group.Outputs).ToDictionary(
            x => x, x => Traversal.Sort(x.Inputs.List, stored).Where(stored.Contains).ToArray())));

    private static IReadOnlyList<Group> Form(IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs, Context context)
    {
        Expr[] all = [.. groups.SelectMany(group => group.Outputs)];
        foreach (Candidate candidate in Candidates(all, context.Decisions))
        {
            var tiles = new RowTiles(candidate.Rows, context);
            tiles.Grow(all);

            // Partial sums are computed in tiles only: if not in these, which may be full, then in later ones.
            bool isSplit = all.Any(x => x.Op is PartialSum && RowsOf(x) == candidate.Rows);
            if (tiles._members.Count == 0)
            {
                continue;
            }

            Expr[] joined = [.. all.Where(tiles._members.Contains)];
            HashSet<Expr> needed = tiles.Needed(outputs);
            Expr[] results = [.. joined.Where(x => IsSumOverRows(x) || needed.Contains(x))];
            var plan = new TilePlan(
                joined, results, context.Stored, context.AnyRows, isShared: context.Form == TileForm.ToSaveMemory, tiles._onTrial);
            long saved = tiles.Saved(needed);
            bool isWorthwhile = context.Form switch
            {
                TileForm.InSmallFunctions => joined.Length > 1,
                _ => saved + plan.ReadAgain >= LeastSaved,
            };
            bool isToShare = context.AnyRows && context.Form == TileForm.ToSaveMemory && joined.Any(IsLargeSum);
            if (isSplit || isWorthwhile || isToShare)
            {
                tiles.ExplainGroup(joined, plan, saved, isWorthwhile, isToShare, context.Form);
                var members = new Group(GroupKind.Tiles, results) { Members = joined, Tiles = plan };
                Group[] before = [.. Part(groups, x => !tiles._members.Contains(x) && !tiles._after.Contains(x))];
                Expr[] read = [.. needed, .. joined.SelectMany(x => context.Reads[x])];
                return
                [
                    .. Form(before, read, context),
                    members,
                    .. Form([.. Part(groups, tiles._after.Contains)], outputs, context),
                ];
            }

            tiles.ExplainNone(joined, plan, saved);
        }

        return groups;
    }

    // Which would be cut into chunks for threads, if their number were known.
    private static bool IsLargeSum(Expr x) => IsSumOverRows(x) && x.Inputs[0].Type.Shape.Count >= ChunkedReductions.Large;

    private void ExplainGroup(Expr[] joined, TilePlan plan, long saved, bool isWorthwhile, bool isToShare, TileForm form)
    {
        _decisions?.Accept(_onTrial);
        _decisions?.About(plan, !isWorthwhile && isToShare ? "the number of rows is known in each call only, and threads share tiles of any"
            : !isWorthwhile ? "partial sums have no loops other than those of row groups" : form switch
        {
            TileForm.InSmallFunctions =>
                $"{joined.Length} values share loops over {_rows} rows: in a function of little work every loop less is a gain",
            _ => $"a row group keeps {Gain(plan, saved)}",
        });
        if (Array.Find(joined, x => x.Op is PartialSum { Chunks: > 1 }) is { Op: PartialSum { Chunks: var chunks } })
        {
            _decisions?.About(plan, $"sums over rows have {chunks} parts, one for each chunk of rows: threads share the chunks");
        }
    }

    private void ExplainNone(Expr[] joined, TilePlan plan, long saved)
    {
        foreach (Expr x in joined)
        {
            _decisions?.About(x, joined.Length == 1
                ? $"is not put into a row group of {_rows} rows: there is nothing that can be joined to it"
                : $"is not put into a row group of {_rows} rows, as one of {joined.Length} members: that would keep {Gain(plan, saved)}");
        }
    }

    private static string Gain(TilePlan plan, long saved) =>
        $"{GroupCost.InBytes(saved)} of intermediates"
        + $"{(plan.ReadAgain > 0 ? $", and {GroupCost.InBytes(plan.ReadAgain)} that several products read," : "")} in cache; "
        + $"it pays from {GroupCost.InBytes(LeastSaved)} on";

    // Numbers of rows that occur, those of most bytes first.
    private static List<Candidate> Candidates(Expr[] all, Decisions? decisions)
    {
        List<Candidate> candidates = [];
        foreach (Expr x in all)
        {
            long rows = RowsOf(x, decisions);
            if (rows < FewestRows && x.Op is not PartialSum)
            {
                if (rows > 0)
                {
                    decisions?.About(x, $"is in no row group: at least {FewestRows} rows are worth one, and it goes by {rows}");
                }

                continue;
            }

            Candidate? same = candidates.Find(candidate => candidate.Rows == rows);
            if (same is null)
            {
                candidates.Add(same = new Candidate(rows, candidates.Count));
            }

            same.Bytes += Bytes(x);
        }

        candidates.Sort((a, b) => a.Bytes != b.Bytes ? b.Bytes.CompareTo(a.Bytes) : a.Place.CompareTo(b.Place));
        return candidates;
    }

    /// <summary>
    /// The outputs with sums over rows split: partial ones for chunks of rows (for a single one if threads do not share),
    /// and what adds them up. Null if there are none.
    /// </summary>
    public static IReadOnlyList<Expr>? SplitSums(IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs, bool share)
    {
        Dictionary<Expr, int> sums = [];
        foreach (Group group in groups.Where(group => group.Kind == GroupKind.Tiles))
        {
            int chunks = !share ? 1 : group.Members.Select(x => x.Op).OfType<PartialSum>().FirstOrDefault()?.Chunks ?? ChunksFor(group.Tiles!);
            foreach (Expr x in group.Members.Where(x => IsSumOverRows(x) && x.Op is not PartialSum))
            {
                sums.Add(x, chunks);
            }
        }

        if (sums.Count == 0)
        {
            return null;
        }

        Dictionary<Expr, Expr> done = [];
        foreach (Expr node in Traversal.Sort(outputs))
        {
            Expr rebuilt = Traversal.Rebuild(node, done);
            done[node] = sums.TryGetValue(node, out int chunks) ? PartialSum.Finished(rebuilt, chunks) : rebuilt;
        }

        return [.. outputs.Select(output => done[output])];
    }

    /// <summary>The number of chunks that threads share.</summary>
    public static int ChunksFor(TilePlan tiles) => tiles.IsForAnyRows
        ? Math.Min(Chunks, 1 << BitOperations.Log2((ulong)Math.Max(1, tiles.Rows / tiles.TileRows)))     // the same for other capacities
        : ChunksFor((tiles.Rows + tiles.TileRows - 1) / tiles.TileRows);

    /// <summary>The number of chunks that threads share of so many tiles, or a few more.</summary>
    public static int ChunksFor(long tiles) => (int)Math.Min(Chunks, BitOperations.RoundUpToPowerOf2((ulong)tiles));

    /// <summary>Whether a member combines values of all rows, rather than having values by row.</summary>
    public static bool IsSumOverRows(Expr x) => x.Op switch
    {
        PartialSum => true,
        Reduction op => Scheduler.KindOf(x) == GroupKind.Reduce && op.Axes[0] == 0,
        MatMul => Scheduler.KindOf(x) == GroupKind.Contract && IsTransposed(x.Inputs[0]),
        _ => false,
    };

    /// <summary>The number of rows that an expression runs over, as a member would; 0 if it can be none.</summary>
    public static long RowsOf(Expr x, Decisions? decisions = null) => x switch
    {
        { Op: Scatter or LeafOp or PartialReduction } => 0,
        _ when IsSumOverRows(x) => SumRows(x, decisions),
        { Op: MatMul } when Scheduler.KindOf(x) == GroupKind.Contract => ProductRows(x, decisions),
        { Rank: > 0 } => x.Type.Shape[0],
        _ => 0,
    };

    private static long ProductRows(Expr x, Decisions? decisions)
    {
        long operand = x.Inputs[1].Type.Shape.Count;
        if (operand > LargestOperand)
        {
            decisions?.About(
                x, $"is in no row group: each tile would read all {operand} elements of its right operand, more than {LargestOperand}");
            return 0;
        }

        if (x.Rank != 2 || x.Inputs[0].Op is Dimshuffle)
        {
            decisions?.About(x, "is in no row group: it has no left operand that is one matrix in memory, row by row");
            return 0;
        }

        return x.Type.Shape[0];
    }

    private static long SumRows(Expr x, Decisions? decisions)
    {
        long bytes = Tile.SumShape(x).Count * x.DType.Size();       // of one chunk
        if (bytes > LargestSums)
        {
            decisions?.About(
                x, $"is in no row group: its sums over rows would need {GroupCost.InBytes(bytes)} of cache, more than {GroupCost.InBytes(LargestSums)}");
            return 0;
        }

        bool isProduct = x.Op is MatMul or PartialSum { Of: MatMul };
        if (isProduct && (x.Inputs[0].Rank != 2 || !IsByRow(x.Inputs[1])))
        {
            decisions?.About(x, "is in no row group: its operands are not matrices in memory, row by row");
            return 0;
        }

        return x.Inputs[0].Type.Shape[isProduct ? 1 : 0];
    }

    // A transposed matrix in memory: its columns are the rows that a product sums over.
    private static bool IsTransposed(Expr x) => x.Op is Dimshuffle { Order: [1, 0] } && x.Inputs[0].Op is not Dimshuffle;

    // A matrix in memory, or a vector that stands as a column.
    private static bool IsByRow(Expr x) =>
        x.Op is not Dimshuffle || (x.Op is Dimshuffle { Order: [0, Dimshuffle.New] } && x.Inputs[0].Op is not Dimshuffle);

    private static long Bytes(Expr x) => x.Type.Shape.Count * x.DType.Size();

    private void Grow(IReadOnlyList<Expr> all)
    {
        var code = new CodeSize(_stored);
        int chunks = 0;
        foreach (Expr x in all)
        {
            Expr[] reads = _reads[x];
            bool waits = reads.Any(IsLate);
            bool isLike = RowsOf(x) == _rows;
            bool isFull = code.Total >= _mostCode || (x.Op is PartialSum { Chunks: var n } && chunks != 0 && chunks != n);
            if (!waits && isLike && !isFull && ReadsSameRow(x))
            {
                _members.Add(x);
                code.Add(x, inTiles: true);
                chunks = x.Op is PartialSum sum ? sum.Chunks : chunks;
            }
            else if (waits || (isLike && isFull) || reads.Any(_members.Contains))
            {
                _after.Add(x);
                ExplainLeftOut(x, isLike, isFull, code.Total);
            }
        }
    }

    // What goes by the same rows is told why even if nothing comes of the group.
    private void ExplainLeftOut(Expr x, bool isLike, bool isFull, long code)
    {
        Expr? late = Array.Find(_reads[x], IsLate);
        (isLike ? _decisions : _onTrial)?.About(x, $"is left out of a row group of {_rows} rows: " + (
            late is not null ? $"it reads {Decisions.Name(late)}, which is {(_after.Contains(late) ? "left out" : "finished after the last row")}"
            : !isLike ? (RowsOf(x) == 0 ? "it is not computed row by row" : $"it goes by {RowsOf(x)} rows")
            : code >= _mostCode ? $"that has about {code} instructions, and gets no more from {_mostCode} on"
            : isFull ? "it is summed up in other chunks of rows"
            : "it reads values there at other rows than its own"));
    }

    // Not known while tiles run.
    private bool IsLate(Expr read) => _after.Contains(read) || (_members.Contains(read) && IsSumOverRows(read));

    // Built with a variable for the row: whatever is read of members must be read at that very row.
    private bool ReadsSameRow(Expr x)
    {
        if (Scheduler.KindOf(x) == GroupKind.Contract || x.Op is PartialSum { Of: MatMul })
        {
            return IsSumOverRows(x) || !_members.Contains(MatrixOperand.Base(x.Inputs[1]));
        }

        bool same = true;
        Expr operand = x.Op is Reduction or PartialSum && Scheduler.KindOf(x) != GroupKind.Map ? x.Inputs[0] : x;
        Variable row = Variable.Index("row", _rows);
        var elements = new ElementBuilder((read, index) =>
        {
            same &= !_members.Contains(read) || (index.Count > 0 && ReferenceEquals(index[0], row));
            return _stored.Contains(read) || read.Op is LeafOp ? new Load(Dummy(read), Scalar.Int(0)) : null;
        });
        Scalar[] at = [row, .. operand.Type.Shape.Skip(1).Select((n, axis) => n == 1 ? Scalar.Int(0) : Variable.Index($"i{axis}", n))];
        elements.At(operand, at, compute: ReferenceEquals(operand, x));
        return same;
    }

    private static Memory Dummy(Expr x) => new("m", x.DType, Math.Max(x.Type.Shape.Count, 1), MemoryScope.Global);

    // What members write for members alone.
    private long Saved(HashSet<Expr> needed) =>
        _members.Where(x => !IsSumOverRows(x) && !needed.Contains(x)).Total(Bytes);

    private HashSet<Expr> Needed(IReadOnlyList<Expr> outputs) =>
        [.. outputs, .. _after.SelectMany(x => _reads[x])];

    private static IEnumerable<Group> Part(IReadOnlyList<Group> groups, Func<Expr, bool> belongs) =>
        groups.Select(group => new Group(group.Kind, [.. group.Outputs.Where(belongs)])).Where(group => group.Outputs.Count > 0);

    /// <summary>What is the same for all groups.</summary>
    /// <param name="Stored">What any group computes.</param>
    /// <param name="Form">When groups are joined.</param>
    /// <param name="AnyRows">Whether the number of rows is only the most that there may be.</param>
    /// <param name="MostCode">Instructions from which on a group gets no more members.</param>
    /// <param name="Decisions">Gets why.</param>
    /// <param name="Reads">For each value, what is stored of what it is computed from.</param>
    private sealed record Context(
        IReadOnlySet<Expr> Stored, TileForm Form, bool AnyRows, long MostCode, Decisions? Decisions, IReadOnlyDictionary<Expr, Expr[]> Reads);

    /// <summary>A number of rows, and the bytes of all that has so many.</summary>
    private sealed class Candidate(long rows, int place)
    {
        public long Rows { get; } = rows;

        public int Place { get; } = place;

        public long Bytes { get; set; }
    }
}
