using Hypatia.Loops;
using Hypatia.Lowering;

namespace Hypatia.Scheduling;

/// <summary>
/// Joins what reduces the same lines, and what is computed along those lines before, between and after the reductions:
/// softmax is the maximum of a line, then exponentials and their sum, then quotients, while the line stays in the nearest
/// cache. Each value is computed once for all that read it.
/// </summary>
internal sealed class Lines
{
    private const long ShortestLine = 64;               // elements; shorter ones are better off many at a time
    private const long LongestScratch = 1 << 19;        // bytes of a line's intermediates: half of a usual L2
    private const long FewestLines = 4;                 // fewer large ones leave threads idle

    private readonly Line _line;
    private readonly IReadOnlyDictionary<Expr, Expr[]> _reads;
    private readonly IReadOnlySet<Expr> _computed;
    private readonly HashSet<Expr> _members = [];
    private readonly HashSet<Expr> _after = [];

    private Lines(Line line, IReadOnlyDictionary<Expr, Expr[]> reads, IReadOnlySet<Expr> computed)
    {
        _line = line;
        _reads = reads;
        _computed = computed;
    }

    /// <summary>The groups, with those over the same lines joined. Tiles that are nothing but lines become lines.</summary>
    /// <param name="groups">Groups in order.</param>
    /// <param name="outputs">What must be stored.</param>
    /// <param name="computed">What any group computes.</param>
    /// <param name="decisions">Gets why.</param>
    public static IReadOnlyList<Group> Form(
        IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs, IReadOnlySet<Expr> computed, Decisions? decisions)
    {
        if (!Candidates(groups, decisions).Any())
        {
            return groups;
        }

        Dictionary<Expr, Expr[]> reads = groups.SelectMany(group => group.Members).ToDictionary(
            x => x, x => Traversal.Sort(x.Inputs.List, computed).Where(read => computed.Contains(read) || read.Op is LeafOp and not Constant).ToArray());
        return Form(groups, [.. outputs], reads, computed, decisions);
    }

    private static IReadOnlyList<Group> Form(
        IReadOnlyList<Group> groups, HashSet<Expr> outputs, IReadOnlyDictionary<Expr, Expr[]> reads, IReadOnlySet<Expr> computed,
        Decisions? decisions)
    {
        foreach (Line line in Candidates(groups, decisions).Distinct())
        {
            var lines = new Lines(line, reads, computed);
            lines.Grow(groups);
            lines.Prune(groups);
            long scratch = lines.ScratchBytes(outputs);
            if (lines._members.Count >= 2 && scratch <= LongestScratch)
            {
                lines.FindAfter(groups);
                Group joined = lines.Joined(groups, outputs);
                Group[] before = [.. Part(groups, x => !lines._members.Contains(x) && !lines._after.Contains(x))];
                decisions?.About(
                    joined,
                    $"{joined.Members.Count} values go along the same lines, {line.Count} of {line.Along.Count} elements: a line keeps {GroupCost.InBytes(scratch)} in cache, no more than {GroupCost.InBytes(LongestScratch)}");
                return
                [
                    .. Form(before, outputs, reads, computed, decisions),
                    joined,
                    .. Form([.. Part(groups, lines._after.Contains)], outputs, reads, computed, decisions),
                ];
            }

            if (decisions is not null)
            {
                lines.ExplainNone(groups, scratch, decisions);
            }
        }

        return groups;
    }

    private void ExplainNone(IReadOnlyList<Group> groups, long scratch, Decisions decisions)
    {
        foreach (Expr x in groups.Where(IsOpen).SelectMany(group => group.Members).Where(x => Line.Of(x) == _line))
        {
            decisions.About(x, "is not in a group of lines: " + (_members.Count < 2
                ? $"there is nothing that can be joined to it along its {_line.Count} lines"
                : $"a line would keep {GroupCost.InBytes(scratch)} in cache, more than {GroupCost.InBytes(LongestScratch)}"));
        }
    }

    /// <summary>For each member, the reductions of its line that must be finished before it can be computed, at their longest chain.</summary>
    public static IReadOnlyDictionary<Expr, int> Levels(Group group)
    {
        HashSet<Expr> members = [.. group.Members];
        Dictionary<Expr, int> levels = [];
        foreach (Expr x in group.Members)
        {
            int level = 0;
            foreach (Expr read in Traversal.Sort(x.Inputs.List, members).Where(members.Contains))
            {
                level = Math.Max(level, levels[read] + (Line.Of(read) is null ? 0 : 1));
            }

            levels[x] = level;
        }

        return levels;
    }

    private static IEnumerable<Line> Candidates(IReadOnlyList<Group> groups, Decisions? decisions)
    {
        foreach (Expr x in groups.Where(IsOpen).SelectMany(group => group.Members))
        {
            if (Line.Of(x) is not { } line)
            {
                continue;
            }

            if (line.IsInnermost && line.Along.Count >= ShortestLine && (line.Count >= FewestLines || line.Shape.Count < LoopNest.SharedFrom))
            {
                yield return line;
                continue;
            }

            decisions?.About(x, "is not in a group of lines: " + (
                !line.IsInnermost ? "its lines go across memory"
                : line.Along.Count < ShortestLine ? $"its lines have {line.Along.Count} elements, fewer than {ShortestLine}"
                : $"threads would share {line.Count} lines, fewer than {FewestLines}"));
        }
    }

