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

        LoopNest nest = LoopNest.Collapsed(
            group.Shape, index => group.Outputs.Select(output => _elements.At(output, index, compute: true)), mayShare,
            mayTile: true, extents: _extents);
        Scalar place = ElementBuilder.Linear(group.Shape, nest.Index);
        return nest.Around(group.Outputs.Select(output =>
            new Store(Destination(output), place, _elements.At(output, nest.Index, compute: true))));
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

        // One after the other, because indices may repeat.
        LoopNest nest = LoopNest.Serial(values.Type.Shape, _extents);
        int indexRank = x.Inputs[2].Rank;
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
