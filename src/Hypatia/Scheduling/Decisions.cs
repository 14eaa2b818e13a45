namespace Hypatia.Scheduling;

/// <summary>
/// Why a schedule is as it is: sentences that are noted where something is decided, with the numbers that decided it. Where
/// nobody asks there is no such object, and <c>decisions?.About(x, $"…")</c> does not make the text.
/// </summary>
internal sealed class Decisions
{
    private readonly Dictionary<object, List<string>> _notes = new(ReferenceEqualityComparer.Instance);

    /// <summary>What was noted about the function as a whole.</summary>
    public IReadOnlyList<string> OfFunction => Of(this);

    /// <summary>What an expression is called in a sentence: its name or op, and its shape.</summary>
    public static string Name(Expr x) => $"{x.Name ?? x.Op.ToString()} {x.Type.Shape}";

    /// <summary>Notes a sentence about the function as a whole.</summary>
    public void About(string sentence) => Note(this, sentence);

    /// <summary>Notes what an expression, the subject of the sentence, is or does.</summary>
    public void About(Expr x, string predicate) => Note(x, $"{Name(x)} {predicate}");

    /// <summary>Notes a sentence about a group.</summary>
    public void About(Group group, string sentence) => Note(group, sentence);

    /// <summary>Notes a sentence about how a row group runs.</summary>
    public void About(TilePlan tiles, string sentence) => Note(tiles, sentence);

    /// <summary>Takes over all that was noted on trial.</summary>
    public void Accept(Decisions? trial)
    {
        foreach ((object subject, List<string> sentences) in trial?._notes ?? [])
        {
            sentences.ForEach(sentence => Note(subject, sentence));
        }
    }

    /// <summary>What was noted about a group, and about what it computes.</summary>
    /// <param name="group">The group.</param>
    /// <param name="stored">What any group computes.</param>
    public IEnumerable<string> Of(Group group, IReadOnlySet<Expr> stored)
    {
        List<Expr> read = Traversal.Sort(group.Members.SelectMany(x => x.Inputs.List), stored);
        IEnumerable<object?> subjects = [group, group.Tiles, .. group.Members, .. read.Where(x => !stored.Contains(x))];
        return subjects.OfType<object>().SelectMany(Of).Distinct();
    }

    private IReadOnlyList<string> Of(object subject) => _notes.GetValueOrDefault(subject) ?? [];

    private void Note(object subject, string sentence)
    {
        List<string> sentences = _notes.TryGetValue(subject, out List<string>? noted) ? noted : _notes[subject] = [];
        if (!sentences.Contains(sentence))
        {
            sentences.Add(sentence);
        }
    }
}
