using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>
/// One vector loop over rows: the few elements of each row are written out, sums over rows go to registers.
/// </summary>
internal sealed class RowLoopLowering(Group group, ElementBuilder elements, Func<Expr, Memory> destination)
{
    /// <summary>Registers set to neutral elements, the loop, and the stores of the sums.</summary>
    public IReadOnlyList<Statement> Lower()
    {
        List<Statement> before = [];
        List<Statement> body = [];
        List<Statement> after = [];
        Variable row = Variable.Index("row", Rows());
        foreach (Expr x in group.Outputs)
        {
            Shape rest = RowLoops.IsSumOverRows(x) ? x.Type.Shape : [.. x.Type.Shape.Skip(1)];
            for (long k = 0; k < rest.Count; k++)
            {
                Scalar[] index = ElementBuilder.Unflatten(rest, Scalar.Int(k));
                if (RowLoops.IsSumOverRows(x))
                {
                    Sum(x, row, index, before, body, after);
                }
                else
                {
                    Scalar[] at = [row, .. index];
                    body.Add(new Store(
                        destination(x), ElementBuilder.Linear(x.Type.Shape, at), elements.At(x, at, compute: true)));
                }
            }
        }

        return [new Block([.. before, new For(row, Scalar.Int(row.Extent), LoopKind.Vector, new Block(body)), .. after])];
    }

    private long Rows() => group.Outputs[0] switch
    {
        { Op: MatMul } product when RowLoops.IsSumOverRows(product) => product.Inputs[0].Type.Shape[1],
        { Op: Reduction } sum when RowLoops.IsSumOverRows(sum) => sum.Inputs[0].Type.Shape[0],
        var x => x.Type.Shape[0],
    };

    private void Sum(
        Expr x, Variable row, Scalar[] index, List<Statement> before, List<Statement> body, List<Statement> after)
    {
        (DType accumulator, BinaryOp combine, Scalar neutral) = x.Op is Reduction op && op.Accumulator(x.Inputs[0].DType) is var dtype
            ? (dtype, op.Combine, Scalar.Of(dtype, op.Neutral(dtype)))
            : (x.DType, BinaryOp.Add, Scalar.Of(x.DType, 0));
        Scalar value = x.Op is Reduction
            ? Scalar.Convert(accumulator, elements.At(x.Inputs[0], [row, .. index]))
            : elements.At(x.Inputs[0], [index[0], row]) * elements.At(x.Inputs[1], [row, index[1]]);
        var total = new Memory("total", accumulator, 1, MemoryScope.Register);
        before.Add(new Allocate(total));
        before.Add(new Store(total, Scalar.Int(0), neutral));
        body.Add(new Accumulate(total, Scalar.Int(0), combine, value));
        after.Add(new Store(
            destination(x), ElementBuilder.Linear(x.Type.Shape, index), Scalar.Convert(x.DType, new Load(total, Scalar.Int(0)))));
    }
}
