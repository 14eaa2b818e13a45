using System.Numerics;
using System.Runtime.CompilerServices;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Products with few rows, or a short k, and contiguous rows of B: each big operand is walked once.</summary>
/// <remarks>
/// A chunk is a block of columns and, where k is short, a band of rows. For few rows B streams by, four of its rows
/// at a time, past sums that stay in L1; for a short k the block of B stays in L1 and C streams out.
/// </remarks>
internal readonly unsafe struct StreamProduct<T, TVector, TLanes>
    where T : unmanaged, INumber<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    private const int MaxSteps = 4;

    /// <summary>Multiply-adds worth a chunk of their own, for a product that is bound by memory.</summary>
    private const nint ChunkWork = 1 << 17;

    private readonly Product<T> _product;
    private readonly nint _blockColumns;
    private readonly nint _columnBlocks;
    private readonly nint _bandRows;
    private readonly nint _groupRows;

    private StreamProduct(in Product<T> product)
    {
        _product = product;
        bool alone = product.K <= MaxSteps && product.CColumn == 1;
        nint maxColumns = alone ? MaxColumnsAlone : MaxColumns;
        _columnBlocks = (product.N + maxColumns - 1) / maxColumns;
        _blockColumns = (product.N + _columnBlocks - 1) / _columnBlocks;
        _groupRows = alone ? 1 : MaxRows;
        _bandRows = Math.Max(1, ChunkWork / (_blockColumns * product.K * MaxRows)) * MaxRows;
    }

    /// <summary>Rows for which this family is meant, where k is not short.</summary>
    public static int MaxRows => TLanes.MaxRows > 8 ? 4 : 2;

    /// <summary>Columns of a block: 2 KiB of a row, so that several threads may share few rows.</summary>
    private static int MaxColumns => 2048 / sizeof(T);

    /// <summary>Columns of a block for a short k, when rows of C are written out one after the other: 8 KiB.</summary>
    private static int MaxColumnsAlone => 8192 / sizeof(T);

    /// <summary>Computes the product; every length is at least 1, and columns of B are neighbours.</summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        StreamProduct<T, TVector, TLanes> stream = new(product);
        nint chunks = stream._columnBlocks * ((product.M + stream._bandRows - 1) / stream._bandRows);
        if (pool is not null)
        {
            pool.Run(chunks, &stream, &ComputeChunk);
            return;
        }

        for (nint chunk = 0; chunk < chunks; chunk++)
        {
            stream.Compute(chunk);
        }
    }

    private static void ComputeChunk(void* context, long chunk) =>
        ((StreamProduct<T, TVector, TLanes>*)context)->Compute((nint)chunk);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compute(nint chunk)
    {
        nint column = chunk % _columnBlocks * _blockColumns;
        nint columns = Math.Min(_blockColumns, _product.N - column);
        nint whole = columns / TLanes.Count * TLanes.Count;
        nint endRow = Math.Min((chunk / _columnBlocks + 1) * _bandRows, _product.M);
        nint asideRow = columns + TLanes.Count;
        T* aside = stackalloc T[(int)(_groupRows * asideRow)];
        T* tail = stackalloc T[MaxSteps * TLanes.Count];

        for (nint row = chunk / _columnBlocks * _bandRows; row < endRow; row += _groupRows)
        {
            nint rows = Math.Min(_groupRows, endRow - row);
            T* c = _product.C + row * _product.CRow + column * _product.CColumn;
            bool direct = _product.CColumn == 1;
            for (nint step = 0; step < _product.K; step += MaxSteps)
            {
                nint steps = Math.Min(MaxSteps, _product.K - step);
                T* a = _product.A + row * _product.ARow + step * _product.AColumn;
                T* b = _product.B + step * _product.BRow + column;
                nint ahead = step + MaxSteps < _product.K ? MaxSteps * _product.BRow : 0;
                var kernel = StreamKernels<T, TVector, TLanes>.Of(rows, steps);
                if (direct)
                {
                    kernel(
                        whole / TLanes.Count, a, _product.ARow, _product.AColumn, b, _product.BRow, ahead, c,
                        _product.CRow, _product.Accumulate || step > 0);
                }
                else
                {
                    kernel(
                        whole / TLanes.Count, a, _product.ARow, _product.AColumn, b, _product.BRow, ahead, aside,
                        asideRow, step > 0);
                }

                if (whole < columns)
                {
                    Packing.Panel(steps, columns - whole, b + whole, _product.BRow, 1, tail, TLanes.Count);
                    kernel(
                        1, a, _product.ARow, _product.AColumn, tail, TLanes.Count, 0, aside + whole, asideRow,
                        step > 0);
                }
            }

            StoreAside(rows, direct ? whole : 0, columns, aside, asideRow, c);
        }

        nint firstRow = chunk / _columnBlocks * _bandRows;
        _product.Finish(firstRow, endRow - firstRow, column, columns);
    }

    /// <summary>Moves the columns from <paramref name="first"/> on to their place in C.</summary>
    private void StoreAside(nint rows, nint first, nint columns, T* aside, nint asideRow, T* c)
    {
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = first; j < columns; j++)
            {
                T* to = c + i * _product.CRow + j * _product.CColumn;
                T value = aside[i * asideRow + j];
                *to = _product.Accumulate ? *to + value : value;
            }
        }
    }
}
