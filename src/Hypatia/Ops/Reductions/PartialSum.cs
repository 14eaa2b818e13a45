namespace Hypatia;

/// <summary>
/// A sum over rows (a <see cref="Reduction"/> over axis 0, or a <see cref="MatMul"/> whose inner axis is the rows) before
/// its last step: one partial result for each chunk of rows, [chunks, ..]. Made by the scheduler, so that threads can
/// work on chunks; adding them up in order gives the same bits for any number of threads.
/// </summary>
internal sealed record PartialSum(Op Of, int Chunks) : Op
{
    protected override string Parameters => $"{Of}, chunks={Chunks}";

    /// <summary>The sum itself, by way of partial ones.</summary>
    public static Expr Finished(Expr sum, int chunks)
    {
        Expr partial = Expr.Make(new PartialSum(sum.Op, chunks), [.. sum.Inputs.List]);
        Op last = sum.Op switch
        {
            Prod => new Prod(0),
            Max => new Max(0),
            Min => new Min(0),
            All => new All(0),
            Any => new Any(0),
            _ => new Sum(0, InFloat32: true),
        };
        return T.Cast(Expr.Make(last, partial), sum.DType);
    }

    public override TensorType Infer(Inputs x)
    {
        TensorType whole = Of.Infer(x);
        DType dtype = Of is Reduction reduction ? reduction.Accumulator(x[0].DType) : whole.DType;
        return new(dtype, [Chunks, .. whole.Shape]);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        throw new CompilerException("Partial sums are made after differentiation.");
}
