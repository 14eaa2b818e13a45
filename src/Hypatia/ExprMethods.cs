namespace Hypatia;

/// <summary>Functions of <see cref="T"/> as methods.</summary>
public partial class Expr
{
    /// <summary>x with its axes in reverse order: the transpose of a matrix.</summary>
    public Expr T => Transpose();

    /// <summary>The lengths as an int64 vector expression; what is known of them now is in <see cref="Type"/>.</summary>
    public Expr Shape => Hypatia.T.Shape(this);

    /// <summary>The number of elements, as an int64 scalar expression.</summary>
    public Expr Size => Lengths.Of(this).Aggregate(Lengths.Of(1L), (a, b) => a * b);

    /// <summary>
    /// Elements by NumPy's rules: <c>x[1..3, ^1]</c>, <c>x[(.., -1)]</c> (a range with a step), <c>x[T.NewAxis]</c>,
    /// <c>x[i]</c> with an integer expression, <c>x[y]</c> with an index array.
    /// </summary>
    /// <exception cref="ShapeException">Too many subscripts, or a known index is out of bounds.</exception>
    /// <exception cref="DTypeException">An index is not an integer.</exception>
    public Expr this[params Subscript[] subscripts] => Subtensor.Of(this, subscripts);

    /// <inheritdoc cref="Hypatia.T.Dot"/>
    public Expr Dot(Expr y) => Hypatia.T.Dot(this, y);

    /// <inheritdoc cref="Hypatia.T.Sum"/>
    public Expr Sum(Axes? axis = null, bool keepDims = false, DType? dtype = null, DType? accDType = null) =>
        Hypatia.T.Sum(this, axis, keepDims, dtype, accDType);

    /// <inheritdoc cref="Hypatia.T.Prod"/>
    public Expr Prod(Axes? axis = null, bool keepDims = false, DType? dtype = null, DType? accDType = null) =>
        Hypatia.T.Prod(this, axis, keepDims, dtype, accDType);

    /// <inheritdoc cref="Hypatia.T.Mean"/>
    public Expr Mean(Axes? axis = null, bool keepDims = false, DType? dtype = null, DType? accDType = null) =>
        Hypatia.T.Mean(this, axis, keepDims, dtype, accDType);

    /// <inheritdoc cref="Hypatia.T.Var"/>
    public Expr Var(Axes? axis = null, int ddof = 0, bool keepDims = false) => Hypatia.T.Var(this, axis, ddof, keepDims);

    /// <inheritdoc cref="Hypatia.T.Std"/>
    public Expr Std(Axes? axis = null, int ddof = 0, bool keepDims = false) => Hypatia.T.Std(this, axis, ddof, keepDims);

    /// <inheritdoc cref="Hypatia.T.Max"/>
    public Expr Max(Axes? axis = null, bool keepDims = false) => Hypatia.T.Max(this, axis, keepDims);

    /// <inheritdoc cref="Hypatia.T.Min"/>
    public Expr Min(Axes? axis = null, bool keepDims = false) => Hypatia.T.Min(this, axis, keepDims);

    /// <inheritdoc cref="Hypatia.T.Ptp"/>
    public Expr Ptp(Axes? axis = null, bool keepDims = false) => Hypatia.T.Ptp(this, axis, keepDims);

    /// <inheritdoc cref="Hypatia.T.Norm"/>
    public Expr Norm(double ord = 2, Axes? axis = null, bool keepDims = false) => Hypatia.T.Norm(this, ord, axis, keepDims);

    /// <inheritdoc cref="Hypatia.T.All"/>
    public Expr All(Axes? axis = null, bool keepDims = false) => Hypatia.T.All(this, axis, keepDims);

    /// <inheritdoc cref="Hypatia.T.Any"/>
    public Expr Any(Axes? axis = null, bool keepDims = false) => Hypatia.T.Any(this, axis, keepDims);

    /// <inheritdoc cref="Hypatia.T.Argmax"/>
    public Expr Argmax(int? axis = null, bool keepDims = false) => Hypatia.T.Argmax(this, axis, keepDims);

    /// <inheritdoc cref="Hypatia.T.Argmin"/>
    public Expr Argmin(int? axis = null, bool keepDims = false) => Hypatia.T.Argmin(this, axis, keepDims);

    /// <inheritdoc cref="Hypatia.T.Reshape(Expr, IReadOnlyList{Expr})"/>
    public Expr Reshape(params IReadOnlyList<Expr> lengths) => Hypatia.T.Reshape(this, lengths);

    /// <summary>As <see cref="Reshape(IReadOnlyList{Expr})"/>, with the number of axes that there will be.</summary>
    /// <exception cref="ShapeException">The number of axes is not the number of lengths.</exception>
    public Expr Reshape(IReadOnlyList<Expr> lengths, int ndim) => Hypatia.T.Reshape(this, lengths, ndim);

    /// <inheritdoc cref="Hypatia.T.Flatten"/>
    public Expr Flatten(int ndim = 1) => Hypatia.T.Flatten(this, ndim);

    /// <summary>The elements in row-major order as a vector.</summary>
    public Expr Ravel() => Hypatia.T.Flatten(this);

