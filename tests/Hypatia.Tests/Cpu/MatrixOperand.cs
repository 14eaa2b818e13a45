using System.Numerics;
using System.Runtime.InteropServices;
using Hypatia.Cpu.MatrixProducts;

namespace Hypatia.Tests.Cpu;

/// <summary>How an operand lies in memory.</summary>
public enum MatrixLayout
{
    RowMajor,
    ColumnMajor,
    PaddedRows,
    PaddedColumns,
    BothStrided,
    RowsReversed,
    ColumnsReversed,
    ColumnMajorReversed,
    RowRepeated,
    ColumnRepeated,
}

/// <summary>A batch of matrices in native memory of exactly the size it needs, with a value in every gap.</summary>
internal sealed unsafe class MatrixOperand<T> : IDisposable
    where T : unmanaged, INumber<T>
{
    private readonly T* _memory;
    private readonly T _gap;
    private readonly bool[] _isElement;

    public MatrixOperand(MatrixLayout layout, int batch, int rows, int columns, T gap, Func<T> element)
    {
        (Rows, Columns, BatchLength, _gap) = (rows, columns, batch, gap);
        (long row, long column) = layout switch
        {
            MatrixLayout.RowMajor => (columns, 1),
            MatrixLayout.ColumnMajor => (1, rows),
            MatrixLayout.PaddedRows => (columns + 3, 1),
            MatrixLayout.PaddedColumns => (1, rows + 5),
            MatrixLayout.BothStrided => (3L * columns, 3),
            MatrixLayout.RowsReversed => (-columns, 1),
            MatrixLayout.ColumnsReversed => (columns, -1),
            MatrixLayout.ColumnMajorReversed => (-1, rows),
            MatrixLayout.RowRepeated => (0, 1),
            MatrixLayout.ColumnRepeated => (1L, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(layout)),
        };

        long lastRow = Math.Max(0, rows - 1) * row;
        long lastColumn = Math.Max(0, columns - 1) * column;
        long lowest = Math.Min(0, lastRow) + Math.Min(0, lastColumn);
        long span = rows * columns == 0 ? 0 : Math.Abs(lastRow) + Math.Abs(lastColumn) + 1;
        Strides = new(span, row, column);
        _isElement = new bool[batch * span];
        _memory = (T*)NativeMemory.Alloc((nuint)_isElement.Length, (nuint)sizeof(T));
        new Span<T>(_memory, _isElement.Length).Fill(gap);
        First = _memory - lowest;
        for (int b = 0; b < batch; b++)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    this[b, i, j] = element();
                    _isElement[&First[Offset(b, i, j)] - _memory] = true;
                }
            }
        }
    }

    public int BatchLength { get; }

    public int Rows { get; }

    public int Columns { get; }

    public MatrixStrides Strides { get; }

    /// <summary>Element [0,0,0].</summary>
    public T* First { get; }

    public T this[int b, int i, int j]
    {
        get => First[Offset(b, i, j)];
        set => First[Offset(b, i, j)] = value;
    }

    /// <summary>Whether no write went past the elements.</summary>
    public bool GapsAreIntact()
    {
        for (int i = 0; i < _isElement.Length; i++)
        {
            if (!_isElement[i] && !_memory[i].Equals(_gap))
            {
                return false;
            }
        }

        return true;
    }

    public T[] ToArray()
    {
        T[] values = new T[BatchLength * Rows * Columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = this[i / (Rows * Columns), i / Columns % Rows, i % Columns];
        }

        return values;
    }

    public void Dispose() => NativeMemory.Free(_memory);

    private long Offset(int b, int i, int j) => b * Strides.Batch + i * Strides.Row + j * Strides.Column;
}
