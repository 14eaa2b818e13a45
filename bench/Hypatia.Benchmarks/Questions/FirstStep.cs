using System.Diagnostics;
using System.Globalization;
using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>How long it takes until code runs: compiling after the first function, and a whole process to its first step.</summary>
internal sealed class FirstStep : Question
{
    private const double CompileDue = 15e-3;
    private const double ProcessDue = 0.25;

    public override string Name => "compile";

    public override string Program => "the gradient step of 200×2 → 3 → 2: from `T.Function` to the end of its first call, after the "
        + "first function of the process; and from the start of a process to the end of its first step.";

    public override string Limit => "The JIT: of the runtime's and the compiler's own code in a fresh process, of the step's code always.";

    /// <summary>In a process of its own: prints the seconds of the first function, and of the second.</summary>
    public static int Run()
    {
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
        for (int repeat = 0; repeat < Math.Min(settings.Repeats, 7); repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            var info = new ProcessStartInfo(Environment.ProcessPath!, "first-step") { RedirectStandardOutput = true };
            using Process process = Process.Start(info)!;
            process.StandardOutput.ReadLine();
            processes.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            process.StandardOutput.ReadLine();
            second.Add(double.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
            process.WaitForExit();
            own.Add(Measure(5 + repeat));
        }

        double seconds = Turns.Median(second);
        yield return new Row("compile, second function", Row.Time(seconds), [], seconds / CompileDue);
        yield return new Row("compile, later functions", Row.Time(Turns.Median(own)), [], Turns.Median(own) / CompileDue);
        double whole = Turns.Median(processes);
        yield return new Row("process to first step", Row.Time(whole), [], whole / ProcessDue);
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
