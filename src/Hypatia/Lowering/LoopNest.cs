using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>Loops over the elements of a shape, outermost first, and the index that they give to a body.</summary>
internal sealed class LoopNest
{
    /// <summary>Loops over fewer elements run on one thread: sharing costs some microseconds.</summary>
    public const long SharedFrom = 1 << 15;

    // Elements that a thread takes at a time; fixed, so that no result depends on the number of threads.
    private const long Chunk = 1 << 13;

    // Iterations of the outermost loop that are enough for threads to share.
    private const long EnoughUnits = 16;

    // A tile of what is read across memory: cache lines that stay in the nearest cache until they are used up.
    private const long TileRows = 64;
    private const long TileColumns = 16;

    private readonly List<Loop> _loops = [];

    private LoopNest(Scalar[] index) => Index = index;

    /// <summary>For each axis of the shape, its index as a scalar over the loops' variables.</summary>
    public IReadOnlyList<Scalar> Index { get; }

    /// <summary>
    /// Loops over elements in any order: neighboring axes are joined into one loop where that leaves no division in what
    /// <paramref name="body"/> computes; the innermost loop is a vector one; with enough work, the outermost is shared.
    /// </summary>
    /// <param name="shape">The lengths of the axes.</param>
    /// <param name="body">What is computed at an index.</param>
    /// <param name="mayShare">Whether threads may share the outermost loop.</param>
    /// <param name="mayTile">Whether to loop tile by tile if <paramref name="body"/> reads across memory.</param>
    /// <param name="first">How much of the first axis is looped over, if not all of it.</param>
    /// <param name="extents">The lengths as code.</param>
    public static LoopNest Collapsed(
        Shape shape, Func<IReadOnlyList<Scalar>, IEnumerable<Scalar>> body, bool mayShare = true, bool mayTile = false,
        Scalar? first = null, Extents? extents = null)
    {
        extents ??= Extents.Known;
        List<int> joined = OneEach(shape);
        for (int loop = joined.Count - 1; loop > 0; loop--)
        {
            List<int> trial = [.. joined];
            trial[loop - 1] += trial[loop];
            trial.RemoveAt(loop);
            if (!body(Joined(shape, trial, extents).Index).Any(HasDivision))
            {
                joined = trial;
            }
        }

        LoopNest plain = Joined(shape, joined, extents, first);
        int across = mayTile ? plain.ReadAcross(body(plain.Index), Longest(shape, joined)) : -1;
        bool shared = mayShare && shape.Count >= SharedFrom;
        return across < 0 && !shared ? plain : Arranged(shape, joined, extents, across, shared);
    }

    /// <summary>One loop per axis, one iteration after the other, but for the last one if <paramref name="lastIsVector"/>.</summary>
    public static LoopNest InOrder(Shape shape, Extents extents, bool lastIsVector)
    {
        LoopNest nest = Joined(shape, OneEach(shape), extents);
        if (!lastIsVector && nest._loops.Count > 0)
        {
            nest._loops[^1] = nest._loops[^1] with { Kind = LoopKind.Serial };
        }

        return nest;
    }

    /// <summary>The loops around statements.</summary>
    public Statement Around(IEnumerable<Statement> body)
    {
        Statement inner = new Block(body);
        for (int k = _loops.Count - 1; k >= 0; k--)
        {
            inner = new For(_loops[k].Index, _loops[k].Extent, _loops[k].Kind, inner as Block ?? new Block(inner));
        }

        return inner;
    }

    private static List<int> OneEach(Shape shape)
    {
        List<int> axesPerLoop = [];
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            axesPerLoop.Add(1);
        }

