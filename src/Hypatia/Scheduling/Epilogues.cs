using Hypatia.Loops;
using Hypatia.Lowering;

namespace Hypatia.Scheduling;

/// <summary>
/// Gives matrix products their epilogues: maps of the product's shape that read it, and other arrays, element by element. They
/// are computed block by block as the product is, so that neither it nor they make a pass of their own over memory; and if
/// nothing else reads the product, it is not stored.
/// </summary>
internal static class Epilogues
{
    // Blocks of fewer elements are not worth the call of an epilogue.
    private const long FewestElements = 1 << 10;
    private const int MostOutputs = 4;

    /// <summary>The groups, with maps joined to the products that they read.</summary>
    /// <param name="groups">Groups in order.</param>
    /// <param name="outputs">What must be stored.</param>
    /// <param name="stored">What all groups compute; what is no longer stored is taken out.</param>
    /// <param name="decisions">Gets why.</param>
    public static IReadOnlyList<Group> Form(
        IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs, HashSet<Expr> stored, Decisions? decisions)
    {
        List<Group> formed = [.. groups];
        HashSet<Expr> needed = [.. outputs];
        Dictionary<Expr, HashSet<Expr>>? reads = null;
        foreach (Group product in groups.Where(group => group.Kind == GroupKind.Contract))
        {
            if (IsLarge(product.Shape))
            {
                Join(product, formed, stored, needed, reads ??= ReadBy(groups, stored), decisions);
            }
            else
            {
                decisions?.About(product.Outputs[0], $"has no epilogue: a matrix of fewer than {FewestElements} elements");
            }
        }

        return formed;
    }

    // For each member what it reads of what is stored, found once for all products.
    private static Dictionary<Expr, HashSet<Expr>> ReadBy(IReadOnlyList<Group> groups, HashSet<Expr> stored)
    {
        Dictionary<Expr, HashSet<Expr>> reads = new(ReferenceEqualityComparer.Instance);
        foreach (Expr x in groups.SelectMany(group => group.Members))
        {
            reads.TryAdd(x, [.. Traversal.Sort(x.Inputs.List, stored).Where(stored.Contains)]);
        }

        return reads;
    }

    private static bool IsLarge(Shape shape) => shape[shape.Rank - 1] * shape[shape.Rank - 2] >= FewestElements;

    private static void Join(
        Group group, List<Group> groups, HashSet<Expr> stored, HashSet<Expr> needed, Dictionary<Expr, HashSet<Expr>> readBy,
        Decisions? decisions)
    {
        Expr product = group.Outputs[0];
        List<Expr> joined = [];
        HashSet<Expr> others = [];
        bool isNeeded = needed.Contains(product);
        int place = -1;
        for (int k = groups.IndexOf(group) + 1; k < groups.Count; k++)
        {
            foreach (Expr x in groups[k].Members)
            {
                HashSet<Expr> reads = readBy[x];
                if (!reads.Contains(product) && !reads.Overlaps(joined))
                {
                    continue;
                }

                // What is read must be there where the product is computed: before the first that reads it.
                place = place < 0 ? k : place;
                string? obstacle = groups[k].Kind == GroupKind.Tiles ? "a row group computes it"
                    : groups[k].Kind != GroupKind.Map ? "it is no map"
                    : joined.Count >= MostOutputs ? "others are as many as there may be"
                    : x.Type.Shape != product.Type.Shape ? "its shape is another one"
                    : !reads.All(read => read == product || joined.Contains(read) || !others.Contains(read))
                        ? "it reads what is computed after the product"
                    : !ReadsSamePlace(x, product, joined, stored) ? "it reads elements at other places"
                    : null;
                if (obstacle is null)
                {
                    joined.Add(x);
                    decisions?.About(product, $"has {Decisions.Name(x)} in its epilogue: a map that reads it element by element");
                }
                else
                {
                    isNeeded |= reads.Contains(product);
                    if (reads.Contains(product))
                    {
                        decisions?.About(product, $"has no {Decisions.Name(x)} in its epilogue: {obstacle}");
                    }
                }
            }

            if (place >= 0)
            {
                others.UnionWith(groups[k].Outputs);
            }
        }

        if (joined.Count == 0)
        {
            return;
        }

        isNeeded |= joined.All(x => x.DType != product.DType);
        var finished = new Group(GroupKind.Contract, isNeeded ? [product, .. joined] : joined) { Members = [product, .. joined] };
        groups.Insert(place, finished);
        groups.Remove(group);
        for (int k = groups.Count - 1; k >= 0; k--)
        {
            if (groups[k] != finished && groups[k].Kind == GroupKind.Map && groups[k].Outputs.Any(joined.Contains))
            {
                Expr[] rest = [.. groups[k].Outputs.Where(x => !joined.Contains(x))];
                groups.RemoveAt(k);
                if (rest.Length > 0)
                {
                    groups.Insert(k, new Group(GroupKind.Map, rest));
                }
            }
        }

        if (!isNeeded)
        {
            stored.Remove(product);
        }
    }

    // Built with variables for the place: the product, and what is computed with it, must be read at that very place.
    private static bool ReadsSamePlace(Expr x, Expr product, List<Expr> joined, HashSet<Expr> stored)
    {
        bool same = true;
        Scalar[] at = [.. x.Type.Shape.Select((n, axis) => n == 1 ? Scalar.Int(0) : Variable.Index($"i{axis}", n))];
        var elements = new ElementBuilder((read, index) =>
        {
            same &= (read != product && !joined.Contains(read)) || index.Zip(at).All(pair => pair.First.Equals(pair.Second));
            return stored.Contains(read) || read.Op is LeafOp
                ? new Load(new Memory("m", read.DType, Math.Max(read.Type.Shape.Count, 1), MemoryScope.Global), Scalar.Int(0))
                : null;
        });
        elements.At(x, at, compute: true);
        return same;
    }
}
