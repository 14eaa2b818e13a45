using System.Numerics;
using System.Runtime.CompilerServices;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Products with a short k and many rows, bound by writing C: it is written along bands of a few rows.</summary>
/// <remarks>
/// B is packed into panels once, a block of its columns at a time, and stays in L2; A is read where it is. A chunk is
/// some bands, finished while they are in L2. C is asked for ahead of the register block: its lines are all that is far.
/// </remarks>
internal unsafe struct BandProduct<T, TVector, TLanes>
    where T : unmanaged, INumber<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Steps of k for which this family is meant: a register block then takes less time than a line from memory.</summary>
    public const int MaxSteps = 32;

    /// <summary>Bytes of a block of B: an eighth of a common L2.</summary>
    private const int BlockBytes = 128 << 10;

    /// <summary>Bytes of C in a chunk.</summary>
    private const int ChunkBytes = 192 << 10;

    private readonly Product<T> _product;
    private readonly T* _panels;
    private readonly nint _blockColumns;
    private readonly nint _chunkRows;
    private nint _column;
    private nint _columns;

    private BandProduct(in Product<T> product)
    {
        _product = product;
        _blockColumns = Math.Min(product.N, BlockBytes / sizeof(T) / MaxSteps);
        _panels = (T*)PackScratch.Rent((nuint)((_blockColumns + Width) * product.K * sizeof(T)));
        _chunkRows = Math.Max(1, ChunkBytes / (TLanes.MaxRows * _blockColumns * sizeof(T))) * TLanes.MaxRows;
    }

    /// <summary>Rows from which on this family is meant: B is then read often enough to be packed.</summary>
    public static int MinRows => 4 * TLanes.MaxRows;

    /// <summary>Columns of a panel of B.</summary>
    private static int Width => 2 * TLanes.Count;

    /// <summary>Computes the product; every length is at least 1, k at most <see cref="MaxSteps"/>, columns of C are neighbours.</summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        BandProduct<T, TVector, TLanes> bands = new(product);
        nint chunks = (product.M + bands._chunkRows - 1) / bands._chunkRows;
        for (bands._column = 0; bands._column < product.N; bands._column += bands._blockColumns)
        {
            bands._columns = Math.Min(bands._blockColumns, product.N - bands._column);
            Packing.Panels<T, TVector, TLanes>(
                product.K, bands._columns, product.B + bands._column * product.BColumn, product.BRow, product.BColumn,
                bands._panels, Width, product.K * Width);
            if (pool is not null)
            {
                pool.Run(chunks, &bands, &ComputeChunk);
                continue;
            }

            for (nint chunk = 0; chunk < chunks; chunk++)
            {
                bands.Compute(chunk);
            }
        }
    }

    private static void ComputeChunk(void* context, long chunk) =>
        ((BandProduct<T, TVector, TLanes>*)context)->Compute((nint)chunk);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Compute(nint chunk)
    {
        nint first = chunk * _chunkRows;
        nint end = Math.Min(first + _chunkRows, _product.M);
        nint rest = _columns % Width;
        nint steps = _product.K;
        nint cRow = _product.CRow;
        T* edge = stackalloc T[TLanes.MaxRows * Width];
        BlockShape shape = new()
        {
            Steps = steps,
            ARow = _product.ARow * sizeof(T),
            AStep = _product.AColumn * sizeof(T),
            BStep = Width * sizeof(T),
            CRow = cRow * sizeof(T),
            AheadStep = cRow * sizeof(T),
            Soon = 4 * Width * sizeof(T),
            Accumulate = _product.Accumulate,
        };
        BlockShape narrow = shape with { CRow = Width * sizeof(T), AheadStep = 0, Soon = 0, Accumulate = false };
        for (nint row = first; row < end; row += TLanes.MaxRows)
        {
            nint rows = Math.Min(TLanes.MaxRows, end - row);
            T* a = _product.A + row * _product.ARow;
            T* b = _panels;
            T* c = _product.C + row * cRow + _column;
            RegisterBlock block = RegisterBlocks<T, TVector, TLanes>.Of(rows, 2, shape);
            for (nint column = Width; column <= _columns; column += Width, b += steps * Width, c += Width)
            {
                block((nint)a, (nint)b, (nint)c, (nint)(c + 4 * Width + TLanes.Count), &shape);
            }

            if (rest > 0)
            {
                RegisterBlocks<T, TVector, TLanes>.Of(rows, rest > TLanes.Count ? 2 : 1, narrow)(
                    (nint)a, (nint)b, (nint)edge, (nint)edge, &narrow);
                Edge.Store<T, TVector, TLanes>(rows, rest, edge, c, cRow, 1, _product.Accumulate);
            }
        }

        _product.Finish(first, end - first, _column, _columns);
    }
}
