namespace Hypatia;

/// <summary>Variables of a dtype that is chosen as an argument, as in Theano's <c>matrix('x', dtype=…)</c>.</summary>
public static partial class T
{
    /// <summary>A scalar of a dtype.</summary>
    public static Expr Scalar(string? name, DType dtype) => Tensor(dtype, default, name);

    /// <summary>A vector of a dtype.</summary>
    public static Expr Vector(string? name, DType dtype) => Tensor(dtype, Hypatia.Shape.UnknownOf(1), name);

    /// <summary>A matrix of a dtype.</summary>
    public static Expr Matrix(string? name, DType dtype) => Tensor(dtype, Hypatia.Shape.UnknownOf(2), name);

    /// <summary>A matrix of one row of a dtype.</summary>
    public static Expr Row(string? name, DType dtype) => Tensor(dtype, [1, Hypatia.Shape.Unknown], name);

    /// <summary>A matrix of one column of a dtype.</summary>
    public static Expr Col(string? name, DType dtype) => Tensor(dtype, [Hypatia.Shape.Unknown, 1], name);

    /// <summary>A tensor of 3 axes of a dtype.</summary>
    public static Expr Tensor3(string? name, DType dtype) => Tensor(dtype, Hypatia.Shape.UnknownOf(3), name);

    /// <summary>A tensor of 4 axes of a dtype.</summary>
    public static Expr Tensor4(string? name, DType dtype) => Tensor(dtype, Hypatia.Shape.UnknownOf(4), name);

    /// <summary>A tensor of 5 axes of a dtype.</summary>
    public static Expr Tensor5(string? name, DType dtype) => Tensor(dtype, Hypatia.Shape.UnknownOf(5), name);

    /// <summary>A tensor of 6 axes of a dtype.</summary>
    public static Expr Tensor6(string? name, DType dtype) => Tensor(dtype, Hypatia.Shape.UnknownOf(6), name);

    /// <summary>A tensor of 7 axes of a dtype.</summary>
    public static Expr Tensor7(string? name, DType dtype) => Tensor(dtype, Hypatia.Shape.UnknownOf(7), name);
}
