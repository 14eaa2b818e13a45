using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>
/// Loops for a reduction. Where the innermost axis is reduced, vectors run along it into a register; where it is kept,
/// vectors run along it too, and each reduced index adds a row to accumulators that stay in cache.
/// </summary>
internal sealed class ReduceLowering
{
    private const long RowBlock = 512;          // accumulators that stay in L1 while rows are added

    private readonly Expr _result;
    private readonly Reduction _op;
    private readonly Func<Expr, Scalar[], Scalar> _element;
    private readonly Func<IReadOnlyList<Scalar>, Scalar, Statement> _store;
    private readonly Scalar? _leading;
    private readonly Shape _shape;
    private readonly DType _accumulator;
    private readonly int[] _kept;
    private readonly bool _shared;

    /// <summary>Loops for a reduction.</summary>
    /// <param name="result">The reduction.</param>
    /// <param name="element">Elements of its operand.</param>
    /// <param name="store">The store of an element of the result.</param>
    /// <param name="mayShare">Whether threads may share the loops.</param>
    /// <param name="leading">If not null, the only index of axis 0 that is computed.</param>
    public ReduceLowering(
        Expr result,
        Func<Expr, Scalar[], Scalar> element,
        Func<IReadOnlyList<Scalar>, Scalar, Statement> store,
        bool mayShare,
        Scalar? leading = null)
    {
        _result = result;
        _op = (Reduction)result.Op;
        _element = element;
        _store = store;
        _leading = leading;
        _shape = leading is null ? result.Inputs[0].Type.Shape : [1, .. result.Inputs[0].Type.Shape.Skip(1)];
        _accumulator = _op.Accumulator(result.Inputs[0].DType);
        _kept = [.. Axes.All(_shape.Rank).Where(axis => !_op.Axes.Contains(axis))];
        _shared = mayShare && _shape.Count >= LoopNest.SharedFrom;
    }

    /// <summary>The loops.</summary>
    public Statement Lower() => _shape.Count == 0 ? Fill() : InnermostIsReduced() ? AlongReduced() : AlongKept();

    private bool InnermostIsReduced()
    {
        int last = _shape.Rank - 1;
        while (last > 0 && _shape[last] == 1)
        {
            last--;
        }

        return _kept.All(axis => _shape[axis] == 1) || _op.Axes.Contains(last);
    }

    private Statement Fill()
    {
        LoopNest nest = LoopNest.Collapsed(_result.Type.Shape, _ => [], mayShare: false);
        return nest.Around([StoreResult(nest.Index, Neutral)]);
    }

    private Statement AlongReduced()
    {
        var total = new Memory("total", _accumulator, 1, MemoryScope.Register);
        var outer = new Loops(_shape, _kept, 'i', LoopKind.Serial, _shared);
        var reduced = new Loops(_shape, [.. _op.Axes], 'k', LoopKind.Vector, shared: false);
        Scalar[] index = [.. _shape.Select((_, axis) => outer.Index[axis] ?? reduced.Index[axis]!)];
        return outer.Around(
            new Allocate(total),
            new Store(total, Scalar.Int(0), Neutral),
            reduced.Around(new Accumulate(total, Scalar.Int(0), _op.Combine, Operand(index))),
            StoreResult([.. _kept.Select(axis => index[axis])], new Load(total, Scalar.Int(0))));
    }

    private Statement AlongKept()
    {
        int columns = _kept.Last(axis => _shape[axis] > 1);
        long block = Math.Min(RowBlock, _shape[columns]);
        var totals = new Memory("totals", _accumulator, block, MemoryScope.Scratch);
        Variable blocks = Variable.Index("block", (_shape[columns] + block - 1) / block);
        Scalar start = blocks.Extent == 1 ? Scalar.Int(0) : blocks * Scalar.Int(block);
        Scalar length = _shape[columns] % block == 0
            ? Scalar.Int(block)
            : Scalar.Apply(BinaryOp.Min, Scalar.Int(_shape[columns]) - start, Scalar.Int(block));

        int[] others = [.. _kept.Where(axis => axis != columns)];
        var outer = new Loops(_shape, others, 'i', LoopKind.Serial, _shared);
        var reduced = new Loops(_shape, [.. _op.Axes], 'k', LoopKind.Serial, shared: false);
        Statement ForColumns(Func<Variable, Scalar[], Statement> body)
        {
            Variable column = Variable.Index("j", block);
            Scalar[] index =
            [
                .. _shape.Select((_, axis) =>
                    axis == columns ? start + column : outer.Index[axis] ?? reduced.Index[axis]!),
            ];
            return new For(column, length, LoopKind.Vector, new Block(body(column, index)));
        }

        Statement[] body =
        [
            new Allocate(totals),
            ForColumns((j, _) => new Store(totals, j, Neutral)),
            reduced.Around(ForColumns((j, index) => new Accumulate(totals, j, _op.Combine, Operand(index)))),
            ForColumns((j, index) => StoreResult([.. _kept.Select(axis => index[axis])], new Load(totals, j))),
        ];
        bool shareBlocks = _shared && outer.IsEmpty;
        return blocks.Extent == 1
            ? outer.Around(body)
            : outer.Around(new For(
                blocks, Scalar.Int(blocks.Extent), shareBlocks ? LoopKind.Parallel : LoopKind.Serial, new Block(body)));
    }

    private Scalar Neutral => Scalar.Of(_accumulator, _op.Neutral(_accumulator));

    private Scalar Operand(Scalar[] index) => Scalar.Convert(_accumulator, _element(_result.Inputs[0], AtLeading(index)));

    private Statement StoreResult(IReadOnlyList<Scalar> index, Scalar total) =>
        _store(AtLeading([.. index]), Scalar.Convert(_result.DType, total));

    private Scalar[] AtLeading(Scalar[] index) => _leading is null ? index : [_leading, .. index.Skip(1)];

    /// <summary>Loops over some axes of a shape, in order.</summary>
    private sealed class Loops
    {
        private readonly List<Loop> _loops = [];

        public Loops(Shape shape, IReadOnlyList<int> axes, char name, LoopKind last, bool shared)
        {
            Index = new Scalar?[shape.Rank];
            int innermost = axes.LastOrDefault(axis => shape[axis] > 1, -1);
            foreach (int axis in axes)
            {
                if (shape[axis] == 1)
                {
                    Index[axis] = Scalar.Int(0);
                    continue;
                }

                Variable index = Variable.Index($"{name}{axis}", shape[axis]);
                Index[axis] = index;
                LoopKind kind = axis == innermost ? last : LoopKind.Serial;
                _loops.Add(new Loop(index, shared && _loops.Count == 0 ? LoopKind.Parallel : kind));
            }
        }

        public Scalar?[] Index { get; }

        public bool IsEmpty => _loops.Count == 0;

        public Statement Around(params Statement[] body)
        {
            Statement inner = body is [var only] ? only : new Block(body);
            for (int k = _loops.Count - 1; k >= 0; k--)
            {
                inner = new For(
                    _loops[k].Index, Scalar.Int(_loops[k].Index.Extent), _loops[k].Kind, inner as Block ?? new Block(inner));
            }

            return inner;
        }

        private sealed record Loop(Variable Index, LoopKind Kind);
    }
}