    /// <summary>Axes in another order; <c>"x"</c> makes one of length 1: <c>v.Dimshuffle("x", 0)</c> is a row.</summary>
    /// <exception cref="ShapeException">An axis does not exist, or one that is left out has not length 1.</exception>
    public Expr Dimshuffle(params Axis[] order) => Hypatia.Dimshuffle.Of(this, [.. order.Select(axis => axis.Number)]);

    /// <inheritdoc cref="Hypatia.T.Transpose"/>
    public Expr Transpose(params int[] axes) => Hypatia.T.Transpose(this, axes);

    /// <inheritdoc cref="Hypatia.T.SwapAxes"/>
    public Expr SwapAxes(int axis1, int axis2) => Hypatia.T.SwapAxes(this, axis1, axis2);

    /// <inheritdoc cref="Hypatia.T.Squeeze"/>
    public Expr Squeeze() => Hypatia.T.Squeeze(this);

    /// <inheritdoc cref="Hypatia.T.Repeat"/>
    public Expr Repeat(Expr repeats, int? axis = null) => Hypatia.T.Repeat(this, repeats, axis);

    /// <inheritdoc cref="Hypatia.T.Take"/>
    public Expr Take(Expr indices, int? axis = null, string mode = "raise") =>
        Hypatia.T.Take(this, indices, axis, mode);

    /// <inheritdoc cref="Hypatia.T.SearchSorted"/>
    public Expr SearchSorted(Expr values, string side = "left", Expr? sorter = null) =>
        Hypatia.T.SearchSorted(this, values, side, sorter);

    /// <inheritdoc cref="Hypatia.T.Ceil"/>
    public Expr Ceil() => Hypatia.T.Ceil(this);

    /// <inheritdoc cref="Hypatia.T.Floor"/>
    public Expr Floor() => Hypatia.T.Floor(this);

    /// <inheritdoc cref="Hypatia.T.Choose"/>
    public Expr Choose(IReadOnlyList<Expr> choices, string mode = "raise") => Hypatia.T.Choose(this, choices, mode);

    /// <inheritdoc cref="Hypatia.T.Compress"/>
    public Expr Compress(bool[] condition, int? axis = null) => Hypatia.T.Compress(condition, this, axis);

    /// <inheritdoc cref="Hypatia.T.Real"/>
    public Expr Real => Hypatia.T.Real(this);

    /// <inheritdoc cref="Hypatia.T.Imag"/>
    public Expr Imag => Hypatia.T.Imag(this);

    /// <inheritdoc cref="Hypatia.T.Conj"/>
    public Expr Conj() => Hypatia.T.Conj(this);

    /// <inheritdoc cref="Hypatia.T.Trunc"/>
    public Expr Trunc() => Hypatia.T.Trunc(this);

    /// <inheritdoc cref="Hypatia.T.Diagonal"/>
    public Expr Diagonal(int offset = 0, int axis1 = 0, int axis2 = 1) => Hypatia.T.Diagonal(this, offset, axis1, axis2);

    /// <inheritdoc cref="Hypatia.T.Trace"/>
    public Expr Trace() => Hypatia.T.Trace(this);

    /// <inheritdoc cref="Hypatia.T.Clip"/>
    public Expr Clip(Expr min, Expr max) => Hypatia.T.Clip(this, min, max);

    /// <inheritdoc cref="Hypatia.T.Round"/>
    public Expr Round(string mode = "half_to_even") => Hypatia.T.Round(this, mode);

    /// <inheritdoc cref="Hypatia.T.Fill"/>
    public Expr Fill(Expr value) => Hypatia.T.Fill(this, value);

    /// <inheritdoc cref="Hypatia.T.ZerosLike"/>
    public Expr ZerosLike() => Hypatia.T.ZerosLike(this);

    /// <inheritdoc cref="Hypatia.T.OnesLike"/>
    public Expr OnesLike() => Hypatia.T.OnesLike(this);

    /// <summary>xʸ, elementwise with broadcasting.</summary>
    public Expr Pow(Expr y) => Hypatia.T.Pow(this, y);

    /// <summary>The elements converted to another dtype.</summary>
    public Expr AsType(DType dtype) => Hypatia.T.Cast(this, dtype);

    /// <summary>The elements converted to another dtype, by NumPy's name.</summary>
    /// <exception cref="ArgumentException">There is no such dtype.</exception>
    public Expr AsType(string dtype) => Hypatia.T.Cast(this, dtype);

    /// <summary>An expression with the same value.</summary>
    public Expr Copy() => Hypatia.T.Copy(this);
}

/// <summary>An axis of <see cref="Expr.Dimshuffle"/>: a number, or "x" for a new one of length 1.</summary>
public readonly struct Axis
{
    private Axis(int number) => Number = number;

    internal int Number { get; }

    /// <summary>An axis of the operand.</summary>
    public static implicit operator Axis(int number) =>
        number >= 0 ? new(number) : throw new ArgumentOutOfRangeException(nameof(number), "Count axes from 0.");

    /// <summary>A new axis.</summary>
    /// <exception cref="ArgumentException">The text is not "x".</exception>
    public static implicit operator Axis(string text) => text == "x"
        ? new(Hypatia.Dimshuffle.New)
        : throw new ArgumentException($"A new axis is written \"x\", not \"{text}\".", nameof(text));
}
