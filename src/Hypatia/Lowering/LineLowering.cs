using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>
/// Loops of a group over lines: for each line, a vector loop for each level of its reductions, one after the other. A loop
/// updates its level's reductions, which are in registers, and stores what is along the line: in scratch of one line if
/// only later loops read it.
/// </summary>
internal sealed class LineLowering
{
    private const long LongLine = 1 << 14;      // bytes
    private const long ShortLine = 1 << 9;      // bytes: with shorter lines, the processor looks ahead far enough
    private const long NearBytes = 1 << 20;     // which stay in the second-level cache

    private readonly Group _group;
    private readonly Line _line;
    private readonly Func<Expr, Memory?> _memoryOf;
    private readonly bool _shared;
    private readonly IReadOnlyDictionary<Expr, int> _levels;
    private readonly Dictionary<Expr, Memory> _values = [];         // registers of what is one for each line
    private readonly Dictionary<Expr, Memory> _scratch = [];
    private readonly Dictionary<Expr, Memory> _heirs = [];          // where what replaces a value will be, and it is until then
    private readonly Variable _index;
    private readonly Extents _extents;

    /// <summary>A group and where its outputs and what it reads are.</summary>
    public LineLowering(Group group, Func<Expr, Memory?> memoryOf, bool mayShare, Extents extents)
    {
        _group = group;
        _line = group.Members.Select(Line.Of).First(line => line is not null)!;
        _memoryOf = memoryOf;
        _shared = mayShare && _line.Shape.Count >= LoopNest.SharedFrom;
        _levels = Lines.Levels(group);
        _extents = extents;
        _index = Variable.Index(_line.IsChunk ? "chunk" : "line", _line.Count);
    }

    /// <summary>The loops.</summary>
    public Statement Lower()
    {
        Scalar[] outer = ElementBuilder.Unflatten(Kept, _line.Count == 1 || _line.IsChunk ? Scalar.Int(0) : _index);
        List<Statement> body = [];
        foreach (Expr x in _group.Members)
        {
            if (IsReadLater(x) && Heir(x) is { } heir)
            {
                _heirs[x] = heir;
            }
            else if (IsReadLater(x))
            {
                _scratch[x] = new Memory($"s{_scratch.Count}", x.DType, _line.Along.Count, MemoryScope.Scratch);
                body.Add(new Allocate(_scratch[x]));
            }
        }

        for (int level = 0; level <= _levels.Values.Max(); level++)
        {
            body.AddRange(Level(level, outer));
        }

        return _line.Count == 1
            ? new Block(body)
            : new For(_index, _line.IsChunk ? Scalar.Int(_line.Count) : _extents.Of(Kept), _shared ? LoopKind.Parallel : LoopKind.Serial, new Block(body));
    }

    private Shape Kept => _line.Shape.At(_line.Kept);

    // What is one for each line and known by now; one loop; the ends of its reductions.
    private IEnumerable<Statement> Level(int level, Scalar[] outer)
    {
        Expr[] members = [.. _group.Members.Where(x => _levels[x] == level)];
        var elements = new ElementBuilder((x, index) => Read(x, index, level));
        foreach (Expr x in members.Where(x => !IsReduction(x) && !_line.IsAlong(x)))
        {
            Scalar[] index = _line.IndexOf(x, At(outer, null))!;
            foreach (Statement statement in Value(x, index, elements.At(x, index, compute: true)))
            {
                yield return statement;
            }
        }

        Dictionary<Expr, Memory> totals = [];
        foreach (Expr x in members.Where(IsReduction))
        {
            Reduction op = Line.Reduction(x);
            DType accumulator = op.Accumulator(x.Inputs[0].DType);
            totals[x] = new Memory("total", accumulator, 1, MemoryScope.Register);
            yield return new Allocate(totals[x]);
            yield return new Store(totals[x], Scalar.Int(0), Scalar.Of(accumulator, op.Neutral(accumulator)));
        }

        Expr[] along = [.. members.Where(x => IsReduction(x) || (_line.IsAlong(x) && MemoryOf(x) is not null))];
        if (along.Length == 0)
        {
            yield break;
        }

        LoopNest nest = LoopNest.Collapsed(
            _line.Along, inner => along.SelectMany(x => Scalars(x, inner)), mayShare: false, first: FirstExtent(), extents: _extents);
        yield return nest.Around([.. Ahead(level, nest.Index), .. along.Select(x => Statement(x, nest.Index))]);
        foreach ((Expr x, Memory total) in totals)
        {
            Scalar value = Scalar.Convert(x.DType, new Load(total, Scalar.Int(0)));
            foreach (Statement statement in Value(x, _line.IsChunk ? [_index] : _line.IndexOf(x, At(outer, null))!, value))
            {
                yield return statement;
            }
        }

        Scalar Element(Expr x, IReadOnlyList<Scalar> inner) => IsReduction(x)
            ? Scalar.Convert(totals[x].DType, elements.At(x.Inputs[0], At(outer, inner)))
            : elements.At(x, At(outer, inner), compute: true);

        IEnumerable<Scalar> Scalars(Expr x, IReadOnlyList<Scalar> inner) => IsReduction(x)
            ? [Element(x, inner)]
            : [Element(x, inner), Place(x, At(outer, inner))];

        Statement Statement(Expr x, IReadOnlyList<Scalar> inner) => IsReduction(x)
            ? new Accumulate(totals[x], Scalar.Int(0), Line.Reduction(x).Combine, Element(x, inner))
            : new Store(MemoryOf(x)!, Place(x, At(outer, inner)), Element(x, inner));
    }

