using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>
/// Loops of a stage of a tile whose members share them. What its members combine is kept in registers: over the row
/// where it is reduced along rows, over the tile where it is summed over them.
/// </summary>
internal sealed class StageLowering(Tile tile, Stage stage)
{
    private const long RegistersForRows = 8;
    private const long MostRowsAtOnce = 4;

    /// <summary>The loops.</summary>
    public IEnumerable<Statement> Lower() => stage.Kind switch
    {
        StageKind.Rows => Rows(),
        StageKind.Columns => Columns(),
        _ => Narrow(),
    };

    // Several rows at once: what depends on the column alone is loaded once for all of them. They are far apart in the tile, so that
    // each goes on in memory where the one before it ended.
    private IEnumerable<Statement> Rows()
    {
        long accumulators = stage.Members.Total(TilePlan.Accumulators);
        long atOnce = accumulators == 0 ? 1 : Math.Clamp(RegistersForRows / accumulators, 1, MostRowsAtOnce);
        Scalar together = Scalar.Int(atOnce);
        Scalar blocks = tile.Rows / together;
        if (tile.MostRows >= atOnce)
        {
            Variable block = Variable.Index("r", tile.MostRows / atOnce);
            yield return new For(block, blocks, LoopKind.Serial, RowsAtOnce(block, blocks, atOnce));
        }

        Scalar rest = tile.Rows % together;
        if (rest is not Literal { Value.AsInt64: 0 })
        {
            Variable row = Variable.Index("r", atOnce);
            yield return new For(row, rest, LoopKind.Serial, RowsAtOnce((blocks * together) + row, blocks, 1));
        }
    }

    private Block RowsAtOnce(Scalar first, Scalar apart, long rows)
    {
        Variable column = Variable.Index("j", stage.Length);
        var totals = new Totals(stage.Length);
        List<Statement> body = [];
        for (long k = 0; k < rows; k++)
        {
            Scalar row = first + (apart * Scalar.Int(k));
            ElementBuilder elements = tile.Elements(row, stage.Members);
            foreach (Expr x in stage.Members)
            {
                if (TilePlan.Accumulators(x) == 0)
                {
                    Store(x, row, [column], elements, body);
                }
                else if (x.Op is Reduction op)
                {
                    Scalar value = elements.At(x.Inputs[0], [tile.Start + row, column]);
                    totals.Add(op, x.Inputs[0].DType, value, body, total => tile.Stored(x, row, [], Scalar.Convert(x.DType, total)));
                }
                else
                {
                    for (long j = 0; j < x.Type.Shape[1]; j++)
                    {
                        Scalar place = Scalar.Int(j);
                        Scalar value = elements.At(x.Inputs[0], [tile.Start + row, column]) * elements.At(x.Inputs[1], [column, place]);
                        totals.Add(null, x.DType, value, body, total => tile.Stored(x, row, [place], total));
                    }
                }
            }
        }

        return new Block([.. totals.Before, new For(column, Scalar.Int(stage.Length), LoopKind.Vector, new Block(body)), .. totals.After]);
    }

    private IEnumerable<Statement> Columns()
    {
        Variable column = Variable.Index("j", stage.Length);
        Variable row = Variable.Index("r", tile.MostRows);
        var totals = new Totals(stage.Length);
        List<Statement> body = [];
        List<Memory> ofTile = [];
        List<Statement> widening = [];
        ElementBuilder elements = tile.Elements(row, stage.Members);
        foreach (Expr x in stage.Members)
        {
            if (TilePlan.Accumulators(x) == 0)
            {
                Store(x, row, [column], elements, body);
                continue;
            }

            foreach ((Scalar value, Scalar[] index) in Terms(x, row, column, elements))
            {
                totals.Add(Combined(x), value.DType, value, body, total => SumStored(x, index, column, total, ofTile, widening));
            }
        }

        var rows = new For(row, tile.Rows, LoopKind.Serial, new Block(body));
        var columns = new For(column, Scalar.Int(stage.Length), LoopKind.Vector, new Block([.. totals.Before, rows, .. totals.After]));
        return [.. ofTile.Select(memory => new Allocate(memory)), columns, .. widening];
    }

    // Sums of a tile in the dtype of the values; where more precision is asked for, they are added up in it.
    private Statement SumStored(
        Expr x, Scalar[] index, Variable column, Scalar total, List<Memory> ofTile, List<Statement> widening)
    {
        Memory sums = tile.Destination(x);
        BinaryOp combine = Combined(x)?.Combine ?? BinaryOp.Add;
        Scalar place = tile.SumPlace(x) + ElementBuilder.Linear(Tile.SumShape(x), index);
        if (total.DType == sums.DType)
        {
            return new Accumulate(sums, place, combine, total);
        }

        var memory = new Memory("sums", total.DType, stage.Length, MemoryScope.Scratch);
        ofTile.Add(memory);
        widening.Add(new For(column, Scalar.Int(stage.Length), LoopKind.Vector, new Block(
            new Accumulate(sums, place, combine, Scalar.Convert(sums.DType, new Load(memory, column))))));
        return new Store(memory, column, total);
    }

