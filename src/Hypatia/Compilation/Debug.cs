using Hypatia.Rewriting;

namespace Hypatia.Compilation;

/// <summary>What is printed to standard error at each <see cref="Options.Debug"/> level.</summary>
internal static class Debug
{
    /// <summary>From level 5: the graph after each pass, with the time and the rules that matched.</summary>
    public static Trace? Trace(Options options) => options.Debug < 5 ? null : report =>
    {
        Console.Error.WriteLine($"-- {report.Pass}: {report.Time.TotalMilliseconds:0.00} ms");
        foreach (RuleReport rule in report.Rules.Where(rule => rule.Hits > 0).OrderByDescending(rule => rule.Time))
        {
            Console.Error.WriteLine($"   {rule.Time.TotalMilliseconds,7:0.000} ms {rule.Hits,5} × {rule.Rule}");
        }

        Console.Error.Write(Diagnostics.Printer.Tree(report.Outputs));
    };

    /// <summary>From level 3 the schedule is printed, with the decisions that led to it.</summary>
    public static bool ShowsSchedule(Options options) => options.Debug >= 3;

    /// <summary>From level 3 the schedule, from level 4 the kernels.</summary>
    public static void Show(Options options, Plan plan)
    {
        if (ShowsSchedule(options))
        {
            Console.Error.WriteLine($"-- schedule\n{plan.Schedule}\n-- {plan}");
        }

        if (options.Debug >= 4)
        {
            foreach (Step step in plan.Steps)
            {
                Console.Error.WriteLine(step.Executable.Kernel);
            }
        }
    }
}
