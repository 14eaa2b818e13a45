namespace Hypatia;

/// <summary>
/// Matrix products over the last two axes, [.., m, k] · [.., k, n] → [.., m, n]; leading lengths are equal.
/// d/dA = dC·Bᵀ, d/dB = Aᵀ·dC.
/// </summary>
internal sealed record MatMul : Op
{
    public override TensorType Infer(Inputs x)
    {
        Shape a = x[0].Type.Shape;
        Shape b = x[1].Type.Shape;
        int rank = a.Rank;
        long inner = a[rank - 1];
        if (inner != Shape.Unknown && b[rank - 2] != Shape.Unknown && inner != b[rank - 2])
        {
            throw new ShapeException(
                $"Shape mismatch: x has {inner} cols (and {Text(a[rank - 2])} rows) but y has {b[rank - 2]} rows (and "
                + $"{Text(b[rank - 1])} cols).",
                "Dot",
                Written(x),
                "x's number of columns must be y's number of rows; transpose one of them (x.T)?");
        }

        long[] lengths = [.. a];
        for (int axis = 0; axis < rank - 2; axis++)
        {
            lengths[axis] = a[axis] == Shape.Unknown ? b[axis]
                : b[axis] == Shape.Unknown || a[axis] == b[axis] ? a[axis]
                : throw new ShapeException(
                    $"Batches differ in length: {a[axis]} and {b[axis]}.", "Dot", Written(x), "give equally many matrices.");
        }

        lengths[rank - 1] = b[rank - 1];
        return new(x[0].DType, new Shape(lengths));
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [Expr.Make(this, dy, Transpose(x[1])), Expr.Make(this, Transpose(x[0]), dy)];

    /// <summary>x with its last two axes exchanged.</summary>
    internal static Expr Transpose(Expr x) =>
        Dimshuffle.Of(x, Axes.All(x.Rank).Select(axis => axis < x.Rank - 2 ? axis : (2 * x.Rank) - 3 - axis));

    // A vector is a matrix of one row or column here.
    private static Expr[] Written(Inputs x) =>
        [.. x.List.Select(operand => operand.Op is Dimshuffle { Order: var order } && operand.Rank > operand.Inputs[0].Rank
            && order.Where(axis => axis != Dimshuffle.New).SequenceEqual(Axes.All(operand.Inputs[0].Rank))
                ? operand.Inputs[0]
                : operand)];

    private static string Text(long length) => length == Shape.Unknown ? "?" : length.ToString();
}

public static partial class T
{
    /// <summary>
    /// The dot product: of vectors Σᵢ xᵢ·yᵢ, of matrices [m,k] · [k,n] → [m,n], of a matrix and a vector; a scalar
    /// multiplies. Of higher ranks, the sum over x's last and y's last but one axis, as NumPy's dot.
    /// </summary>
    /// <exception cref="ShapeException">The lengths summed over are known to differ.</exception>
    public static Expr Dot(Expr x, Expr y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Rank == 0 || y.Rank == 0)
        {
            return x * y;
        }

        (x, y) = OfOneDType(nameof(Dot), x, y);
        if (x.Rank > 2 || y.Rank > 2)
        {
            return TensorDot(x, y, [x.Rank - 1], [Math.Max(y.Rank - 2, 0)]);
        }

        Expr product = Expr.Make(
            new MatMul(), x.Rank == 1 ? Dimshuffle.Insert(x, 0) : x, y.Rank == 1 ? Dimshuffle.Insert(y, 1) : y);
        return (x.Rank, y.Rank) switch
        {
            (1, 1) => Dimshuffle.Drop(product, [0, 1]),
            (1, _) => Dimshuffle.Drop(product, 0),
            (_, 1) => Dimshuffle.Drop(product, 1),
            _ => product,
        };
    }

    /// <summary>
    /// Dot products of corresponding matrices or vectors: [b, .., k] · [b, k, ..] → [b, .., ..].
    /// </summary>
    /// <exception cref="ShapeException">Lengths are known to differ, or an operand has not 1 to 3 axes.</exception>
    public static Expr BatchedDot(Expr x, Expr y)
    {
        if (x.Rank is 0 or > 3 || y.Rank is 0 or > 3)
        {
            throw new ShapeException("Operands need 1 to 3 axes.", nameof(BatchedDot), [x, y], "reshape them.");
        }

        if (x.Rank == 1 || y.Rank == 1)
        {
            return (x.Rank == 1 ? Dimshuffle.Of(x, [0, .. Enumerable.Repeat(Dimshuffle.New, y.Rank - 1)]) : x)
                * (y.Rank == 1 ? Dimshuffle.Of(y, [0, .. Enumerable.Repeat(Dimshuffle.New, x.Rank - 1)]) : y);
        }

        (x, y) = OfOneDType(nameof(BatchedDot), x, y);
        Expr product = Expr.Make(
            new MatMul(), x.Rank == 2 ? Dimshuffle.Insert(x, 1) : x, y.Rank == 2 ? Dimshuffle.Insert(y, 2) : y);
        return (x.Rank, y.Rank) switch
        {
            (2, 2) => Dimshuffle.Drop(product, [1, 2]),
            (2, _) => Dimshuffle.Drop(product, 1),
            (_, 2) => Dimshuffle.Drop(product, 2),
            _ => product,
        };
    }

