namespace Hypatia.Scheduling;

/// <summary>
/// Joins the groups of a small function that run over the same rows: for each row, all values that have few elements
/// per row, and their share of all sums over rows. Intermediates stay in registers; nothing is stored that is only read
/// within the loop. A value that depends on a finished sum needs all rows first, and comes after the loop.
/// </summary>
internal static class RowLoops
{
    private const long ElementsPerRow = 8;
    private const long SumElements = 16;
    private const long FewestRows = 8;

    /// <summary>The groups, with the longest row loop formed.</summary>
    public static IReadOnlyList<Group> Form(IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs)
    {
        IGrouping<long, Expr>? rows = groups.SelectMany(group => group.Outputs)
            .Where(x => RowsOf(x) >= FewestRows)
            .GroupBy(RowsOf)
            .OrderByDescending(sameRows => sameRows.Count())
            .FirstOrDefault(sameRows => sameRows.Count() > 1);
        return rows is null ? groups : Join(groups, outputs, rows.Key);
    }

    /// <summary>Whether a member combines values of all rows, rather than having values by row.</summary>
    public static bool IsSumOverRows(Expr x) => Scheduler.KindOf(x) is GroupKind.Reduce or GroupKind.Contract;

    private static long RowsOf(Expr x) => x.Op switch
    {
        Reduction op when Scheduler.KindOf(x) == GroupKind.Reduce =>
            op.Axes is [0] && x.Type.Shape.Count <= SumElements ? x.Inputs[0].Type.Shape[0] : 0,
        MatMul when Scheduler.KindOf(x) == GroupKind.Contract =>
            x.Rank == 2 && x.Type.Shape.Count <= SumElements ? x.Inputs[0].Type.Shape[1] : 0,
        _ when Scheduler.KindOf(x) == GroupKind.Map && x.Rank > 0 && x.Type.Shape[0] > 0 =>
            x.Type.Shape.Count / x.Type.Shape[0] <= ElementsPerRow ? x.Type.Shape[0] : 0,
        _ => 0,
    };

    private static IReadOnlyList<Group> Join(IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs, long rows)
    {
        HashSet<Expr> stored = [.. groups.SelectMany(group => group.Outputs)];
        HashSet<Expr> members = [];
        HashSet<Expr> after = [];
        foreach (Expr x in groups.SelectMany(group => group.Outputs))
        {
            Expr[] reads = [.. Reads(x, stored)];
            bool waits = reads.Any(read => after.Contains(read) || (members.Contains(read) && IsSumOverRows(read)));
            if (!waits && RowsOf(x) == rows)
            {
                members.Add(x);
            }
            else if (waits || reads.Any(members.Contains))
            {
                after.Add(x);
            }
        }

        HashSet<Expr> needed = [.. outputs, .. after.SelectMany(x => Reads(x, stored))];
        Expr[] kept = [.. groups.SelectMany(group => group.Outputs).Where(x => members.Contains(x) && (IsSumOverRows(x) || needed.Contains(x)))];
        return members.Count < 2
            ? groups
            : [.. Part(groups, x => !members.Contains(x) && !after.Contains(x)), new Group(GroupKind.Rows, kept), .. Part(groups, after.Contains)];
    }

    private static IEnumerable<Expr> Reads(Expr x, HashSet<Expr> stored) =>
        Traversal.Sort(x.Inputs.List, stored).Where(stored.Contains);

    private static IEnumerable<Group> Part(IReadOnlyList<Group> groups, Func<Expr, bool> belongs) =>
        groups.Select(group => new Group(group.Kind, [.. group.Outputs.Where(belongs)])).Where(group => group.Outputs.Count > 0);
}
