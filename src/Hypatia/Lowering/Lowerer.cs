using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>Turns groups into loop nests.</summary>
/// <param name="memoryOf">The memory of an expression that is stored, or null.</param>
/// <param name="mayShare">Whether loops may be shared among threads.</param>
/// <param name="runTime">The length that is only known when a plan runs, if there is one.</param>
internal sealed class Lowerer(Func<Expr, Memory?> memoryOf, bool mayShare, RunTimeLength? runTime = null)
{
    private readonly Extents _extents = new(runTime, memoryOf);

    private readonly ElementBuilder _elements = new((x, index) =>
        memoryOf(x) is { } memory ? new Load(memory, ElementBuilder.Linear(x.Type.Shape, index)) : null);

    /// <summary>The statements that compute and store a group's outputs; none if they have no elements.</summary>
    public IReadOnlyList<Statement> Lower(Group group) =>
        group.Shape.Count == 0 ? [] : group.Kind switch
        {
            GroupKind.Map => [Map(group)],
            GroupKind.Reduce => [Reduce(group.Outputs)],
            GroupKind.Contract => [new ContractLowering(group, memoryOf, _extents).Lower()],
            GroupKind.Tiles => new TileLowering(group, memoryOf, mayShare, _extents).Lower(),
            GroupKind.Lines => [new LineLowering(group, memoryOf, mayShare, _extents).Lower()],
            _ => [.. Scatter(group.Outputs[0])],
        };

    private Memory Destination(Expr x) => memoryOf(x) ?? throw new CompilerException($"{x.Describe()} has no memory.");

    private Statement Map(Group group)
    {
        if (runTime?.IsIn(group.Shape) != true && PeriodicMap.TryLower(group.Outputs, memoryOf, mayShare) is { } periodic)
        {
            return periodic;
        }

        // Joined axes of which something below needs the parts are looped over in parts: then no index is divided.
        Statement loops = MapOver(group.Shape, out bool dividesIndices);
        return dividesIndices && SplitBelow(group) is { } split ? MapOver(split, out _) : loops;

        Statement MapOver(Shape shape, out bool dividesIndices)
        {
            Scalar At(Expr output, IReadOnlyList<Scalar> index) => _elements.At(
                output, shape == group.Shape ? index : ElementBuilder.Unflatten(group.Shape, ElementBuilder.Linear(shape, index)), compute: true);

            LoopNest nest = LoopNest.Collapsed(
                shape, index => group.Outputs.Select(output => At(output, index)), mayShare, mayTile: true, extents: _extents);
            Scalar place = ElementBuilder.Linear(shape, nest.Index);
            Store[] stores = [.. group.Outputs.Select(output => new Store(Destination(output), place, At(output, nest.Index)))];
            dividesIndices = Array.Exists(stores, store => LoopNest.HasDivision(store.Value));
            return nest.Around(stores);
        }
    }

    // The shape of something that a map reshapes, if each axis of the map is one or several of its axes.
    private Shape? SplitBelow(Group group)
    {
        HashSet<Expr> seen = [];
        Stack<Expr> open = new(group.Outputs);
        while (open.TryPop(out Expr? x))
        {
            Expr? inner = x.Op is Reshape ? x.Inputs[0] : null;
            if (inner is not null && memoryOf(inner) is null && inner.Rank > x.Rank && !group.Shape.Strides().Except(inner.Type.Shape.Strides()).Any())
            {
                return inner.Type.Shape;
            }

            foreach (Expr operand in x.Inputs.List.Where(operand => x.Op is Elementwise && operand.Type.Shape == group.Shape && seen.Add(operand)))
            {
                if (memoryOf(operand) is null)
                {
                    open.Push(operand);
                }
            }
        }

        return null;
    }

    private Statement Reduce(IReadOnlyList<Expr> results)
    {
        Variable? chunk = null;
        List<ReducedElements> all = [];
        foreach (Expr x in results)
        {
            Memory destination = Destination(x);
            var elements = new ReducedElements(
                x,
                (operand, index) => _elements.At(operand, index),
                (index, value) => new Store(destination, ElementBuilder.Linear(x.Type.Shape, index), value),
                chunk: chunk,
                extents: _extents);
            all.Add(elements);
            chunk = elements.Chunk;
        }

        return new ReduceLowering(all, mayShare).Lower();
    }

    private IEnumerable<Statement> Scatter(Expr x)
    {
        Memory destination = Destination(x);
        var op = (Scatter)x.Op;
        (Expr target, Expr values) = (x.Inputs[0], x.Inputs[1]);
        LoopNest copy = LoopNest.Collapsed(x.Type.Shape, index => [_elements.At(target, index)], mayShare: false, extents: _extents);
        yield return copy.Around([new Store(
            destination, ElementBuilder.Linear(x.Type.Shape, copy.Index), _elements.At(target, copy.Index))]);
        if (values.Type.Shape.Count == 0)
        {
            yield break;
        }

        // One after the other, because indices may repeat; but what is put at one index goes to different places along the last axis.
        int indexRank = x.Inputs[2].Rank;
        LoopNest nest = LoopNest.InOrder(values.Type.Shape, _extents, lastIsVector: values.Rank > indexRank && values.Type.Shape[values.Rank - 1] > 1);
        Scalar[] at = [.. nest.Index.Take(indexRank)];
        Scalar[] place =
        [
            .. Enumerable.Range(0, x.Inputs.Count - 2).Select(k =>
                Gather.Place(_elements.At(x.Inputs[k + 2], at), x.Type.Shape[k], op.Strict)),
            .. nest.Index.Skip(indexRank),
        ];
        Scalar linear = ElementBuilder.Linear(x.Type.Shape, place);
        Scalar value = _elements.At(values, nest.Index);
        yield return nest.Around([op.Accumulate
            ? new Accumulate(destination, linear, x.DType == DType.Bool ? BinaryOp.Or : BinaryOp.Add, value)
            : new Store(destination, linear, value)]);
    }
}
