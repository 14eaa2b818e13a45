namespace Hypatia.Compilation;

/// <summary>
/// Compiles a small network on a thread of its own, once, while the program builds its first expressions: what the runtime
/// loads and prepares at first use, types and code of the compiler, is then there for its functions.
/// </summary>
internal static class WarmUp
{
    /// <summary>More than the tutorial's step takes, the sample included.</summary>
    private const int TouchedBytes = 4 << 20;

    /// <summary>Little enough to be among the youngest objects.</summary>
    private const int PieceBytes = 64 << 10;

    private const int PageBytes = 4096;

    private static int _isStarted;

    /// <summary>Starts it if there is a core for it, and a program that will not miss it.</summary>
    public static void Start()
    {
        if (_isStarted == 0 && Interlocked.Exchange(ref _isStarted, 1) == 0
            && Environment.ProcessorCount > 1 && Options.Current is { Debug: 0, Device: "cpu", CustomDevice: null })
        {
            new Thread(Run) { IsBackground = true, Name = "Hypatia: warm-up" }.Start(Options.Current with { Threads = 1, FloatX = DType.Float64 });
        }
    }

    /// <summary>Makes and calls a step of gradient descent: most of what programs use.</summary>
    public static void CompileSample()
    {
        Expr x = T.Matrix("x"), y = T.LVector("y");
        Shared w = T.Shared(new double[2, 2]), b = T.Shared(new double[2]);
        Expr loss = NNet.CategoricalCrossentropy(NNet.Softmax(T.Tanh(x.Dot(w) + b)), y).Mean() + (0.01 * T.Sum(T.Sqr(w)));
        Shared[] parameters = [w, b];
        T.Function([x, y], updates: [.. parameters.Select(parameter => (parameter, parameter - (0.1 * T.Grad(loss, parameter))))])
            .Call(new double[16, 2], new long[16]);
    }

    /// <summary>Touches memory, and lets go of it: that costs the program's thread microseconds a page where it is the first to do so.</summary>
    private static void TouchMemory()
    {
        for (int done = 0; done < TouchedBytes; done += PieceBytes)
        {
            byte[] piece = GC.AllocateUninitializedArray<byte>(PieceBytes);
            for (int k = 0; k < piece.Length; k += PageBytes)
            {
                piece[k] = 1;
            }
        }

        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
    }

    private static void Run(object? options)
    {
        using IDisposable use = Options.Use((Options)options!);
        try
        {
            TouchMemory();
            CompileSample();
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);     // the program's functions use its memory again
        }
        catch (Exception)
        {
            // What is wrong here, in this process, is reported where the program meets it.
        }
    }
}
