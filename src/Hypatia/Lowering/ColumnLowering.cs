using System.Numerics;
using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>
/// Loops for a reduction whose innermost axes are kept: the columns. Row after row is added to accumulators, one for each
/// column of a block, that stay in the nearest cache: memory is read in order. A few rows are added up before they are
/// added to the accumulators. If there are few columns, several rows count as one long one, and their accumulators are
/// added up at the end. Several reductions of one shape along the same axes share the loops.
/// </summary>
internal sealed class ColumnLowering
{
    private const long Block = 2048;            // accumulators
    private const long FewColumns = 64;
    private const long LongRow = 480;           // elements, about, of the rows that count as one
    private const int RowsAtOnce = 8;

    private readonly IReadOnlyList<ReducedElements> _all;
    private readonly ReducedElements _elements;         // of the first, for what all have in common
    private readonly bool _shared;
    private readonly int[] _columns;
    private readonly long _columnCount;
    private readonly int _rowAxis;
    private readonly AxisLoops _outer;
    private readonly AxisLoops _between;

    /// <summary>Loops for reductions; threads may share them.</summary>
    public ColumnLowering(IReadOnlyList<ReducedElements> all, bool shared)
    {
        ReducedElements elements = all[0];
        (_all, _elements, _shared) = (all, elements, shared);
        _rowAxis = elements.Op.Axes.Last(axis => elements.Shape[axis] > 1 || axis == elements.Op.Axes[0]);
        int[] trailing = Array.FindAll(elements.Kept, axis => axis > _rowAxis);
        _columns = trailing.Length > 1 && HasDivision(trailing) ? [elements.Kept.Last(axis => elements.Shape[axis] > 1)] : trailing;
        _columnCount = Count(_columns);
        _outer = new AxisLoops(elements, Array.FindAll(elements.Kept, axis => Array.IndexOf(_columns, axis) < 0), 'i', shared);
        _between = new AxisLoops(elements, [.. elements.Op.Axes.Where(axis => axis != _rowAxis)], 'k', shared: false);
    }

    /// <summary>How many loops over columns there are, which threads may share.</summary>
    public static long Units(Shape shape, Axes reduced)
    {
        int[] kept = [.. Axes.All(shape.Rank).Where(axis => !reduced.Contains(axis))];
        long columns = kept.Where(axis => axis > reduced[^1]).Aggregate(1L, (n, axis) => n * shape[axis]);
        return kept.FirstOrDefault(axis => axis < reduced[^1] && shape[axis] > 1, -1) is >= 0 and var first
            ? shape[first]
            : (columns + Block - 1) / Block;
    }

    /// <summary>The loops.</summary>
    public Statement Lower()
    {
        long together = RowsTogether();
        long block = together > 1 ? _columnCount : Math.Min(Block / (long)BitOperations.RoundUpToPowerOf2((uint)_all.Count), _columnCount);
        Total[] totals = [.. _all.Select(x => new Total(x, new Memory("totals", x.Accumulator, together * block, MemoryScope.Scratch)))];
        Variable blocks = Variable.Index("block", (_columnCount + block - 1) / block);
        Scalar start = blocks.Extent == 1 ? Scalar.Int(0) : blocks * Scalar.Int(block);
        Scalar length = _columnCount % block == 0
            ? Scalar.Int(block)
            : Scalar.Apply(BinaryOp.Min, Scalar.Int(_columnCount) - start, Scalar.Int(block));
        List<Statement> body =
        [
            .. totals.Select(total => new Allocate(total.Memory)),
            Vector(together == 1 ? length : Scalar.Int(together * block), together * block, j => totals.Select(total =>
                new Store(total.Memory, j, total.Elements.Neutral))),
            _between.Around(new Block(AddRows(totals, start, length, block, together))),
        ];
        if (together > 1)
        {
            Variable other = Variable.Index("other", together - 1);
            body.Add(new For(other, Scalar.Int(together - 1), LoopKind.Serial, new Block(Vector(length, block, j => totals.Select(total =>
                new Accumulate(
                    total.Memory, j, total.Elements.Op.Combine, new Load(total.Memory, ((other + Scalar.Int(1)) * Scalar.Int(block)) + j)))))));
        }

        body.Add(Vector(length, block, j => totals.Select(total => total.Elements.Store(
            [.. Index(Scalar.Int(0), start + j).Where((_, axis) => !_elements.Op.Axes.Contains(axis))], new Load(total.Memory, j)))));
        return blocks.Extent == 1
            ? _outer.Around([.. body])
            : _outer.Around(new For(
                blocks, Scalar.Int(blocks.Extent), _shared && _outer.IsEmpty ? LoopKind.Parallel : LoopKind.Serial, new Block(body)));
    }

