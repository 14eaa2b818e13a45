using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;
using Hypatia.Cpu.MatrixProducts;
using Hypatia.Cpu.Threading;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Products of matrices of many shapes; a row each.</summary>
internal sealed class MatrixProductSizes(DType dtype) : Question
{
    private const double SharePerBestLibrary = 0.9;

    private static readonly (int M, int K, int N)[] Sizes =
    [
        (64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048),
        (100, 100, 100), (1000, 1000, 1000), (256, 784, 1024), (256, 1024, 1024), (5000, 2, 1000), (5000, 1000, 2),
        (5000, 1000, 10), (2, 5000, 1000), (784, 256, 10), (1, 1024, 1024), (1024, 1024, 1), (5000, 16, 1000),
    ];

    public override string Name => dtype == DType.Float32 ? "sgemm" : "dgemm";

    public override string Program => $"products [m,k] · [k,n], {dtype.Name()}, the function `x.Dot(y)` called; "
        + "due: the best library's time / 0.9. `kernel`: Hypatia's product without the call; `Aᵀ`, `Bᵀ`: with an operand transposed.";

    public override string Limit => $"Peak arithmetic for large sizes ({(dtype == DType.Float32 ? 64 : 32)} operations a cycle); "
        + "memory where an operand is a few rows or columns.";

    /// <summary>A function of two matrices.</summary>
    public static Function Compile(DType dtype)
    {
        Expr a = T.Tensor(dtype, Shape.UnknownOf(2), "a"), b = T.Tensor(dtype, Shape.UnknownOf(2), "b");
        return T.Function([a, b], a.Dot(b));
    }

    public override IEnumerable<Row> Measure(Settings settings)
    {
        Function product = WithThreads(settings.Threads, () => Compile(dtype));
        foreach ((int m, int k, int n) in Sizes)
        {
            NDArray a = Draw.Normal(dtype, 1, m, k), b = Draw.Normal(dtype, 1, k, n);
            List<Contender> contenders = [Compiled.Of(product, a, b), .. Kernels(settings.Threads, m, k, n, a, b)];
            contenders.AddRange(Libraries.Products(Pinned(a), Pinned(b), Pinned(Draw.Zeros(dtype, m, n)), m, k, n));
            contenders.Add(new Onnx().Node("MatMul", ["a", "b"], "c")
                .Contender(settings.Threads, [("a", a), ("b", b)], [("c", Draw.Zeros(dtype, m, n))]));
            contenders.AddRange(PythonPeer.Contenders("product", settings.Threads, ("a", a), ("b", b)));
            try
            {
                CheckAll(contenders, dtype);
                Turns turns = Turns.Run(contenders, settings.Repeats, settings.Threads);
                string[] libraries = [.. turns.Names.Where(name => name is "OpenBLAS" or "oneDNN" or "ONNX Runtime")];
                Row row = Row.Of($"{Name} {m}×{k}×{n}", turns, null);
                double rate = 2e-9 * m * k * n / turns.Seconds(Hypatia);
                yield return row with
                {
                    Value = $"{row.Value} ({rate:F0} GF/s)",
                    Due = libraries.Max(name => turns.Ratio(Hypatia, name)) * SharePerBestLibrary,
                };
            }
            finally
            {
                contenders.ForEach(contender => contender.Dispose());
            }
        }
    }

    private static void CheckAll(List<Contender> contenders, DType dtype)
    {
        NDArray[] expected = contenders[0].Result();
        foreach (Contender contender in contenders.Skip(1).Where(contender => contender.Name is not ("Aᵀ" or "Bᵀ")))
        {
            Agreement.Check(contender.Name, contender.Result(), Hypatia, expected, dtype == DType.Float32 ? 1e-5 : 1e-13);
        }
    }

    private unsafe List<Contender> Kernels(int threads, int m, int k, int n, NDArray a, NDArray b)
    {
        WorkerPool? pool = threads == 1 ? null : new WorkerPool(threads);
        MatrixProductShape plain = MatrixProductShape.Contiguous(m, n, k);
        NDArray c = Draw.Zeros(dtype, m, n);
        return
        [
            Kernel("kernel", plain), Kernel("Aᵀ", plain with { A = new(0, 1, m) }), Kernel("Bᵀ", plain with { B = new(0, 1, k) }),
        ];

        Contender Kernel(string name, MatrixProductShape shape) => dtype == DType.Float32
            ? Call<float>(name, shape)
            : Call<double>(name, shape);

        // The arrays of benches are never moved.
        Contender Call<T>(string name, MatrixProductShape shape)
            where T : unmanaged, System.Numerics.INumber<T>
        {
            fixed (T* pa = a.AsSpan<T>(), pb = b.AsSpan<T>(), pc = c.AsSpan<T>())
            {
                (nint x, nint y, nint z) = ((nint)pa, (nint)pb, (nint)pc);
                return new InProcess(name, () => MatrixProduct.Run(shape, (T*)x, (T*)y, (T*)z, pool, false), () => [c]);
            }
        }
    }

    private Array Pinned(NDArray array)
    {
        if (dtype == DType.Float32)
        {
            float[] single = GC.AllocateUninitializedArray<float>((int)array.Count, pinned: true);
            array.AsSpan<float>().CopyTo(single);
            return single;
        }

        double[] values = GC.AllocateUninitializedArray<double>((int)array.Count, pinned: true);
        array.AsSpan<double>().CopyTo(values);
        return values;
    }
}
