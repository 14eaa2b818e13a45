using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>How long it takes until code runs: compiling after the first function, and a whole process to its first step.</summary>
internal sealed class FirstStep : Question
{
    /// <summary>The arguments of a process whose first function is the step, and of one whose second is.</summary>
    public const string Alone = "first-step";
    public const string AfterAnother = "first-step-after";

    private const double CompileDue = 15e-3;
    private const double ProcessDue = 0.25;

    public override string Name => "compile";

    public override string Program => "the gradient step of 200×2 → 3 → 2: from `T.Function` to the end of its first call, after the "
        + "first function of the process; and from the start of a process to the end of its first step.";

    public override string Limit => "The JIT: of the runtime's and the compiler's own code in a fresh process, of the step's code always.";

    /// <summary>
    /// In a process of its own: prints the seconds of the first step, which is the first function, and of the second. Or of
    /// the first step after another function, and the number of methods that the JIT compiled for it.
    /// </summary>
    public static int Run(bool afterAnother)
    {
        if (afterAnother)
        {
            Expr x = T.DScalar("x");
            T.Function([x], x + 1).Call(1.0);
            long methods = JitInfo.GetCompiledMethodCount(currentThread: true);
            Console.WriteLine(Measure(3).ToString(CultureInfo.InvariantCulture));
            Console.WriteLine(JitInfo.GetCompiledMethodCount(currentThread: true) - methods);
            return 0;
        }

        double first = Measure(3);
        DateTime done = DateTime.Now;
        Console.WriteLine((done - Process.GetCurrentProcess().StartTime).TotalSeconds.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine(first.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine(Measure(4).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    public override IEnumerable<Row> Measure(Settings settings)
    {
        var processes = new List<double>();
        var second = new List<double>();
        var own = new List<double>();
        var afterAnother = new List<double>();
        long methods = 0;
        for (int repeat = 0; repeat < Math.Min(settings.Repeats, 7); repeat++)
        {
            using (Process other = Start(AfterAnother))
            {
                afterAnother.Add(double.Parse(other.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
                methods = long.Parse(other.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
                other.WaitForExit();
            }

            long start = Stopwatch.GetTimestamp();
            using Process process = Start(Alone);
            process.StandardOutput.ReadLine();
            processes.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            process.StandardOutput.ReadLine();
            second.Add(double.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
            process.WaitForExit();
            own.Add(Measure(5 + repeat));
        }

        double after = Turns.Median(afterAnother);
        yield return new Row("compile, after x + 1", $"{Row.Time(after)} ({methods} methods from the JIT)", [], after / CompileDue);
        double seconds = Turns.Median(second);
        yield return new Row("compile, second function", Row.Time(seconds), [], seconds / CompileDue);
        yield return new Row("compile, later functions", Row.Time(Turns.Median(own)), [], Turns.Median(own) / CompileDue);
        double whole = Turns.Median(processes);
        yield return new Row("process to first step", Row.Time(whole), [], whole / ProcessDue);
    }

    // As a program runs by default: its code is compiled quickly at first.
    private static Process Start(string what)
    {
        string self = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";       // run as `dotnet Hypatia.Benchmarks.dll`
        return Process.Start(new ProcessStartInfo(self, isHost ? [typeof(FirstStep).Assembly.Location, what] : [what])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_TC_QuickJit"] = "1" },
        })!;
    }

    private static double Measure(int hidden)
    {
        (NDArray x, NDArray y) = Draw.Moons(200, DType.Float64);
        NDArray w1 = Draw.Normal(DType.Float64, 1, 2, hidden), w2 = Draw.Normal(DType.Float64, 1, hidden, 2);
        long start = Stopwatch.GetTimestamp();
        TutorialStep.Compile(w1, w2, 200).Step.Call(x, y);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
