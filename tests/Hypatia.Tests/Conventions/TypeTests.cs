using System.Reflection;
using System.Runtime.CompilerServices;
using Hypatia.Cpu;

namespace Hypatia.Tests.Conventions;

/// <summary>Conventions about types.</summary>
public sealed class TypeTests
{
    // Classes that others derive from although they are no abstract family.
    private static readonly HashSet<string> Open =
    [
        "Hypatia.Expr",     // one subclass, Shared: docs/decisions/0004
    ];

    internal static IEnumerable<Assembly> Libraries =>
        [typeof(DType).Assembly, typeof(CpuDevice).Assembly, typeof(Expr).Assembly];

    [Fact]
    public void Classes_are_sealed_or_abstract() => Assert.Empty(
        from type in Types()
        where type.IsClass && !type.IsSealed && !type.IsAbstract && !Open.Contains(type.FullName!)
        select type.FullName);

    [Fact]
    public void Exceptions_open_to_others_are_still_open() => Assert.All(
        Open, name => Assert.Contains(Types(), type => type.FullName == name && !type.IsSealed && !type.IsAbstract));

    [Fact]
    public void Ops_are_records_with_at_most_two_families_between_them_and_Op() => Assert.Empty(
        from type in Types()
        where type.IsSubclassOf(typeof(Op)) && (Depth(type) > 3 || type.GetMethod("<Clone>$") is null)
        select type.FullName);

    [Fact]
    public void Names_say_what_a_type_is()
    {
        string[] empty = ["Helper", "Helpers", "Util", "Utils", "Utilities", "Manager", "Base", "Impl", "Data", "Info"];
        Assert.Empty(from type in Types()
                     where empty.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal))
                     select type.FullName);
    }

    [Fact]
    public void Interfaces_have_two_implementations() => Assert.Empty(
        from contract in Types()
        where contract.IsInterface
            && Types().Count(type => type != contract && type.GetInterfaces().Any(x => Definition(x) == contract)) < 2
        select contract.FullName);

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static int Depth(Type type) => type == typeof(Op) ? 0 : 1 + Depth(type.BaseType!);

    private static IEnumerable<Type> Types() =>
        from library in Libraries
        from type in library.GetTypes()
        where !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.FullName!.Contains('<')
        select type;
}
