namespace Hypatia;

/// <summary>
/// What <c>x[…]</c> means in primitives: slices along axes, then gathers at index arrays, then reordered axes. Reads the
/// elements (<see cref="Read"/>), or puts others in their place (<see cref="Write"/>).
/// </summary>
internal sealed class Selection
{
    private readonly Expr _x;
    private readonly List<(int Axis, Expr Start, Expr Length, long Step)> _slices = [];
    private readonly List<(int Axis, Expr Index)> _arrays = [];

    // For each axis of the sliced x and each new axis, in order: the axis, or −1. Dropped axes are left out.
    private readonly List<int> _order = [];
    private bool _arraysAreApart;
    private int _arraysAt = -1;

    public Selection(Expr x, IReadOnlyList<Subscript> subscripts)
    {
        _x = x;
        Parse(Expanded(subscripts));
    }

    /// <summary>The elements.</summary>
    public Expr Read()
    {
        Expr sliced = Sliced(_x);
        return _arrays.Count == 0
            ? Dimshuffle.Of(sliced, [.. _order])
            : Dimshuffle.Of(
                Expr.Make(new Gather(), [Dimshuffle.Of(sliced, GatherOrder()), .. Indices()]),
                PlaceArrays());
    }

    /// <summary>x with the elements replaced by v, or incremented by it; v broadcasts to their shape.</summary>
    public Expr Write(Expr v, bool accumulate)
    {
        Expr read = Read();
        v = BroadcastTo.Of(T.Cast(v, _x.DType), Lengths.Of(read));
        if (_arrays.Count == 0)
        {
            return Place(v, accumulate);
        }

        // Scatter into the sliced tensor, then put that back where it was sliced from.
        Axes order = GatherOrder();
        Expr target = Dimshuffle.Of(Sliced(_x), order);
        Expr scattered = Expr.Make(
            new Scatter(accumulate), [target, Dimshuffle.Of(v, Inverse(PlaceArrays(), v.Rank)), .. Indices()]);
        Expr back = Dimshuffle.Of(scattered, Inverse(order, target.Rank));
        return _slices.Count == 0 ? back : Switched(back, _x);
    }

    private static Axes Inverse(Axes order, int rank) =>
        [.. Enumerable.Range(0, order.Count(axis => axis != Dimshuffle.New)).Select(axis => order.ToList().IndexOf(axis))];

    private Expr Sliced(Expr x) =>
        _slices.Aggregate(x, (z, s) => Slice.Of(z, s.Axis, s.Start, s.Length, s.Step));

    private Expr Place(Expr v, bool accumulate)
    {
        // Back to one axis per axis of x: dropped ones return with length 1, new ones go.
        int[] back = [.. Enumerable.Range(0, _x.Rank).Select(axis => _order.IndexOf(axis))];
        Expr expanded = Dimshuffle.Of(v, back);
        return accumulate ? _x + Placed(expanded) : Switched(expanded, _x);
    }

    /// <summary>z, which has the sliced shape, where x is sliced; x elsewhere.</summary>
    private Expr Switched(Expr z, Expr x) =>
        _slices.Count == 0 ? z : T.Switch(Placed(T.OnesLike(z, DType.Bool)), Placed(z), x);

    private Expr Placed(Expr z) => Enumerable.Reverse(_slices).Aggregate(
        z, (y, s) => Expr.Make(new PlaceSlice(s.Axis, s.Step), y, s.Start, Lengths.Of(_x, s.Axis)));

    /// <summary>Axes of the sliced x, indexed ones first.</summary>
    private Axes GatherOrder() =>
        [.. _arrays.Select(array => array.Axis), .. _order.Where(axis => axis != Dimshuffle.New && !_arrays.Any(a => a.Axis == axis))];

