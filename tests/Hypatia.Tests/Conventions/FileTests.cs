using Hypatia.Tests.Testing;

namespace Hypatia.Tests.Conventions;

/// <summary>Conventions about source files.</summary>
public sealed class FileTests
{
    private const int MostLines = 400;
    private const int LinesOfTop = 20;

    // Longer than they should be, and still to be split.
    private static readonly string[] ToSplit =
    [
        "src/Hypatia.Cpu/Emission/VectorEmitter.cs", "tests/Hypatia.Tests/Testing/TheanoText.cs",
        "tests/Hypatia.Tests/Errors/FunctionErrorsTests.cs", "tests/Hypatia.Tests/Errors/ShapeErrorsTests.cs",
    ];

    [Fact]
    public void Long_files_say_why_they_are_long_at_their_top()
    {
        string[] folders = ["src", "tests", "samples", "bench"];
        List<string> wrong = [];
        foreach (var path in folders.SelectMany(folder => Repository.Files(folder, "*.cs")).Except(ToSplit))
        {
            var lines = Repository.Read(path).Split('\n');
            if (lines.Length - 1 > MostLines && !lines.Take(LinesOfTop).Any(line => line.Contains("long because")))
            {
                wrong.Add($"{path}: {lines.Length - 1} lines; split it, or say 'long because …' in its first {LinesOfTop}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }
}
