// A little long because every vector width has every operation, side by side.
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>One vector width, as a type: lets a kernel be written once and compiled for each width.</summary>
/// <remarks>
/// Every member is a few instructions once the JIT has specialized its caller; no call, for elements of 4 or 8 bytes,
/// in one that a kernel uses: its sums would live in memory.
/// </remarks>
internal unsafe interface ILanes<T, TVector>
    where T : unmanaged
    where TVector : unmanaged
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the largest register block of two vectors a row; at most 14.</summary>
    static abstract int MaxRows { get; }

    /// <summary>x₀ … x₍Count−1₎ from memory, at any alignment.</summary>
    static abstract TVector Load(T* source);

    /// <summary>Writes all lanes, at any alignment.</summary>
    static abstract void Store(TVector value, T* destination);

    /// <summary>Writes all lanes past the caches, to an address that is a multiple of their bytes; visible to others after a fence.</summary>
    static abstract void StorePast(TVector value, T* destination);

    /// <summary>x in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary>x + y, lane by lane.</summary>
    static abstract TVector Add(TVector x, TVector y);

    /// <summary>x·y + z, lane by lane; rounded once where the machine has FMA, else twice.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>The first <paramref name="count"/> lanes from memory, at any alignment; 0 in the others.</summary>
    static abstract TVector LoadFirst(T* source, nint count);

    /// <summary>Writes the first <paramref name="count"/> lanes, at any alignment, and nothing else.</summary>
    static abstract void StoreFirst(TVector value, T* destination, nint count);

    /// <summary>The sum of all lanes of each of four vectors, in a fixed order.</summary>
    static abstract void Sums(TVector x0, TVector x1, TVector x2, TVector x3, T* sums);

    /// <summary>Asks for a line of memory that will be read soon; any address is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual void Prefetch(T* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Asks for a line of memory that will be read later, into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual void PrefetchFar(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}