    private Expr[] Indices()
    {
        int rank = _arrays.Max(array => array.Index.Rank);
        Expr[] padded = [.. _arrays.Select(array => Dimshuffle.PadLeft(array.Index, rank))];
        Expr[] lengths = [.. Enumerable.Range(0, rank).Select(axis => CommonLength(padded, axis))];
        return [.. padded.Select(index => SameShape(index, lengths))];
    }

    private static Expr SameShape(Expr index, Expr[] lengths) =>
        Enumerable.Range(0, index.Rank).All(axis => index.Type.Shape[axis] is var n and not Shape.Unknown && n == Lengths.Known(lengths[axis]))
            || lengths.Zip(Lengths.Of(index)).All(pair => ReferenceEquals(pair.First, pair.Second))
            ? index
            : BroadcastTo.Of(index, lengths);

    private static Expr CommonLength(Expr[] indices, int axis)
    {
        Expr[] lengths = [.. indices.Select(index => Lengths.Of(index, axis))];
        long[] known = [.. lengths.Select(Lengths.Constant).OfType<long>().Where(n => n != 1).Distinct()];
        if (known.Length > 1)
        {
            throw new ShapeException(
                $"Index arrays have lengths {string.Join(" and ", known)} on axis {axis}, neither equal nor 1.",
                "Subtensor",
                indices,
                "make the index arrays broadcast with each other.");
        }

        // Where several lengths are unknown, a zero of the broadcast shape tells the common one.
        Expr[] open = [.. lengths.Where(length => Lengths.Constant(length) is null)];
        return known.Length == 1 ? Lengths.Of(known[0])
            : open.Length == 0 ? lengths[0]
            : open.Length == 1 ? open[0]
            : Lengths.Of(indices.Aggregate((a, b) => a + b), axis);
    }

    /// <summary>Axes of the gathered tensor (index axes first) in the order of the result.</summary>
    private Axes PlaceArrays()
    {
        int rank = _arrays.Max(array => array.Index.Rank);
        List<int> result = [];
        int next = rank;
        for (int k = 0; k <= _order.Count; k++)
        {
            if (!_arraysAreApart && k == _arraysAt)
            {
                result.AddRange(Enumerable.Range(0, rank));
            }

            if (k < _order.Count && !_arrays.Any(array => array.Axis == _order[k] && _order[k] != Dimshuffle.New))
            {
                result.Add(_order[k] == Dimshuffle.New ? Dimshuffle.New : next++);
            }
        }

        return _arraysAreApart ? [.. Enumerable.Range(0, rank), .. result] : [.. result];
    }

    private List<Subscript> Expanded(IReadOnlyList<Subscript> subscripts)
    {
        int named = subscripts.Count(s => s.Kind is not (SubscriptKind.NewAxis or SubscriptKind.Ellipsis));
        if (named > _x.Rank || subscripts.Count(s => s.Kind == SubscriptKind.Ellipsis) > 1)
        {
            throw new ShapeException(
                $"{named} subscripts for {_x.Rank} axes, or more than one ellipsis.",
                "Subtensor",
                [_x],
                "give at most one subscript per axis.");
        }

        List<Subscript> all = [];
        IEnumerable<Subscript> rest = Enumerable.Repeat<Subscript>(Range.All, _x.Rank - named);
        foreach (Subscript subscript in subscripts)
        {
            all.AddRange(subscript.Kind == SubscriptKind.Ellipsis ? rest : [subscript]);
        }

        return subscripts.Any(s => s.Kind == SubscriptKind.Ellipsis) ? all : [.. all, .. rest];
    }

