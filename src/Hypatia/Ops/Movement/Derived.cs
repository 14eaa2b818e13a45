namespace Hypatia;

/// <summary>Movement of elements that is written in terms of other ops.</summary>
public static partial class T
{
    /// <summary>x with its axes in another order; in reverse order if none is given.</summary>
    /// <exception cref="ShapeException">The order does not name each axis once.</exception>
    public static Expr Transpose(Expr x, params int[] axes)
    {
        if (axes.Length == 0)
        {
            return Hypatia.Dimshuffle.Of(x, Axes.All(x.Rank).Select(axis => x.Rank - 1 - axis));
        }

        int[] order = [.. axes.Select(axis => Axes.Normalize(axis, x.Rank, nameof(Transpose), x))];
        return order.Length == x.Rank
            ? Hypatia.Dimshuffle.Of(x, order)
            : throw new ShapeException($"{order.Length} axes for a tensor of {x.Rank}.", nameof(Transpose), [x], "name each axis once.");
    }

    /// <summary>x with two axes exchanged.</summary>
    /// <exception cref="ShapeException">An axis does not exist.</exception>
    public static Expr SwapAxes(Expr x, int axis1, int axis2)
    {
        int[] order = [.. Enumerable.Range(0, x.Rank)];
        int a = Axes.Normalize(axis1, x.Rank, nameof(SwapAxes), x);
        int b = Axes.Normalize(axis2, x.Rank, nameof(SwapAxes), x);
        (order[a], order[b]) = (order[b], order[a]);
        return Hypatia.Dimshuffle.Of(x, order);
    }

    /// <summary>x without the axes that are known to have length 1.</summary>
    public static Expr Squeeze(Expr x) =>
        Hypatia.Dimshuffle.Drop(x, Axes.All(x.Rank).Where(axis => x.Type.Shape[axis] == 1));

    /// <summary>x with axes of length 1 in front.</summary>
    public static Expr ShapePadLeft(Expr x, int count = 1) => Hypatia.Dimshuffle.PadLeft(x, x.Rank + count);

    /// <summary>x with axes of length 1 at the end.</summary>
    public static Expr ShapePadRight(Expr x, int count = 1) =>
        Hypatia.Dimshuffle.Of(x, [.. Enumerable.Range(0, x.Rank), .. Enumerable.Repeat(Hypatia.Dimshuffle.New, count)]);

    /// <summary>x with a new axis of length 1 at a place; −1 is the end.</summary>
    public static Expr ShapePadAxis(Expr x, int axis) =>
        Hypatia.Dimshuffle.Insert(x, Axes.Normalize(axis, x.Rank + 1, nameof(ShapePadAxis), x));

    /// <summary>
    /// x with each element of an axis (of all elements in row-major order, if null) repeated: all of them
    /// <paramref name="repeats"/> times, or, given a vector, the k-th one repeats[k] times.
    /// </summary>
    /// <exception cref="ShapeException">The axis does not exist, or the repeats have more than one axis.</exception>
    public static Expr Repeat(Expr x, Expr repeats, int? axis = null)
    {
        if (repeats.Rank > 1)
        {
            throw new ShapeException("Repeats are a scalar or a vector.", nameof(Repeat), [x, repeats], "flatten them.");
        }

        Expr from = axis is null ? Flatten(x) : x;
        int along = Axes.Normalize(axis ?? 0, from.Rank, nameof(Repeat), from);
        if (repeats.Rank == 1)
        {
            return RepeatEach(from, Cast(repeats, DType.Int64), along);
        }

        repeats = Lengths.Int64(repeats);
        Expr[] lengths = Lengths.Of(from);
        Expr[] spread = [.. lengths.Take(along + 1), repeats, .. lengths.Skip(along + 1)];
        lengths[along] *= repeats;
        return Hypatia.Reshape.Of(BroadcastTo.Of(Hypatia.Dimshuffle.Insert(from, along + 1), spread), [.. lengths.Select(Folding.Fold)]);
    }

    // The j-th element of the result is the one whose repeats, and those before it, are the first to exceed j in sum.
    private static Expr RepeatEach(Expr x, Expr repeats, int axis)
    {
        Expr n = Lengths.Of(repeats, 0);
        Expr ends = Sum(Switch(Tri(n, n, dtype: DType.Bool), repeats, 0), 1);
        Expr place = Hypatia.Dimshuffle.Insert(Iota.Of(Sum(repeats)), 1);
        return Take(x, Sum(Cast(Le(ends, place), DType.Int64), 1), axis);
    }