    private IEnumerable<Statement> Narrow()
    {
        if (stage.Length == 0)
        {
            return Narrow(null);
        }

        Variable column = Variable.Index("c", stage.Length);
        return [new For(column, Scalar.Int(stage.Length), LoopKind.Serial, new Block(Narrow(column)))];
    }

    // All columns, or one.
    private IEnumerable<Statement> Narrow(Variable? column)
    {
        Variable row = Variable.Index("r", tile.MostRows);
        var totals = new Totals(stage.Length);
        List<Statement> body = [];
        ElementBuilder elements = tile.Elements(row, stage.Members);
        foreach (Expr x in stage.Members)
        {
            if (TilePlan.Accumulators(x) > 0)
            {
                foreach ((Scalar value, Scalar[] index) in Terms(x, row, column, elements))
                {
                    Memory sums = tile.Destination(x);
                    totals.Add(Combined(x), value.DType, value, body, total => new Accumulate(
                        sums,
                        tile.SumPlace(x) + ElementBuilder.Linear(Tile.SumShape(x), index),
                        Combined(x)?.Combine ?? BinaryOp.Add,
                        Scalar.Convert(sums.DType, total)));
                }

                continue;
            }

            if (column is not null)
            {
                Store(x, row, [column], elements, body);
                continue;
            }

            Shape rest = Tile.RowShape(x);
            for (long k = 0; k < rest.Count; k++)
            {
                Store(x, row, ElementBuilder.Unflatten(rest, Scalar.Int(k)), elements, body);
            }
        }

        return [.. totals.Before, new For(row, tile.Rows, LoopKind.Vector, new Block(body)), .. totals.After];
    }

    private static Reduction? Combined(Expr x) => (x.Op is PartialSum partial ? partial.Of : x.Op) as Reduction;

    /// <summary>What a sum over rows adds in a row, and the index in the sum; the axis that is long is at a column.</summary>
    private IEnumerable<(Scalar Value, Scalar[] Index)> Terms(Expr x, Scalar row, Variable? column, ElementBuilder elements)
    {
        Shape sum = Tile.SumShape(x);
        long few = column is null ? sum.Count : sum.Count / stage.Length;
        for (long k = 0; k < few; k++)
        {
            Scalar[] index = column is null ? ElementBuilder.Unflatten(sum, Scalar.Int(k))
                : sum.Rank == 1 ? [column]
                : sum[1] == stage.Length ? [Scalar.Int(k), column]
                : [column, Scalar.Int(k)];
            Scalar at = tile.Start + row;
            yield return Combined(x) is null
                ? (elements.At(x.Inputs[0], [index[0], at]) * elements.At(x.Inputs[1], [at, index[1]]), index)
                : (elements.At(x.Inputs[0], [at, .. index]), index);
        }
    }

    private void Store(Expr x, Scalar row, Scalar[] rest, ElementBuilder elements, List<Statement> body)
    {
        if (tile.IsStored(x))
        {
            body.Add(tile.Stored(x, row, rest, elements.At(x, [tile.Start + row, .. rest], compute: true)));
        }
    }

    /// <summary>Registers that a loop adds to: what comes before it, and after.</summary>
    private sealed class Totals(long length)
    {
        private const long LongRow = 1 << 13;

        public List<Statement> Before { get; } = [];

        public List<Statement> After { get; } = [];

        public void Add(Reduction? op, DType dtype, Scalar value, List<Statement> body, Func<Scalar, Statement> store)
        {
            // A tile has few rows, and most rows few vectors: that many float32 add up well.
            bool asItIs = op is null || (dtype == DType.Float32 && length < LongRow);
            DType accumulator = asItIs ? dtype : op!.Accumulator(dtype);
            var total = new Memory("total", accumulator, 1, MemoryScope.Register);
            Before.Add(new Allocate(total));
            Before.Add(new Store(total, Scalar.Int(0), Scalar.Of(accumulator, op?.Neutral(accumulator) ?? 0)));
            body.Add(new Accumulate(total, Scalar.Int(0), op?.Combine ?? BinaryOp.Add, Scalar.Convert(accumulator, value)));
            After.Add(store(new Load(total, Scalar.Int(0))));
        }
    }
}