/// <summary>512-bit vectors: AVX-512, 32 registers.</summary>
internal readonly unsafe struct Lanes512<T> : ILanes<T, Vector512<T>>
    where T : unmanaged, INumber<T>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    public static int MaxRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 12;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> value, T* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePast(Vector512<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Broadcast(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> x, Vector512<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> x, Vector512<T> y, Vector512<T> z)
    {
        if (typeof(T) == typeof(float))
        {
            return Vector512.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>();
        }

        if (typeof(T) == typeof(double))
        {
            return Vector512.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();
        }

        return x * y + z;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Vector512<T> x0, Vector512<T> x1, Vector512<T> x2, Vector512<T> x3, T* sums)
    {
        // Pairs of neighbors are added until each lane of 128 bits has a part of every sum; then the lanes are.
        if (Avx512F.IsSupported && typeof(T) == typeof(float))
        {
            Vector512<double> x01 = Neighbors(x0.AsSingle(), x1.AsSingle()).AsDouble();
            Vector512<double> x23 = Neighbors(x2.AsSingle(), x3.AsSingle()).AsDouble();
            Vector512<float> lanes = Avx512F.UnpackLow(x01, x23).AsSingle() + Avx512F.UnpackHigh(x01, x23).AsSingle();
            Vector256<float> halves = lanes.GetLower() + lanes.GetUpper();
            (halves.GetLower() + halves.GetUpper()).Store((float*)sums);
        }
        else if (Avx512F.IsSupported && typeof(T) == typeof(double))
        {
            Vector512<double> x01 = Neighbors(x0.AsDouble(), x1.AsDouble());
            Vector512<double> x23 = Neighbors(x2.AsDouble(), x3.AsDouble());
            Vector256<double> halves01 = x01.GetLower() + x01.GetUpper();
            Vector256<double> halves23 = x23.GetLower() + x23.GetUpper();
            (halves01.GetLower() + halves01.GetUpper()).Store((double*)sums);
            (halves23.GetLower() + halves23.GetUpper()).Store((double*)sums + 2);
        }
        else
        {
            (sums[0], sums[1]) = (Vector512.Sum(x0), Vector512.Sum(x1));
            (sums[2], sums[3]) = (Vector512.Sum(x2), Vector512.Sum(x3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadFirst(T* source, nint count)
    {
        if (Avx512F.IsSupported && sizeof(T) == 4)
        {
            return Avx512F.MaskLoad((float*)source, First4(count), Vector512<float>.Zero).As<float, T>();
        }

        if (Avx512F.IsSupported && sizeof(T) == 8)
        {
            return Avx512F.MaskLoad((double*)source, First8(count), Vector512<double>.Zero).As<double, T>();
        }

        Vector512<T> lanes = default;
        new ReadOnlySpan<T>(source, (int)count).CopyTo(new Span<T>(&lanes, Count));
        return lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector512<T> value, T* destination, nint count)
    {
        if (Avx512F.IsSupported && sizeof(T) == 4)
        {
            Avx512F.MaskStore((float*)destination, First4(count), value.AsSingle());
        }
        else if (Avx512F.IsSupported && sizeof(T) == 8)
        {
            Avx512F.MaskStore((double*)destination, First8(count), value.AsDouble());
        }
        else
        {
            new ReadOnlySpan<T>(&value, (int)count).CopyTo(new Span<T>(destination, (int)count));
        }
    }

    /// <summary>Of each 128 bits: x₀ + x₂, y₀ + y₂, x₁ + x₃, y₁ + y₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Neighbors(Vector512<float> x, Vector512<float> y) =>
        Avx512F.UnpackLow(x, y) + Avx512F.UnpackHigh(x, y);

    /// <summary>Of each 128 bits: x₀ + x₁, y₀ + y₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Neighbors(Vector512<double> x, Vector512<double> y) =>
        Avx512F.UnpackLow(x, y) + Avx512F.UnpackHigh(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> First4(nint count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create((int)count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> First8(nint count) =>
        Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble();
}

/// <summary>256-bit vectors: AVX2, 16 registers.</summary>
internal readonly unsafe struct Lanes256<T> : ILanes<T, Vector256<T>>
    where T : unmanaged, INumber<T>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    public static int MaxRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 6;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(T* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<T> value, T* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePast(Vector256<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Broadcast(T value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> x, Vector256<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> x, Vector256<T> y, Vector256<T> z)
    {
        if (typeof(T) == typeof(float))
        {
            return Vector256.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>();
        }

        if (typeof(T) == typeof(double))
        {
            return Vector256.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();
        }

        return x * y + z;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Vector256<T> x0, Vector256<T> x1, Vector256<T> x2, Vector256<T> x3, T* sums)
    {
        // As with 512 bits.
        if (Avx.IsSupported && typeof(T) == typeof(float))
        {
            Vector256<double> x01 = Neighbors(x0.AsSingle(), x1.AsSingle()).AsDouble();
            Vector256<double> x23 = Neighbors(x2.AsSingle(), x3.AsSingle()).AsDouble();
            Vector256<float> halves = Avx.UnpackLow(x01, x23).AsSingle() + Avx.UnpackHigh(x01, x23).AsSingle();
            (halves.GetLower() + halves.GetUpper()).Store((float*)sums);
        }
        else if (Avx.IsSupported && typeof(T) == typeof(double))
        {
            Vector256<double> x01 = Avx.UnpackLow(x0.AsDouble(), x1.AsDouble()) + Avx.UnpackHigh(x0.AsDouble(), x1.AsDouble());
            Vector256<double> x23 = Avx.UnpackLow(x2.AsDouble(), x3.AsDouble()) + Avx.UnpackHigh(x2.AsDouble(), x3.AsDouble());
            (x01.GetLower() + x01.GetUpper()).Store((double*)sums);
            (x23.GetLower() + x23.GetUpper()).Store((double*)sums + 2);
        }
        else
        {
            (sums[0], sums[1]) = (Vector256.Sum(x0), Vector256.Sum(x1));
            (sums[2], sums[3]) = (Vector256.Sum(x2), Vector256.Sum(x3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadFirst(T* source, nint count)
    {
        if (Avx.IsSupported && sizeof(T) == 4)
        {
            return Avx.MaskLoad((float*)source, First4(count)).As<float, T>();
        }

        if (Avx.IsSupported && sizeof(T) == 8)
        {
            return Avx.MaskLoad((double*)source, First8(count)).As<double, T>();
        }

        Vector256<T> lanes = default;
        new ReadOnlySpan<T>(source, (int)count).CopyTo(new Span<T>(&lanes, Count));
        return lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector256<T> value, T* destination, nint count)
    {
        if (Avx.IsSupported && sizeof(T) == 4)
        {
            Avx.MaskStore((float*)destination, First4(count), value.AsSingle());
        }
        else if (Avx.IsSupported && sizeof(T) == 8)
        {
            Avx.MaskStore((double*)destination, First8(count), value.AsDouble());
        }
        else
        {
            new ReadOnlySpan<T>(&value, (int)count).CopyTo(new Span<T>(destination, (int)count));
        }
    }

    /// <summary>Of each 128 bits: x₀ + x₂, y₀ + y₂, x₁ + x₃, y₁ + y₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Neighbors(Vector256<float> x, Vector256<float> y) =>
        Avx.UnpackLow(x, y) + Avx.UnpackHigh(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First4(nint count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> First8(nint count) =>
        Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsDouble();
}

/// <summary>128-bit vectors: NEON, SSE, or .NET's own scalar code where there is neither.</summary>
internal readonly unsafe struct Lanes128<T> : ILanes<T, Vector128<T>>
    where T : unmanaged, INumber<T>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<T>.Count;
    }

    public static int MaxRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => AdvSimd.IsSupported ? 12 : 6;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<T> value, T* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePast(Vector128<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Broadcast(T value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> x, Vector128<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> x, Vector128<T> y, Vector128<T> z)
    {
        if (typeof(T) == typeof(float))
        {
            return Vector128.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>();
        }

        if (typeof(T) == typeof(double))
        {
            return Vector128.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();
        }

        return x * y + z;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Vector128<T> x0, Vector128<T> x1, Vector128<T> x2, Vector128<T> x3, T* sums)
    {
        // As with 512 bits.
        if (Sse2.IsSupported && typeof(T) == typeof(float))
        {
            Vector128<double> x01 = Neighbors(x0.AsSingle(), x1.AsSingle()).AsDouble();
            Vector128<double> x23 = Neighbors(x2.AsSingle(), x3.AsSingle()).AsDouble();
            (Sse2.UnpackLow(x01, x23).AsSingle() + Sse2.UnpackHigh(x01, x23).AsSingle()).Store((float*)sums);
        }
        else
        {
            (sums[0], sums[1]) = (Vector128.Sum(x0), Vector128.Sum(x1));
            (sums[2], sums[3]) = (Vector128.Sum(x2), Vector128.Sum(x3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadFirst(T* source, nint count)
    {
        if (count >= Count)
        {
            return Load(source);
        }

        if (sizeof(T) == 8)
        {
            return Vector128.CreateScalar(*(long*)source).As<long, T>();
        }

        if (sizeof(T) == 4)
        {
            int* x = (int*)source;
            return Vector128.Create(x[0], count > 1 ? x[1] : 0, count > 2 ? x[2] : 0, 0).As<int, T>();
        }

        Vector128<T> lanes = default;
        new ReadOnlySpan<T>(source, (int)count).CopyTo(new Span<T>(&lanes, Count));
        return lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector128<T> value, T* destination, nint count) =>
        new ReadOnlySpan<T>(&value, (int)count).CopyTo(new Span<T>(destination, (int)count));

    /// <summary>x₀ + x₂, y₀ + y₂, x₁ + x₃, y₁ + y₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Neighbors(Vector128<float> x, Vector128<float> y) =>
        Sse.UnpackLow(x, y) + Sse.UnpackHigh(x, y);
}