    /// <summary>x repeated as a whole along its axes, the last of them the last of <paramref name="reps"/>.</summary>
    public static Expr Tile(Expr x, params int[] reps)
    {
        int rank = Math.Max(x.Rank, reps.Length);
        Expr padded = Hypatia.Dimshuffle.PadLeft(x, rank);
        for (int k = 0; k < reps.Length; k++)
        {
            padded = Concatenate([.. Enumerable.Repeat(padded, reps[k])], rank - reps.Length + k);
        }

        return padded;
    }

    /// <summary>As <see cref="Tile(Expr, int[])"/>, with at least <paramref name="ndim"/> axes in the result.</summary>
    public static Expr Tile(Expr x, int[] reps, int ndim) =>
        Tile(x, [.. Enumerable.Repeat(1, Math.Max(0, ndim - reps.Length)), .. reps]);

    /// <summary>x with elements moved along an axis (along all of them in row-major order, if null), the last ones to the front.</summary>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public static Expr Roll(Expr x, Expr shift, int? axis = null)
    {
        if (axis is null)
        {
            return Hypatia.Reshape.Of(Roll(Flatten(x), shift, 0), Lengths.Of(x));
        }

        int along = Axes.Normalize(axis.Value, x.Rank, nameof(Roll), x);
        Expr length = Lengths.Of(x, along);
        if (Lengths.Constant(Lengths.Int64(shift)) is not null)
        {
            Expr moved = Lengths.Int64(shift) % Maximum(length, Lengths.Of(1L));
            Expr rest = length - moved;
            return Concatenate([Hypatia.Slice.Of(x, along, rest, moved), Hypatia.Slice.Of(x, along, Lengths.Of(0L), rest)], along);
        }

        Expr source = (Iota.Of(length) - Lengths.Int64(shift)) % Maximum(length, Lengths.Of(1L));
        return Take(x, source, along);
    }

    /// <summary>Elements of x at indices along an axis (of all elements in row-major order, if null).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="indices">Integers of any shape, which takes the axis's place.</param>
    /// <param name="axis">The axis; negative ones count from the last.</param>
    /// <param name="mode">
    /// What an index outside the axis means: "raise" an error (negative ones count from the end), "wrap", the remainder
    /// by the length, or "clip", the nearest.
    /// </param>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public static Expr Take(Expr x, Expr indices, int? axis = null, string mode = "raise")
    {
        Expr from = axis is null ? Flatten(x) : x;
        int along = Axes.Normalize(axis ?? 0, from.Rank, nameof(Take), from);
        indices = mode switch
        {
            "raise" => indices,
            "wrap" => Mod(Cast(indices, DType.Int64), Lengths.Of(from, along)),
            "clip" => Clip(Cast(indices, DType.Int64), 0, Lengths.Of(from, along) - 1),
            _ => throw new ArgumentException($"There is no mode '{mode}'; use raise, wrap or clip.", nameof(mode)),
        };
        return from[[.. Enumerable.Repeat<Subscript>(Range.All, along), indices]];
    }

    /// <summary>The elements of x whose indices along two axes differ by <paramref name="offset"/>; that diagonal is the last axis.</summary>
    /// <exception cref="ShapeException">An axis does not exist.</exception>
    public static Expr Diagonal(Expr x, int offset = 0, int axis1 = 0, int axis2 = 1)
    {
        int a = Axes.Normalize(axis1, x.Rank, nameof(Diagonal), x);
        int b = Axes.Normalize(axis2, x.Rank, nameof(Diagonal), x);
        Expr front = Hypatia.Dimshuffle.Of(x, [a, b, .. Enumerable.Range(0, x.Rank).Where(k => k != a && k != b)]);
        Expr rows = Lengths.Of(front, 0) + Lengths.Of((long)Math.Min(offset, 0));
        Expr columns = Lengths.Of(front, 1) - Lengths.Of((long)Math.Max(offset, 0));
        Expr index = Iota.Of(Folding.Fold(Maximum(Minimum(rows, columns), Lengths.Of(0L))));
        Expr diagonal = front[index + Math.Max(-offset, 0), index + Math.Max(offset, 0)];
        return Hypatia.Dimshuffle.Of(diagonal, [.. Enumerable.Range(1, diagonal.Rank - 1), 0]);
    }

