namespace Hypatia;

/// <summary>
/// A sum over rows (a <see cref="Reduction"/> over axis 0, or a <see cref="MatMul"/> whose inner axis is the rows) before
/// its last step: one partial result for each chunk of rows, [chunks, ..]. Made by the scheduler, so that threads can
/// work on chunks; adding them up in order gives the same bits for any number of threads.
/// </summary>
internal sealed record PartialSum(Op Of, int Chunks) : Op
{
    protected override string Parameters => $"{Of}, chunks={Chunks}";

    /// <summary>
    /// The sum itself, by way of partial ones. A product with few columns is made transposed: its partial results are
    /// long in memory, as vectors are.
    /// </summary>
    public static Expr Finished(Expr sum, int chunks)
    {
        if (sum.Op is MatMul && sum.Type.Shape[1] < sum.Type.Shape[0])
        {
            Expr transposed = T.Dot(Transposed(sum.Inputs[1]), Transposed(sum.Inputs[0]));
            return Transposed(Finished(transposed, chunks));
        }

        Expr partial = Expr.Make(new PartialSum(sum.Op, chunks), [.. sum.Inputs.List]);
        Op last = sum.Op is Reduction reduction ? reduction with { Axes = 0 } : new Sum(0, InFloat32: true);
        return T.Cast(Expr.Make(last, partial), sum.DType);
    }

    private static Expr Transposed(Expr x) => x.Op is Dimshuffle { Order: [1, 0] } ? x.Inputs[0] : x.Transpose();

    public override TensorType Infer(Inputs x)
    {
        TensorType whole = Of.Infer(x);
        DType dtype = Of is Reduction reduction ? reduction.Accumulator(x[0].DType) : whole.DType;
        return new(dtype, [Chunks, .. whole.Shape.AsSpan()]);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        throw new CompilerException("Partial sums are made after differentiation.");
}
