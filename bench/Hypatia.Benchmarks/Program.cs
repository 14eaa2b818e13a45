using System.CommandLine;
using Hypatia.Benchmarks;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Questions;

// Processes of which every millisecond counts.
if (args is [FirstStep.Alone or FirstStep.AfterAnother])
{
    return FirstStep.Run(afterAnother: args[0] == FirstStep.AfterAnother);
}

Option<string?> only = new("--only") { Description = "The row, or the rows whose name has this in it; else all." };
Option<int> threads = AtLeast1("--threads", "Threads of everyone who computes.", 1);
Option<int> repeats = AtLeast1("--repeats", "Turns of every row.", 11);
Option<string?> output = new("--output") { Description = "The file that the table is written to as Markdown." };
Command table = new("table", "Measures rows, and prints their times over those of others.") { only, threads, repeats, output };
table.SetAction(parsed => Table.Run(
    new Settings(parsed.GetValue(only), parsed.GetValue(threads), parsed.GetValue(repeats), parsed.GetValue(output)), All.Questions));

Command rows = new("rows", "Says what there is to measure.");
rows.SetAction(_ =>
{
    foreach (Question question in All.Questions)
    {
        Console.WriteLine($"{question.Name,-22} {question.Program}");
    }
});

return new RootCommand("Hypatia beside its peers.") { table, rows }.Parse(args).Invoke();

static Option<int> AtLeast1(string name, string description, int otherwise)
{
    Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => otherwise };
    option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 1)
        {
            result.AddError($"{name} must be at least 1.");
        }
    });
    return option;
}