    /// <summary>A vector's elements on the k-th diagonal of a matrix of zeros; the k-th diagonal of a matrix.</summary>
    /// <exception cref="ShapeException">x is neither a vector nor a matrix.</exception>
    public static Expr Diag(Expr x, int k = 0)
    {
        if (x.Rank == 2)
        {
            return Diagonal(x, k);
        }

        if (x.Rank != 1)
        {
            throw new ShapeException($"A tensor of {x.Rank} axes has no diagonal.", nameof(Diag), [x], "pass a vector or a matrix.");
        }

        Expr size = Folding.Fold(Lengths.Of(x, 0) + Math.Abs(k));
        Expr rows = Iota.Of(size);
        Expr source = Clip(rows - Math.Max(-k, 0), 0, Maximum(Lengths.Of(x, 0) - 1, 0));
        return Switch(Eye(size, size, k, DType.Bool), Hypatia.Dimshuffle.Insert(x[source], 1), 0);
    }

    /// <summary>The sum of a matrix's main diagonal.</summary>
    public static Expr Trace(Expr x) => Sum(Diagonal(x), -1);

    /// <summary>Differences of neighbors along an axis, n times.</summary>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public static Expr Diff(Expr x, int n = 1, int axis = -1)
    {
        int along = Axes.Normalize(axis, x.Rank, nameof(Diff), x);
        Subscript[] before = [.. Enumerable.Repeat<Subscript>(Range.All, along)];
        for (int k = 0; k < n; k++)
        {
            x = x[[.. before, 1..]] - x[[.. before, 0..^1]];
        }

        return x;
    }

    /// <summary>The permutation that undoes a permutation of 0 … n − 1.</summary>
    public static Expr InversePermutation(Expr permutation) =>
        SetSubtensor(ZerosLike(permutation)[permutation], Iota.Of(Lengths.Of(permutation, 0)));

    /// <summary>
    /// Each row of x in the order of the same row of <paramref name="order"/>: y[i, j] = x[i, order[i, j]]. A vector is
    /// the order of every row, or, of x itself, if that is a vector.
    /// </summary>
    /// <param name="x">A vector or a matrix.</param>
    /// <param name="order">Permutations of 0 … n − 1.</param>
    /// <param name="inverse">Whether the permutation is undone instead: y[i, order[i, j]] = x[i, j].</param>
    /// <exception cref="ShapeException">An operand is neither a vector nor a matrix.</exception>
    public static Expr PermuteRowElements(Expr x, Expr order, bool inverse = false)
    {
        if (x.Rank is not (1 or 2) || order.Rank is not (1 or 2))
        {
            throw new ShapeException("Rows are in a vector or a matrix.", nameof(PermuteRowElements), [x, order], "reshape them.");
        }

        Expr rows = x.Rank == 1 && order.Rank == 2 ? Hypatia.Dimshuffle.PadLeft(x, 2) + ZerosLike(order, x.DType) : x;
        if (rows.Rank == 1)
        {
            return inverse ? SetSubtensor(ZerosLike(rows)[order], rows) : rows[order];
        }

        Expr row = Hypatia.Dimshuffle.Insert(Iota.Of(Lengths.Of(rows, 0)), 1);
        return inverse ? SetSubtensor(ZerosLike(rows)[row, order], rows) : rows[row, order];
    }

    /// <summary>Class labels 0 … <paramref name="classes"/> − 1 as rows with a single one: [n] → [n, classes].</summary>
    public static Expr ToOneHot(Expr labels, Expr classes, DType? dtype = null) =>
        Cast(Eq(Hypatia.Dimshuffle.Insert(labels, 1), Iota.Of(Lengths.Int64(classes))), dtype ?? Options.Current.FloatX);

    /// <summary>An expression with the same value.</summary>
    public static Expr Copy(Expr x) => Expr.Make(new Dimshuffle(Axes.All(x.Rank)), x);

    /// <summary>x itself: lengths of 1 need no leave to differ at run time. Theano's <c>unbroadcast</c>.</summary>
    public static Expr Unbroadcast(Expr x, params int[] axes) => x;

    /// <summary>x, whose axes that are true in the pattern must have length 1 at run time, and may be repeated.</summary>
    /// <exception cref="ShapeException">The pattern has another length than x has axes.</exception>
    public static Expr PatternBroadcast(Expr x, bool[] pattern) => pattern.Length == x.Rank
        ? AddBroadcast(x, [.. Axes.All(x.Rank).Where(axis => pattern[axis])])
        : throw new ShapeException(
            $"A pattern of {pattern.Length} axes for a tensor of {x.Rank}.", nameof(PatternBroadcast), [x], "name each axis.");
}
