using System.Collections.Immutable;

namespace Hypatia.Loops;

/// <summary>
/// Whether two kernels have the same code: that of one is that of the other, with other variables and memories, which may be
/// of other lengths.
/// </summary>
internal sealed class SameCode
{
    private readonly Numbers _x = new();
    private readonly Numbers _y = new();

    private SameCode()
    {
    }

    /// <summary>Whether two kernels have the same code.</summary>
    public static bool Of(Kernel x, Kernel y)
    {
        var same = new SameCode();
        return x.Parameters.Length == y.Parameters.Length
            && x.Parameters.Zip(y.Parameters).All(pair =>
                pair.First.IsWritten == pair.Second.IsWritten && same.Are(pair.First.Memory, pair.Second.Memory))
            && same.Are(x.Body, y.Body);
    }

    private bool Are(Statement x, Statement y) => (x, y) switch
    {
        (Block a, Block b) => Are(a.Statements, b.Statements),
        (For a, For b) => a.Kind == b.Kind && Are(a.Extent, b.Extent) && Are(a.Index, b.Index) && Are(a.Body, b.Body),
        (Let a, Let b) => Are(a.Value, b.Value) && Are(a.Variable, b.Variable),
        (Store a, Store b) => Are(a.Memory, b.Memory) && Are(a.Index, b.Index) && Are(a.Value, b.Value),
        (Accumulate a, Accumulate b) =>
            a.Op == b.Op && Are(a.Memory, b.Memory) && Are(a.Index, b.Index) && Are(a.Value, b.Value),
        (Prefetch a, Prefetch b) => Are(a.Memory, b.Memory) && Are(a.Index, b.Index),
        (If a, If b) => Are(a.Condition, b.Condition) && Are(a.Then, b.Then),
        (Allocate a, Allocate b) => Are(a.Memory, b.Memory),
        (Contract a, Contract b) => Are(a.Batch, b.Batch) && Are(a.Rows, b.Rows) && Are(a.Columns, b.Columns) && Are(a.Depth, b.Depth)
            && a.Accumulate == b.Accumulate && Are(a.C, b.C) && Are(a.A, b.A) && Are(a.B, b.B) && Are(a.Epilogue, b.Epilogue),
        _ => false,
    };

    private bool Are<T>(ImmutableArray<T> x, ImmutableArray<T> y)
        where T : Statement
    {
        bool same = x.Length == y.Length;
        for (int k = 0; k < x.Length && same; k++)
        {
            same = Are(x[k], y[k]);
        }

        return same;
    }

    private bool Are(MatrixView x, MatrixView y) =>
        Are(x.Memory, y.Memory) && Are(x.Offset, y.Offset)
        && x.BatchStride == y.BatchStride && x.RowStride == y.RowStride && x.ColumnStride == y.ColumnStride;

    private bool Are(Epilogue? x, Epilogue? y) => x is null || y is null ? x == y
        : Are(x.Batch, y.Batch) && Are(x.Row, y.Row) && Are(x.Column, y.Column) && Are(x.Stores, y.Stores);

    private bool Are(Memory x, Memory y) =>
        x.DType == y.DType && x.Scope == y.Scope && _x.Of(x) == _y.Of(y);

    // Node by node in the same order, with operands that have the same numbers.
    private bool Are(Scalar x, Scalar y)
    {
        (List<Scalar> first, List<Scalar> second) = (_x.New(x), _y.New(y));
        bool same = first.Count == second.Count;
        for (int k = 0; k < first.Count && same; k++)
        {
            same = AreNodes(first[k], second[k]) && _x.Of(first[k]) == _y.Of(second[k]);
        }

        return same && _x.Of(x) == _y.Of(y);
    }

    private bool AreNodes(Scalar x, Scalar y)
    {
        ReadOnlySpan<Scalar> first = x.OperandSpan, second = y.OperandSpan;
        bool same = x.DType == y.DType && first.Length == second.Length && (x, y) switch
        {
            (Literal a, Literal b) => a.Value == b.Value,
            (Load a, Load b) => Are(a.Memory, b.Memory),
            (Unary a, Unary b) => a.Op == b.Op,
            (Binary a, Binary b) => a.Op == b.Op,
            (Cast a, Cast b) => a.Reinterpret == b.Reinterpret,
            (Variable, Variable) or (Select, Select) => true,
            _ => false,
        };
        for (int k = 0; k < first.Length && same; k++)
        {
            same = _x.Of(first[k]) == _y.Of(second[k]);
        }

        return same;
    }

    /// <summary>The scalars and memories of a kernel, by when they come first.</summary>
    private sealed class Numbers
    {
        private readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);
        private readonly HashSet<Scalar> _seen = new(ReferenceEqualityComparer.Instance);

        /// <summary>The number of a scalar or memory, its own from now on.</summary>
        public int Of(object item)
        {
            if (!_numbers.TryGetValue(item, out int number))
            {
                _numbers.Add(item, number = _numbers.Count);
            }

            return number;
        }

        /// <summary>What a scalar consists of that comes for the first time, operands first.</summary>
        public List<Scalar> New(Scalar scalar)
        {
            List<Scalar> order = [];
            ScalarGraph.InOrder(scalar, _seen, order);
            return order;
        }
    }
}