    private void Parse(List<Subscript> subscripts)
    {
        bool advanced = subscripts.Any(s => s.Kind == SubscriptKind.Array);
        int axis = 0;
        int lastArray = -1;
        for (int k = 0; k < subscripts.Count; k++)
        {
            Subscript subscript = subscripts[k];
            switch (subscript.Kind)
            {
                case SubscriptKind.NewAxis:
                    _order.Add(Dimshuffle.New);
                    continue;
                case SubscriptKind.Slice:
                    AddSlice(axis, subscript);
                    _order.Add(axis++);
                    continue;
                case SubscriptKind.Integer when !advanced:
                    CheckBounds(subscript.Index!, axis);
                    _slices.Add((axis, FromEnd(subscript.Index!, axis), Lengths.Of(1L), 1));
                    axis++;
                    continue;
            }

            // NumPy: beside index arrays, an integer is an index array of no axes.
            _arraysAt = _arraysAt < 0 ? _order.Count : _arraysAt;
            _arraysAreApart |= lastArray >= 0 && lastArray != k - 1;
            lastArray = k;
            _arrays.Add((axis, subscript.Index!));
            _order.Add(axis++);
        }
    }

    private void CheckBounds(Expr index, int axis)
    {
        long length = _x.Type.Shape[axis];
        if (length != Shape.Unknown && Lengths.Constant(index) is { } i && (i < -length || i >= length))
        {
            throw new ShapeException(
                $"Index {i} is out of bounds for axis {axis}, which has length {length}.",
                "Subtensor",
                [_x],
                length == 0 ? "the axis is empty." : $"use 0 … {length - 1}, or −1 … {-length} (^1 … ^{length}) from the end.");
        }
    }

    private Expr FromEnd(Expr index, int axis) => Lengths.Constant(index) switch
    {
        >= 0 => index,
        < 0 => index + Lengths.Of(_x, axis),
        null => T.Switch(T.Lt(index, 0), index + Lengths.Of(_x, axis), index),
    };

    // The same as expressions would give, of which a network with many slices has too many.
    private static (long Start, long Count)? KnownSlice(long length, Subscript subscript, long step)
    {
        (long low, long high) = step > 0 ? (0, length) : (-1, length - 1);
        long? Bound(Expr? bound, long open) => bound is null ? open : Lengths.Constant(bound) is { } given
            ? Math.Clamp(given < 0 ? given + length : given, low, high) : null;

        if (length == Shape.Unknown || Bound(subscript.Start, step > 0 ? low : high) is not { } start
            || Bound(subscript.Stop, step > 0 ? high : low) is not { } stop)
        {
            return null;
        }

        long span = step > 0 ? stop - start : start - stop;
        return (start, span <= 0 ? 0 : ((span - 1) / Math.Abs(step)) + 1);
    }

    // Python's slice.indices: bounds are clamped to the axis, so a slice is never out of range.
    private void AddSlice(int axis, Subscript subscript)
    {
        long step = Lengths.Constant(subscript.Step!) ?? throw new ShapeException(
            "A slice's step must be a constant.", "Subtensor", [_x], "write the step as a number.");
        if (step == 0)
        {
            throw new ShapeException("A slice's step can't be 0.", "Subtensor", [_x], "use a positive or negative step.");
        }

        if (step == 1 && subscript.Start is null && subscript.Stop is null)
        {
            return;
        }

        if (KnownSlice(_x.Type.Shape[axis], subscript, step) is var (first, known))
        {
            _slices.Add((axis, Lengths.Of(first), Lengths.Of(known), step));
            return;
        }

        Expr length = Lengths.Of(_x, axis);
        Expr low = step > 0 ? Lengths.Of(0L) : Lengths.Of(-1L);
        Expr high = step > 0 ? length : length - 1;
        Expr start = subscript.Start is { } s ? T.Clip(FromEnd(s, axis), low, high) : step > 0 ? low : high;
        Expr stop = subscript.Stop is { } e ? T.Clip(FromEnd(e, axis), low, high) : step > 0 ? high : low;
        Expr span = step > 0 ? stop - start : start - stop;
        Expr count = T.Maximum(T.IntDiv(span + (Math.Abs(step) - 1), Math.Abs(step)), Lengths.Of(0L));
        _slices.Add((axis, Folding.Fold(start), Folding.Fold(count), step));
    }
}
