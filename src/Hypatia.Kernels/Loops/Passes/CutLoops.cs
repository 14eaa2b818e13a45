namespace Hypatia.Loops.Passes;

/// <summary>
/// Cuts vector loops where a comparison of their index with a constant changes its result, as joined tensors and borders have
/// it: <c>y[i] = i &lt; 3 ? a[i] : b[i − 3]</c> becomes a loop for each part, which decides nothing and reads neighbors.
/// What the parts introduce, they introduce each: <see cref="Unroll"/> makes it distinct.
/// </summary>
public static class CutLoops
{
    private const int FewParts = 4;             // which are worth their code whatever it is
    private const int MostParts = 128;
    private const int MostCode = 1000;          // scalars of more parts

    /// <summary>The kernel with loops cut.</summary>
    public static Kernel Apply(Kernel kernel) => new(kernel.Name, kernel.Parameters, Cut(kernel.Body));

    private static Block Cut(Block block) => new([.. block.Statements.SelectMany(Cut)]);

    private static IEnumerable<Statement> Cut(Statement statement) => statement switch
    {
        Block block => [Cut(block)],
        For { Kind: LoopKind.Vector, Extent: Literal { Value.AsInt64: var extent } } loop => Parts(loop, extent),
        For loop => [new For(loop.Index, loop.Extent, loop.Kind, Cut(loop.Body))],
        If choice => [new If(choice.Condition, Cut(choice.Then))],
        _ => [statement],
    };

    private static IReadOnlyList<Statement> Parts(For loop, long extent)
    {
        long[] ends = Ends(loop, extent);
        if (ends.Length is 1 or > MostParts)
        {
            return [loop];
        }

        List<Statement> parts = [];
        int code = 0;
        long start = 0;
        foreach (long end in ends)
        {
            Variable index = Variable.Index(loop.Index.Name, end - start);
            Scalar shifted = index + Scalar.Int(start);
            var rewriter = new ScalarRewriter(scalar => ReferenceEquals(scalar, loop.Index) ? shifted : scalar);
            Block body = rewriter.Apply(loop.Body);
            parts.Add(new For(index, Scalar.Int(end - start), loop.Kind, body));
            start = end;
            code += Scalars(body).Count;
            if (code > MostCode && ends.Length > FewParts)
            {
                return [loop];
            }
        }

        return parts;
    }

    // Where the parts end, in order.
    private static long[] Ends(For loop, long extent)
    {
        long[] ends = [extent];
        foreach (Scalar scalar in Scalars(loop.Body))
        {
            if (scalar is Binary { Op: BinaryOp.Lt or BinaryOp.Le } comparison && Change(comparison, loop.Index) is { } cut and > 0
                && cut < extent)
            {
                int place = 0;
                while (ends[place] < cut)
                {
                    place++;
                }

                ends = ends[place] == cut ? ends : [.. ends.AsSpan(0, place), cut, .. ends.AsSpan(place)];
            }
        }

        return ends;
    }

    // Each once.
    private static List<Scalar> Scalars(Block body)
    {
        List<Scalar> scalars = [];
        HashSet<Scalar> seen = new(ReferenceEqualityComparer.Instance);
        foreach (Statement statement in StatementTree.InOrder(body))
        {
            foreach (Scalar root in StatementTree.Scalars(statement))
            {
                ScalarGraph.InOrder(root, seen, scalars);
            }
        }

        return scalars;
    }

    // The first index for which a comparison has another result than for those before.
    private static long? Change(Binary comparison, Variable index) => (comparison.X, comparison.Y) switch
    {
        (var x, Literal { Value.AsInt64: var limit }) when Shift(x, index) is { } shift =>
            limit - shift + (comparison.Op == BinaryOp.Le ? 1 : 0),
        (Literal { Value.AsInt64: var limit }, var y) when Shift(y, index) is { } shift =>
            limit - shift + (comparison.Op == BinaryOp.Lt ? 1 : 0),
        _ => null,
    };

    // What is added to an index.
    private static long? Shift(Scalar x, Variable index) => x switch
    {
        _ when ReferenceEquals(x, index) => 0,
        Binary { Op: BinaryOp.Add, X: var term, Y: Literal { Value.AsInt64: var shift } } when ReferenceEquals(term, index) => shift,
        _ => null,
    };
}
