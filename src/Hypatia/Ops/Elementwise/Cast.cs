using Hypatia.Loops;

namespace Hypatia;

/// <summary>x converted to another dtype, elementwise. d/dx = 1 between floats.</summary>
internal sealed record CastTo(DType DType) : Elementwise
{
    public override string Name => $"Cast{{{DType.Name()}}}";

    public bool Equals(CastTo? other) => base.Equals(other) && other.DType == DType;

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), (int)DType);

    protected override DType ResultDType(Inputs x) => DType;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        [x[0].DType.IsFloat() && DType.IsFloat() ? T.Cast(dy, x[0].DType) : null];

    internal override Scalar Element(Scalar[] x) => Scalar.Convert(DType, x[0]);
}

public static partial class T
{
    /// <summary>
    /// x converted, elementwise: floats to integers truncate, integers wrap, anything but zero (also NaN) is true.
    /// </summary>
    public static Expr Cast(Expr x, DType dtype) => (x ?? throw new ArgumentNullException(nameof(x))).Op switch
    {
        Constant { IsWeak: true } weak => Hypatia.Constant.Of(weak.Value.Cast(dtype), name: x.Name),
        _ when x.DType == dtype => x,
        _ => Elementwise.Apply(new CastTo(dtype), x),
    };

    /// <summary>x converted to the dtype that NumPy calls <paramref name="dtype"/>, such as "float32" or "int64".</summary>
    /// <exception cref="ArgumentException">There is no such dtype.</exception>
    public static Expr Cast(Expr x, string dtype) => Cast(x, DTypes.Parse(dtype));

    /// <summary>x as a float: integers become float32 (8 and 16 bits) or float64.</summary>
    internal static Expr AsFloat(Expr x) => Cast(x, Promotion.ToFloat(x.DType));
}
