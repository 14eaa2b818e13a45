namespace Hypatia;

/// <summary>Indexing that is written in terms of other ops.</summary>
public static partial class T
{
    /// <summary>The elements of x in row-major order as a vector.</summary>
    public static Expr Ravel(Expr x) => Flatten(x);

    /// <summary>The main diagonal of a matrix.</summary>
    /// <exception cref="ShapeException">x is not a matrix.</exception>
    public static Expr ExtractDiag(Expr x) => x.Rank == 2
        ? Diagonal(x)
        : throw new ShapeException($"A tensor of {x.Rank} axes is no matrix.", nameof(ExtractDiag), [x], "use T.Diagonal.");

    /// <summary>
    /// An element from one of several tensors, which broadcast with each other and with the index: result[i] is
    /// choices[index[i]][i].
    /// </summary>
    /// <param name="index">Which tensor each element comes from.</param>
    /// <param name="choices">The tensors, promoted to one dtype.</param>
    /// <param name="mode">
    /// What an index that is not 0 … k − 1 means: "raise" an error (negative ones count from the end), "wrap", the
    /// remainder by k, or "clip", the nearest.
    /// </param>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    /// <exception cref="ShapeException">There is nothing to choose from, or known lengths do not broadcast.</exception>
    public static Expr Choose(Expr index, IReadOnlyList<Expr> choices, string mode = "raise")
    {
        if (choices.Count == 0)
        {
            throw new ShapeException("There is nothing to choose from.", nameof(Choose), [index], "give at least one tensor.");
        }

        index = mode switch
        {
            "raise" when index.Rank == 0 => Iota.Of(Lengths.Of((long)choices.Count))[index],
            "raise" => Take(Iota.Of(Lengths.Of((long)choices.Count)), index, 0),
            "wrap" => Mod(index, choices.Count),
            "clip" => Clip(index, 0, choices.Count - 1),
            _ => throw new ArgumentException($"There is no mode '{mode}'; use raise, wrap or clip.", nameof(mode)),
        };
        Expr chosen = choices[^1];
        for (int k = choices.Count - 2; k >= 0; k--)
        {
            chosen = Switch(Eq(index, k), choices[k], chosen);
        }

        // One that is never chosen still has a say in the shape.
        return choices.Count == 1 ? Switch(Eq(index, 0), chosen, chosen) : chosen;
    }

    /// <summary>The elements along an axis (of all elements in row-major order, if null) where a condition holds.</summary>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public static Expr Compress(bool[] condition, Expr x, int? axis = null) =>
        Take(x, Constant(Enumerable.Range(0, condition.Length).Where(k => condition[k]).Select(k => (long)k).ToArray()), axis);

    /// <summary>x, with a scalar where all indices are equal.</summary>
    /// <exception cref="ShapeException">x has less than 2 axes, or the value is not a scalar.</exception>
    public static Expr FillDiagonal(Expr x, Expr value) => FillDiagonalOffset(x, value, 0);

    /// <summary>
    /// x, with a scalar on a diagonal: of a matrix, where the column exceeds the row by <paramref name="offset"/>; of
    /// more axes, where all indices are equal, and the offset is 0.
    /// </summary>
    /// <exception cref="ShapeException">x has less than 2 axes, or the value is not a scalar.</exception>
    public static Expr FillDiagonalOffset(Expr x, Expr value, Expr offset)
    {
        if (x.Rank < 2 || value.Rank != 0)
        {
            throw new ShapeException(
                "Filling a diagonal needs at least 2 axes, and a scalar.", nameof(FillDiagonal), [x, value], "reshape them.");
        }

        Expr[] places = [.. Axes.All(x.Rank).Select(axis => Hypatia.Dimshuffle.Of(
            Iota.Of(Lengths.Of(x, axis)),
            [.. Axes.All(x.Rank).Select(other => other == axis ? 0 : Hypatia.Dimshuffle.New)]))];
        Expr first = places[0] + Lengths.Int64(offset);
        Expr diagonal = places.Skip(1).Select(place => Eq(first, place)).Aggregate((a, b) => a & b);
        return Switch(diagonal, Cast(value, x.DType), x);
    }

