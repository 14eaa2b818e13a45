using System.Numerics;
using System.Runtime.CompilerServices;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Products with few rows, and contiguous rows of B: B streams by, four of its rows at a time, past sums in L1.</summary>
/// <remarks>A chunk is a block of columns.</remarks>
internal readonly unsafe struct StreamProduct<T, TVector, TLanes>
    where T : unmanaged, INumber<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    private const int MaxSteps = 4;

    private readonly Product<T> _product;
    private readonly nint _blockColumns;

    private StreamProduct(in Product<T> product)
    {
        _product = product;
        nint blocks = (product.N + MaxColumns - 1) / MaxColumns;
        _blockColumns = (product.N + blocks - 1) / blocks;
    }

    /// <summary>Rows for which this family is meant.</summary>
    public static int MaxRows => TLanes.MaxRows > 8 ? 4 : 2;

    /// <summary>Columns of a block: 2 KiB of a row, so that several threads may share few rows.</summary>
    private static int MaxColumns => 2048 / sizeof(T);

    /// <summary>
    /// Computes the product; every length is at least 1, at most <see cref="MaxRows"/> rows, and columns of B are neighbours.
    /// </summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        StreamProduct<T, TVector, TLanes> stream = new(product);
        nint chunks = (product.N + stream._blockColumns - 1) / stream._blockColumns;
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
        nint rows = _product.M;
        nint column = chunk * _blockColumns;
        nint columns = Math.Min(_blockColumns, _product.N - column);
        nint whole = columns / TLanes.Count * TLanes.Count;
        nint asideRow = columns + TLanes.Count;
        T* aside = stackalloc T[(int)(rows * asideRow)];
        T* tail = stackalloc T[MaxSteps * TLanes.Count];
        T* c = _product.C + column * _product.CColumn;
        bool direct = _product.CColumn == 1;
        for (nint step = 0; step < _product.K; step += MaxSteps)
        {
            nint steps = Math.Min(MaxSteps, _product.K - step);
            T* a = _product.A + step * _product.AColumn;
            T* b = _product.B + step * _product.BRow + column;
            nint ahead = step + MaxSteps < _product.K ? MaxSteps * _product.BRow : 0;
            var kernel = StreamKernels<T, TVector, TLanes>.Of(rows, steps);
            kernel(
                whole / TLanes.Count, a, _product.ARow, _product.AColumn, b, _product.BRow, ahead, direct ? c : aside,
                direct ? _product.CRow : asideRow, (direct && _product.Accumulate) || step > 0);
            if (whole < columns)
            {
                Packing.Panel(steps, columns - whole, b + whole, _product.BRow, 1, tail, TLanes.Count);
                kernel(
                    1, a, _product.ARow, _product.AColumn, tail, TLanes.Count, 0, aside + whole, asideRow, step > 0);
            }
        }

        StoreAside(direct ? whole : 0, columns, aside, asideRow, c);
        _product.Finish(0, rows, column, columns);
    }

    /// <summary>Moves the columns from <paramref name="first"/> on to their place in C.</summary>
    private void StoreAside(nint first, nint columns, T* aside, nint asideRow, T* c)
    {
        for (nint i = 0; i < _product.M; i++)
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
