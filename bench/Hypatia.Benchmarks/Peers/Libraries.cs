using System.Runtime.InteropServices;
using Hypatia.Benchmarks.Measuring;
using Microsoft.ML.OnnxRuntime;

namespace Hypatia.Benchmarks.Peers;

/// <summary>Native libraries of matrix products, found where the system installs them: OpenBLAS and oneDNN.</summary>
internal static unsafe partial class Libraries
{
    private const int RowMajor = 101;
    private const int NotTransposed = 111;

    private static readonly Lazy<nint> OpenBlas = new(() => Load("libopenblas.so.0"));
    private static readonly Lazy<nint> OneDnn = new(() => Load("libdnnl.so.2", "libdnnl.so.3"));

    /// <summary>Clears what would force a library to slower kernels, before it is loaded, and sets its threads.</summary>
    public static void UseBestKernels(int threads)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Not by Environment.SetEnvironmentVariable, which native code does not see.
        UnsetVariable("OPENBLAS_CORETYPE");
        UnsetVariable("OPENBLAS_L2_SIZE");
        SetVariable("OPENBLAS_NUM_THREADS", $"{threads}", 1);
        SetVariable("OMP_NUM_THREADS", $"{threads}", 1);
    }

    /// <summary>Which are there.</summary>
    public static IEnumerable<string> Versions() =>
    [
        $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}",
        OpenBlas.Value == 0 ? "OpenBLAS not installed" : $"OpenBLAS ({CoreName()})",
        OneDnn.Value == 0 ? "oneDNN not installed" : "oneDNN",
        $"TensorPrimitives {typeof(System.Numerics.Tensors.TensorPrimitives).Assembly.GetName().Version}",
    ];

    /// <summary>Contenders for C = A·B: [m,k] · [k,n] → [m,n], of pinned row-major arrays.</summary>
    public static IReadOnlyList<Contender> Products(Array a, Array b, Array c, int m, int k, int n)
    {
        nint pa = Marshal.UnsafeAddrOfPinnedArrayElement(a, 0);
        nint pb = Marshal.UnsafeAddrOfPinnedArrayElement(b, 0);
        nint pc = Marshal.UnsafeAddrOfPinnedArrayElement(c, 0);
        NDArray result = NDArray.Wrap(c, m, n);
        bool isSingle = a is float[];
        List<Contender> contenders = [];
        if (OpenBlas.Value != 0 && isSingle)
        {
            var gemm = (delegate* unmanaged<int, int, int, int, int, int, float, nint, int, nint, int, float, nint, int, void>)
                NativeLibrary.GetExport(OpenBlas.Value, "cblas_sgemm");
            Add("OpenBLAS", () => gemm(RowMajor, NotTransposed, NotTransposed, m, n, k, 1, pa, k, pb, n, 0, pc, n));
        }
        else if (OpenBlas.Value != 0)
        {
            var gemm = (delegate* unmanaged<int, int, int, int, int, int, double, nint, int, nint, int, double, nint, int, void>)
                NativeLibrary.GetExport(OpenBlas.Value, "cblas_dgemm");
            Add("OpenBLAS", () => gemm(RowMajor, NotTransposed, NotTransposed, m, n, k, 1, pa, k, pb, n, 0, pc, n));
        }

        if (OneDnn.Value != 0 && isSingle)
        {
            var gemm = (delegate* unmanaged<byte, byte, long, long, long, float, nint, long, nint, long, float, nint, long, int>)
                NativeLibrary.GetExport(OneDnn.Value, "dnnl_sgemm");
            Add("oneDNN", () => _ = gemm((byte)'N', (byte)'N', m, n, k, 1, pa, k, pb, n, 0, pc, n));
        }

        return contenders;

        // The arrays live as long as someone may call.
        void Add(string name, Action call) => contenders.Add(new InProcess(
            name,
            () =>
            {
                call();
                GC.KeepAlive(a);
                GC.KeepAlive(b);
            },
            () => [result]));
    }

    private static string CoreName() =>
        Marshal.PtrToStringAnsi(((delegate* unmanaged<nint>)NativeLibrary.GetExport(OpenBlas.Value, "openblas_get_corename"))())!;

    private static nint Load(params string[] names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return library;
            }
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetVariable(string name);
}
