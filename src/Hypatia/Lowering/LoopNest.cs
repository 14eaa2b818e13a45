using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>Loops over the elements of a shape, outermost first, and the index that they give to a body.</summary>
internal sealed class LoopNest
{
    /// <summary>Loops over fewer elements run on one thread: sharing costs some microseconds.</summary>
    public const long SharedFrom = 1 << 15;

    // Elements that a thread takes at a time; fixed, so that no result depends on the number of threads.
    private const long Chunk = 1 << 13;

    private readonly List<Loop> _loops = [];

    private LoopNest(Scalar[] index) => Index = index;

    /// <summary>For each axis of the shape, its index as a scalar over the loops' variables.</summary>
    public IReadOnlyList<Scalar> Index { get; }

    /// <summary>
    /// Loops over elements in any order: neighboring axes are joined into one loop where that leaves no division in what
    /// <paramref name="body"/> computes; the innermost loop is a vector one; with enough work, the outermost is shared.
    /// </summary>
    public static LoopNest Collapsed(
        Shape shape, Func<IReadOnlyList<Scalar>, IEnumerable<Scalar>> body, bool mayShare = true, Extents? extents = null)
    {
        extents ??= Extents.Known;
        List<int> joined = OneEach(shape);
        bool shared = mayShare && shape.Count >= SharedFrom;
        for (int loop = joined.Count - 1; loop > 0; loop--)
        {
            List<int> trial = [.. joined];
            trial[loop - 1] += trial[loop];
            trial.RemoveAt(loop);
            if (!body(Joined(shape, trial, vector: true, shared, extents).Index).Any(HasDivision))
            {
                joined = trial;
            }
        }

        return Joined(shape, joined, vector: true, shared, extents);
    }

    /// <summary>One serial loop per axis.</summary>
    public static LoopNest Serial(Shape shape) =>
        Joined(shape, OneEach(shape), vector: false, shared: false, Extents.Known);

    /// <summary>The loops around statements.</summary>
    public Statement Around(IEnumerable<Statement> body)
    {
        Statement inner = new Block(body);
        for (int k = _loops.Count - 1; k >= 0; k--)
        {
            inner = new For(_loops[k].Index, _loops[k].Extent, _loops[k].Kind, inner as Block ?? new Block(inner));
        }

        return inner;
    }

    private static List<int> OneEach(Shape shape)
    {
        List<int> axesPerLoop = [];
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            axesPerLoop.Add(1);
        }

        return axesPerLoop;
    }

    private static LoopNest Joined(Shape shape, List<int> axesPerLoop, bool vector, bool shared, Extents extents)
    {
        var index = new Scalar[shape.Rank];
        var nest = new LoopNest(index);
        int axis = 0;
        for (int loop = 0; loop < axesPerLoop.Count; loop++)
        {
            Shape axes = new(shape.AsSpan().Slice(axis, axesPerLoop[loop]));
            bool innermost = loop == axesPerLoop.Count - 1;
            string name = axesPerLoop.Count == 1 ? "i" : $"i{loop}";
            Scalar position = nest.Add(axes.Count, extents.Of(axes), name, innermost && vector, shared && nest._loops.Count == 0);
            ElementBuilder.Unflatten(axes, position).CopyTo(index, axis);
            axis += axesPerLoop[loop];
        }

        return nest;
    }

    private Scalar Add(long most, Scalar extent, string name, bool vector, bool shared)
    {
        if (most == 1)
        {
            return Scalar.Int(0);
        }

        if (!shared || !vector)
        {
            Variable index = Variable.Index(name, most);
            LoopKind kind = shared ? LoopKind.Parallel : vector ? LoopKind.Vector : LoopKind.Serial;
            _loops.Add(new Loop(index, extent, kind));
            return index;
        }

        // A single long loop: chunks for threads, vectors within them.
        Variable chunk = Variable.Index("chunk", (most + Chunk - 1) / Chunk);
        Variable inner = Variable.Index(name, Chunk);
        Scalar start = chunk * Scalar.Int(Chunk);
        Scalar length = extent is Literal && most % Chunk == 0
            ? Scalar.Int(Chunk)
            : Scalar.Apply(BinaryOp.Min, extent - start, Scalar.Int(Chunk));
        _loops.Add(new Loop(chunk, (extent + Scalar.Int(Chunk - 1)) / Scalar.Int(Chunk), LoopKind.Parallel));
        _loops.Add(new Loop(inner, length, LoopKind.Vector));
        return start + inner;
    }

    private static bool HasDivision(Scalar x)
    {
        HashSet<Scalar> seen = new(ReferenceEqualityComparer.Instance);
        Stack<Scalar> stack = new([x]);
        while (stack.TryPop(out Scalar? node))
        {
            if (node is Binary { Op: BinaryOp.FloorDiv or BinaryOp.Mod, DType: DType.Int64 })
            {
                return true;
            }

            foreach (Scalar operand in node.Operands)
            {
                if (seen.Add(operand))
                {
                    stack.Push(operand);
                }
            }
        }

        return false;
    }

    private sealed record Loop(Variable Index, Scalar Extent, LoopKind Kind);
}
