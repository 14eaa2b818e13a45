using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>128-bit vectors: NEON, SSE, or .NET's own scalar code where there is neither.</summary>
internal readonly unsafe struct Lanes128<T> : ILanes<T, Vector128<T>>
    where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePast(Vector128<T> value, T* destination) => value.StoreAlignedNonTemporal(destination);

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
        if (count >= Vector128<T>.Count)
        {
            return Vector128.Load(source);
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
        new ReadOnlySpan<T>(source, (int)count).CopyTo(new Span<T>(&lanes, Vector128<T>.Count));
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
