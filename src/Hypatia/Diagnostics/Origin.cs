using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Hypatia.Diagnostics;

/// <summary>
/// Where the user's code made an expression. Only the method and the position in it are taken when the expression is
/// made (some microseconds); file and line are looked up when they are printed.
/// </summary>
public sealed class Origin
{
    private static readonly Assembly Hypatia = typeof(Origin).Assembly;

    [ThreadStatic]
    private static Scope? _scope;

    private readonly MethodBase _method;
    private readonly int _ilOffset;
    private string? _text;

    private Origin(MethodBase method, int ilOffset)
    {
        _method = method;
        _ilOffset = ilOffset;
    }

    /// <summary>The innermost place outside this library that is now being run; null if none, or if switched off.</summary>
    public static Origin? Capture()
    {
        if (_scope is { } scope)
        {
            return scope.Origin;
        }

        if (!Options.Current.Origins)
        {
            return null;
        }

        var trace = new StackTrace(2, fNeedFileInfo: false);
        for (int i = 0; i < trace.FrameCount; i++)
        {
            StackFrame frame = trace.GetFrame(i)!;
            if (frame.GetMethod() is { } method && method.Module.Assembly != Hypatia)
            {
                return new Origin(method, frame.GetILOffset());
            }
        }

        return null;
    }

    /// <summary>Until disposed, expressions made on this thread get <paramref name="origin"/> instead of a captured one.</summary>
    public static IDisposable Use(Origin? origin) => new Scope(origin);

    /// <summary><c>Method in File.cs:line 12</c>, or the method alone if there is no debug information.</summary>
    public override string ToString() => _text ??= Describe();

    private string Describe()
    {
        string method = _method.DeclaringType is { } type ? $"{type.Name}.{_method.Name}" : _method.Name;
        (string File, int Line)? place = SourcePlace();
        return place is var (file, line) ? $"{file}:line {line}, in {method}" : method;
    }

    private (string File, int Line)? SourcePlace()
    {
        try
        {
            string pdb = Path.ChangeExtension(_method.Module.Assembly.Location, ".pdb");
            if (!File.Exists(pdb))
            {
                return null;
            }

            using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(pdb));
            MetadataReader reader = provider.GetMetadataReader();
            var handle = (MethodDefinitionHandle)MetadataTokens.Handle(_method.MetadataToken);
            MethodDebugInformation information = reader.GetMethodDebugInformation(handle);
            (string, int)? found = null;
            foreach (SequencePoint point in information.GetSequencePoints())
            {
                if (point.IsHidden)
                {
                    continue;
                }

                if (found is null || point.Offset <= _ilOffset)
                {
                    string path = reader.GetString(reader.GetDocument(point.Document).Name);
                    found = (Path.GetFileName(path), point.StartLine);
                }
            }

            return found;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return null;    // an error message without a line is better than none
        }
    }

    private sealed class Scope : IDisposable
    {
        private readonly Scope? _outer;

        public Scope(Origin? origin)
        {
            Origin = origin;
            _outer = _scope;
            _scope = this;
        }

        public Origin? Origin { get; }

        public void Dispose() => _scope = _outer;
    }
}
