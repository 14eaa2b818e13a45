using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>
/// Loops for a reduction. Where the innermost axis is reduced, vectors run along it into a register; where it is kept,
/// see <see cref="ColumnLowering"/>.
/// </summary>
internal sealed class ReduceLowering
{
    private readonly IReadOnlyList<ReducedElements> _all;
    private readonly ReducedElements _elements;
    private readonly bool _shared;

    /// <summary>Loops for a reduction.</summary>
    /// <param name="elements">What is combined.</param>
    /// <param name="mayShare">Whether threads may share the loops.</param>
    public ReduceLowering(ReducedElements elements, bool mayShare)
        : this([elements], mayShare)
    {
    }

    /// <summary>Loops for one reduction, or for several of columns, of one shape along the same axes.</summary>
    /// <param name="all">What is combined.</param>
    /// <param name="mayShare">Whether threads may share the loops.</param>
    public ReduceLowering(IReadOnlyList<ReducedElements> all, bool mayShare)
    {
        (_all, _elements) = (all, all[0]);
        _shared = mayShare && _elements.Chunk is null && _elements.Shape.Count >= LoopNest.SharedFrom;
    }

    /// <summary>Whether vectors run along what is reduced: the innermost axis of more than one index is.</summary>
    public static bool IsAlongReduced(Shape shape, Axes reduced)
    {
        int last = Axes.All(shape.Rank).LastOrDefault(axis => shape[axis] > 1, -1);
        return last < 0 || reduced.Contains(last);
    }

    /// <summary>The loops.</summary>
    public Statement Lower()
    {
        if (_elements.Shape.Count == 0)
        {
            LoopNest nest = LoopNest.Collapsed(_elements.Shape.At(_elements.Kept), _ => [], mayShare: false);
            return nest.Around(_all.Select(elements => elements.Store(nest.Index, elements.Neutral)));
        }

        return _elements.AroundChunks(IsAlongReduced(_elements.Shape, _elements.Op.Axes)
            ? AlongReduced()
            : new ColumnLowering(_all, _shared).Lower());
    }

    private Statement AlongReduced()
    {
        // Axes from the one that is cut on are joined where that leaves no division; there is no need to join the others.
        int[] axes = [.. _elements.Op.Axes];
        int cut = Math.Max(0, Array.FindIndex(axes, axis => _elements.LongestExtent(axis) < _elements.Shape[axis]));
        int[] inner = axes[cut..];
        var total = new Memory("total", _elements.Accumulator, 1, MemoryScope.Register);
        var outer = new AxisLoops(_elements, _elements.Kept, 'i', _shared);
        var between = new AxisLoops(_elements, axes[..cut], 'k', shared: false);
        LoopNest nest = LoopNest.Collapsed(
            new Shape(Array.ConvertAll(inner, _elements.LongestExtent)), at => [_elements.At(Index(at))], mayShare: false,
            first: inner.Length == 0 ? null : _elements.Extent(inner[0]));
        return outer.Around(
            new Allocate(total),
            new Store(total, Scalar.Int(0), _elements.Neutral),
            between.Around(nest.Around([new Accumulate(total, Scalar.Int(0), _elements.Op.Combine, _elements.At(Index(nest.Index)))])),
            _elements.Store(Array.ConvertAll(_elements.Kept, axis => outer.Index[axis]!), new Load(total, Scalar.Int(0))));

        Scalar[] Index(IReadOnlyList<Scalar> at) =>
        [
            .. Axes.All(_elements.Shape.Rank).Select(axis =>
                outer.Index[axis] ?? between.Index[axis] ?? at[Array.IndexOf(inner, axis)]),
        ];
    }
}