    /// <summary>The index along each axis of elements that are counted in row-major ("C") or column-major ("F") order.</summary>
    /// <exception cref="ArgumentException">There is no such order.</exception>
    public static IReadOnlyList<Expr> UnravelIndex(Expr index, IReadOnlyList<Expr> lengths, string order = "C")
    {
        var places = new Expr[lengths.Count];
        Expr rest = Cast(index, DType.Int64);
        foreach (int axis in Axes.All(lengths.Count).OrderBy(axis => IsRowMajor(order) ? -axis : axis))
        {
            Expr length = Lengths.Int64(lengths[axis]);
            places[axis] = Mod(rest, length);
            rest = IntDiv(rest, length);
        }

        return places;
    }

    /// <summary>Where elements with an index along each axis are in row-major ("C") or column-major ("F") order.</summary>
    /// <exception cref="ArgumentException">There is no such order.</exception>
    public static Expr RavelMultiIndex(IReadOnlyList<Expr> index, IReadOnlyList<Expr> lengths, string order = "C")
    {
        Expr place = 0;
        foreach (int axis in Axes.All(lengths.Count).OrderBy(axis => IsRowMajor(order) ? axis : -axis))
        {
            place = (place * Lengths.Int64(lengths[axis])) + Cast(index[axis], DType.Int64);
        }

        return place;
    }

    /// <summary>How often each of 0, 1, … the largest occurs in a vector, or the sum of its weights: [n] → [max + 1].</summary>
    /// <param name="x">A vector of integers that are not negative.</param>
    /// <param name="weights">A number for each element.</param>
    /// <param name="minLength">The least length of the result.</param>
    /// <exception cref="ShapeException">x is not a vector.</exception>
    public static Expr Bincount(Expr x, Expr? weights = null, Expr? minLength = null)
    {
        if (x.Rank != 1)
        {
            throw new ShapeException("Counting needs a vector.", nameof(Bincount), [x], "use T.Flatten.");
        }

        Expr length = Maximum(Cast(Max(x), DType.Int64) + 1, minLength is null ? 0 : Lengths.Int64(minLength));
        Expr ones = weights ?? OnesLike(x, DType.Int64);
        return IncSubtensor(Alloc(Cast(0, ones.DType), length)[x], ones);
    }

    /// <summary>Where values must be inserted into a sorted vector to keep it sorted: [n], [..] → [..].</summary>
    /// <param name="x">A vector, sorted unless a sorter is given.</param>
    /// <param name="values">Any shape.</param>
    /// <param name="side">"left", before equal elements, or "right", after them.</param>
    /// <param name="sorter">Indices that sort x.</param>
    /// <exception cref="ArgumentException">There is no such side.</exception>
    /// <exception cref="ShapeException">x is not a vector.</exception>
    public static Expr SearchSorted(Expr x, Expr values, string side = "left", Expr? sorter = null)
    {
        if (x.Rank != 1)
        {
            throw new ShapeException("Searching needs a vector.", nameof(SearchSorted), [x, values], "use T.Flatten.");
        }

        Expr value = ShapePadRight(values);
        Expr sorted = sorter is null ? x : x[sorter];
        Expr before = side switch
        {
            "left" => Lt(sorted, value),
            "right" => Le(sorted, value),
            _ => throw new ArgumentException($"There is no side '{side}'; use left or right.", nameof(side)),
        };
        return Sum(Cast(before, DType.Int64), -1);
    }

    private static bool IsRowMajor(string order) => order is "C" or "F"
        ? order == "C"
        : throw new ArgumentException($"There is no order '{order}'; use C or F.", nameof(order));
}
