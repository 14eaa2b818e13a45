namespace Hypatia.Loops.Passes;

/// <summary>
/// Computes in 32 bits what is known of int64 indices to fit, where their values are compared or converted: vectors then
/// hold twice as many of them. What addresses memory stays as it is.
/// </summary>
public static class NarrowIndices
{
    /// <summary>The kernel with narrow indices.</summary>
    public static Kernel Apply(Kernel kernel) => new ScalarRewriter(Narrow).Apply(kernel);

    private static Scalar Narrow(Scalar scalar) => scalar switch
    {
        Binary { X.DType: DType.Int64, DType: DType.Bool } x when Fits(x.X) && Fits(x.Y) =>
            Scalar.Apply(x.Op, Narrowed(x.X), Narrowed(x.Y)),
        Cast { Reinterpret: false, X.DType: DType.Int64, DType: DType.Float32 } x when Fits(x.X) =>
            Scalar.Convert(x.DType, Narrowed(x.X)),
        _ => scalar,
    };

    private static Scalar Narrowed(Scalar index) => Scalar.Convert(DType.Int32, index);

    // An index, and not what a memory holds.
    private static bool Fits(Scalar x) =>
        x is Literal or Variable or Binary && IndexMath.Range(x) is (>= int.MinValue, <= int.MaxValue);
}
