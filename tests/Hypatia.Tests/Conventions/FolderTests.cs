using System.Text.RegularExpressions;
using Hypatia.Tests.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hypatia.Tests.Conventions;

/// <summary>Folders of src are namespaces, and use each other as the table in docs/architecture.md says.</summary>
public sealed partial class FolderTests
{
    // Folders whose types are in the namespace of the folder above.
    private static readonly Dictionary<string, string> SharedNamespaces = new()
    {
        // Types that users meet, and that come with every other folder: one namespace to import.
        ["Hypatia.Kernels"] = "Hypatia",
        // Each op is in one file with its function on T or NNet, which are partial classes of the namespace Hypatia.
        ["Hypatia/Ops"] = "Hypatia",
    };

    [Fact]
    public void The_libraries_compile_as_one() => Assert.DoesNotContain(
        Repository.Errors(Repository.Sources), error => !error.Contains("CS8795"));     // bodies that LibraryImport generates

    [Fact]
    public void Folders_are_namespaces()
    {
        List<string> wrong = [];
        foreach (var path in Repository.Files("src", "*.cs"))
        {
            var declared = NamespaceOf().Match(Repository.Read(path)).Groups[1].Value;
            var isPartOfFace = declared == "Hypatia" && PartOfFace().IsMatch(Repository.Read(path));
            if (declared != Expected(FolderOf(path)) && !isPartOfFace)
            {
                wrong.Add($"{path}: {declared}, not {Expected(FolderOf(path))}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Folders_use_only_what_the_table_of_the_architecture_allows()
    {
        var table = Table();
        var uses = Repository.Sources.SyntaxTrees
            .Where(tree => tree.FilePath.Length > 0)
            .AsParallel()
            .SelectMany(tree => Uses(table, tree))
            .ToArray();
        var wrong = uses
            .Where(use => !use.Places.Any(place => table[use.User].Contains(place)))
            .GroupBy(use => $"{use.User} uses {string.Join(" or ", use.Places)}", (edge, same) => $"{edge}: {same.First().Where}")
            .ToArray();
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
        var unused = table.SelectMany(row => row.Value.Select(place => (row.Key, place)))
            .Except(uses.SelectMany(use => use.Places.Select(place => (use.User, place))))
            .ToArray();
        Assert.True(unused.Length == 0, "Allowed, and used by nobody: " + string.Join(", ", unused));
    }

    // Types and members that a file names, and the folders that declare them. Locals and private fields are not looked at.
    private static IEnumerable<(string User, string[] Places, string Where)> Uses(
        Dictionary<string, HashSet<string>> table, SyntaxTree tree)
    {
        var user = Row(table, tree.FilePath);
        var model = Repository.Sources.GetSemanticModel(tree);
        var names = tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>();
        foreach (var name in names.Where(name => char.IsUpper(name.Identifier.Text[0])))
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            if (symbol is INamespaceSymbol || type is null)
            {
                continue;
            }

            string[] places =
            [
                .. symbol!.DeclaringSyntaxReferences.Select(place => Row(table, place.SyntaxTree.FilePath)).Distinct(),
            ];
            if (places.Length > 0 && !places.Contains(user))
            {
                yield return (user, places, $"{tree.FilePath}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {name}");
            }
        }
    }

    [Fact]
    public void Backends_reference_the_kernels_alone()
    {
        foreach (var project in Repository.Files("src", "*.csproj"))
        {
            var references = ProjectReference().Matches(Repository.Read(project)).Select(match => match.Groups[1].Value);
            string[] expected = Path.GetFileNameWithoutExtension(project) switch
            {
                "Hypatia.Kernels" => [],
                "Hypatia" => ["Hypatia.Kernels", "Hypatia.Cpu"],
                "Hypatia.Cpu" or "Hypatia.Gpu" => ["Hypatia.Kernels"],
                _ => ["Hypatia"],       // what builds on the public API
            };
            Assert.Equal(expected, references);
        }
    }

    private static Dictionary<string, HashSet<string>> Table() => TableRow()
        .Matches(Repository.Read("docs/architecture.md"))
        .ToDictionary(
            row => row.Groups["folder"].Value,
            row => Code().Matches(row.Groups["uses"].Value).Select(match => match.Groups[1].Value).ToHashSet());

    private static string Row(Dictionary<string, HashSet<string>> table, string path)
    {
        for (var folder = FolderOf(path); ; folder = folder[..folder.LastIndexOf('/')])
        {
            if (table.ContainsKey(folder))
            {
                return folder;
            }

            Assert.True(folder.Contains('/'), $"{path} is in no folder of the table in docs/architecture.md.");
        }
    }

    private static string FolderOf(string path) => path["src/".Length..path.LastIndexOf('/')];

    private static string Expected(string folder)
    {
        foreach (var (shared, name) in SharedNamespaces)
        {
            if (folder == shared || folder.StartsWith("Hypatia/Ops/", StringComparison.Ordinal) && shared == "Hypatia/Ops")
            {
                return name;
            }

            if (shared == "Hypatia.Kernels" && folder.StartsWith(shared + "/", StringComparison.Ordinal))
            {
                return name + folder[shared.Length..].Replace('/', '.');
            }
        }

        return folder.Replace('/', '.');
    }

    // Functions of T and NNet are beside what they use.
    [GeneratedRegex(@"^public static partial class (T|NNet)$", RegexOptions.Multiline)]
    private static partial Regex PartOfFace();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"<ProjectReference Include="".*?(Hypatia[\w.]*)\.csproj""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"^\| `(?<folder>[\w./]+)` \|[^|]*\|(?<uses>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
