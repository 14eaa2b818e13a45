using System.Reflection;
using System.Runtime.CompilerServices;
using Hypatia.Tests.Testing;

namespace Hypatia.Tests.Conventions;

/// <summary>
/// What users can call is listed in PublicApi.txt, so that no change to it goes unseen. Run the test with
/// HYPATIA_ACCEPT=1 to accept one, and look at the difference before committing it.
/// </summary>
public sealed class PublicApiTests
{
    private const string Listing = "tests/Hypatia.Tests/Conventions/PublicApi.txt";

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(string)] = "string", [typeof(object)] = "object",
    };

    [Fact]
    public void The_public_API_is_the_one_that_was_accepted()
    {
        string[] actual = [.. TypeTests.Libraries.SelectMany(library => library.GetExportedTypes()).SelectMany(Lines)
            .Order(StringComparer.Ordinal)];
        var path = Path.Combine(Repository.Root, Listing);
        if (Environment.GetEnvironmentVariable("HYPATIA_ACCEPT") == "1")
        {
            File.WriteAllText(path, string.Concat(actual.Select(line => line + "\n")));
        }

        string[] accepted = File.ReadAllLines(path);
        var difference = accepted.Except(actual).Select(line => "- " + line)
            .Concat(actual.Except(accepted).Select(line => "+ " + line))
            .ToArray();
        Assert.True(
            difference.Length == 0,
            $"The public API differs from {Listing}; HYPATIA_ACCEPT=1 accepts it:\n{string.Join("\n", difference)}");
    }

    private static IEnumerable<string> Lines(Type type)
    {
        var name = Name(type);
        yield return $"{name} : {Kind(type)}";
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetNames(type))
            {
                yield return $"{name}.{value}";
            }

            yield break;
        }

        foreach (var member in type.GetMembers(Declared).Where(IsVisible).Where(member => !IsOfRecord(type, member)))
        {
            yield return $"{name}.{Signature(member)}";
        }
    }

    private static string Kind(Type type) =>
        (type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type.IsAbstract && type.IsSealed ? "static class"
        : (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "open ")
            + (type.GetMethod("<Clone>$") is null ? "class" : "record"))
        + (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)
            ? " " + Name(parent)
            : "");

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
            && (!method.IsSpecialName || method is ConstructorInfo || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisibleAccessor),
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        _ => false,
    };

    private static bool IsVisibleAccessor(MethodInfo method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    // What the compiler writes for every record.
    private static bool IsOfRecord(Type type, MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute))
            && member.Name is not "ToString" && member is MethodBase { IsSpecialName: false }
        || member.Name is "EqualityContract" or "<Clone>$" or "PrintMembers" or "Deconstruct"
            && type.GetMethod("<Clone>$") is not null
        || member is ConstructorInfo { IsFamily: true } constructor
            && constructor.GetParameters() is [var only] && only.ParameterType == type;

    private static string Signature(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor.GetParameters())})",
        MethodInfo method =>
            $"{method.Name}{Generics(method)}({Parameters(method.GetParameters())}) -> {Name(method.ReturnType)}{Modifiers(method)}",
        PropertyInfo property =>
            (property.GetIndexParameters() is { Length: > 0 } index ? $"this[{Parameters(index)}]" : property.Name)
            + $" {{{string.Concat(property.GetAccessors(true).Where(IsVisibleAccessor).Select(Accessor))} }} -> "
            + Name(property.PropertyType) + Modifiers(property.GetAccessors(true).First(IsVisibleAccessor)),
        FieldInfo field => $"{field.Name} -> {Name(field.FieldType)}{(field.IsStatic ? " static" : "")}",
        _ => member.ToString()!,
    };

    private static string Accessor(MethodInfo accessor) =>
        accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? " get;"
        : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;"
        : " set;";

    private static string Modifiers(MethodInfo method) =>
        (method.IsStatic ? " static" : "") + (method.IsAbstract ? " abstract" : method is { IsVirtual: true, IsFinal: false } ? " virtual" : "")
        + (method.IsPublic ? "" : " protected");

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(ParameterInfo[] parameters) => string.Join(
        ", ",
        parameters.Select(parameter =>
            (parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "")
            + $"{Name(parameter.ParameterType)} {parameter.Name}"
            + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")));

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (Keywords.TryGetValue(type, out var keyword) || type.IsGenericParameter)
        {
            return keyword ?? type.Name;
        }

        var own = type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name;
        return type.IsNested ? $"{Name(type.DeclaringType!)}.{own}"
            : type.Namespace is { } space && space.StartsWith("Hypatia", StringComparison.Ordinal) ? $"{space}.{own}"
            : own;
    }
}
