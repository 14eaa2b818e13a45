using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>
/// How long code takes on one thread, within a factor of two or three: enough to decide whether threads are worth it. Depends on the
/// code alone.
/// </summary>
internal sealed class WorkEstimate
{
    // Nanoseconds for elements of 4 bytes, one by one; vectors make a loop about VectorGain times faster.
    private const double VectorGain = 6;
    private const double Operation = 0.12;
    private const double Read = 0.15;
    private const double Write = 0.3;
    private const double Division = 1.5;
    private const double Function = 2.5;
    private const double IntegerDivision = 4;
    private const double MultiplyAdd = 0.018;

    /// <summary>An element that is not beside the one before, which no vector loads.</summary>
    private const double Gather = VectorGain * 0.8;

    /// <summary>Beginning and ending a loop.</summary>
    private const double Loop = 2.5;

    /// <summary>Iterations of a loop whose extent is only known later.</summary>
    private const double UnknownExtent = 100;

    private readonly HashSet<Variable> _varying = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Scalar> _varies = new(ReferenceEqualityComparer.Instance);

    private WorkEstimate()
    {
    }

    /// <summary>An estimate for one run of a statement.</summary>
    public static double Nanoseconds(Statement statement) => new WorkEstimate().Of(statement);

    private double Of(Statement statement)
    {
        switch (statement)
        {
            case Block block:
                double total = 0;
                foreach (Statement inner in block.Statements)
                {
                    total += Of(inner);
                }

                return total;
            case For loop:
                bool isVector = loop.Kind == LoopKind.Vector;
                WorkEstimate body = isVector ? new WorkEstimate() : this;       // once for all lanes costs nothing beside them
                body._varying.Add(loop.Index);
                return Loop + (Extent(loop) * body.Of(loop.Body) / (isVector ? VectorGain : 1));
            case Let let:
                double value = Of(let.Value);
                if (_varies.Contains(let.Value))
                {
                    _varying.Add(let.Variable);
                }

                return value;
            case Store store:
                return (Write * Width(store.Memory.DType)) + Of(store.Value);
            case Accumulate update:
                return (Operation * Width(update.Memory.DType)) + Of(update.Value);
            case If choice:
                return Of(choice.Condition) + Of(choice.Then);
            case Contract c:
                return MultiplyAdd * Width(c.C.Memory.DType) * Most(c.Batch) * Most(c.Rows) * Most(c.Columns) * Most(c.Depth);
            default:
                return 0;
        }
    }

    // What does not depend on the loops around is computed once, and what was met before, there.
    private double Of(Scalar scalar)
    {
        double total = 0;
        foreach (Scalar node in ScalarGraph.InOrder(scalar))
        {
            if ((node is Variable variable ? _varying.Contains(variable) : DependsOnLoops(node)) && _varies.Add(node))
            {
                total += OfOne(node);
            }
        }

        return total;
    }

    private bool DependsOnLoops(Scalar node)
    {
        foreach (Scalar operand in node.OperandSpan)
        {
            if (_varies.Contains(operand))
            {
                return true;
            }
        }

        return false;
    }

    private double OfOne(Scalar node) => node switch
    {
        Load load => IsGathered(load) ? Gather : Read * Width(node.DType),
        Binary { DType: DType.Int64, Op: BinaryOp.Add or BinaryOp.Sub or BinaryOp.Mul } or Variable => 0,    // of indices, nearly always
        Binary { Op: BinaryOp.FloorDiv or BinaryOp.Mod } => IntegerDivision,
        Binary { Op: BinaryOp.Div } => Division * Width(node.DType),
        Binary { Op: BinaryOp.Pow or BinaryOp.Atan2 } => 2 * Function * Width(node.DType),
        Unary { Op: >= UnaryOp.Exp and <= UnaryOp.Atanh and not UnaryOp.Sqrt } => Function * Width(node.DType),
        _ => Operation * Width(node.DType),
    };

    private bool IsGathered(Load load) => ScalarGraph.InOrder(load.Index).Exists(node => node is Load && _varies.Contains(node));

    private static double Width(DType dtype) => Math.Max(dtype.Size(), 4) / 4.0;

    private static double Extent(For loop) => loop is { Extent: not Literal, Index.Extent: > 0 } ? loop.Index.Extent : Most(loop.Extent);

    private static double Most(Scalar length) => IndexMath.Range(length) is var (_, most) ? most : UnknownExtent;
}
