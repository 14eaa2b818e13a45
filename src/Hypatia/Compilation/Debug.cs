using Hypatia.Rewriting;

namespace Hypatia.Compilation;

/// <summary>What is printed to standard error at each <see cref="Options.Debug"/> level.</summary>
internal static class Debug
{
    /// <summary>From level 5: the graph after each pass, with the time and the rules that matched.</summary>
    public static Trace? Trace(Options options) => options.Debug < 5 ? null : (pass, time, hits, outputs) =>
    {
        Console.Error.WriteLine($"-- {pass}: {time.TotalMilliseconds:0.00} ms");
        foreach ((string rule, int count) in hits.OrderByDescending(hit => hit.Value))
        {
            Console.Error.WriteLine($"   {count,4} × {rule}");
        }

        Console.Error.Write(Diagnostics.Printer.Tree(outputs));
    };

    /// <summary>From level 3 the schedule, from level 4 the kernels.</summary>
    public static void Show(Options options, Plan plan)
    {
        if (options.Debug >= 3)
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