    // Several rows at once as long as there are that many, then fewer, then one by one.
    private IEnumerable<Statement> AddRows(Total[] totals, Scalar start, Scalar length, long block, long together)
    {
        Scalar rows = _elements.Extent(_rowAxis);
        Scalar done = Scalar.Int(0);
        (int Count, long Together)[] steps = together > 1 ? [(RowsAtOnce, together), (1, together), (1, 1)] : [(RowsAtOnce, 1), (1, 1)];
        foreach ((int count, long rowsInOne) in steps)
        {
            long unit = count * rowsInOne;
            Scalar times = (rows - done) / Scalar.Int(unit);
            if (times is Literal { Value.AsInt64: 0 })
            {
                continue;
            }

            Variable index = Variable.Index("k", Math.Max(1, _elements.LongestExtent(_rowAxis) / unit));
            Scalar first = done + ((times is Literal { Value.AsInt64: 1 } ? Scalar.Int(0) : index) * Scalar.Int(rowsInOne));
            Scalar apart = times * Scalar.Int(rowsInOne);
            For columns = Vector(rowsInOne == 1 ? length : Scalar.Int(rowsInOne * block), rowsInOne * block, j =>
            {
                var places = new Scalar[count][];
                for (int k = 0; k < places.Length; k++)
                {
                    places[k] = Index(first + (apart * Scalar.Int(k)) + (j / Scalar.Int(block)), start + (j % Scalar.Int(block)));
                }

                return totals.Select(total => new Accumulate(
                    total.Memory, j, total.Elements.Op.Combine, Tree(total.Elements.Op.Combine, [.. places.Select(total.Elements.At)])));
            });
            yield return times is Literal { Value.AsInt64: 1 } ? columns : new For(index, times, LoopKind.Serial, new Block(columns));
            done += times * Scalar.Int(unit);
        }
    }

    private static Scalar Tree(BinaryOp combine, ReadOnlySpan<Scalar> terms) => terms.Length == 1
        ? terms[0]
        : Scalar.Apply(combine, Tree(combine, terms[..(terms.Length / 2)]), Tree(combine, terms[(terms.Length / 2)..]));

    // How many rows count as one: more than one only if they follow each other in what is read.
    private long RowsTogether()
    {
        long together = Math.Max(1, LongRow / 16 / _columnCount) * 16;
        if (_columnCount >= FewColumns || together * RowsAtOnce > _elements.LongestExtent(_rowAxis))
        {
            return 1;
        }

        Variable row = Variable.Index("row", _elements.LongestExtent(_rowAxis) / together);
        Variable column = Variable.Index("j", together * _columnCount);
        Scalar[] place = Index((row * Scalar.Int(together)) + (column / Scalar.Int(_columnCount)), column % Scalar.Int(_columnCount));
        return HasDivision(place) ? 1 : together;
    }

    private bool HasDivision(int[] columns)
    {
        Scalar[] index = [.. _elements.Shape.Select((n, axis) => n == 1 ? Scalar.Int(0) : Variable.Index($"i{axis}", n))];
        Shape lengths = _elements.Shape.At(columns);
        Scalar[] joined = ElementBuilder.Unflatten(lengths, Variable.Index("j", lengths.Count));
        for (int k = 0; k < columns.Length; k++)
        {
            index[columns[k]] = joined[k];
        }

        return HasDivision(index);
    }

    private bool HasDivision(Scalar[] index) => _all.Any(elements => LoopNest.HasDivision(elements.At(index)));

    private long Count(int[] axes) => _elements.Shape.At(axes).Count;

    private Scalar[] Index(Scalar row, Scalar column)
    {
        Scalar[] columns = ElementBuilder.Unflatten(_elements.Shape.At(_columns), column);
        return
        [
            .. Axes.All(_elements.Shape.Rank).Select(axis =>
                axis == _rowAxis ? row
                : Array.IndexOf(_columns, axis) is >= 0 and var k ? columns[k]
                : _outer.Index[axis] ?? _between.Index[axis]!),
        ];
    }

    private static For Vector(Scalar length, long longest, Func<Scalar, IEnumerable<Statement>> body)
    {
        Variable index = Variable.Index("j", longest);
        return new For(index, length, LoopKind.Vector, new Block(body(index)));
    }

    /// <summary>What is combined, and the memory that it is combined in.</summary>
    private sealed record Total(ReducedElements Elements, Memory Memory);
}