    // The second loop, which finds the line in the cache, asks for what the first one will read of the next line: so memory is
    // busy all the time. The processor itself looks ahead along a line, but not from one line to the next.
    private IEnumerable<Statement> Ahead(int level, IReadOnlyList<Scalar> inner)
    {
        if (level != 1 || _line.IsChunk || _line.Count == 1)
        {
            return [];
        }

        Scalar[] next = ElementBuilder.Unflatten(Kept, _index + Scalar.Int(1));
        var elements = new ElementBuilder((x, index) => Read(x, index, 0));
        return _group.Members.Where(x => _levels[x] == 0 && IsReduction(x))
            .Select(x => elements.At(x.Inputs[0], At(next, inner)))
            .SelectMany(ScalarGraph.InOrder)
            .OfType<Load>()
            .Where(load => load.Memory.Scope == MemoryScope.Global && IsWorthAsking(load.Memory))
            .DistinctBy(load => load.Memory)
            .Select(load => new Prefetch(load.Memory, load.Index));
    }

    // Memory that is not in a cache near already, and of which a line and the next one fit the nearest.
    private bool IsWorthAsking(Memory memory) =>
        memory.Count * memory.DType.Size() >= NearBytes && _line.Along.Count * memory.DType.Size() is >= ShortLine and <= LongLine;

    private static bool IsReduction(Expr x) => Line.Of(x) is not null;

    // Only by later loops: this one has it in a register. An output is read from where it was stored.
    private bool IsReadLater(Expr x) => _line.IsAlong(x) && !IsReduction(x) && _memoryOf(x) is null
        && _group.Members.Any(user => _levels[user] > _levels[x] && Traversal.Sort(user.Inputs.List, _levels.Keys.ToHashSet()).Contains(x));

    // On a long line, scratch would only take room in the cache that an output needs as well: the output that a value is
    // read for, and by none after it, has its place from the start.
    private Memory? Heir(Expr x)
    {
        HashSet<Expr> members = [.. _levels.Keys];
        Expr[] users = [.. _group.Members.Where(user => Traversal.Sort(user.Inputs.List, members).Contains(x))];
        Expr last = users.MaxBy(user => _levels[user])!;
        bool isOnly = users.Count(user => _levels[user] == _levels[last]) == 1 && _line.IsAlong(last) && last.DType == x.DType;
        return isOnly && _line.Along.Count * x.DType.Size() > LongLine && _memoryOf(last) is { } memory && !_heirs.ContainsValue(memory)
            ? memory
            : null;
    }

    // A value of the whole line: kept in a register, and stored if it is an output.
    private IEnumerable<Statement> Value(Expr x, Scalar[] index, Scalar value)
    {
        var register = new Memory("value", x.DType, 1, MemoryScope.Register);
        _values[x] = register;
        yield return new Allocate(register);
        yield return new Store(register, Scalar.Int(0), value);
        if (_memoryOf(x) is { } memory)
        {
            yield return new Store(memory, ElementBuilder.Linear(x.Type.Shape, index), new Load(register, Scalar.Int(0)));
        }
    }

    private Load? Read(Expr x, IReadOnlyList<Scalar> index, int level) =>
        _values.TryGetValue(x, out Memory? register) ? new Load(register, Scalar.Int(0))
        : _levels.TryGetValue(x, out int made) && made == level ? null
        : MemoryOf(x) is { } memory ? new Load(memory, Place(x, index))
        : null;

    private Memory? MemoryOf(Expr x) => _scratch.GetValueOrDefault(x) ?? _heirs.GetValueOrDefault(x) ?? _memoryOf(x);

    private Scalar Place(Expr x, IReadOnlyList<Scalar> index) => _scratch.ContainsKey(x)
        ? ElementBuilder.Linear(_line.Along, [.. _line.Axes.Select(axis => index[axis])])
        : ElementBuilder.Linear(x.Type.Shape, index);

    // The index of an element of a line.
    private Scalar[] At(Scalar[] outer, IReadOnlyList<Scalar>? inner)
    {
        var index = new Scalar[_line.Shape.Rank];
        for (int axis = 0, kept = 0, along = 0; axis < index.Length; axis++)
        {
            index[axis] = _line.Axes.Contains(axis) ? inner?[along++] ?? Scalar.Int(0) : outer[kept++];
        }

        if (_line.IsChunk)
        {
            index[_line.Axes[0]] = Start + index[_line.Axes[0]];
        }

        return index;
    }

    private Scalar Start => _index * Scalar.Int(_line.ChunkLength);

    // How much of the first axis of a line there is, if it may be less than usual.
    private Scalar? FirstExtent() => _line.IsChunk && _line.Shape[_line.Axes[0]] % _line.ChunkLength != 0
        ? Scalar.Apply(BinaryOp.Min, Scalar.Int(_line.Shape[_line.Axes[0]]) - Start, Scalar.Int(_line.ChunkLength))
        : null;
}