    /// <summary>The sum of products over pairs of axes; the result has x's other axes, then y's.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">Any shape.</param>
    /// <param name="xAxes">Axes of x to sum over.</param>
    /// <param name="yAxes">The axes of y they meet, in order.</param>
    /// <exception cref="ShapeException">Axes do not exist, differ in number, or in known length.</exception>
    public static Expr TensorDot(Expr x, Expr y, Axes xAxes, Axes yAxes)
    {
        if (xAxes.Count != yAxes.Count)
        {
            throw new ShapeException(
                $"Axes {xAxes} and {yAxes} do not pair up.", nameof(TensorDot), [x, y], "name as many axes of y as of x.");
        }

        (x, y) = OfOneDType(nameof(TensorDot), x, y);
        int[] xSum = [.. xAxes.Select(axis => Axes.Normalize(axis, x.Rank, nameof(TensorDot), x))];
        int[] ySum = [.. yAxes.Select(axis => Axes.Normalize(axis, y.Rank, nameof(TensorDot), y))];
        y = Matched(x, xSum, y, ySum);
        int[] xRest = [.. Axes.All(x.Rank).Except(xSum)];
        int[] yRest = [.. Axes.All(y.Rank).Except(ySum)];
        Expr[] rows = [.. xRest.Select(axis => Lengths.Of(x, axis))];
        Expr[] columns = [.. yRest.Select(axis => Lengths.Of(y, axis))];
        Expr one = Lengths.Of(1L);
        Expr xSize = xSum.Select(axis => Lengths.Of(x, axis)).Aggregate(one, (a, b) => a * b);
        Expr ySize = ySum.Select(axis => Lengths.Of(y, axis)).Aggregate(one, (a, b) => a * b);
        Expr left = Hypatia.Reshape.Of(
            Dimshuffle.Of(x, [.. xRest, .. xSum]), [Folding.Fold(rows.Aggregate(one, (a, b) => a * b)), Folding.Fold(xSize)]);
        Expr right = Hypatia.Reshape.Of(
            Dimshuffle.Of(y, [.. ySum, .. yRest]), [Folding.Fold(ySize), Folding.Fold(columns.Aggregate(one, (a, b) => a * b))]);
        Expr product = Expr.Make(new MatMul(), left, right);
        return rows.Length + columns.Length == 0 ? Dimshuffle.Drop(product, [0, 1]) : Hypatia.Reshape.Of(product, [.. rows, .. columns]);
    }

    /// <summary>The sum of products over x's last <paramref name="axes"/> axes and y's first.</summary>
    /// <exception cref="ShapeException">There are not as many axes, or known lengths differ.</exception>
    public static Expr TensorDot(Expr x, Expr y, int axes = 2) =>
        TensorDot(x, y, [.. Enumerable.Range(x.Rank - axes, axes)], [.. Enumerable.Range(0, axes)]);

    /// <summary>As <see cref="TensorDot(Expr, Expr, Axes, Axes)"/>: <c>axes: ([1, 2], [1, 0])</c>.</summary>
    /// <exception cref="ShapeException">Axes do not exist, differ in number, or in known length.</exception>
    public static Expr TensorDot(Expr x, Expr y, (Axes X, Axes Y) axes) => TensorDot(x, y, axes.X, axes.Y);

    /// <summary>The product of several matrices, from the left.</summary>
    /// <exception cref="ShapeException">The lengths summed over are known to differ.</exception>
    public static Expr MatrixDot(params IReadOnlyList<Expr> matrices) => matrices.Aggregate(Dot);

    /// <summary>Kronecker's product: blocks x[i,j]·y. Matrices [m,n], [p,q] → [m·p, n·q]; vectors count as rows.</summary>
    /// <exception cref="ShapeException">An operand has no axes, or more than 2.</exception>
    public static Expr Kron(Expr x, Expr y)
    {
        if (x.Rank is 0 or > 2 || y.Rank is 0 or > 2)
        {
            throw new ShapeException("Operands need 1 or 2 axes.", nameof(Kron), [x, y], "reshape them.");
        }

        int rank = Math.Max(x.Rank, y.Rank);
        x = Dimshuffle.PadLeft(x, rank);
        y = Dimshuffle.PadLeft(y, rank);
        int[] spread = [.. Axes.All(rank).SelectMany(axis => new[] { axis, Dimshuffle.New })];
        int[] inner = [.. Axes.All(rank).SelectMany(axis => new[] { Dimshuffle.New, axis })];
        Expr[] lengths = [.. Axes.All(rank).Select(axis => Folding.Fold(Lengths.Of(x, axis) * Lengths.Of(y, axis)))];
        return Hypatia.Reshape.Of(Dimshuffle.Of(x, spread) * Dimshuffle.Of(y, inner), lengths);
    }

    /// <summary>All products of an element of x and one of y: vectors [m], [n] → [m,n].</summary>
    public static Expr Outer(Expr x, Expr y) => Dot(Dimshuffle.Insert(Flatten(x), 1), Dimshuffle.Insert(Flatten(y), 0));

    // Axes that are summed over are joined into one, so each pair's lengths must be compared before.
    private static Expr Matched(Expr x, int[] xSum, Expr y, int[] ySum)
    {
        Expr?[] lengths = new Expr?[y.Rank];
        for (int k = 0; k < xSum.Length; k++)
        {
            long have = y.Type.Shape[ySum[k]];
            long need = x.Type.Shape[xSum[k]];
            if (have != need && have != Hypatia.Shape.Unknown && need != Hypatia.Shape.Unknown)
            {
                throw new ShapeException(
                    $"Axis {xSum[k]} of x has length {need}, and axis {ySum[k]} of y, which it meets, {have}.",
                    nameof(TensorDot),
                    [x, y],
                    "axes that are summed over together must be equally long; transpose an operand, or name other axes.");
            }

            lengths[ySum[k]] = Lengths.Of(x, xSum[k]);
        }

        return Hypatia.SpecifyShape.Of(y, lengths);
    }

    private static (Expr X, Expr Y) OfOneDType(string op, Expr x, Expr y)
    {
        DType dtype = Operands.Promote(op, x, y);
        return (Cast(x, dtype), Cast(y, dtype));
    }
}
