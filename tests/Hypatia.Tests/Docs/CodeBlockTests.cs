using System.Text.RegularExpressions;
using Hypatia.Tests.Testing;

namespace Hypatia.Tests.Docs;

/// <summary>
/// Every C# block of the README and of the docs is a program that compiles and runs; if a text block follows it, that is
/// what it prints.
/// </summary>
[Collection(nameof(ConsoleOutput))]
public sealed partial class CodeBlockTests
{
    public static TheoryData<string, int> Blocks()
    {
        TheoryData<string, int> blocks = [];
        foreach (var path in Repository.Files("docs", "*.md").Prepend("README.md"))
        {
            for (var k = 0; k < Block().Count(Repository.Read(path)); k++)
            {
                blocks.Add(path, k);
            }
        }

        return blocks;
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Code_compiles_runs_and_prints_what_the_text_below_it_says(string path, int number)
    {
        var block = Block().Matches(Repository.Read(path))[number];
        var program = Repository.Compile($"{Path.GetFileNameWithoutExtension(path)}{number}", block.Groups["code"].Value);
        Assert.Empty(Repository.Errors(program));

        var output = new StringWriter { NewLine = "\n" };
        var (console, error) = (Console.Out, Console.Error);
        try
        {
            Console.SetOut(output);
            Console.SetError(output);
            Repository.Run(program);
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(error);
        }

        if (block.Groups["printed"].Success)
        {
            Assert.Equal(block.Groups["printed"].Value, output.ToString());
        }
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$(\n+^```text\n(?<printed>.*?)^```$)?", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}

/// <summary>Tests that read what is printed, which run alone.</summary>
[CollectionDefinition(nameof(ConsoleOutput), DisableParallelization = true)]
public sealed class ConsoleOutput;
