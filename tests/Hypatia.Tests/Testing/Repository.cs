using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Hypatia.Tests.Testing;

/// <summary>The repository that these tests were built from: its files, and its code as Roslyn sees it.</summary>
internal static class Repository
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    private static readonly Lazy<CSharpCompilation> Everything = new(CompileSources);

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All libraries compiled as one assembly, so that what uses what can be asked.</summary>
    public static CSharpCompilation Sources => Everything.Value;

    /// <summary>Source files of a folder, without what a build generates; paths from <see cref="Root"/>, with slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>A program over the libraries as they are built.</summary>
    public static CSharpCompilation Compile(string name, string code) => CSharpCompilation.Create(
        name,
        [CSharpSyntaxTree.ParseText(ImplicitUsings, Language), CSharpSyntaxTree.ParseText(code, Language)],
        References(withHypatia: true),
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The errors of a compilation, each with its line.</summary>
    public static string[] Errors(CSharpCompilation compilation) =>
    [
        .. compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString()),
    ];

    /// <summary>Runs a program in this process.</summary>
    public static void Run(CSharpCompilation program)
    {
        using var image = new MemoryStream();
        Assert.True(program.Emit(image).Success);
        image.Position = 0;
        var entry = AssemblyLoadContext.Default.LoadFromStream(image).EntryPoint!;
        entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
    }

    private static CSharpCompilation CompileSources() => CSharpCompilation.Create(
        "Everything",
        [
            CSharpSyntaxTree.ParseText(ImplicitUsings, Language),
            .. Files("src", "*.cs").Select(path => CSharpSyntaxTree.ParseText(Read(path), Language, path)),
        ],
        References(withHypatia: false),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    private static IEnumerable<MetadataReference> References(bool withHypatia) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => withHypatia || !Path.GetFileName(path).StartsWith("Hypatia", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Hypatia.slnx")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException($"Hypatia.slnx is in no folder above {AppContext.BaseDirectory}.");
    }
}
