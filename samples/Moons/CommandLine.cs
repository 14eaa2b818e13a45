using System.CommandLine;
using System.CommandLine.Parsing;

namespace Moons;

/// <summary>The program's options.</summary>
internal static class CommandLine
{
    /// <summary>Parses the arguments and runs the program, or prints help or what is wrong; returns the exit code.</summary>
    public static int Run(string[] arguments, Action<Settings> program)
    {
        var defaults = new Settings();
        Option<int> hidden = Number("--hidden", "Units of the hidden layer.", defaults.Hidden, 1);
        Option<int> passes = Number("--passes", "Steps of gradient descent.", defaults.Passes, 0);
        Option<int> seed = Number("--seed", "Seed of the data and of the initial parameters.", defaults.Seed, 0);
        Option<int> digits = Number("--digits", "Digits of a printed loss.", defaults.Digits, 0);
        Option<bool> noPlot = new("--no-plot") { Description = "Draw no picture." };
        Option<bool> fromScratch = new("--from-scratch")
        {
            Description = "Train in hand-written C# loops too, and compare.",
        };
        Option<bool> time = new("--time") { Description = "Print compile times and the time to the first step." };
        Option<bool> manual = new("--manual-gradients")
        {
            Description = "Train with gradients derived by hand, and compare them with T.Grad's.",
        };
        Option<string> output = new("--output")
        {
            Description = "Folder of the pictures.",
            DefaultValueFactory = _ => defaults.Output,
        };
        var root = new RootCommand("Trains a small neural network to tell two moons apart.")
        {
            hidden, passes, seed, digits, noPlot, fromScratch, time, manual, output,
        };
        root.SetAction(parsed => program(new Settings
        {
            Hidden = parsed.GetValue(hidden),
            Passes = parsed.GetValue(passes),
            Seed = parsed.GetValue(seed),
            Digits = parsed.GetValue(digits),
            Plot = !parsed.GetValue(noPlot),
            FromScratch = parsed.GetValue(fromScratch),
            Time = parsed.GetValue(time),
            ManualGradients = parsed.GetValue(manual),
            Output = parsed.GetValue(output)!,
        }));
        return root.Parse(arguments).Invoke();
    }

    private static Option<int> Number(string name, string description, int otherwise, int least)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < least)
            {
                result.AddError($"{name} must be at least {least}.");
            }
        });
        return option;
    }
}
