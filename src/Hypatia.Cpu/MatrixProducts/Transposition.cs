using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Transposes a square block in registers: to[k·toRow + j] = from[j·row + k].</summary>
/// <remarks>
/// Elements of 4 and 8 bytes go in blocks of a cache line with AVX-512 and of 16 bytes with SSE; others singly.
/// First within the 128-bit lanes of the vectors, then the lanes themselves.
/// </remarks>
internal static unsafe class Transposition
{
    /// <summary>Rows and columns of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length<T>()
        where T : unmanaged =>
        sizeof(T) is not (4 or 8) ? 1 : Avx512F.IsSupported ? 64 / sizeof(T) : SmallLength<T>();

    /// <summary>Rows and columns of a small block, for what is left of others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SmallLength<T>()
        where T : unmanaged =>
        sizeof(T) is 4 or 8 && Sse2.IsSupported ? 16 / sizeof(T) : 1;

    /// <summary>Transposes one block.</summary>
    /// <remarks>Unsafe: both blocks are the caller's, and do not overlap.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block<T>(T* from, nint row, T* to, nint toRow)
        where T : unmanaged
    {
        if (sizeof(T) == 4 && Avx512F.IsSupported)
        {
            Block16((float*)from, row, (float*)to, toRow);
        }
        else if (sizeof(T) == 8 && Avx512F.IsSupported)
        {
            Block8((double*)from, row, (double*)to, toRow);
        }
        else
        {
            SmallBlock(from, row, to, toRow);
        }
    }

    /// <summary>Transposes one small block.</summary>
    /// <remarks>Unsafe: both blocks are the caller's, and do not overlap.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SmallBlock<T>(T* from, nint row, T* to, nint toRow)
        where T : unmanaged
    {
        if (sizeof(T) == 4 && Sse2.IsSupported)
        {
            Block4((float*)from, row, (float*)to, toRow);
        }
        else if (sizeof(T) == 8 && Sse2.IsSupported)
        {
            Block2((double*)from, row, (double*)to, toRow);
        }
        else
        {
            *to = *from;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block16(float* from, nint row, float* to, nint toRow)
    {
        Lanes4(from + 0 * row, row, out var x00, out var x01, out var x02, out var x03);
        Lanes4(from + 4 * row, row, out var x10, out var x11, out var x12, out var x13);
        Lanes4(from + 8 * row, row, out var x20, out var x21, out var x22, out var x23);
        Lanes4(from + 12 * row, row, out var x30, out var x31, out var x32, out var x33);
        StoreLanes(x00, x10, x20, x30, to + 0 * toRow, 4 * toRow);
        StoreLanes(x01, x11, x21, x31, to + 1 * toRow, 4 * toRow);
        StoreLanes(x02, x12, x22, x32, to + 2 * toRow, 4 * toRow);
        StoreLanes(x03, x13, x23, x33, to + 3 * toRow, 4 * toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8(double* from, nint row, double* to, nint toRow)
    {
        Lanes2(from + 0 * row, row, out var x00, out var x01);
        Lanes2(from + 2 * row, row, out var x10, out var x11);
        Lanes2(from + 4 * row, row, out var x20, out var x21);
        Lanes2(from + 6 * row, row, out var x30, out var x31);
        StoreLanes(x00, x10, x20, x30, (float*)(to + 0 * toRow), 4 * toRow);
        StoreLanes(x01, x11, x21, x31, (float*)(to + 1 * toRow), 4 * toRow);
    }

    /// <summary>Of 4 rows: lane l of yᵢ is column 4l + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes4(
        float* from, nint row, out Vector512<float> y0, out Vector512<float> y1, out Vector512<float> y2,
        out Vector512<float> y3)
    {
        Vector512<float> a = Vector512.Load(from);
        Vector512<float> b = Vector512.Load(from + row);
        Vector512<float> c = Vector512.Load(from + 2 * row);
        Vector512<float> d = Vector512.Load(from + 3 * row);
        Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble();
        Vector512<double> cd = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> abHigh = Avx512F.UnpackHigh(a, b).AsDouble();
        Vector512<double> cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        y0 = Avx512F.UnpackLow(ab, cd).AsSingle();
        y1 = Avx512F.UnpackHigh(ab, cd).AsSingle();
        y2 = Avx512F.UnpackLow(abHigh, cdHigh).AsSingle();
        y3 = Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle();
    }

    /// <summary>Of 2 rows: lane l of yᵢ is column 2l + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes2(double* from, nint row, out Vector512<float> y0, out Vector512<float> y1)
    {
        Vector512<double> a = Vector512.Load(from);
        Vector512<double> b = Vector512.Load(from + row);
        y0 = Avx512F.UnpackLow(a, b).AsSingle();
        y1 = Avx512F.UnpackHigh(a, b).AsSingle();
    }

    /// <summary>Stores lane l of x₀ … x₃ side by side at to + l·toRow; strides in elements of 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes(
        Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3, float* to, nint toRow)
    {
        Vector512<float> low01 = Avx512F.Shuffle4x128(x0, x1, 0b01_00_01_00);
        Vector512<float> low23 = Avx512F.Shuffle4x128(x2, x3, 0b01_00_01_00);
        Vector512<float> high01 = Avx512F.Shuffle4x128(x0, x1, 0b11_10_11_10);
        Vector512<float> high23 = Avx512F.Shuffle4x128(x2, x3, 0b11_10_11_10);
        Avx512F.Shuffle4x128(low01, low23, 0b10_00_10_00).Store(to);
        Avx512F.Shuffle4x128(low01, low23, 0b11_01_11_01).Store(to + toRow);
        Avx512F.Shuffle4x128(high01, high23, 0b10_00_10_00).Store(to + 2 * toRow);
        Avx512F.Shuffle4x128(high01, high23, 0b11_01_11_01).Store(to + 3 * toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block4(float* from, nint row, float* to, nint toRow)
    {
        Vector128<float> a = Vector128.Load(from);
        Vector128<float> b = Vector128.Load(from + row);
        Vector128<float> c = Vector128.Load(from + 2 * row);
        Vector128<float> d = Vector128.Load(from + 3 * row);
        Vector128<float> ab = Sse.UnpackLow(a, b);
        Vector128<float> cd = Sse.UnpackLow(c, d);
        Vector128<float> abHigh = Sse.UnpackHigh(a, b);
        Vector128<float> cdHigh = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(to);
        Sse.MoveHighToLow(cd, ab).Store(to + toRow);
        Sse.MoveLowToHigh(abHigh, cdHigh).Store(to + 2 * toRow);
        Sse.MoveHighToLow(cdHigh, abHigh).Store(to + 3 * toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block2(double* from, nint row, double* to, nint toRow)
    {
        Vector128<double> a = Vector128.Load(from);
        Vector128<double> b = Vector128.Load(from + row);
        Sse2.UnpackLow(a, b).Store(to);
        Sse2.UnpackHigh(a, b).Store(to + toRow);
    }
}
