namespace Hypatia.Compilation;

/// <summary>
/// Compiles a small network on a thread of its own, once, while the program builds its first expressions: what the runtime
/// loads and prepares at first use, types and code of the compiler, is then there for its functions.
/// </summary>
internal static class WarmUp
{
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

    private static void Run(object? options)
    {
        using IDisposable use = Options.Use((Options)options!);
        try
        {
            CompileSample();
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);     // the program's functions use its memory again
        }
        catch (Exception)
        {
            // What is wrong here, in this process, is reported where the program meets it.
        }
    }
}
