using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypatia.Benchmarks.ByHand;

/// <summary>Functions of the rows of a matrix, each row while it is in the cache; lengths are multiples of 64.</summary>
internal static class ByHandRows
{
    /// <summary>eˣ over its sum, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(ReadOnlySpan<float> x, Span<float> to, int columns)
    {
        for (int i = 0; i < x.Length; i += columns)
        {
            ReadOnlySpan<float> row = x.Slice(i, columns);
            Span<float> result = to.Slice(i, columns);
            Vector512<float> factor = Vector512.Create(1 / SumOfExp(row, Max(row), result));
            for (int j = 0; j < columns; j += 16)
            {
                (Vector512.Create((ReadOnlySpan<float>)result[j..]) * factor).CopyTo(result[j..]);
            }
        }
    }

    /// <summary>x − log Σ eˣ, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogSoftmax(ReadOnlySpan<float> x, Span<float> to, int columns)
    {
        for (int i = 0; i < x.Length; i += columns)
        {
            ReadOnlySpan<float> row = x.Slice(i, columns);
            float max = Max(row);
            Vector512<float> shift = Vector512.Create(max + MathF.Log(SumOfExp(row, max, default)));
            for (int j = 0; j < columns; j += 16)
            {
                (Vector512.Create(row[j..]) - shift).CopyTo(to[(i + j)..]);
            }
        }
    }

    /// <summary>log Σ eˣ, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogSumExp(ReadOnlySpan<float> x, Span<float> to, int columns)
    {
        for (int i = 0; i < to.Length; i++)
        {
            ReadOnlySpan<float> row = x.Slice(i * columns, columns);
            float max = Max(row);
            to[i] = max + MathF.Log(SumOfExp(row, max, default));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Max(ReadOnlySpan<float> row)
    {
        Vector512<float> a = Vector512.Create(row), b = a, c = a, d = a;
        for (int j = 0; j < row.Length; j += 64)
        {
            a = Vector512.MaxNative(a, Vector512.Create(row[j..]));
            b = Vector512.MaxNative(b, Vector512.Create(row[(j + 16)..]));
            c = Vector512.MaxNative(c, Vector512.Create(row[(j + 32)..]));
            d = Vector512.MaxNative(d, Vector512.Create(row[(j + 48)..]));
        }

        a = Vector512.MaxNative(Vector512.MaxNative(a, b), Vector512.MaxNative(c, d));
        float max = a[0];
        for (int lane = 1; lane < 16; lane++)
        {
            max = Math.Max(max, a[lane]);
        }

        return max;
    }

    // Σ e^(x − max); the terms are stored, too, unless there is no place for them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumOfExp(ReadOnlySpan<float> row, float max, Span<float> terms)
    {
        Vector512<float> shift = Vector512.Create(max), a = default, b = default;
        for (int j = 0; j < row.Length; j += 32)
        {
            Vector512<float> e = VectorMath.Exp(Vector512.Create(row[j..]) - shift);
            Vector512<float> f = VectorMath.Exp(Vector512.Create(row[(j + 16)..]) - shift);
            a += e;
            b += f;
            if (!terms.IsEmpty)
            {
                e.CopyTo(terms[j..]);
                f.CopyTo(terms[(j + 16)..]);
            }
        }

        return Vector512.Sum(a + b);
    }
}
