using Hypatia.Lowering;

namespace Hypatia.Scheduling;

/// <summary>
/// Cuts reductions of much to little, such as a sum of everything, into partial ones over chunks of an axis, so that
/// threads can share them. The chunks depend on the shape alone.
/// </summary>
internal static class ChunkedReductions
{
    /// <summary>Elements; fewer are reduced in the time that it takes to share them.</summary>
    public const long Large = 1 << 17;

    private const long EnoughUnits = 16;            // of work that threads can share without cutting
    private const long MostChunks = 64;
    private const long LeastPerChunk = 1 << 14;     // elements
    private const long PerPartial = 128;            // elements combined into each element of a partial result

    /// <summary>The outputs with such reductions cut, or null if there are none.</summary>
    public static IReadOnlyList<Expr>? Split(IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs, Decisions? decisions)
    {
        Dictionary<Expr, (int Axis, long Length)> cuts = [];
        foreach (Expr x in groups.Where(group => group.Kind == GroupKind.Reduce).SelectMany(group => group.Outputs))
        {
            if (Cut(x) is { } cut)
            {
                cuts[x] = cut;
                decisions?.About($"{Decisions.Name(x)} is computed in chunks of {cut.Length} along axis {cut.Axis}: it combines "
                    + $"{x.Inputs[0].Type.Shape.Count} elements, no fewer than {Large}, in fewer than {EnoughUnits} units of work");
            }
        }

        if (cuts.Count == 0)
        {
            return null;
        }

        Dictionary<Expr, Expr> done = [];
        foreach (Expr node in Traversal.Sort(outputs))
        {
            Expr rebuilt = Traversal.Rebuild(node, done);
            done[node] = cuts.TryGetValue(node, out (int Axis, long Length) cut)
                ? PartialReduction.Finished(rebuilt, cut.Axis, cut.Length)
                : rebuilt;
        }

        return [.. outputs.Select(output => done[output])];
    }

    private static (int Axis, long Length)? Cut(Expr x)
    {
        Shape shape = x.Inputs[0].Type.Shape;
        if (x.Op is not Reduction op || shape.Count < Large || Units(shape, op.Axes) >= EnoughUnits)
        {
            return null;
        }

        long chunks = Math.Min(Math.Min(MostChunks, shape.Count / LeastPerChunk), shape.Count / PerPartial / x.Type.Shape.Count);
        int axis = shape[op.Axes[0]] >= 2 * chunks ? op.Axes[0] : op.Axes.MaxBy(axis => shape[axis]);
        chunks = Math.Min(chunks, shape[axis]);
        return chunks < 2 ? null : (axis, Length(shape[axis], chunks));
    }

    private static long Units(Shape shape, Axes reduced) => ReduceLowering.IsAlongReduced(shape, reduced)
        ? shape.Where((_, axis) => !reduced.Contains(axis)).Aggregate(1L, (n, length) => n * length)
        : ColumnLowering.Units(shape, reduced);

    // Chunks of one length are simpler code, so better a divisor that is near; else a length that vectors divide.
    private static long Length(long extent, long chunks)
    {
        for (long more = 0; more <= chunks / 2; more++)
        {
            foreach (long number in (ReadOnlySpan<long>)[chunks - more, chunks + more])
            {
                if (extent % number == 0)
                {
                    return extent / number;
                }
            }
        }

        long length = (extent + chunks - 1) / chunks;
        return length < 64 ? length : (length + 15) / 16 * 16;
    }
}
