using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>512-bit vectors: AVX-512, 32 registers.</summary>
internal readonly unsafe struct Lanes512<T> : ILanes<T, Vector512<T>>
    where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePast(Vector512<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

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
        new ReadOnlySpan<T>(source, (int)count).CopyTo(new Span<T>(&lanes, Vector512<T>.Count));
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
