using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>How long code takes, roughly: enough to decide whether threads are worth it. Depends on the code alone.</summary>
internal static class WorkEstimate
{
    private const double Operation = 0.4;
    private const double Division = 2;
    private const double Function = 8;
    private const double MultiplyAdd = 0.05;

    /// <summary>Vectors make a loop about this many times faster.</summary>
    private const double VectorGain = 6;

    /// <summary>Iterations of a loop whose extent is only known later.</summary>
    private const double UnknownExtent = 100;

    /// <summary>An estimate for one run of a statement.</summary>
    public static double Nanoseconds(Statement statement) => statement switch
    {
        Block block => OfAll(block),
        For loop => Nanoseconds(loop.Extent) + (Extent(loop) * Nanoseconds(loop.Body)
            / (loop.Kind == LoopKind.Vector ? VectorGain : 1)),
        Let let => Nanoseconds(let.Value),
        Store store => Operation + Nanoseconds(store.Index) + Nanoseconds(store.Value),
        Accumulate update => (2 * Operation) + Nanoseconds(update.Index) + Nanoseconds(update.Value),
        If choice => Nanoseconds(choice.Condition) + Nanoseconds(choice.Then),
        Contract c => MultiplyAdd * Most(c.Batch) * Most(c.Rows) * Most(c.Columns) * Most(c.Depth),
        _ => 0,
    };

    private static double OfAll(Block block)
    {
        double total = 0;
        foreach (Statement statement in block.Statements)
        {
            total += Nanoseconds(statement);
        }

        return total;
    }

    private static double Extent(For loop) => loop is { Extent: not Literal, Index.Extent: > 0 } ? loop.Index.Extent : Most(loop.Extent);

    private static double Most(Scalar length) => IndexMath.Range(length) is var (_, most) ? most : UnknownExtent;

    private static double Nanoseconds(Scalar scalar)
    {
        double total = 0;
        foreach (Scalar node in ScalarGraph.InOrder(scalar))
        {
            total += OfOne(node);
        }

        return total;
    }

    private static double OfOne(Scalar node) => node switch
    {
        Literal or Variable => 0,
        Binary { Op: BinaryOp.Pow or BinaryOp.Atan2 or BinaryOp.Mod } => Function,
        Binary { Op: BinaryOp.Div or BinaryOp.FloorDiv } => Division,
        Unary { Op: >= UnaryOp.Exp and <= UnaryOp.Atanh and not UnaryOp.Sqrt } => Function,
        _ => Operation,
    };
}
