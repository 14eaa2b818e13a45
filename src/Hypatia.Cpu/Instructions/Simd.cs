using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Hypatia.Cpu.Instructions;

/// <summary>The vector that holds a number of lanes of one element type. Fewer than 128 bits leave upper lanes unused.</summary>
/// <param name="Element">Type of each lane, not bool: a vector of bools is a mask of signed integers, 0 or −1.</param>
/// <param name="Lanes">Number of lanes in use: a power of two.</param>
internal readonly record struct VectorType(DType Element, int Lanes)
{
    /// <summary>Bits of the vector.</summary>
    public int Bits => Math.Max(128, 8 * Element.Size() * Lanes);

    /// <summary>Whether lanes are left unused.</summary>
    public bool IsPartial => 8 * Element.Size() * Lanes < 128;

    /// <summary>The .NET type, such as <c>Vector512&lt;float&gt;</c>.</summary>
    public Type ClrType => Simd.TypeOf(Bits, Element);

    public bool Equals(VectorType other) => other.Element == Element && other.Lanes == Lanes;

    public override int GetHashCode() => HashCode.Combine((int)Element, Lanes);

    /// <summary>As many lanes of another element type.</summary>
    public VectorType Of(DType element) => new(element, Lanes);
}

/// <summary>The methods of the .NET vector types, found by name.</summary>
internal static class Simd
{
    private const int MostDTypes = 16;          // more than there are

    private static readonly ConcurrentDictionary<Key, MethodInfo> Methods = new();
    private static readonly Type?[] Types = new Type?[3 * MostDTypes];      // by bits / 256 and element

    private sealed record Key(Type Owner, string Name, Type First, Type? Second, Type? Third, Type? Argument);

    /// <summary>Calls <c>VectorN.name(…)</c>, generic or not, whose parameters are of the given types.</summary>
    public static void Vector(this ILGenerator il, int bits, string name, Type first, Type? second = null, Type? third = null) =>
        il.Emit(OpCodes.Call, Methods.GetOrAdd(new(Static(bits), name, first, second, third, null), Find));

    /// <summary>Calls <c>VectorN.name&lt;…, argument&gt;(…)</c>, for methods whose last type argument is only in the result.</summary>
    public static void VectorTo(this ILGenerator il, int bits, string name, Type first, Type argument) =>
        il.Emit(OpCodes.Call, Methods.GetOrAdd(new(Static(bits), name, first, null, null, argument), Find));

    /// <summary>
    /// Calls an operator of <c>VectorN&lt;T&gt;</c>: several times cheaper to compile than the generic method of the same
    /// meaning, because no method has to be instantiated for each call.
    /// </summary>
    public static void Operator(this ILGenerator il, string name, Type first, Type? second = null) =>
        il.Emit(OpCodes.Call, Methods.GetOrAdd(new(first, name, first, second, null, null), Find));

    /// <summary>Calls <c>VectorN.Create(element, element, …)</c>.</summary>
    public static void Create(this ILGenerator il, int bits, Type element, int lanes)
    {
        if (VectorCreation.Method(bits, element) is { } method)
        {
            il.Emit(OpCodes.Call, method);
        }
        else
        {
            il.Call(Static(bits), "Create", lanes, element);
        }
    }

    /// <summary>Calls a static method of an instruction-set class.</summary>
    public static void Instruction(this ILGenerator il, Type set, string name, Type first, Type? second = null, Type? third = null) =>
        il.Emit(OpCodes.Call, Methods.GetOrAdd(new(set, name, first, second, third, null), Find));

    /// <summary>The vector type of a width and an element type.</summary>
    public static Type TypeOf(int bits, DType element) =>
        Types[bits / 256 * MostDTypes + (int)element] ??= Generic(bits).MakeGenericType(element.ClrType());

    /// <summary>The generic vector type of a width.</summary>
    public static Type Generic(int bits) => bits switch
    {
        128 => typeof(Vector128<>),
        256 => typeof(Vector256<>),
        512 => typeof(Vector512<>),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "no such vectors"),
    };

    private static Type Static(int bits) => bits switch
    {
        128 => typeof(Vector128),
        256 => typeof(Vector256),
        512 => typeof(Vector512),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "no such vectors"),
    };

    private static MethodInfo Find(Key key)
    {
        Type[] wanted = [.. new[] { key.First, key.Second, key.Third }.OfType<Type>()];
        Type element = wanted.Select(ElementOf).FirstOrDefault(type => type is not null) ?? wanted[0];
        Type[] arguments = key.Argument is null ? [element] : [element, key.Argument];
        const BindingFlags flags = BindingFlags.Public | BindingFlags.Static;
        MemberInfo[] candidates = key.Owner.GetMember(key.Name, MemberTypes.Method, flags);
        if (candidates is [MethodInfo { IsGenericMethodDefinition: true } only])
        {
            return only.MakeGenericMethod(arguments);       // to look at its open parameters would load more types
        }

        foreach (MethodInfo candidate in candidates.Cast<MethodInfo>())
        {
            if (candidate.GetParameters().Length != wanted.Length)
            {
                continue;
            }

            MethodInfo? method = !candidate.IsGenericMethodDefinition ? candidate
                : candidate.GetGenericArguments().Length == arguments.Length ? candidate.MakeGenericMethod(arguments)
                : null;
            if (method is not null && method.GetParameters().Select(p => p.ParameterType).SequenceEqual(wanted))
            {
                return method;
            }
        }

        throw new CompilerException(
            $"{key.Owner.Name}.{key.Name} has no overload of ({string.Join(", ", wanted.Select(type => type.ToString()))}).");
    }

    private static Type? ElementOf(Type type) =>
        type.IsPointer ? type.GetElementType() : type.IsGenericType ? type.GetGenericArguments()[0] : null;
}
