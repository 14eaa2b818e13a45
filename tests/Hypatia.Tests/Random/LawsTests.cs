namespace Hypatia.Tests.Random;

/// <summary>Draws of every law with many parameters, against numpy-laws.json (written by numpy-laws.py).</summary>
public sealed class LawsTests
{
    private static readonly LawFact[] Facts =
        LawFact.Read(Path.Combine(AppContext.BaseDirectory, "Data", "numpy-laws.json"));

    public static TheoryData<string> Methods => [.. Facts.Select(fact => fact.Method).Distinct()];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Draws_are_those_of_NumPy(string method)
    {
        var differences = Facts.Where(fact => fact.Method == method).Select(fact => fact.Check()).OfType<string>();
        Assert.Empty(differences);
    }
}
