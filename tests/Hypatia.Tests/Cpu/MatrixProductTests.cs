using System.Numerics;
using System.Runtime.Intrinsics;
using Hypatia.Cpu.MatrixProducts;
using Hypatia.Cpu.Threading;

namespace Hypatia.Tests.Cpu;

public sealed class MatrixProductTests
{
    /// <summary>Lengths around every vector width, register block and thin-axis limit.</summary>
    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 5, 8, 12, 13, 16, 17, 31, 32, 33, 40];

    /// <summary>Lengths on several panels, k-blocks and stages, and every kind of thin product.</summary>
    private static readonly (int M, int N, int K)[] LargeSizes =
    [
        (129, 257, 300), (255, 96, 1100), (61, 67, 4133), (300, 2, 1000), (2, 300, 1000), (1, 1000, 777),
        (1000, 1, 777), (1, 1, 5000), (500, 1000, 2), (500, 999, 7), (4, 4, 9001), (16, 16, 3000), (7, 2049, 65),
        (4097, 3, 33), (5, 4100, 3), (97, 4099, 17), (4100, 33, 20), (17, 530, 500), (530, 17, 500), (3, 1001, 1300), (66001, 1, 65), (33002, 2, 70),
    ];

    private static readonly MatrixLayout[] Orders = [MatrixLayout.RowMajor, MatrixLayout.ColumnMajor];

    public static TheoryData<int> VectorBits
    {
        get
        {
            TheoryData<int> bits = [];
            bits.Add(128);
            if (Vector256.IsHardwareAccelerated)
            {
                bits.Add(256);
            }

            if (Vector512.IsHardwareAccelerated)
            {
                bits.Add(512);
            }

            return bits;
        }
    }

    [Theory]
    [MemberData(nameof(VectorBits))]
    public void Every_small_size_matches_the_formula(int bits)
    {
        foreach (int m in Lengths)
        {
            foreach (int n in Lengths)
            {
                foreach (int k in Lengths)
                {
                    foreach (MatrixLayout order in Orders)
                    {
                        Check<float>(bits, 1, m, n, k, order, order, MatrixLayout.RowMajor, false);
                        Check<double>(bits, 1, m, n, k, order, MatrixLayout.RowMajor, MatrixLayout.RowMajor, true);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(VectorBits))]
    public void Large_sizes_match_the_formula(int bits)
    {
        foreach ((int m, int n, int k) in LargeSizes)
        {
            foreach (MatrixLayout order in Orders)
            {
                Check<float>(bits, 1, m, n, k, order, MatrixLayout.RowMajor, MatrixLayout.RowMajor, true);
                Check<double>(bits, 1, m, n, k, MatrixLayout.RowMajor, order, MatrixLayout.RowMajor, false);
            }
        }
    }

    [Theory]
    [MemberData(nameof(VectorBits))]
    public void Every_layout_of_each_operand_gives_the_same_product(int bits)
    {
        (int M, int N, int K)[] sizes = [(5, 6, 7), (40, 70, 33), (3, 90, 40), (90, 3, 40), (30, 50, 2)];
        foreach (MatrixLayout a in Enum.GetValues<MatrixLayout>())
        {
            foreach (MatrixLayout b in Enum.GetValues<MatrixLayout>())
            {
                foreach (MatrixLayout c in Enum.GetValues<MatrixLayout>().Where(c => c < MatrixLayout.RowRepeated))
                {
                    (int m, int n, int k) = sizes[((int)a + 2 * (int)b + 3 * (int)c) % sizes.Length];
                    Check<float>(bits, 1, m, n, k, a, b, c, true);
                    Check<double>(bits, 1, n, m, k, a, b, c, false);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(VectorBits))]
    public void A_narrow_last_panel_is_packed_once(int bits)
    {
        using WorkerPool pool = new(2);
        for (int repeat = 0; repeat < 60; repeat++)
        {
            Check<double>(bits, 1, 10, 95, 44, MatrixLayout.RowMajor, MatrixLayout.PaddedRows, MatrixLayout.RowMajor, true, pool);
        }
    }

    [Theory]
    [MemberData(nameof(VectorBits))]
    public void Random_products_match_the_formula_and_are_finished(int bits)
    {
        System.Random random = new(bits);
        using WorkerPool pool = new(2);
        MatrixLayout[] layouts = Enum.GetValues<MatrixLayout>();
        for (int draw = 0; draw < 150; draw++)
        {
            int Length() => (int)Math.Exp(random.NextDouble() * Math.Log(170));
            (int batch, int m, int n, int k) = (random.Next(1, 4), Length(), Length(), Length() * (draw % 10 == 0 ? 5 : 1));
            MatrixLayout a = layouts[random.Next(layouts.Length)], b = layouts[random.Next(layouts.Length)];
            MatrixLayout c = layouts[random.Next((int)MatrixLayout.RowRepeated)];
            bool accumulate = random.Next(2) == 0;
            WorkerPool? on = random.Next(2) == 0 ? pool : null;
            if (draw % 2 == 0)
            {
                Check<float>(bits, batch, m, n, k, a, b, c, accumulate, on, finish: true);
            }
            else
            {
                Check<double>(bits, batch, m, n, k, a, b, c, accumulate, on, finish: true);
            }
        }
    }

    [Fact]
    public void Layouts_that_are_packed_give_the_same_product()
    {
        foreach (MatrixLayout a in Enum.GetValues<MatrixLayout>())
        {
            Check<float>(512, 1, 131, 133, 400, a, MatrixLayout.RowMajor, MatrixLayout.ColumnMajorReversed, false);
            Check<float>(512, 1, 131, 133, 400, MatrixLayout.ColumnMajor, a, MatrixLayout.RowMajor, true);
            Check<double>(256, 1, 131, 133, 400, a, a, MatrixLayout.ColumnMajor, true);
        }
    }

    [Theory]
    [InlineData(7, 4, 5, 6)]
    [InlineData(3, 64, 64, 64)]
    [InlineData(2, 200, 150, 170)]
    [InlineData(300, 9, 1, 8)]
    [InlineData(0, 4, 4, 4)]
    public void Each_element_of_a_batch_is_multiplied(int batch, int m, int n, int k)
    {
        using WorkerPool pool = new(3);
        (MatrixLayout rows, MatrixLayout columns) = (MatrixLayout.RowMajor, MatrixLayout.ColumnMajor);
        Check<float>(512, batch, m, n, k, rows, columns, rows, true, pool);
        Check<double>(256, batch, m, n, k, columns, rows, MatrixLayout.PaddedRows, false, pool);
    }

    [Fact]
    public void Integer_products_wrap_and_are_exact()
    {
        CheckInteger<sbyte>();
        CheckInteger<short>();
        CheckInteger<int>();
        CheckInteger<uint>();
        CheckInteger<long>();
    }

    [Fact]
    public void Bits_are_the_same_at_any_thread_count()
    {
        foreach ((int m, int n, int k) in LargeSizes)
        {
            float[] alone = Product<float>(m, n, k, null);
            foreach (int threads in (int[])[1, 2, 4, 8])
            {
                using WorkerPool pool = new(threads);
                bool same = alone.AsSpan().SequenceEqual(Product<float>(m, n, k, pool));
                Assert.True(same, $"{m}×{k}·{k}×{n}, {threads} threads");
            }
        }
    }

    [Fact]
    public void An_infinity_or_NaN_reaches_only_the_elements_it_enters()
    {
        (int M, int N, int K)[] sizes = [(40, 50, 60), (200, 3, 300), (3, 200, 300), (100, 200, 3)];
        foreach ((int m, int n, int k) in sizes)
        {
            System.Random random = new(3);
            using MatrixOperand<float> a = new(MatrixLayout.RowMajor, 1, m, k, 0, () => random.NextSingle() + 1);
            using MatrixOperand<float> b = new(MatrixLayout.RowMajor, 1, k, n, 0, () => random.NextSingle() + 1);
            using MatrixOperand<float> c = new(MatrixLayout.RowMajor, 1, m, n, 0, () => 0);
            a[0, 1, 1] = float.NaN;
            b[0, 2, 2] = float.PositiveInfinity;
            Multiply(512, a, b, c, false, null);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    bool asExpected = i == 1 ? float.IsNaN(c[0, i, j])
                        : j == 2 ? float.IsPositiveInfinity(c[0, i, j])
                        : float.IsFinite(c[0, i, j]);
                    Assert.True(asExpected, $"[{i},{j}] of {m}×{n} is {c[0, i, j]}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(VectorBits))]
    public void A_result_that_no_cache_holds_is_complete(int bits)
    {
        const int m = 8201, n = 1027;       // 33.7 MB, and rows that begin at any place of a vector
        using WorkerPool pool = new(2);
        foreach (int k in (int[])[1, 2, 3])
        {
            int next = 0;
            using MatrixOperand<float> a = new(MatrixLayout.RowMajor, 1, m, k, 0, () => next++ % 17);
            using MatrixOperand<float> b = new(MatrixLayout.RowMajor, 1, k, n, 0, () => next++ % 31);
            using MatrixOperand<float> c = new(MatrixLayout.PaddedRows, 1, m, n, -1, () => 0);
            Multiply(bits, a, b, c, false, pool);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    float sum = 0;
                    for (int s = 0; s < k; s++)
                    {
                        sum += a[0, i, s] * b[0, s, j];
                    }

                    Assert.Equal(sum, c[0, i, j]);
                }
            }

            Assert.True(c.GapsAreIntact());
        }
    }

    [Fact]
    public void An_empty_sum_is_zero()
    {
        using MatrixOperand<float> a = new(MatrixLayout.RowMajor, 1, 3, 0, 0, () => 0);
        using MatrixOperand<float> b = new(MatrixLayout.RowMajor, 1, 0, 4, 0, () => 0);
        using MatrixOperand<float> c = new(MatrixLayout.BothStrided, 1, 3, 4, -1, () => 7);
        Multiply(512, a, b, c, true, null);
        Assert.All(c.ToArray(), x => Assert.Equal(7f, x));
        Multiply(512, a, b, c, false, null);
        Assert.All(c.ToArray(), x => Assert.Equal(0f, x));
        Assert.True(c.GapsAreIntact());
    }

    [Theory]
    [MemberData(nameof(VectorBits))]
    public unsafe void Each_element_is_finished_once_when_its_sum_is_complete(int bits)
    {
        using WorkerPool pool = new(3);
        foreach ((int m, int n, int k) in ((int, int, int)[])[.. LargeSizes, (1, 1, 1), (33, 65, 129), (200, 400, 5), (100, 100, 100), (27, 40, 256)])
        {
            foreach (MatrixLayout layout in Orders)
            {
                float[] expected = Product<float>(m, n, k, null, bits, layout);
                float[] actual = Product<float>(m, n, k, pool, bits, layout, finish: true);
                for (int e = 0; e < expected.Length; e++)
                {
                    Assert.Equal(2 * expected[e] + (e / n) - (e % n), actual[e]);
                }
            }
        }
    }

    private static T[] Product<T>(int m, int n, int k, WorkerPool? pool)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Product<T>(m, n, k, pool, 512, MatrixLayout.RowMajor);

    private static unsafe T[] Product<T>(
        int m, int n, int k, WorkerPool? pool, int bits, MatrixLayout layout, bool finish = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        System.Random random = new(5);
        T Element() => T.CreateTruncating(random.NextDouble() - 0.5);
        using MatrixOperand<T> a = new(MatrixLayout.RowMajor, 1, m, k, T.NaN, Element);
        using MatrixOperand<T> b = new(MatrixLayout.RowMajor, 1, k, n, T.NaN, Element);
        using MatrixOperand<T> c = new(layout, 1, m, n, T.NaN, Element);
        Finishing<T> context = new(c.First, c.Strides);
        ProductEpilogue epilogue = finish ? new(&Finish<T>, &context) : default;
        MatrixProductShape shape = new(1, m, n, k, a.Strides, b.Strides, c.Strides);
        MatrixProduct.RunWithVectors(bits, shape, a.First, b.First, c.First, pool, true, epilogue);
        return c.ToArray();
    }

    /// <summary>c[i,j] ← 2·c[i,j] + i − j.</summary>
    private static unsafe void Finish<T>(void* context, ProductRegion region)
        where T : unmanaged, INumber<T>
    {
        var of = (Finishing<T>*)context;
        for (long i = region.Row; i < region.Row + region.Rows; i++)
        {
            for (long j = region.Column; j < region.Column + region.Columns; j++)
            {
                T* c = of->C + (region.Batch * of->Strides.Batch) + (i * of->Strides.Row) + (j * of->Strides.Column);
                *c = *c + *c + T.CreateTruncating(i) - T.CreateTruncating(j);
            }
        }
    }

    /// <summary>Compares with the double formula, within the rounding of k + 1 products and sums in any order.</summary>
    private static void Check<T>(
        int bits, int batch, int m, int n, int k, MatrixLayout layoutA, MatrixLayout layoutB, MatrixLayout layoutC,
        bool accumulate, WorkerPool? pool = null, bool finish = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        System.Random random = new(m + 41 * n + 1681 * k);
        T Element() => T.CreateTruncating(random.NextDouble() * 2 - 1);
        using MatrixOperand<T> a = new(layoutA, batch, m, k, T.NaN, Element);
        using MatrixOperand<T> b = new(layoutB, batch, k, n, T.NaN, Element);
        using MatrixOperand<T> c = new(layoutC, batch, m, n, T.CreateTruncating(77), Element);
        T[] before = c.ToArray();
        Multiply(bits, a, b, c, accumulate, pool, finish);

        double roundoff = typeof(T) == typeof(float) ? Math.Pow(2, -24) : Math.Pow(2, -52);
        for (int e = 0; e < before.Length; e++)
        {
            (int l, int i, int j) = (e / (m * n), e / n % m, e % n);
            double sum = accumulate ? double.CreateTruncating(before[e]) : 0;
            double size = Math.Abs(sum);
            for (int h = 0; h < k; h++)
            {
                double term = double.CreateTruncating(a[l, i, h]) * double.CreateTruncating(b[l, h, j]);
                sum += term;
                size += Math.Abs(term);
            }

            (sum, size) = finish ? (2 * sum + i - j, 2 * size + i + j) : (sum, size);
            double error = Math.Abs(double.CreateTruncating(c[l, i, j]) - sum);
            if (!(error <= (k + 4) * roundoff * size))
            {
                Assert.Fail(
                    $"{typeof(T).Name} {bits} [{l},{i},{j}] of {m}×{k}·{k}×{n}, {layoutA}·{layoutB}→{layoutC}, "
                    + $"accumulate {accumulate}: {c[l, i, j]}, not {sum}");
            }
        }

        Assert.True(c.GapsAreIntact(), $"{typeof(T).Name} {bits} {m}×{k}·{k}×{n} {layoutC} wrote past its elements");
    }

    private static void CheckInteger<T>()
        where T : unmanaged, IBinaryInteger<T>
    {
        (int M, int N, int K)[] sizes = [(1, 1, 9), (13, 35, 21), (70, 90, 80), (3, 200, 50), (200, 3, 50)];
        foreach ((int m, int n, int k) in sizes)
        {
            System.Random random = new(9);
            T Element() => T.CreateTruncating(random.NextInt64());
            using MatrixOperand<T> a = new(MatrixLayout.RowMajor, 1, m, k, T.Zero, Element);
            using MatrixOperand<T> b = new(MatrixLayout.ColumnMajor, 1, k, n, T.Zero, Element);
            using MatrixOperand<T> c = new(MatrixLayout.RowMajor, 1, m, n, T.Zero, Element);
            Multiply(512, a, b, c, false, null);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    T sum = T.Zero;
                    for (int h = 0; h < k; h++)
                    {
                        sum += a[0, i, h] * b[0, h, j];
                    }

                    Assert.Equal(sum, c[0, i, j]);
                }
            }
        }
    }

    private readonly unsafe struct Finishing<T>(T* c, MatrixStrides strides)
        where T : unmanaged
    {
        public readonly T* C = c;
        public readonly MatrixStrides Strides = strides;
    }

    private static unsafe void Multiply<T>(
        int bits, MatrixOperand<T> a, MatrixOperand<T> b, MatrixOperand<T> c, bool accumulate, WorkerPool? pool,
        bool finish = false)
        where T : unmanaged, INumber<T>
    {
        Finishing<T> context = new(c.First, c.Strides);
        ProductEpilogue epilogue = finish ? new(&Finish<T>, &context) : default;
        MatrixProductShape shape = new(
            c.BatchLength, c.Rows, c.Columns, a.Columns, a.Strides, b.Strides, c.Strides);
        MatrixProduct.RunWithVectors(bits, shape, a.First, b.First, c.First, pool, accumulate, epilogue);
    }
}
