using System.Numerics;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Products with few rows, and contiguous rows of B: B streams by, four of its rows at a time, past sums in L1.</summary>
/// <remarks>
/// The four rows are far apart, so that each stream goes on where it ended. A chunk is a block of columns; or, where there is only one
/// and much to read, a part of k.
/// </remarks>
internal readonly unsafe struct StreamProduct<T>
    where T : unmanaged, INumber<T>
{
    private const int MaxSteps = 4;

    /// <summary>Bytes of a row that are worth a block of their own, for another thread.</summary>
    private const int LeastBytes = 1 << 10;

    /// <summary>Bytes of all sums of a block: half of a common L1.</summary>
    private const int SumBytes = 16 << 10;

    /// <summary>Bytes of B that are worth a part of k, and the most parts.</summary>
    private const int PartBytes = 512 << 10;
    private const int MaxParts = 8;

    private readonly Product<T> _product;
    private readonly Lanes _lanes;
    private readonly nint _blockColumns;

    private StreamProduct(in Product<T> product, int threads)
    {
        (_product, _lanes) = (product, product.Lanes);
        nint most = SumBytes / product.M / sizeof(T);
        nint least = LeastBytes / sizeof(T);
        nint blocks = Math.Max((product.N + most - 1) / most, Math.Min(threads, (product.N + least - 1) / least));

        // Whole vectors: so no column is at the end of a block for one number of threads, and added up aside, but not for another.
        _blockColumns = _lanes.RoundUp((product.N + blocks - 1) / blocks);
    }

    /// <summary>Rows for which this family is meant.</summary>
    public static int MaxRows(Lanes lanes) => lanes.HasManyRegisters ? 4 : 2;

    /// <summary>
    /// Computes the product; every length is at least 1, at most <see cref="MaxRows"/> rows, and columns of B are neighbours.
    /// </summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        double bytes = (double)product.K * product.N * sizeof(T);
        if (product.M * product.N * sizeof(T) <= SumBytes && bytes >= 2 * PartBytes)
        {
            RunParts(product, (nint)Math.Min(MaxParts, bytes / PartBytes), pool);
            return;
        }

        StreamProduct<T> stream = new(product, pool?.Threads ?? 1);
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

    /// <summary>Whether whole vectors are added up in C itself, instead of aside.</summary>
    private bool IsDirect => _product.CColumn == 1;

    /// <summary>Computes parts of k by themselves, and adds them up in order: the same parts for any number of threads.</summary>
    private static void RunParts(in Product<T> product, nint parts, WorkerPool? pool)
    {
        nint row = product.Lanes.RoundUp(product.N);
        T* sums = (T*)PackScratch.Rent((nuint)(parts * product.M * row * sizeof(T)));
        Parts job = new(product, parts, sums, row);
        if (pool is not null)
        {
            pool.Run(parts, &job, &ComputePart);
        }

        for (nint part = 0; part < parts; part++)
        {
            if (pool is null)
            {
                ComputePart(&job, part);
            }

            if (part > 0)
            {
                nint length = product.M * row;
                Edge.Store(1, length, sums + part * length, 0, sums, 0, 1, accumulate: true);
            }
        }

        new StreamProduct<T>(product, 1).StoreAside(0, product.N, sums, row, product.C);
        product.Finish(0, product.M, 0, product.N);
    }

    private static void ComputePart(void* context, long part)
    {
        Parts job = *(Parts*)context;
        nint start = (nint)part * job.Product.K / job.Count, end = ((nint)part + 1) * job.Product.K / job.Count;
        Product<T> product = job.Product.Steps(start, end - start, job.Sums + (nint)part * job.Product.M * job.Row, job.Row);
        new StreamProduct<T>(product, 1).Compute(0);
    }

    private static void ComputeChunk(void* context, long chunk) =>
        ((StreamProduct<T>*)context)->Compute((nint)chunk);

    private void Compute(nint chunk)
    {
        nint rows = _product.M;
        nint column = chunk * _blockColumns;
        nint columns = Math.Min(_blockColumns, _product.N - column);
        T* aside = stackalloc T[(int)(rows * (columns + _lanes.Count))];
        T* tail = stackalloc T[MaxSteps * _lanes.Count];
        nint apart = _product.K / MaxSteps;
        for (nint step = 0; step < apart; step++)
        {
            Add(step, MaxSteps, apart, column, columns, aside, tail);
        }

        if (_product.K % MaxSteps > 0)
        {
            Add(apart * MaxSteps, _product.K % MaxSteps, 1, column, columns, aside, tail);
        }

        StoreAside(IsDirect ? _lanes.RoundDown(columns) : 0, columns, aside, columns + _lanes.Count, _product.C + column * _product.CColumn);
        _product.Finish(0, rows, column, columns);
    }

    /// <summary>Adds a few steps of k that are <paramref name="apart"/> steps from each other.</summary>
    private void Add(nint step, nint steps, nint apart, nint column, nint columns, T* aside, T* tail)
    {
        nint whole = _lanes.RoundDown(columns);
        T* a = _product.A + step * _product.AColumn;
        T* b = _product.B + step * _product.BRow + column;
        nint bRow = apart * _product.BRow, asideRow = columns + _lanes.Count;
        bool accumulate = (IsDirect && _product.Accumulate) || step > 0;
        BlockShape shape = new()
        {
            ARow = _product.ARow * sizeof(T),
            AStep = apart * _product.AColumn * sizeof(T),
            BStep = bRow * sizeof(T),
            CRow = (IsDirect ? _product.CRow : asideRow) * sizeof(T),
        };
        StreamBlocks<T>.Of(_lanes, _product.M, steps, accumulate)(
            whole / _lanes.Count, (nint)a, (nint)b, (nint)(IsDirect ? _product.C + column : aside), &shape);
        if (whole < columns)
        {
            Packing.Panel(steps, columns - whole, b + whole, bRow, 1, tail, _lanes.Count);
            shape.BStep = _lanes.Count * sizeof(T);
            shape.CRow = asideRow * sizeof(T);
            StreamBlocks<T>.Of(_lanes, _product.M, steps, step > 0)(1, (nint)a, (nint)tail, (nint)(aside + whole), &shape);
        }
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

    /// <summary>What computes parts of k.</summary>
    private readonly struct Parts(in Product<T> product, nint count, T* sums, nint row)
    {
        public readonly Product<T> Product = product;
        public readonly nint Count = count;
        public readonly T* Sums = sums;
        public readonly nint Row = row;
    }
}