        return axesPerLoop;
    }

    /// <summary>Whether a division of indices is left in a scalar.</summary>
    public static bool HasDivision(Scalar x) =>
        ScalarGraph.InOrder(x).Exists(node => node is Binary { Op: BinaryOp.FloorDiv or BinaryOp.Mod, DType: DType.Int64 });

    // One loop after the other, the last one a vector loop.
    private static LoopNest Joined(Shape shape, List<int> axesPerLoop, Extents extents, Scalar? first = null)
    {
        LoopNest nest = new(new Scalar[shape.Rank]);
        int last = Array.FindLastIndex(Longest(shape, axesPerLoop), longest => longest > 1);
        nest.ForEachPart(shape, axesPerLoop, (loop, axes, name) =>
        {
            Variable index = Variable.Index(name, axes.Count);
            Scalar extent = loop > 0 || first is null ? extents.Of(axes) : first * Scalar.Int(axes.Count / shape[0]);
            nest._loops.Add(new Loop(index, extent, loop == last ? LoopKind.Vector : LoopKind.Serial));
            return index;
        });
        return nest;
    }

    // In an order, and cut, so that threads can share the first loop, and that what is read across stays in cache.
    private static LoopNest Arranged(Shape shape, List<int> axesPerLoop, Extents extents, int across, bool shared)
    {
        LoopNest nest = new(new Scalar[shape.Rank]);
        List<Loop> outer = [], middle = [], inner = [];
        long[] longest = Longest(shape, axesPerLoop);
        int last = Array.FindLastIndex(longest, length => length > 1);
        int first = across >= 0 ? across : Array.FindIndex(longest, length => length >= EnoughUnits);
        first = first >= 0 && (first < last || across >= 0 || longest[last] >= 2 * Chunk) ? first : Array.FindIndex(longest, length => length > 1);
        nest.ForEachPart(shape, axesPerLoop, (loop, axes, name) =>
        {
            (long most, Scalar extent) = (axes.Count, extents.Of(axes));
            LoopKind kind = loop == last ? LoopKind.Vector : LoopKind.Serial;
            List<Loop> own = loop == first ? outer : middle;
            if (across >= 0 && loop == across)
            {
                return Cut(most, extent, TileRows, "block", name, kind, outer, inner);
            }

            if (across >= 0 && loop == last)
            {
                return Cut(most, extent, TileColumns, "block", name, kind, middle, inner);
            }

            if (loop == first && loop == last)
            {
                return Cut(most, extent, Chunk, "chunk", name, kind, outer, inner);
            }

            Variable index = Variable.Index(name, most);
            (loop == last ? inner : own).Add(new Loop(index, extent, kind));
            return index;
        });
        nest._loops.AddRange([.. outer, .. middle, .. inner]);
        if (shared && nest._loops.Count > 0)
        {
            nest._loops[0] = nest._loops[0] with { Kind = LoopKind.Parallel };
        }

        return nest;
    }

    private static long[] Longest(Shape shape, List<int> axesPerLoop)
    {
        var longest = new long[axesPerLoop.Count];
        int axis = 0;
        for (int part = 0; part < longest.Length; axis += axesPerLoop[part++])
        {
            longest[part] = new Shape(shape.AsSpan().Slice(axis, axesPerLoop[part])).Count;
        }

        return longest;
    }

    // An index over blocks and within a block of a length, if there are several.
    private static Scalar Cut(
        long most, Scalar extent, long length, string blockName, string name, LoopKind kind,
        List<Loop> blocks, List<Loop> within)
    {
        if (extent is Literal && most <= length)
        {
            Variable whole = Variable.Index(name, most);
            within.Add(new Loop(whole, extent, kind));
            return whole;
        }

        Variable block = Variable.Index(blockName, (most + length - 1) / length);
        Variable index = Variable.Index(name, length);
        Scalar start = block * Scalar.Int(length);
        Scalar count = extent is Literal && most % length == 0
            ? Scalar.Int(length)
            : Scalar.Apply(BinaryOp.Min, extent - start, Scalar.Int(length));
        blocks.Add(new Loop(block, (extent + Scalar.Int(length - 1)) / Scalar.Int(length), LoopKind.Serial));
        within.Add(new Loop(index, count, kind));
        return start + index;
    }

    // Sets the index of the axes of each loop to those of its position, which a loop of one iteration needs not give.
    private void ForEachPart(Shape shape, List<int> axesPerLoop, Position position)
    {
        int axis = 0;
        for (int loop = 0; loop < axesPerLoop.Count; loop++)
        {
            Shape axes = new(shape.AsSpan().Slice(axis, axesPerLoop[loop]));
            Scalar at = axes.Count == 1 ? Scalar.Int(0) : position(loop, axes, axesPerLoop.Count == 1 ? "i" : $"i{loop}");
            ElementBuilder.Unflatten(axes, at).CopyTo((Scalar[])Index, axis);
            axis += axesPerLoop[loop];
        }
    }

    // The part along which something is read in the order of memory that the innermost loop reads far apart; or -1.
    private int ReadAcross(IEnumerable<Scalar> body, long[] longest)
    {
        List<int> parts = [];
        for (int part = 0; part < longest.Length; part++)
        {
            if (longest[part] > 1)
            {
                parts.Add(part);
            }
        }

        if (_loops.Count < 2 || _loops[^1].Kind != LoopKind.Vector || _loops[^1].Index.Extent < TileColumns)
        {
            return -1;
        }

        foreach (Load load in body.SelectMany(ScalarGraph.InOrder).OfType<Load>())
        {
            if (Step(load.Index, _loops[^1].Index) is { } far && Math.Abs(far) >= TileColumns)
            {
                int along = _loops.FindIndex(loop => loop.Index.Extent >= TileColumns && Step(load.Index, loop.Index) is 1 or -1);
                if (along >= 0)
                {
                    return parts[along];
                }
            }
        }

        return -1;
    }

    // How much an index changes from one iteration of a loop to the next, if it is always the same.
    private static long? Step(Scalar index, Variable loop) => index switch
    {
        _ when ReferenceEquals(index, loop) => 1,
        Literal or Variable => 0,
        Binary { Op: BinaryOp.Add } sum => Step(sum.X, loop) + Step(sum.Y, loop),
        Binary { Op: BinaryOp.Mul, Y: Literal factor } product => Step(product.X, loop) * factor.Value.AsInt64,
        _ => null,
    };

    private delegate Scalar Position(int part, Shape axes, string name);

    private sealed record Loop(Variable Index, Scalar Extent, LoopKind Kind);
}
