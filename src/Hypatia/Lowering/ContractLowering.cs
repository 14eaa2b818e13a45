using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>A matrix product as a <see cref="Contract"/>: operands are strided views, joined maps its epilogue.</summary>
/// <param name="group">The product, and what is done with its elements.</param>
/// <param name="memoryOf">The memory of an expression that is stored, or null.</param>
/// <param name="extents">The lengths as code.</param>
internal sealed class ContractLowering(Group group, Func<Expr, Memory?> memoryOf, Extents extents)
{
    private readonly Expr _product = group.Members[0];

    /// <summary>The statement.</summary>
    public Contract Lower()
    {
        Shape shape = _product.Type.Shape;
        int rank = shape.Rank;
        Shape batch = new(shape.AsSpan()[..(rank - 2)]);

        // A product that nobody else reads is summed up where one of its maps is stored, and overwritten at the end.
        Expr target = group.Outputs.Contains(_product)
            ? _product
            : group.Outputs.Last(x => x.DType == _product.DType);
        return new Contract(
            View(target, shape.Strides()),
            View(MatrixOperand.Base(_product.Inputs[0]), MatrixOperand.Strides(_product.Inputs[0])),
            View(MatrixOperand.Base(_product.Inputs[1]), MatrixOperand.Strides(_product.Inputs[1])),
            extents.Of(batch),
            extents.Of(shape[rank - 2]),
            extents.Of(shape[rank - 1]),
            extents.Of(_product.Inputs[0].Type.Shape[rank - 1]),
            accumulate: false,
            group.Members.Count == 1 ? null : Epilogue(batch.Count, target));
    }

    private Epilogue Epilogue(long batch, Expr target)
    {
        Shape shape = _product.Type.Shape;
        (long rows, long columns) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        Variable b = Variable.Index("b", batch);
        Variable i = Variable.Index("i", rows);
        Variable j = Variable.Index("j", columns);
        Scalar[] index =
        [
            .. shape.Rank == 2 ? [] : ElementBuilder.Unflatten(new Shape(shape.AsSpan()[..^2]), b),
            rows == 1 ? Scalar.Int(0) : i,
            columns == 1 ? Scalar.Int(0) : j,
        ];
        long[] strides = shape.Strides();
        Scalar place = (b * Scalar.Int(shape.Rank == 2 ? 0 : strides[^3])) + (i * Scalar.Int(strides[^2])) + j;
        HashSet<Expr> joined = [.. group.Members.Skip(1)];
        var elements = new ElementBuilder((x, at) =>
            x == _product ? new Load(Memory(target), place)
            : !joined.Contains(x) && memoryOf(x) is { } memory ? new Load(memory, ElementBuilder.Linear(x.Type.Shape, at))
            : null);
        Expr[] inOrder = [.. joined.Where(x => x != target), .. joined.Where(x => x == target)];
        return new Epilogue(b, i, j, [.. inOrder.Select(x => new Store(Memory(x), place, elements.At(x, index, compute: true)))]);
    }

    // Batch axes, if there are several, lie one after the other in memory.
    private MatrixView View(Expr x, long[] strides) => new(
        Memory(x), Scalar.Int(0), strides.Length == 2 ? 0 : strides[^3], strides[^2], strides[^1]);

    private Memory Memory(Expr x) => memoryOf(x) ?? throw new CompilerException($"{x.Describe()} has no memory.");
}
