using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Hypatia.Diagnostics;

/// <summary>
/// Where the user's code made an expression. Only the method and the position in it are taken when the expression is
/// made (some microseconds); file and line are looked up when they are printed.
/// </summary>
public sealed class Origin
{
    // The library itself, and .NET, whose LINQ may stand between the library and the user.
    private static readonly ConcurrentDictionary<Assembly, bool> NotTheUsers = new() { [typeof(Origin).Assembly] = true };

    [ThreadStatic]
    private static Given _given;

    private readonly MethodBase _method;
    private readonly int _ilOffset;
    private string? _text;

    private Origin(MethodBase method, int ilOffset)
    {
        _method = method;
        _ilOffset = ilOffset;
    }

    /// <summary>The innermost place outside this library that is now being run; null if none, or if switched off.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Origin? Capture()
    {
        if (_given.IsGiven)
        {
            return _given.Origin;
        }

        if (!Options.Current.Origins)
        {
            return null;
        }

        // Callers may have been inlined into the user's method, so no frame but this one may be skipped unseen.
        var trace = new StackTrace(1, fNeedFileInfo: false);
        for (int i = 0; i < trace.FrameCount; i++)
        {
            StackFrame frame = trace.GetFrame(i)!;
            if (frame.GetMethod() is { } method && !NotTheUsers.GetOrAdd(method.Module.Assembly, IsFramework))
            {
                return new Origin(method, frame.GetILOffset());
            }
        }

        return null;
    }

    /// <summary>Until disposed, expressions made on this thread get <paramref name="origin"/> instead of a captured one.</summary>
    public static Scope Use(Origin? origin) => new(origin);

    /// <summary>Until disposed, expressions made on this thread are parts of one: its origin is captured once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Scope UseOne() => new(Capture());

    /// <summary><c>File.cs:line 12, in Type.Method</c>, or the method alone if there is no debug information.</summary>
    public override string ToString() => _text ??= Describe();

    private static bool IsFramework(Assembly assembly) =>
        assembly.GetName().Name is { } name && (name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard");

    private string Describe() =>
        SourcePlace() is var (file, line) ? $"{file}:line {line}, in {MethodName()}" : MethodName();

    /// <summary>The method as its author wrote it: without the classes that the compiler makes for lambdas and async methods.</summary>
    private string MethodName()
    {
        Type? type = _method.DeclaringType;
        string name = _method.Name;
        while (type is { DeclaringType: { } outer } && type.Name.StartsWith('<'))
        {
            name = name == "MoveNext" ? type.Name : name;
            type = outer;
        }

        if (name.StartsWith('<'))
        {
            int local = name.LastIndexOf("g__", StringComparison.Ordinal);
            int bar = name.IndexOf('|', StringComparison.Ordinal);
            name = local > 0 && bar > local
                ? name[(local + 3)..bar]
                : name[..name.IndexOf('>', StringComparison.Ordinal)].TrimStart('<');
        }

        return type is null ? name : $"{type.Name}.{name}";
    }

    private (string File, int Line)? SourcePlace()
    {
        string location = _method.Module.Assembly.Location;
        if (_ilOffset < 0 || location.Length == 0)
        {
            return null;
        }

        try
        {
            using var portable = new PEReader(File.OpenRead(location));
            if (!portable.TryOpenAssociatedPortablePdb(
                    location, path => File.Exists(path) ? File.OpenRead(path) : null, out MetadataReaderProvider? provider, out _))
            {
                return null;
            }

            using (provider)
            {
                return Place(provider!.GetMetadataReader());
            }
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return null;    // an error message without a line is better than none
        }
    }

    // The last sequence point at or before the position: the statement that is being run.
    private (string File, int Line)? Place(MetadataReader reader)
    {
        var handle = (MethodDefinitionHandle)MetadataTokens.Handle(_method.MetadataToken);
        (string, int)? found = null;
        foreach (SequencePoint point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
        {
            if (!point.IsHidden && (found is null || point.Offset <= _ilOffset))
            {
                string path = reader.GetString(reader.GetDocument(point.Document).Name);
                found = (path[(path.LastIndexOfAny(['/', '\\']) + 1)..], point.StartLine);
            }
        }

        return found;
    }

    private readonly record struct Given(bool IsGiven, Origin? Origin);

    /// <summary>The time in which expressions get a given origin.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly Given _outer;

        internal Scope(Origin? origin)
        {
            _outer = _given;
            _given = new Given(true, origin);
        }

        /// <summary>Ends it: what held before holds again.</summary>
        public void Dispose() => _given = _outer;
    }
}
