namespace Hypatia;

/// <summary>Choices that apply to what is built and compiled after they are set. Immutable; replaced as a whole.</summary>
public sealed record Options
{
    private static Options _current = Compilation.Flags.Read(new Options());

    [ThreadStatic]
    private static Options? _onThisThread;

    /// <summary>
    /// The choices in force: <c>Options.Current = Options.Current with { FloatX = DType.Float32 }</c>. They start as
    /// the defaults changed by the environment variable <c>HYPATIA_FLAGS</c> (such as <c>floatX=float32,debug=3</c>).
    /// </summary>
    public static Options Current
    {
        get => _onThisThread ?? _current;
        set => _current = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Until the result is disposed, other choices are in force on this thread.</summary>
    public static IDisposable Use(Options options) => new Scope(options);

    /// <summary>
    /// The dtype of un-prefixed constructors such as <see cref="T.Matrix(string?)"/>, and of true divisions of integers.
    /// </summary>
    public DType FloatX { get; init; } = DType.Float64;

    /// <summary>Whether an implicit step from float32 to float64 is an error at the line that wrote it.</summary>
    public bool StrictFloat32 { get; init; }

    /// <summary>Whether expressions remember the line that made them, for error messages.</summary>
    public bool Origins { get; init; } = true;

    /// <summary>Whether graphs are rewritten before they are compiled. Off only to look for a wrong rule.</summary>
    public bool Rewrite { get; init; } = true;

    /// <summary>Threads that kernels may use; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>How much is printed to standard error: from 3 the schedule and why, from 4 kernels, from 5 the graph after every pass.</summary>
    public int Debug { get; init; }

    /// <summary>The device that functions run on: <c>cpu</c>, or <c>reference</c> for the interpreter.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>A device to use instead of one chosen by name, for tests.</summary>
    internal Devices.Device? CustomDevice { get; init; }

    private sealed class Scope : IDisposable
    {
        private readonly Options? _outer = _onThisThread;

        public Scope(Options options) => _onThisThread = options;

        public void Dispose() => _onThisThread = _outer;
    }
}
