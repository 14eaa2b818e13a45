using System.Text;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Measuring;

/// <summary>Runs questions, prints their rows as they come, and writes them as a page.</summary>
internal static class Table
{
    private static readonly string[] Columns =
        [Question.ByHand, "NumPy", "PyTorch", "ONNX Runtime", "OpenBLAS", "oneDNN", "TensorPrimitives"];

    public static int Run(Settings settings, IReadOnlyList<Question> questions)
    {
        Libraries.UseBestKernels(settings.Threads);
        Console.WriteLine(Machine.Description);
        Console.WriteLine($"Hypatia's time over others', medians of {settings.Repeats} turns, {settings.Threads} thread(s); peers: {PeerList()}");
        List<(Question Question, List<Row> Rows)> all = [];
        int failed = 0;
        foreach (Question question in settings.Choose(questions))
        {
            List<Row> rows = [];
            try
            {
                foreach (Row row in question.Measure(settings))
                {
                    Console.WriteLine(row);
                    rows.Add(row);
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failed++;
                Console.WriteLine($"{question.Name,-24} failed: {failure.Message}");
            }

            all.Add((question, rows));
            GC.Collect();
        }

        PythonPeer.StopAll();
        if (settings.Output is not null)
        {
            File.WriteAllText(settings.Output, Page(settings, all));
        }

        return failed == 0 ? 0 : 1;
    }

    private static string PeerList() => string.Join(", ", PythonPeer.Versions().Concat(Libraries.Versions()));

    private static string Page(Settings settings, List<(Question Question, List<Row> Rows)> all)
    {
        StringBuilder page = new();
        page.Append(
            $"""
            # Performance

            Hypatia's time over that of others: below 1 Hypatia is faster. Written by
            `dotnet run -c Release --project bench/Hypatia.Benchmarks -- table --output docs/performance.md`.

            **Machine.** {Machine.Description}; {settings.Threads} thread(s) for everyone unless a row says otherwise.

            **Peers.** {PeerList()}; those that are not installed have no figures.

            **Method.** Contenders compute the same from the same data, which is checked before they are timed. They take
            turns in one run, each for a batch of calls of 2 ms or more after two that are not counted (the caches hold what others read); times are medians over {settings.Repeats} turns, and ratios
            are medians of the turns' ratios. A batch during which another process had the core is measured again; where all are, time on the
            processor is taken. Hypatia is called through typed delegates. It, code by hand, ONNX Runtime
            and TensorPrimitives write into arrays that are given once; its temporaries are pooled. NumPy and PyTorch run
            in a process of their own that waits between its turns, with glibc told to keep large blocks; their results
            are new arrays. OpenBLAS chooses its own kernels.

            **Due** is the time over the goal that was set on one core of an AVX-512 machine: above 1 it falls short.


            """);
        page.AppendLine($"| row | Hypatia | {string.Join(" | ", Columns.Select(column => $"/ {column}"))} | / due |");
        page.AppendLine($"|---|---|{string.Concat(Columns.Select(_ => "---|"))}---|");
        foreach (Row row in all.SelectMany(x => x.Rows))
        {
            string cells = string.Join(" | ", Columns.Select(column => Cell(row, column)));
            page.AppendLine($"| {row.Name} | {row.Value} | {cells} | {(row.Due is { } due ? $"{due:F2}" : "")} |");
        }

        page.AppendLine();
        page.AppendLine("## What the rows compute, and what limits them");
        page.AppendLine();
        foreach (Question question in all.Select(x => x.Question))
        {
            page.AppendLine($"* **{question.Name}**: {question.Program} {question.Limit}");
        }

        string[] others =
        [
            .. all.SelectMany(x => x.Rows).Where(row => row.Ratios.Any(IsOther)).Select(row =>
                $"* {row.Name}: {row.Value}, {string.Join(", ", row.Ratios.Where(IsOther).Select(other => $"/ {other.Name} {other.Ratio:F2}"))}"),
        ];
        if (others.Length > 0)
        {
            page.AppendLine();
            page.AppendLine("## Other comparisons");
            page.AppendLine();
            page.AppendLine(string.Join("\n", others));
        }

        return page.ToString();
    }

    private static bool IsOther((string Name, double Ratio) ratio) => !Columns.Contains(ratio.Name);

    private static string Cell(Row row, string column) =>
        row.Ratios.Where(other => other.Name == column).Select(other => $"{other.Ratio:F2}").FirstOrDefault() ?? "";
}
