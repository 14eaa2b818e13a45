namespace Hypatia;

/// <summary>
/// Expressions on tensors: what <c>theano.tensor</c> is to Theano, under the same names in PascalCase. Functions take
/// and give <see cref="Expr"/>; numbers, bools and arrays convert to it.
/// </summary>
public static partial class T
{
    /// <summary>
    /// A value known now: a number, bool, array, nested array, <c>Tensor&lt;T&gt;</c> or <see cref="NDArray"/>. An
    /// <c>int</c> or <c>double</c> without <paramref name="dtype"/> is weak: it takes the dtype of what it meets.
    /// </summary>
    /// <exception cref="DTypeException">The value is of no known dtype.</exception>
    public static Expr Constant(object value, DType? dtype = null, string? name = null) => (value, dtype) switch
    {
        (Expr expr, null) => expr,
        (int or long or double, null) => Hypatia.Constant.Of(NDArray.From(value is int i ? (long)i : value), weak: true, name),
        (_, null) => Hypatia.Constant.Of(NDArray.From(value).Copy(), name: name),
        _ => Hypatia.Constant.Of(NDArray.From(value).Cast(dtype.Value).Copy(), name: name),
    };

    /// <summary>As <see cref="Constant"/>: Theano's <c>as_tensor_variable</c>.</summary>
    public static Expr AsTensorVariable(object value) => Constant(value);

    /// <summary>A shared variable: state that lives between calls. The value is copied unless <paramref name="borrow"/>.</summary>
    /// <param name="value">A number, bool, array, nested array, <c>Tensor&lt;T&gt;</c> or <see cref="NDArray"/>.</param>
    /// <param name="name">Name in printed graphs and errors.</param>
    /// <param name="borrow">Whether the array may be kept and read without copying; the caller then must not change it.</param>
    /// <exception cref="DTypeException">The value is of no known dtype.</exception>
    public static Shared Shared(object value, string? name = null, bool borrow = false) => new(value, name, borrow);
}

/// <summary>Functions for neural networks: what <c>theano.tensor.nnet</c> is to Theano.</summary>
public static partial class NNet
{
}

/// <summary>Lists of expressions taken apart: <c>var (x, y) = T.DMatrices("x", "y")</c>.</summary>
public static class ExprLists
{
    /// <summary>The first two.</summary>
    public static void Deconstruct(this IReadOnlyList<Expr> list, out Expr first, out Expr second) =>
        (first, second) = (list[0], list[1]);

    /// <summary>The first three.</summary>
    public static void Deconstruct(this IReadOnlyList<Expr> list, out Expr first, out Expr second, out Expr third) =>
        (first, second, third) = (list[0], list[1], list[2]);

    /// <summary>The first four.</summary>
    public static void Deconstruct(
        this IReadOnlyList<Expr> list, out Expr first, out Expr second, out Expr third, out Expr fourth) =>
        (first, second, third, fourth) = (list[0], list[1], list[2], list[3]);
}
