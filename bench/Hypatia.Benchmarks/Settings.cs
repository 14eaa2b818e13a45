using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks;

/// <summary>What is measured, and how often.</summary>
/// <param name="Only">The name of the rows to measure, or a part of it; null for all.</param>
/// <param name="Threads">Threads of everyone who computes, in rows that do not compare numbers of threads.</param>
/// <param name="Repeats">Turns of every row.</param>
/// <param name="Output">The file that the table is written to as Markdown; null for none.</param>
internal sealed record Settings(string? Only, int Threads, int Repeats, string? Output)
{
    /// <summary>The rows to measure: the one of that name, or those that have it in theirs.</summary>
    public IReadOnlyList<Question> Choose(IReadOnlyList<Question> all)
    {
        Question[] named = [.. all.Where(question => string.Equals(question.Name, Only, StringComparison.OrdinalIgnoreCase))];
        return Only is null ? all
            : named.Length > 0 ? named
            : [.. all.Where(question => question.Name.Contains(Only, StringComparison.OrdinalIgnoreCase))];
    }
}
