using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>A stage of a tile with one member that has loops of its own.</summary>
internal sealed class SingleStage(Tile tile, Expr x)
{
    /// <summary>The loops.</summary>
    public Statement Lower()
    {
        return IsProduct(x) ? Product()
            : RowTiles.IsSumOverRows(x) ? SumOverRows()
            : Scheduler.KindOf(x) == GroupKind.Reduce ? Reduction()
            : Map();
    }

    private static bool IsProduct(Expr x) =>
        x.Op is MatMul or PartialSum { Of: MatMul } && Scheduler.KindOf(x) != GroupKind.Map;

    private Contract Product()
    {
        Scalar one = Scalar.Int(1);
        (Expr a, Expr b) = (x.Inputs[0], x.Inputs[1]);
        if (!RowTiles.IsSumOverRows(x))
        {
            return new Contract(
                tile.RowView(x), tile.RowView(a), tile.View(b, Scalar.Int(0)),
                one, tile.Rows, Scalar.Int(x.Type.Shape[1]), Scalar.Int(a.Type.Shape[1]), accumulate: false);
        }

        Shape result = Tile.SumShape(x);
        MatrixView left = tile.RowView(MatrixOperand.Base(a));
        return new Contract(
            new MatrixView(tile.Destination(x), tile.SumPlace(x), 0, result[1], 1),
            left with { RowStride = left.ColumnStride, ColumnStride = left.RowStride },
            tile.RowView(b),
            one, Scalar.Int(result[0]), Scalar.Int(result[1]), tile.Rows, accumulate: true);
    }

    private For Map()
    {
        Variable r = Variable.Index("r", tile.MostRows);
        ElementBuilder elements = tile.Elements(r);
        LoopNest nest = LoopNest.Collapsed(
            Tile.RowShape(x), index => [elements.At(x, [tile.Start + r, .. index], compute: true)], mayShare: false);
        return EachRow(r, nest.Around([tile.Stored(
            x, r, nest.Index, elements.At(x, [tile.Start + r, .. nest.Index], compute: true))]));
    }

    private For Reduction()
    {
        Variable r = Variable.Index("r", tile.MostRows);
        ElementBuilder elements = tile.Elements(r);
        var reduced = new ReducedElements(
            x,
            (operand, index) => elements.At(operand, index),
            (index, value) => tile.Stored(x, r, [.. index.Skip(1)], value),
            leading: tile.Start + r);
        return EachRow(r, new ReduceLowering(reduced, mayShare: false).Lower());
    }

    private For SumOverRows()
    {
        var op = (Reduction)(x.Op is PartialSum partial ? partial.Of : x.Op);
        Expr operand = x.Inputs[0];
        Variable r = Variable.Index("r", tile.MostRows);
        ElementBuilder elements = tile.Elements(r);
        Memory sums = tile.Destination(x);
        LoopNest nest = LoopNest.Collapsed(
            Tile.RowShape(operand), index => [elements.At(operand, [tile.Start + r, .. index]), Place(index)], mayShare: false);
        return EachRow(r, nest.Around([new Accumulate(
            sums,
            Place(nest.Index),
            op.Combine,
            Scalar.Convert(sums.DType, elements.At(operand, [tile.Start + r, .. nest.Index])))]));

        // Of a joined index, a place with a division in it would be that of several lanes at once.
        Scalar Place(IReadOnlyList<Scalar> index) => tile.SumPlace(x)
            + ElementBuilder.Linear(Tile.SumShape(x), [.. index.Where((_, axis) => !op.Axes.Contains(axis + 1))]);
    }

    private For EachRow(Variable r, Statement body) => new(r, tile.Rows, LoopKind.Serial, body as Block ?? new Block(body));
}