    // Groups whose members may be taken out of them.
    private static bool IsOpen(Group group) => group.Kind is GroupKind.Map or GroupKind.Reduce
        || (group.Kind == GroupKind.Tiles && group.Members.All(x =>
            Scheduler.KindOf(x) is GroupKind.Map or GroupKind.Reduce && !RowTiles.IsSumOverRows(x)));

    private void Grow(IReadOnlyList<Group> groups)
    {
        foreach (Group group in groups)
        {
            bool isOpen = IsOpen(group);
            if (!isOpen && group.Members.Any(Waits))
            {
                _after.UnionWith(group.Members);
                continue;
            }

            foreach (Expr x in group.Members)
            {
                if (isOpen && !_reads[x].Any(_after.Contains) && Belongs(x) && ReadsSameLine(x))
                {
                    _members.Add(x);
                }
                else if (Waits(x))
                {
                    _after.Add(x);
                }
            }
        }
    }

    private bool Waits(Expr x) => _reads[x].Any(read => _members.Contains(read) || _after.Contains(read));

    private bool Belongs(Expr x) =>
        Line.Of(x) is { } line ? line == _line : Scheduler.KindOf(x) == GroupKind.Map && (_line.IsAlong(x) || _line.IsPerLine(x));

    // Built with a variable for each index: whatever is read of members must be read at that very place of that very line.
    private bool ReadsSameLine(Expr x)
    {
        bool same = true;
        Scalar[] index = [.. _line.Shape.Select((n, axis) => n == 1 ? Scalar.Int(0) : Variable.Index($"i{axis}", n))];
        bool isPerLine = Line.Of(x) is null && !_line.IsAlong(x);
        var elements = new ElementBuilder((read, at) =>
        {
            if (_members.Contains(read))
            {
                same &= _line.IndexOf(read, index) is { } own && at.SequenceEqual(own) && !(isPerLine && _line.IsAlong(read));
            }

            return _computed.Contains(read) || read.Op is LeafOp
                ? new Load(new Memory("m", read.DType, Math.Max(read.Type.Shape.Count, 1), MemoryScope.Global), Scalar.Int(0))
                : null;
        });
        Expr operand = Line.Of(x) is null ? x : x.Inputs[0];
        elements.At(operand, _line.IndexOf(operand, index)!, compute: ReferenceEquals(operand, x));
        return same;
    }

    /// <summary>
    /// Leaves out what does not belong to the first reduction of these lines, because they share nothing, and functions of
    /// finished reductions that nothing here needs: they are faster in a loop of their own, in vectors.
    /// </summary>
    private void Prune(IReadOnlyList<Group> groups)
    {
        Expr? seed = groups.SelectMany(group => group.Members).FirstOrDefault(x => _members.Contains(x) && Line.Of(x) is not null);
        if (seed is null)
        {
            _members.Clear();           // each of these reductions reads a member at other lines
            return;
        }

        HashSet<Expr> near = [seed, .. _reads[seed]];
        int count;
        do
        {
            count = near.Count;
            foreach (Expr x in _members.Where(x => near.Contains(x) || _reads[x].Any(near.Contains)))
            {
                near.Add(x);
                near.UnionWith(_reads[x]);
            }
        }
        while (near.Count > count);

        _members.IntersectWith(near);
        while (_members.RemoveWhere(IsLastFunction) > 0)
        {
        }
    }

    private bool IsLastFunction(Expr x) =>
        Line.Of(x) is null && !_line.IsAlong(x) && !_members.Any(user => _reads[user].Contains(x))
        && Traversal.Sort([x], _reads[x].ToHashSet()).Exists(Scheduler.IsFunction);

    private void FindAfter(IReadOnlyList<Group> groups)
    {
        _after.Clear();
        foreach (Group group in groups)
        {
            foreach (Expr x in group.Members.Where(x => !_members.Contains(x) && Waits(x)))
            {
                _after.UnionWith(IsOpen(group) ? [x] : group.Members);
            }
        }
    }

    private Group Joined(IReadOnlyList<Group> groups, HashSet<Expr> outputs)
    {
        HashSet<Expr> needed = [.. outputs, .. _reads.Keys.Where(user => !_members.Contains(user)).SelectMany(user => _reads[user])];
        Expr[] joined = [.. groups.SelectMany(group => group.Members).Where(_members.Contains)];
        return new Group(GroupKind.Lines, [.. joined.Where(needed.Contains)]) { Members = joined };
    }

    private long ScratchBytes(HashSet<Expr> outputs) =>
        _members.Where(x => _line.IsAlong(x) && !outputs.Contains(x)).Total(x => _line.Along.Count * x.DType.Size());

    // Groups with members that do not belong are open ones.
    private static IEnumerable<Group> Part(IReadOnlyList<Group> groups, Func<Expr, bool> belongs) =>
        groups.SelectMany(IEnumerable<Group> (group) =>
        {
            Expr[] part = [.. group.Members.Where(belongs)];
            return part.Length == group.Members.Count ? [group]
                : group.Kind == GroupKind.Map && part.Length > 0 ? [new Group(GroupKind.Map, part)]
                : part.Select(x => new Group(Scheduler.KindOf(x), [x]));
        });
}
