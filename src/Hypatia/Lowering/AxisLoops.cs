using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>A serial loop over each of some axes, in order, of which the first may be shared by threads.</summary>
internal sealed class AxisLoops
{
    private readonly List<Loop> _loops = [];

    /// <summary>Loops over axes.</summary>
    public AxisLoops(ReducedElements elements, IReadOnlyList<int> axes, char name, bool shared)
    {
        Index = new Scalar?[elements.Shape.Rank];
        foreach (int axis in axes)
        {
            if (elements.LongestExtent(axis) == 1)
            {
                Index[axis] = Scalar.Int(0);
                continue;
            }

            Variable index = Variable.Index($"{name}{axis}", elements.LongestExtent(axis));
            Index[axis] = index;
            _loops.Add(new Loop(index, elements.Extent(axis), shared && _loops.Count == 0 ? LoopKind.Parallel : LoopKind.Serial));
        }
    }

    /// <summary>The index of each axis that has a loop, or a single one; null for the others.</summary>
    public Scalar?[] Index { get; }

    /// <summary>Whether there is no loop.</summary>
    public bool IsEmpty => _loops.Count == 0;

    /// <summary>The loops around statements.</summary>
    public Statement Around(params Statement[] body)
    {
        Statement inner = body is [var only] ? only : new Block(body);
        for (int k = _loops.Count - 1; k >= 0; k--)
        {
            inner = new For(_loops[k].Index, _loops[k].Extent, _loops[k].Kind, inner as Block ?? new Block(inner));
        }

        return inner;
    }

    private sealed record Loop(Variable Index, Scalar Extent, LoopKind Kind);
}
