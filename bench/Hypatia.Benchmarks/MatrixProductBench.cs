using System.Diagnostics;
using System.Runtime.InteropServices;
using Hypatia.Cpu.MatrixProducts;
using Hypatia.Cpu.Threading;

namespace Hypatia.Benchmarks;

/// <summary>Speed of the matrix product by size, in 10⁹ operations per second, beside libraries given by file.</summary>
/// <remarks>
/// Contestants take turns, each for a batch of calls of about 10 ms; a figure is the median over the turns. Peers run
/// on one thread: set OPENBLAS_NUM_THREADS=1 and OMP_NUM_THREADS=1.
/// </remarks>
internal static unsafe class MatrixProductBench
{
    private const double BatchSeconds = 0.01;

    private static readonly (int M, int K, int N)[] Sizes =
    [
        (8, 8, 8), (16, 16, 16), (32, 32, 32), (64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512),
        (1024, 1024, 1024), (2048, 2048, 2048),
        (100, 100, 100), (1000, 1000, 1000), (256, 784, 1024), (256, 1024, 1024), (5000, 2, 1000), (5000, 1000, 2),
        (5000, 1000, 10), (2, 5000, 1000), (784, 256, 10), (1, 1024, 1024), (1024, 1024, 1), (5000, 16, 1000),
    ];

    private delegate void Multiply();

    public static int Run(string[] options)
    {
        string? only = Option(options, "--only");
        int repeats = int.Parse(Option(options, "--repeats") ?? "15");
        nint openBlas = Load(Option(options, "--openblas"));
        nint oneDnn = Load(Option(options, "--onednn"));
        using WorkerPool pool = new(Environment.ProcessorCount);
        Console.WriteLine($"GF/s, medians of {repeats} turns; all = {pool.Threads} threads");
        foreach ((int m, int k, int n) in Sizes)
        {
            Compare<float>("s", m, k, n);
            Compare<double>("d", m, k, n);
        }

        return 0;

        void Compare<T>(string letter, int m, int k, int n)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            string name = $"{letter} {m}×{k}×{n}";
            if (only is not null && !name.Contains(only, StringComparison.Ordinal))
            {
                return;
            }

            T* a = Matrix<T>(m, k);
            T* b = Matrix<T>(k, n);
            T* c = Matrix<T>(m, n);
            MatrixProductShape shape = MatrixProductShape.Contiguous(m, n, k);
            MatrixProductShape transposedA = shape with { A = new(0, 1, m) };
            MatrixProductShape transposedB = shape with { B = new(0, 1, k) };
            List<(string Name, Multiply Call)> contestants =
            [
                ("one", () => MatrixProduct.Run(shape, a, b, c, null, false)),
                ("all", () => MatrixProduct.Run(shape, a, b, c, pool, false)),
                ("Aᵀ", () => MatrixProduct.Run(transposedA, a, b, c, null, false)),
                ("Bᵀ", () => MatrixProduct.Run(transposedB, a, b, c, null, false)),
            ];
            AddPeers<T>(contestants, openBlas, oneDnn, m, k, n, a, b, c);
            double[] medians = Medians(contestants, 2.0 * m * k * n, repeats);
            Console.WriteLine(
                $"{name,-18}" + string.Concat(contestants.Zip(medians, (x, g) => $"  {x.Name} {g,6:F1}")));
            NativeMemory.AlignedFree(a);
            NativeMemory.AlignedFree(b);
            NativeMemory.AlignedFree(c);
        }
    }

    private static void AddPeers<T>(
        List<(string Name, Multiply Call)> contestants, nint openBlas, nint oneDnn, int m, int k, int n,
        T* a, T* b, T* c)
        where T : unmanaged
    {
        const int rowMajor = 101;
        const int plain = 111;
        if (openBlas != 0 && typeof(T) == typeof(float))
        {
            var gemm = (delegate* unmanaged<int, int, int, int, int, int, float, void*, int, void*, int, float, void*,
                int, void>)NativeLibrary.GetExport(openBlas, "cblas_sgemm");
            contestants.Add(("OpenBLAS", () => gemm(rowMajor, plain, plain, m, n, k, 1, a, k, b, n, 0, c, n)));
        }

        if (openBlas != 0 && typeof(T) == typeof(double))
        {
            var gemm = (delegate* unmanaged<int, int, int, int, int, int, double, void*, int, void*, int, double,
                void*, int, void>)NativeLibrary.GetExport(openBlas, "cblas_dgemm");
            contestants.Add(("OpenBLAS", () => gemm(rowMajor, plain, plain, m, n, k, 1, a, k, b, n, 0, c, n)));
        }

        if (oneDnn != 0 && typeof(T) == typeof(float))
        {
            var gemm = (delegate* unmanaged<byte, byte, long, long, long, float, void*, long, void*, long, float,
                void*, long, int>)NativeLibrary.GetExport(oneDnn, "dnnl_sgemm");
            contestants.Add(("oneDNN", () => _ = gemm((byte)'N', (byte)'N', m, n, k, 1, a, k, b, n, 0, c, n)));
        }
    }

    private static double[] Medians(List<(string Name, Multiply Call)> contestants, double work, int repeats)
    {
        double[][] rates = [.. contestants.Select(_ => new double[repeats])];
        long[] calls = [.. contestants.Select(x => Calibrate(x.Call))];
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            for (int i = 0; i < rates.Length; i++)
            {
                rates[i][repeat] = work * calls[i] / Time(contestants[i].Call, calls[i]) / 1e9;
            }
        }

        return [.. rates.Select(x => x.Order().ElementAt(repeats / 2))];
    }

    /// <summary>The number of calls that fill a batch, once the code has been compiled fully.</summary>
    private static long Calibrate(Multiply call)
    {
        Time(call, 40);
        Thread.Sleep(150);                  // the JIT promotes hot methods 100 ms after the last new one
        long calls = 1;
        while (Time(call, calls) < BatchSeconds)
        {
            calls *= 2;
        }

        return calls;
    }

    private static double Time(Multiply call, long calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < calls; i++)
        {
            call();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static T* Matrix<T>(int rows, int columns)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        T* memory = (T*)NativeMemory.AlignedAlloc((nuint)((long)rows * columns * sizeof(T)), 64);
        System.Random random = new(1);
        for (long i = 0; i < (long)rows * columns; i++)
        {
            memory[i] = T.CreateTruncating(random.NextDouble() - 0.5);
        }

        return memory;
    }

    private static string? Option(string[] options, string name)
    {
        int i = Array.IndexOf(options, name);
        return i >= 0 && i + 1 < options.Length ? options[i + 1] : null;
    }

    private static nint Load(string? file) => file is null ? 0 : NativeLibrary.Load(file);
}
