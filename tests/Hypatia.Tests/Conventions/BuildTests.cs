using System.Diagnostics;
using Hypatia.Tests.Testing;

namespace Hypatia.Tests.Conventions;

public class BuildTests
{
    // NUGET_PACKAGES may name a folder with a slash at the end or without; MSBuild hands it on as it is.
    [Theory]
    [InlineData("/packages")]
    [InlineData("/packages/")]
    public void The_compiler_that_works_ahead_of_time_is_looked_for_inside_the_folder_of_packages(string folder)
    {
        string[] arguments =
        [
            "msbuild", "samples/Moons/Moons.csproj", "-t:FindReadyToRunCompiler", "-getProperty:_Crossgen", "-p:Configuration=Release",
            $"-p:NuGetPackageRoot={folder}",
        ];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        })!;
        string compiler = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.StartsWith("/packages/microsoft.netcore.app.crossgen2.", compiler, StringComparison.Ordinal);
    }
}
