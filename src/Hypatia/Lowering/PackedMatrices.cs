using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>
/// Matrices of few columns, such as the weights of a narrow layer, that a tile's loops read down their columns, row after
/// row of the tile: they are transposed once, so that vectors of their elements follow each other.
/// </summary>
/// <param name="isWorthwhile">Whether there are rows enough.</param>
internal sealed class PackedMatrices(bool isWorthwhile)
{
    private const long MostElements = 1 << 15;      // which every chunk copies, and which stay in cache

    private readonly Dictionary<Expr, (Memory Packed, Memory Source)> _matrices = [];

    /// <summary>The transposed elements of a matrix, or null if they are better read where they are.</summary>
    /// <param name="x">The matrix.</param>
    /// <param name="source">Its elements.</param>
    public Memory? Of(Expr x, Memory source)
    {
        if (!isWorthwhile || x.Rank != 2 || x.Type.Shape.Count > MostElements || x.Type.Shape[1] is < 2 or > TilePlan.NarrowRow || x.Type.Shape[0] <= TilePlan.NarrowRow)
        {
            return null;
        }

        if (!_matrices.TryGetValue(x, out (Memory Packed, Memory Source) matrix))
        {
            _matrices[x] = matrix = (new Memory($"p{_matrices.Count}", x.DType, x.Type.Shape.Count, MemoryScope.Scratch), source);
        }

        return matrix.Packed;
    }

    /// <summary>What transposes them.</summary>
    public IEnumerable<Statement> Pack()
    {
        foreach ((Expr x, (Memory packed, Memory source)) in _matrices)
        {
            (long rows, long columns) = (x.Type.Shape[0], x.Type.Shape[1]);
            Variable column = Variable.Index("c", columns), row = Variable.Index("j", rows);
            yield return new Allocate(packed);
            yield return new For(column, Scalar.Int(columns), LoopKind.Serial, new Block(
                new For(row, Scalar.Int(rows), LoopKind.Vector, new Block(new Store(
                    packed, (column * Scalar.Int(rows)) + row, new Load(source, (row * Scalar.Int(columns)) + column))))));
        }
    }
}
