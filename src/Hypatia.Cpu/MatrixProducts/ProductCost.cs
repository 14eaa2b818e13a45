using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>What a product takes in one family or another, in multiply-adds of a vector.</summary>
/// <remarks>
/// The weights are fitted to what random products took in each, at 256 and 512 bits. What is chosen by them depends on lengths and
/// layouts alone: so do bits. Small products would feel the calls, so there are few.
/// </remarks>
internal static class ProductCost
{
    /// <summary>To copy an element of B to where blocks read it.</summary>
    private const double Packed = 0.5;

    /// <summary>To store an element of C by itself.</summary>
    private const double Stored = 2.5;

    /// <summary>A step of a block at least: each sum waits for the step before.</summary>
    private const double Latency = 4;

    /// <summary>A second vector of a step, where registers are few: it needs no element of A besides.</summary>
    private const double SecondOfFew = 0.5;

    /// <summary>To begin a product in register blocks, as dot products, or some columns by themselves.</summary>
    private const double Begin = 330;
    private const double BeginDotProducts = 100;
    private const double BeginAside = 400;

    /// <summary>To read a vector of A across its rows, for some columns, and for each of them.</summary>
    private const double Across = 2;
    private const double AcrossEach = 0.6;

    /// <summary>Bytes of A up to which it may be read twice, and up to which across its rows in blocks: half of a common L2.</summary>
    private const nint NearBytes = 4 << 20;
    private const nint AcrossBytes = 512 << 10;

    /// <summary>In register blocks, some columns perhaps aside.</summary>
    public static double InBlocks<T>(in Product<T> product)
        where T : unmanaged, INumber<T>
    {
        double cost = Begin + Steps(product, out _);
        if (BlockedProduct<T>.PacksB(product))
        {
            cost += Packed * product.K * product.N;
        }

        if (product.CColumn != 1)
        {
            cost += Stored * product.M * product.N * BlockedProduct<T>.BlocksOfSteps(product.K);
        }

        return cost;
    }

    /// <summary>As dot products along k, of A's rows and few columns; infinite if it can't be.</summary>
    public static double AsDotProducts<T>(in Product<T> product)
        where T : unmanaged, INumber<T> =>
        product.N > DotProduct<T>.MaxColumns || product.AColumn != 1 ? double.PositiveInfinity
            : BeginDotProducts + RowsOfDotProducts(product, product.N) + (product.BRow == 1 ? 0 : Packed * product.K * product.N);

    /// <summary>Whether columns that do not fill a vector take less time by themselves.</summary>
    public static bool IsRestAside<T>(in Product<T> product)
        where T : unmanaged, INumber<T>
    {
        Steps(product, out bool isRestAside);
        return isRestAside;
    }

    /// <summary>All steps of all register blocks, or of those of whole vectors and the other columns by themselves.</summary>
    private static unsafe double Steps<T>(in Product<T> product, out bool isRestAside)
        where T : unmanaged, INumber<T>
    {
        Lanes lanes = product.Lanes;
        nint rest = lanes.Rest(product.N);
        double m = product.M;
        double least = product.M <= lanes.MaxRows ? Latency : Latency * Math.Ceiling(m / lanes.MaxRows);
        double one = Math.Max(least, m), two = Math.Max(least, lanes.HasManyRegisters ? 2 * m : (1 + SecondOfFew) * m);

        nint vectors = lanes.Vectors(product.N);
        double all = product.K * (((vectors >> 1) * two) + ((vectors & 1) * one));
        isRestAside = false;
        if (rest > 0 && rest < product.N && product.M * product.K * sizeof(T) <= NearBytes)
        {
            double whole = all - (product.K * ((vectors & 1) == 1 ? one : two - one));
            double aside = whole + Aside(product, rest);
            isRestAside = aside < all;
            return isRestAside ? aside : all;
        }

        return all;
    }

    /// <summary>Columns by themselves: dot products where A's rows are contiguous, A across its rows where its columns are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe double Aside<T>(in Product<T> product, nint columns)
        where T : unmanaged, INumber<T>
    {
        if (product.AColumn == 1)
        {
            return BeginAside + RowsOfDotProducts(product, columns);
        }

        bool streams = columns <= StreamProduct<T>.MaxRows(product.Lanes);
        return product.ARow == 1 && (streams || product.M * product.K * sizeof(T) <= AcrossBytes)
            ? BeginAside + (product.K * product.Lanes.Vectors(product.M) * (Across + (AcrossEach * columns))) + (Stored * product.M * columns)
            : double.PositiveInfinity;
    }

    /// <summary>A multiply-add for each vector of k, of each row and column, and what it takes to add up the lanes of a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double RowsOfDotProducts<T>(in Product<T> product, nint columns)
        where T : unmanaged
    {
        double vectors = (double)product.K / product.Lanes.Count;
        return product.M * columns * (product.Lanes.HasManyRegisters ? vectors + 4 : (0.8 * vectors) + 6.7);
    }
}
