using Spectre.Console;

namespace Moons;

/// <summary>A progress bar for a terminal.</summary>
internal static class Bar
{
    /// <summary>Runs work under a bar that it moves by telling what is done.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">When all is done.</param>
    /// <param name="work">Does it, given what to call with how much is done and what prints a line above the bar.</param>
    public static void Show(string title, int total, Action<Action<int>, Action<string>> work) =>
        AnsiConsole.Progress().AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask(title, maxValue: total);
            work(done => task.Value = done, line => AnsiConsole.Console.WriteLine(line));
        });
}
