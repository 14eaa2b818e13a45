using Hypatia.Random;
using Hypatia.Tests.Testing;
using Moons;

namespace Hypatia.Tests.Acceptance;

/// <summary>
/// The tutorial's program against Theano 1.0.5 and NumPy 1.24, which ran it: tutorial-h3.npz and tutorial-h100.npz.
/// </summary>
public sealed class MoonsTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void Training_goes_the_way_of_Theano_for_20000_passes(int hidden)
    {
        var expected = Npz.Read(DataFile($"tutorial-h{hidden}.npz"));
        var (x, y) = Data();
        Near(expected["train_X"].As<double>(), x.Cast<double>(), 2e-15);
        Assert.Equal(expected["train_y"].As<int>().Select(label => (long)label), y);

        var model = new Model(x, y, hidden);
        model.Initialize();
        foreach (var (name, parameter) in Parameters(model))
        {
            Assert.Equal(expected["init_" + name].As<double>(), Values(parameter));    // bit for bit
        }

        Near(expected["fwd0"].As<double>(), Values(model.ForwardProp.Call(x)), 1e-14);
        Near(expected["loss_init"].As<double>(), [(double)model.CalculateLoss.Call(x, y)], 1e-14);

        model.Build(1);
        foreach (var (name, parameter) in Parameters(model))
        {
            Near(expected["step1_" + name].As<double>(), Values(parameter), 1e-14);
        }

        List<double> losses = [];
        model.Build(20_000, (_, loss) => losses.Add(loss));
        Near(expected["losses"].As<double>(), losses, 1e-9);
        foreach (var (name, parameter) in Parameters(model))
        {
            Near(expected["final_" + name].As<double>(), Values(parameter), 1e-8);
        }

        Near(expected["loss_final"].As<double>(), [(double)model.CalculateLoss.Call(x, y)], 1e-9);
        Near(expected["fwd_final"].As<double>(), Values(model.ForwardProp.Call(x)), 1e-8);
        Near(
            expected["forward_prop_1_2"].As<double>(), Values(model.ForwardProp.Call(new double[,] { { 1, 2 } })), 1e-8);
        Assert.Equal(expected["pred_train"].As<long>(), model.Predict.Call(x).Single.ToArray<long>());
        Assert.Equal(expected["train_accuracy"].As<double>()[0], model.Accuracy());

        var grid = DecisionGrid.Around(x);
        Near(expected["grid_x"].As<double>(), grid.X, 1e-14);
        Near(expected["grid_y"].As<double>(), grid.Y, 1e-14);
        var classes = model.Predict.Call(grid.Points()).Single.ToArray<long>();
        Assert.Equal(expected["grid_pred"].As<byte>().Select(label => (long)label), classes);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void Gradients_are_those_of_Theano_and_those_by_hand(int hidden)
    {
        var expected = Npz.Read(DataFile($"tutorial-h{hidden}.npz"));
        var (x, y) = Data();
        var model = new Model(x, y, hidden, manualGradients: true);
        model.Initialize();
        Assert.All(model.GradientDifference!.Call(x, y), difference => Assert.InRange((double)difference, 0, 1e-15));
        model.GradientStep.Call(x, y);
        foreach (var (name, parameter) in Parameters(model))
        {
            var before = expected["init_" + name].As<double>();
            var gradient = before.Zip(Values(parameter), (old, now) => (old - now) / 0.01);
            Near(expected["grad0_" + name].As<double>(), gradient, 1e-13);
        }
    }

    [Fact]
    public void Hand_written_loops_train_to_the_same_parameters()
    {
        var (x, y) = Data();
        var model = new Model(x, y, 3);
        var scratch = new FromScratch(x, y, 3);
        List<double> losses = [], plain = [];
        model.Build(2001, (_, loss) => losses.Add(loss));
        scratch.Build(2001, (_, loss) => plain.Add(loss));
        Near(plain, losses, 1e-13);
        Near(scratch.W1, Values(model.W1), 1e-12);
        Near(scratch.b1, Values(model.b1), 1e-12);
        Near(scratch.W2, Values(model.W2), 1e-12);
        Near(scratch.b2, Values(model.b2), 1e-12);
    }

    [Fact]
    public void The_program_prints_the_losses_of_the_tutorial_and_draws_the_picture()
    {
        var folder = Directory.CreateTempSubdirectory("moons").FullName;
        try
        {
            var output = new StringWriter { NewLine = "\n" };
            var tutorial = new Tutorial(new Settings { Passes = 2001, Output = folder, ManualGradients = true }, output);
            tutorial.Run();
            var lines = output.ToString().Split('\n');
            Assert.Equal(
                [
                    "Loss after iteration 0: 0.582899", "Loss after iteration 1000: 0.327102",
                    "Loss after iteration 2000: 0.306491", "Training accuracy: 86.5 %",
                ],
                lines.Where(line => line.StartsWith("Loss", StringComparison.Ordinal) || line.Contains("accuracy:")));
            Assert.Contains(lines, line => line.StartsWith("Time: ", StringComparison.Ordinal)
                && line.Contains(" per step (median ± median absolute deviation of 7 runs, "));
            Assert.Contains($"Picture: {Path.Combine(folder, "moons.png")}", lines);
            Assert.Equal([0x89, .. "PNG\r\n"u8], File.ReadAllBytes(Path.Combine(folder, "moons.png"))[..6]);
            Assert.Contains("</svg>", File.ReadAllText(Path.Combine(folder, "moons.svg")));

            // Timing has put the parameters back.
            var (x, y) = Data();
            var model = new Model(x, y, 3, manualGradients: true);
            model.Build(2001);
            Assert.Equal(Values(model.W1), Values(tutorial.Model.W1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Digits_and_seed_are_those_asked_for()
    {
        var output = new StringWriter { NewLine = "\n" };
        new Tutorial(new Settings { Passes = 1, Plot = false, Digits = 12, Hidden = 100 }, output).Run();
        Assert.StartsWith("Loss after iteration 0: 0.667974136478\n", output.ToString(), StringComparison.Ordinal);

        output = new StringWriter { NewLine = "\n" };
        var other = new Tutorial(new Settings { Passes = 1, Plot = false, Seed = 1 }, output);
        other.Run();
        Assert.NotEqual("Loss after iteration 0: 0.582899", output.ToString().Split('\n')[0]);
    }

    private static (double[,] X, long[] Y) Data() => Datasets.MakeMoons(200, 0.20, new RandomState(0));

    private static (string Name, Shared Parameter)[] Parameters(Model model) =>
        [("W1", model.W1), ("b1", model.b1), ("W2", model.W2), ("b2", model.b2)];

    private static double[] Values(Shared parameter) => parameter.GetValue().ToArray<double>();

    private static double[] Values(Results results) => results.Single.ToArray<double>();

    private static string DataFile(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    private static void Near(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance)
    {
        Assert.Equal(expected.Count(), actual.Count());
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
