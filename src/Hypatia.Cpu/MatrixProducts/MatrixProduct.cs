using System.Numerics;
using Hypatia.Cpu.Instructions;
using Hypatia.Cpu.Threading;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>C[b,i,j] (+)= Σₖ A[b,i,k]·B[b,k,j], any strides: [batch,m,k] · [batch,k,n] → [batch,m,n].</summary>
/// <remarks>
/// Floats are multiplied and added with FMA where the machine has it; integers wrap. NaN and infinities propagate
/// from every k as in the formula. An empty sum is 0. The result has the same bits at any thread count.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Multiply-adds below which the elements of a batch are shared out whole, instead of cut up.</summary>
    private const double SmallWork = 4 << 20;

    /// <summary>Multiply-adds worth a chunk of their own: about 8 µs.</summary>
    private const double ChunkWork = 1 << 20;

    /// <summary>Computes the product on the threads of <paramref name="pool"/>, or on this one if it is null.</summary>
    /// <remarks>
    /// Pointers are to element [0,0,0]. Unsafe: every element that the lengths and strides reach is the caller's;
    /// elements of C are distinct and overlap neither A nor B. T is a type of <see cref="System.Runtime.Intrinsics.Vector512{T}"/>.
    /// With <paramref name="accumulate"/> the product is added to what C holds, instead of replacing it.
    /// </remarks>
    public static void Run<T>(in MatrixProductShape shape, T* a, T* b, T* c, WorkerPool? pool, bool accumulate)
        where T : unmanaged, INumber<T>
    {
        RunWithVectors(Math.Max(128, Machine.VectorBits), shape, a, b, c, pool, accumulate);
    }

    /// <summary>The same with a chosen vector width: 128, 256 or 512 bits.</summary>
    internal static void RunWithVectors<T>(
        int bits, in MatrixProductShape shape, T* a, T* b, T* c, WorkerPool? pool, bool accumulate,
        ProductEpilogue epilogue = default)
        where T : unmanaged, INumber<T>
    {
        Lanes lanes = Lanes.Of<T>(bits);
        if (shape.Batch <= 0 || shape.M <= 0 || shape.N <= 0)
        {
            return;
        }

        if (pool is not null && shape.Batch > 1)
        {
            double work = (double)shape.M * shape.N * Math.Max(1, shape.K);
            long perChunk = pool.PerChunk(shape.Batch, Math.Max(1, (long)(ChunkWork / work)));
            if (work < SmallWork && perChunk < shape.Batch)
            {
                Batch<T> batch = new(lanes, shape, a, b, c, accumulate, epilogue, perChunk);
                pool.Run((shape.Batch + perChunk - 1) / perChunk, &batch, &RunChunk<T>);
                return;
            }
        }

        for (long i = 0; i < shape.Batch; i++)
        {
            RunOne<T>(new(lanes, shape, a, b, c, accumulate, epilogue, i), pool);
        }
    }

    private static void RunChunk<T>(void* context, long chunk)
        where T : unmanaged, INumber<T>
    {
        Batch<T>* batch = (Batch<T>*)context;
        long end = Math.Min((chunk + 1) * batch->PerChunk, batch->Shape.Batch);
        for (long i = chunk * batch->PerChunk; i < end; i++)
        {
            RunOne(batch->Element(i), null);
        }
    }

    /// <summary>Chooses the kernel family by shape and layout.</summary>
    private static void RunOne<T>(in Product<T> product, WorkerPool? pool)
        where T : unmanaged, INumber<T>
    {
        if (product.K <= 0)
        {
            Clear(product);
            product.Finish(0, product.M, 0, product.N);
            return;
        }

        Product<T> transposed = product.Transposed;
        if (TryThin(product, pool) || TryThin(transposed, pool))
        {
            return;
        }

        if (IsBestInOrder(product))
        {
            RunThick(product, pool);
            return;
        }

        double dots = ProductCost.AsDotProducts(product), transposedDots = ProductCost.AsDotProducts(transposed);
        double blocks = ProductCost.InBlocks(product), transposedBlocks = ProductCost.InBlocks(transposed);
        if (Math.Min(dots, transposedDots) < Math.Min(blocks, transposedBlocks))
        {
            bool isTransposed = transposedDots < dots || (transposedDots == dots && product.N > product.M);
            DotProduct<T>.Run(isTransposed ? transposed : product, pool);
        }
        else
        {
            RunThick(transposedBlocks < blocks ? transposed : product, pool);
        }
    }

    /// <summary>Whether it is plain that register blocks are best: small products would feel that costs are computed.</summary>
    private static bool IsBestInOrder<T>(in Product<T> product)
        where T : unmanaged, INumber<T>
    {
        // Dot products need a long k; and transposed, C were stored element by element, for a part of a vector.
        Lanes lanes = product.Lanes;
        bool isWhole = lanes.Rest(product.N) == 0 && (product.N > DotProduct<T>.MaxColumns || product.K <= 8 * lanes.Count);
        return product.BColumn == 1 && product.CColumn == 1 && (isWhole || (product.K <= 2 * product.N && product.M >= 4));
    }

    /// <summary>Runs a product in a family of register blocks.</summary>
    private static void RunThick<T>(in Product<T> product, WorkerPool? pool)
        where T : unmanaged, INumber<T>
    {
        Lanes lanes = product.Lanes;
        if (product.K <= BandProduct<T>.MaxSteps && product.CColumn == 1
            && product.M >= BandProduct<T>.MinRows(lanes))
        {
            BandProduct<T>.Run(product, pool);
        }
        else if (ProductCost.IsRestAside(product))
        {
            // A vector of which little is used would cost more than these columns do by themselves.
            nint whole = lanes.RoundDown(product.N);
            BlockedProduct<T>.Run(product.Columns(0, whole), pool);
            RunOne(product.Columns(whole, product.N - whole), pool);
        }
        else if (pool is null && SmallProduct<T>.Fits(product))
        {
            SmallProduct<T>.Run(product);
        }
        else
        {
            BlockedProduct<T>.Run(product, pool);
        }
    }

    /// <summary>Runs a product with few rows or steps in a family of its own; false if it is not for them.</summary>
    private static bool TryThin<T>(in Product<T> product, WorkerPool? pool)
        where T : unmanaged, INumber<T>
    {
        Lanes lanes = product.Lanes;
        bool longRows = product.N >= 4 * lanes.Count;
        if (longRows && product.BColumn == 1 && product.M <= StreamProduct<T>.MaxRows(lanes))
        {
            StreamProduct<T>.Run(product, pool);
            return true;
        }

        if (longRows && product.CColumn == 1 && product.K <= OuterProduct<T>.MaxSteps)
        {
            OuterProduct<T>.Run(product, pool);
            return true;
        }

        return false;
    }

    /// <summary>C (+)= 0.</summary>
    private static void Clear<T>(in Product<T> product)
        where T : unmanaged, INumber<T>
    {
        if (product.Accumulate)
        {
            return;
        }

        for (nint i = 0; i < product.M; i++)
        {
            for (nint j = 0; j < product.N; j++)
            {
                product.C[i * product.CRow + j * product.CColumn] = T.Zero;
            }
        }
    }

    /// <summary>The context of a job over the elements of a batch.</summary>
    private readonly struct Batch<T>(
        Lanes lanes, in MatrixProductShape shape, T* a, T* b, T* c, bool accumulate, ProductEpilogue epilogue, long perChunk)
        where T : unmanaged
    {
        private readonly T* _a = a;
        private readonly T* _b = b;
        private readonly T* _c = c;

        public MatrixProductShape Shape { get; } = shape;

        public long PerChunk { get; } = perChunk;

        public Product<T> Element(long i) => new(lanes, Shape, _a, _b, _c, accumulate, epilogue, i);
    }
}
