namespace Hypatia;

/// <summary>
/// A reduction before its last step: one partial result for each chunk of one of its axes, [chunks, ..]. Made by the
/// scheduler, so that threads can work on chunks; combining them in order gives the same bits for any number of threads.
/// </summary>
/// <param name="Of">The reduction.</param>
/// <param name="Axis">The axis that is cut, one of its own.</param>
/// <param name="ChunkLength">Indices of that axis in each chunk, except that the last one has what is left.</param>
internal sealed record PartialReduction(Reduction Of, int Axis, long ChunkLength) : Op
{
    protected override string Parameters => $"{Of}, axis {Axis} by {ChunkLength}";

    /// <summary>The reduction itself, by way of partial ones.</summary>
    public static Expr Finished(Expr reduction, int axis, long chunkLength)
    {
        var op = (Reduction)reduction.Op;
        Expr partial = Expr.Make(new PartialReduction(op, axis, chunkLength), [.. reduction.Inputs.List]);
        return T.Cast(Expr.Make(op with { Axes = 0 }, partial), reduction.DType);
    }

    public override TensorType Infer(Inputs x)
    {
        long chunks = (x[0].Type.Shape[Axis] + ChunkLength - 1) / ChunkLength;
        return new(Of.Accumulator(x[0].DType), [chunks, .. Of.Infer(x).Shape]);
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        throw new CompilerException("Partial reductions are made after differentiation.");
}
