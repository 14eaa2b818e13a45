using Hypatia.Lowering;

namespace Hypatia.Scheduling;

/// <summary>
/// About how many instructions code has. Kernels are kept short: a long one is slow to compile, and beyond some length
/// the runtime no longer optimizes it. What several members read is computed, and counted, once.
/// </summary>
/// <param name="stored">What is read from memory, rather than computed where it is used.</param>
internal sealed class CodeSize(IReadOnlySet<Expr> stored)
{
    // What a kernel may have if that is everything: the whole step of a small network has half of it. Else there are several
    // kernels, and the shorter they are, the fewer layers it takes until they repeat.
    private const long Most = 1200;
    private const long MostOfSeveral = 500;

    private const long Loop = 8;                // what is around a loop, and combining lanes at the end of it
    private const long Product = 16;            // a call of a micro-kernel
    private const long Accumulator = 8;
    private const long Function = 40;
    private const long Copies = 2;              // vectors that long loops work on at once

    private readonly HashSet<Expr> _counted = [];

    /// <summary>What has been added up.</summary>
    public long Total { get; private set; }

    /// <summary>Instructions from which on a kernel of a function gets no more.</summary>
    /// <param name="groups">All that the function does.</param>
    /// <param name="stored">What these read from memory, rather than compute.</param>
    /// <param name="decisions">Gets why.</param>
    public static long MostPerKernel(IReadOnlyList<Group> groups, IReadOnlySet<Expr> stored, Decisions? decisions = null)
    {
        var size = new CodeSize(stored);
        foreach (Expr x in groups.SelectMany(group => group.Members))
        {
            size.Add(x, inTiles: RowTiles.RowsOf(x) > 0);
        }

        bool isShort = size.Total <= Most;
        decisions?.About(isShort
            ? $"no kernel is cut: all code together is about {size.Total} instructions, no more than {Most}"
            : $"row groups and kernels end at {MostOfSeveral} instructions: all code together is about {size.Total}, more than {Most}");
        return isShort ? Most : MostOfSeveral;
    }

    /// <summary>The code of a group.</summary>
    public static long Of(Group group, IReadOnlySet<Expr> stored)
    {
        var size = new CodeSize(stored);
        foreach (Expr x in group.Members)
        {
            size.Add(x, group.Kind == GroupKind.Tiles);
        }

        return size.Total;
    }

    /// <summary>Adds a member of a group.</summary>
    /// <param name="member">What is computed.</param>
    /// <param name="inTiles">Whether that is done in tiles: most of what is narrow is written out there.</param>
    public void Add(Expr member, bool inTiles)
    {
        bool isNarrow = inTiles && TilePlan.KindOf(member).Kind == StageKind.Narrow && !TilePlan.IsColumnByColumn(member, stored.Contains);
        Total += OfMember(member, isNarrow);
        foreach (Expr x in Traversal.Sort(member.Inputs.List, stored))
        {
            if (!stored.Contains(x) && _counted.Add(x))
            {
                Total += (isNarrow ? Math.Min(Tile.RowShape(x).Count, TilePlan.NarrowRow) : Copies) * OfElement(x);
            }
        }
    }

    private static long OfMember(Expr x, bool isNarrow) => Scheduler.KindOf(x) switch
    {
        GroupKind.Map => (isNarrow ? Tile.RowShape(x).Count : Copies) * OfElement(x) + (isNarrow ? 0 : Loop),
        GroupKind.Contract when !isNarrow => Product,
        _ when isNarrow => Tile.SumShape(x).Count * Accumulator,
        _ => Loop + (Copies * Accumulator),
    };

    private static long OfElement(Expr x) => x.Op switch
    {
        LeafOp or Dimshuffle or BroadcastTo or Reshape => 0,
        MatMul => 2 * x.Inputs[0].Type.Shape[x.Rank - 1],
        _ => Scheduler.IsFunction(x) ? Function : Math.Max(1, Scheduler.OwnCost(x)),
    };
}
