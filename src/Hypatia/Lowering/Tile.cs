using Hypatia.Loops;
using Hypatia.Scheduling;

namespace Hypatia.Lowering;

/// <summary>Where values are while a tile of rows is computed.</summary>
/// <param name="scratch">What is kept for one tile, by its first row.</param>
/// <param name="memoryOf">The memory of what is kept for all rows, or null.</param>
/// <param name="plan">What is stored.</param>
/// <param name="start">The tile's first row.</param>
/// <param name="rows">The number of its rows.</param>
/// <param name="chunk">The chunk that it belongs to.</param>
/// <param name="packed">Matrices of few columns, transposed.</param>
internal sealed class Tile(
    IReadOnlyDictionary<Expr, Memory> scratch,
    Func<Expr, Memory?> memoryOf,
    TilePlan plan,
    Scalar start,
    Scalar rows,
    Scalar chunk,
    PackedMatrices packed)
{
    /// <summary>The tile's first row.</summary>
    public Scalar Start { get; } = start;

    /// <summary>The number of its rows.</summary>
    public Scalar Rows { get; } = rows;

    /// <summary>What the number of rows is at most.</summary>
    public long MostRows => Rows is Literal known ? known.Value.AsInt64 : plan.TileRows;

    /// <summary>The shape of a row.</summary>
    public static Shape RowShape(Expr x) => x.Type.Shape.Skip(1);

    /// <summary>The shape of a sum over rows, for one chunk.</summary>
    public static Shape SumShape(Expr x) => x.Op is PartialSum ? RowShape(x) : x.Type.Shape;

    /// <summary>Whether a value by row has a memory.</summary>
    public bool IsStored(Expr x) => plan.IsStored(x);

    /// <summary>The memory of a value.</summary>
    public Memory Destination(Expr x) =>
        scratch.GetValueOrDefault(x) ?? memoryOf(x) ?? throw new CompilerException($"{x.Describe()} has no memory.");

    /// <summary>Where the accumulators of a sum over rows begin.</summary>
    public Scalar SumPlace(Expr x) => x.Op is PartialSum ? chunk * Scalar.Int(SumShape(x).Count) : Scalar.Int(0);

    /// <summary>Elements of the row of the tile that a scalar numbers; members that a stage computes itself are not loaded.</summary>
    public ElementBuilder Elements(Scalar row, IReadOnlyCollection<Expr>? computed = null) => new((x, index) =>
        computed is not null && computed.Contains(x) ? null
        : scratch.TryGetValue(x, out Memory? memory) ? new Load(memory, Place(x, row, [.. index.Skip(1)]))
        : memoryOf(x) is not { } whole ? null
        : index is [Variable along, _] && !ReferenceEquals(along, row) && packed.Of(x, whole) is { } transposed
            ? new Load(transposed, (index[1] * Scalar.Int(x.Type.Shape[0])) + along)
        : new Load(whole, ElementBuilder.Linear(x.Type.Shape, index)));

    /// <summary>The store of an element of a row.</summary>
    public Store Stored(Expr x, Scalar row, IReadOnlyList<Scalar> rest, Scalar value) => new(
        Destination(x), scratch.ContainsKey(x) ? Place(x, row, rest) : ElementBuilder.Linear(x.Type.Shape, [Start + row, .. rest]), value);

    /// <summary>Rows of the tile as a matrix: scratch begins with the first.</summary>
    public MatrixView RowView(Expr x) =>
        View(x, scratch.ContainsKey(MatrixOperand.Base(x)) ? Scalar.Int(0) : Start * Scalar.Int(MatrixOperand.Strides(x)[0]));

    // In scratch, columns of a few follow each other, so that rows in the lanes of a vector do.
    private Scalar Place(Expr x, Scalar row, IReadOnlyList<Scalar> rest)
    {
        Shape shape = RowShape(x);
        return shape.Count is > 1 and <= TilePlan.NarrowRow
            ? (ElementBuilder.Linear(shape, rest) * Scalar.Int(plan.TileRows)) + row
            : ElementBuilder.Linear(x.Type.Shape, [row, .. rest]);
    }

    /// <summary>A matrix in memory.</summary>
    public MatrixView View(Expr x, Scalar offset)
    {
        long[] strides = MatrixOperand.Strides(x);
        return new MatrixView(Destination(MatrixOperand.Base(x)), offset, 0, strides[0], strides[1]);
    }
}
