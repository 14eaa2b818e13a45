using System.Diagnostics;
using Hypatia;
using Hypatia.Random;

namespace Moons;

/// <summary>The tutorial's main program: data, training, accuracy, speed, picture.</summary>
public sealed class Tutorial
{
    private const int Samples = 200;
    private const double Noise = 0.20;
    private const int PassesWorthABar = 1000;

    private readonly Settings _settings;
    private readonly TextWriter _output;
    private readonly bool _terminal;
    private readonly double[,] _trainX;
    private readonly long[] _trainY;
    private (TimeSpan Elapsed, TimeSpan Processor)? _firstStep;

    /// <summary>Makes the data and defines the model.</summary>
    /// <param name="settings">What is asked for.</param>
    /// <param name="output">Where lines are printed.</param>
    /// <param name="terminal">Whether someone watches, who may like a progress bar.</param>
    public Tutorial(Settings settings, TextWriter output, bool terminal = false)
    {
        (_settings, _output, _terminal) = (settings, output, terminal);
        (_trainX, _trainY) = Datasets.MakeMoons(Samples, Noise, new RandomState(settings.Seed));
        Model = new Model(_trainX, _trainY, settings.Hidden, settings.Seed, settings.ManualGradients);
    }

    /// <summary>The network.</summary>
    public Model Model { get; }

    /// <summary>Trains, and prints what came of it.</summary>
    public void Run()
    {
        CompareGradients("at the start");

        // Build a model with a 3-dimensional hidden layer
        long start = Stopwatch.GetTimestamp();
        Train();
        TimeSpan training = Stopwatch.GetElapsedTime(start);
        _output.WriteLine($"Training accuracy: {Model.Accuracy():P1}");
        CompareGradients("after training");

        StepTime step = TimeSteps();
        _output.WriteLine($"Time: {step}");
        if (_settings.Time)
        {
            PrintTimes(training);
        }

        if (_settings.FromScratch)
        {
            TrainFromScratch(step, training);
        }

        if (_settings.Plot)
        {
            DrawBoundary();
        }
    }

    private void Train()
    {
        if (_terminal && _settings.Passes > PassesWorthABar)
        {
            Bar.Show("Training", _settings.Passes, (done, line) => Model.Build(
                _settings.Passes,
                (i, loss) => line(LossLine(i, loss)),
                i =>
                {
                    NoteFirstStep();
                    if (i % 100 == 99)
                    {
                        done(i + 1);
                    }
                }));
        }
        else
        {
            Model.Build(_settings.Passes, (i, loss) => _output.WriteLine(LossLine(i, loss)), _ => NoteFirstStep());
        }
    }

    private string LossLine(int iteration, double loss) =>
        $"Loss after iteration {iteration}: {loss.ToString("F" + _settings.Digits)}";

    private void NoteFirstStep()
    {
        if (_settings.Time && _firstStep is null)
        {
            using Process process = Process.GetCurrentProcess();
            _firstStep = (DateTime.Now - process.StartTime, process.TotalProcessorTime);
        }
    }

    private void CompareGradients(string when)
    {
        if (Model.GradientDifference is not { } difference)
        {
            return;
        }

        if (when == "at the start")
        {
            Model.Initialize();
            _output.WriteLine(
                "Gradients by hand: the tutorial's formulas, with the 1/N of the mean that they lack, and with λ/N·W added\n"
                + "where they multiply by (1 + λ).");
        }

        Results largest = difference.Call(_trainX, _trainY);
        string text = string.Join(
            ", ", ((string[])["dW1", "db1", "dW2", "db2"]).Zip(largest, (name, x) => $"{name} {(double)x:0.0e-00}"));
        _output.WriteLine($"Largest difference from T.Grad {when}: {text}");
    }

    // On the model itself, whose parameters are put back.
    private StepTime TimeSteps()
    {
        (Shared Variable, NDArray Value)[] before =
            [.. ((Shared[])[Model.W1, Model.b1, Model.W2, Model.b2]).Select(variable => (variable, variable.GetValue()))];
        StepTime time = StepTime.Measure(() => Model.GradientStep.Call(_trainX, _trainY));
        foreach ((Shared variable, NDArray value) in before)
        {
            variable.SetValue(value);
        }

        return time;
    }

    private void PrintTimes(TimeSpan training)
    {
        foreach (Function function in Model.Functions)
        {
            _output.WriteLine($"Compiling {function.Name}: {function.CompileTime.TotalMilliseconds:F1} ms");
        }

        _output.WriteLine($"Training: {training.TotalMilliseconds:F0} ms for {_settings.Passes} passes");
        if (_firstStep is { } time)
        {
            _output.WriteLine(
                $"From the start of the process to the end of the first step: {time.Elapsed.TotalMilliseconds:F0} ms, "
                + $"with {time.Processor.TotalMilliseconds:F0} ms of processor time");
        }
    }

    private void TrainFromScratch(StepTime step, TimeSpan training)
    {
        _output.WriteLine("From scratch, in plain C#:");
        var scratch = new FromScratch(_trainX, _trainY, _settings.Hidden, _settings.Seed);
        long start = Stopwatch.GetTimestamp();
        scratch.Build(_settings.Passes, (i, loss) => _output.WriteLine(LossLine(i, loss)));
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        double difference = ((double[][])[scratch.W1, scratch.b1, scratch.W2, scratch.b2])
            .Zip((Shared[])[Model.W1, Model.b1, Model.W2, Model.b2], (mine, theirs) =>
                mine.Zip(theirs.GetValue().ToArray<double>(), (x, y) => Math.Abs(x - y)).Max())
            .Max();
        _output.WriteLine($"Largest difference of a parameter: {difference:0.0e-00}");
        var copy = new FromScratch(_trainX, _trainY, _settings.Hidden, _settings.Seed);
        StepTime plain = StepTime.Measure(copy.Step);
        _output.WriteLine($"Time: {plain}");
        _output.WriteLine(
            $"Hypatia's step is {plain.Median / step.Median:F2} times as fast as the hand-written one; "
            + $"the whole training took {training.TotalSeconds:F2} s against {time.TotalSeconds:F2} s.");
    }

    private void DrawBoundary()
    {
        DecisionGrid grid = DecisionGrid.Around(_trainX);
        long[] classes = Model.Predict.Call(grid.Points()).Single.ToArray<long>();
        (string png, string svg) = Picture.Save(
            $"Decision Boundary for hidden layer size {_settings.Hidden}", grid, classes, _trainX, _trainY, _settings.Output);
        _output.WriteLine($"Picture: {png}");
        _output.WriteLine($"         {svg}");
    }
}
