using System.Runtime.CompilerServices;

namespace Hypatia.Tests.Errors;

/// <summary>Places in test code, as error messages print them.</summary>
internal static class Line
{
    /// <summary>The line that calls this, in a method of the class that its file is named for.</summary>
    public static string Here(
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        $"{Path.GetFileName(file)}:line {line}, in {Path.GetFileNameWithoutExtension(file)}.{member}";

    /// <summary>The message of the exception that an action throws.</summary>
    public static string Raised<T>(Action action)
        where T : Exception => Assert.Throws<T>(action).Message;
}
