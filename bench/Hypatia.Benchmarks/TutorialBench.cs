using System.Diagnostics;
using Hypatia.Random;
using Moons;

namespace Hypatia.Benchmarks;

/// <summary>One step of the tutorial's programs, compiled and written by hand.</summary>
/// <remarks>The two take turns, each for a batch of steps of about 20 ms; a figure is the median over the turns.</remarks>
internal static class TutorialBench
{
    private const double BatchSeconds = 0.02;

    public static int Run(string[] options)
    {
        string? only = Option(options, "--only");
        int repeats = int.Parse(Option(options, "--repeats") ?? "15");
        int threads = int.Parse(Option(options, "--threads") ?? "1");
        Options.Current = Options.Current with { Threads = threads };
        Console.WriteLine($"microseconds a step, medians of {repeats} turns; Hypatia on {threads} thread(s), C# on one");
        foreach ((string name, Func<(Action Compiled, Action ByHand)> program) in Programs())
        {
            if (only is null || only == name)
            {
                Compare(name, program(), repeats);
            }
        }

        return 0;
    }

    private static IEnumerable<(string Name, Func<(Action Compiled, Action ByHand)> Program)> Programs() =>
    [
        ("S3", () => Small(3)),
        ("S100", () => Small(100)),
        ("L", Large),
    ];

    private static (Action Compiled, Action ByHand) Small(int hidden)
    {
        (double[,] x, long[] y) = Datasets.MakeMoons(200, 0.20, new RandomState(0));
        var model = new Model(x, y, hidden);
        model.Initialize();
        var byHand = new FromScratch(x, y, hidden);
        return (() => model.GradientStep.Call(x, y), byHand.Step);
    }

    private static (Action Compiled, Action ByHand) Large()
    {
        var program = new LargeProgram();
        var byHand = new LargeByHand(program);
        program.Step();
        byHand.Step();
        float[] compiled = program.HiddenBias.GetValue().ToArray<float>();
        return compiled.Zip(byHand.HiddenBias, (x, y) => Math.Abs(x - y)).Max() < 1e-6f
            ? (program.Step, byHand.Step)
            : throw new InvalidOperationException("The two programs do not compute the same.");
    }

    private static void Compare(string name, (Action Compiled, Action ByHand) program, int repeats)
    {
        Action[] contestants = [program.Compiled, program.ByHand];
        int[] steps = [.. contestants.Select(Calibrate)];
        double[][] times = [new double[repeats], new double[repeats]];
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            for (int k = 0; k < contestants.Length; k++)
            {
                times[k][repeat] = Time(contestants[k], steps[k]) / steps[k] * 1e6;
            }
        }

        (double compiled, double byHand) = (Median(times[0]), Median(times[1]));
        Console.WriteLine(
            $"{name,-5} Hypatia {compiled,10:F1} ± {Spread(times[0], compiled),-8:F1} by hand {byHand,10:F1} ± "
            + $"{Spread(times[1], byHand),-8:F1} ratio {compiled / byHand:F2}");
    }

    /// <summary>The number of steps that fill a batch, once the code has been compiled fully.</summary>
    private static int Calibrate(Action step)
    {
        Time(step, 40);
        Thread.Sleep(150);                  // the JIT promotes hot methods 100 ms after the last new one
        int steps = 1;
        while (Time(step, steps) < BatchSeconds)
        {
            steps *= 2;
        }

        return steps;
    }

    private static double Time(Action step, int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
        {
            step();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static double Spread(double[] values, double median) => Median(values.Select(x => Math.Abs(x - median)));

    private static string? Option(string[] options, string name)
    {
        int i = Array.IndexOf(options, name);
        return i >= 0 && i + 1 < options.Length ? options[i + 1] : null;
    }
}
