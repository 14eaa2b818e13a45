using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>
/// Loops for a map whose last axis is short, and along which something is read that all rows share: <c>x + bias</c>. Vectors
/// run over many rows as one, and over a copy of what they share that is as long.
/// </summary>
internal sealed class PeriodicMap
{
    private const long ShortRow = 32;
    private const long Period = 480;            // elements, about, of the rows that count as one
    private const long PiecesAtOnce = 64;       // of that length, for each copy that is made

    private readonly IReadOnlyList<Expr> _outputs;
    private readonly Func<Expr, Memory?> _memoryOf;
    private readonly Shape _shape;
    private readonly long _row;
    private readonly long _period;
    private readonly Variable _place;
    private readonly Scalar _column;
    private readonly List<(Memory Copy, Expr Of, IReadOnlyList<Scalar> Index)> _copies = [];

    private PeriodicMap(IReadOnlyList<Expr> outputs, Func<Expr, Memory?> memoryOf)
    {
        _outputs = outputs;
        _memoryOf = memoryOf;
        _shape = outputs[0].Type.Shape;
        _row = _shape[_shape.Rank - 1];
        _period = Math.Max(1, Period / 16 / _row) * 16 * _row;
        _place = Variable.Index("j", _period);
        _column = _place % Scalar.Int(_row);
    }

    /// <summary>The loops, or null if it is not such a map, or too small to gain by it.</summary>
    public static Statement? TryLower(IReadOnlyList<Expr> outputs, Func<Expr, Memory?> memoryOf, bool mayShare)
    {
        Shape shape = outputs[0].Type.Shape;
        if (shape.Rank < 2 || shape[shape.Rank - 1] is < 2 or >= ShortRow || shape.Count < 16 * Period)
        {
            return null;
        }

        return new PeriodicMap(outputs, memoryOf).Lower(mayShare && shape.Count >= LoopNest.SharedFrom);
    }

    private For? Lower(bool shared)
    {
        long pieces = (_shape.Count + _period - 1) / _period;
        Variable chunk = Variable.Index("chunk", (pieces + PiecesAtOnce - 1) / PiecesAtOnce);
        Variable piece = Variable.Index("piece", Math.Min(pieces, PiecesAtOnce));
        Scalar first = chunk * Scalar.Int(PiecesAtOnce);
        Scalar start = (first + piece) * Scalar.Int(_period);
        var elements = new ElementBuilder(Read);
        Scalar[] index = ElementBuilder.Unflatten(_shape, start + _place);
        Scalar[] values = [.. _outputs.Select(output => elements.At(output, index, compute: true))];
        if (_copies.Count == 0 || values.Any(LoopNest.HasDivision))
        {
            return null;
        }

        Scalar count = Scalar.Apply(BinaryOp.Min, Scalar.Int(pieces) - first, Scalar.Int(PiecesAtOnce));
        Scalar length = Scalar.Apply(BinaryOp.Min, Scalar.Int(_shape.Count) - start, Scalar.Int(_period));
        var vectors = new For(_place, length, LoopKind.Vector, new Block(_outputs.Zip(values, (output, value) =>
            new Store(_memoryOf(output)!, ElementBuilder.Linear(_shape, index), value))));
        Block body = new([.. _copies.SelectMany(copy => Filled(copy.Copy, copy.Of, copy.Index)), new For(piece, count, LoopKind.Serial, new Block(vectors))]);
        return new For(chunk, Scalar.Int(chunk.Extent), shared ? LoopKind.Parallel : LoopKind.Serial, body);
    }

    // An element that depends on the column alone is read from a copy.
    private Load? Read(Expr x, IReadOnlyList<Scalar> index)
    {
        if (_memoryOf(x) is not { } memory)
        {
            return null;
        }

        if (!index.Contains(_column) || !index.All(i => i is Literal || i.Equals(_column)))
        {
            return new Load(memory, ElementBuilder.Linear(x.Type.Shape, index));
        }

        int known = _copies.FindIndex(copy => copy.Of == x && copy.Index.SequenceEqual(index));
        if (known < 0)
        {
            known = _copies.Count;
            _copies.Add((new Memory($"p{known}", x.DType, _period, MemoryScope.Scratch), x, index));
        }

        return new Load(_copies[known].Copy, _place);
    }

    private Statement[] Filled(Memory copy, Expr of, IReadOnlyList<Scalar> index)
    {
        Variable row = Variable.Index("row", _period / _row);
        Variable column = Variable.Index("column", _row);
        Scalar[] at = [.. index.Select(i => i is Literal ? i : column)];
        var store = new Store(
            copy, (row * Scalar.Int(_row)) + column, new Load(_memoryOf(of)!, ElementBuilder.Linear(of.Type.Shape, at)));
        return
        [
            new Allocate(copy),
            new For(row, Scalar.Int(row.Extent), LoopKind.Serial, new Block(
                new For(column, Scalar.Int(_row), LoopKind.Vector, new Block(store)))),
        ];
    }
}
