using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>256-bit vectors: AVX2, 16 registers.</summary>
internal readonly unsafe struct Lanes256<T> : ILanes<T, Vector256<T>>
    where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePast(Vector256<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

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
        new ReadOnlySpan<T>(source, (int)count).CopyTo(new Span<T>(&lanes, Vector256<T>.Count));
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
