using System.Numerics;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Products with one to three steps of k, bound by writing C: each row of C is written from end to end.</summary>
/// <remarks>
/// Memory takes one stream of stores nearly twice as fast as several at a time, so rows are not blocked. B is packed, a
/// block of its columns stays in L1; a row of A is held in registers. A chunk is a band of rows, finished while in L2.
/// </remarks>
internal readonly unsafe struct OuterProduct<T, TVector, TLanes>
    where T : unmanaged, INumber<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Steps of k for which this family is meant.</summary>
    public const int MaxSteps = 3;

    /// <summary>Bytes of a block of B: two thirds of a common L1.</summary>
    private const int BlockBytes = 32 << 10;

    /// <summary>Bytes of C in a chunk.</summary>
    private const int ChunkBytes = 192 << 10;

    private readonly Product<T> _product;
    private readonly T* _panels;
    private readonly nint _blockColumns;
    private readonly nint _bandRows;

    private OuterProduct(in Product<T> product)
    {
        _product = product;
        nint panels = (product.N + TLanes.Count - 1) / TLanes.Count;
        _blockColumns = Math.Min(panels, BlockBytes / sizeof(T) / TLanes.Count / product.K) * TLanes.Count;
        _panels = (T*)PackScratch.Rent((nuint)(panels * TLanes.Count * product.K * sizeof(T)));
        _bandRows = Math.Max(1, ChunkBytes / sizeof(T) / product.N);
    }

    /// <summary>Computes the product; every length is at least 1, k at most <see cref="MaxSteps"/>, columns of C are neighbours.</summary>
    public static void Run(in Product<T> product, WorkerPool? pool)
    {
        OuterProduct<T, TVector, TLanes> outer = new(product);
        outer.Pack();
        nint bands = (product.M + outer._bandRows - 1) / outer._bandRows;
        if (pool is not null)
        {
            pool.Run(bands, &outer, &ComputeChunk);
            return;
        }

        for (nint band = 0; band < bands; band++)
        {
            outer.Compute(band);
        }
    }

    private static void ComputeChunk(void* context, long chunk) =>
        ((OuterProduct<T, TVector, TLanes>*)context)->Compute((nint)chunk);

    private void Pack()
    {
        for (nint column = 0; column < _product.N; column += TLanes.Count)
        {
            Packing.Rows(
                _product.K, Math.Min(TLanes.Count, _product.N - column), _product.B + column * _product.BColumn,
                _product.BRow, _product.BColumn, _panels + column * _product.K, TLanes.Count);
        }
    }

    private void Compute(nint band)
    {
        nint first = band * _bandRows;
        nint rows = Math.Min(_bandRows, _product.M - first);
        for (nint column = 0; column < _product.N; column += _blockColumns)
        {
            nint columns = Math.Min(_blockColumns, _product.N - column);
            switch (_product.K)
            {
                case 1:
                    Compute<Length1>(first, rows, column, columns);
                    break;
                case 2:
                    Compute<Length2>(first, rows, column, columns);
                    break;
                default:
                    Compute<Length3>(first, rows, column, columns);
                    break;
            }
        }

        _product.Finish(first, rows, 0, _product.N);
    }

    private void Compute<TSteps>(nint row, nint rows, nint column, nint columns)
        where TSteps : struct, ILength =>
        OuterKernel<T, TVector, TLanes, TSteps>.Run(
            rows, columns, _product.A + row * _product.ARow, _product.ARow, _product.AColumn,
            _panels + column * _product.K, _product.C + row * _product.CRow + column, _product.CRow, _product.Accumulate);
}
