using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Hypatia.Tests.Testing;

/// <summary>Python's <c>start:stop:step</c>.</summary>
internal sealed record Slice(object? Start, object? Stop, object? Step);

/// <summary>A public function of Hypatia, with its overloads, and the object that it is called on.</summary>
internal sealed record Method(object? Target, MethodInfo[] Overloads)
{
    /// <summary>Calls the overload that the arguments fit best.</summary>
    public object? Invoke(object?[] positional, Dictionary<string, object?> named)
    {
        var fits = Overloads
            .Select(method => (Method: method, Arguments: Bind(method, positional, named, out int cost), Cost: cost))
            .Where(fit => fit.Arguments is not null)
            .OrderBy(fit => fit.Cost)
            .ToList();
        if (fits.Count == 0)
        {
            throw new MissingMethodException(
                $"No overload of {Overloads[0].Name} takes {positional.Length} arguments and {string.Join(", ", named.Keys)}.");
        }

        try
        {
            return Call.Unpacked(fits[0].Method.Invoke(Target, fits[0].Arguments));
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    private static object?[]? Bind(
        MethodInfo method, object?[] positional, Dictionary<string, object?> named, out int cost)
    {
        ParameterInfo[] parameters = method.GetParameters();
        var arguments = new object?[parameters.Length];
        int used = 0;
        int namesUsed = 0;
        cost = 0;
        for (int k = 0; k < parameters.Length; k++)
        {
            ParameterInfo parameter = parameters[k];
            bool isList = parameter.IsDefined(typeof(ParamArrayAttribute))
                || parameter.IsDefined(typeof(System.Runtime.CompilerServices.ParamCollectionAttribute));
            string? name = named.Keys.FirstOrDefault(key => Call.Same(key, parameter.Name!));
            object? given;
            if (name is not null)
            {
                given = named[name];
                namesUsed++;
            }
            else if (isList && (positional.Length - used != 1 || positional[used] is not List<object?>))
            {
                given = positional.Skip(used).ToList();
                used = Math.Max(used, positional.Length);
            }
            else if (used < positional.Length)
            {
                given = positional[used++];
            }
            else if (parameter.HasDefaultValue)
            {
                arguments[k] = parameter.DefaultValue;
                continue;
            }
            else
            {
                return null;
            }

            if (!Call.TryConvert(given, parameter.ParameterType, out arguments[k], out int itsCost))
            {
                return null;
            }

            cost += itsCost;
        }

        return used == positional.Length && namesUsed == named.Count ? arguments : null;
    }
}

/// <summary>Finding functions by name, and conversions that C# makes by itself.</summary>
internal static class Call
{
    public static bool Same(string theano, string name) =>
        string.Equals(theano.Replace("_", ""), name.TrimStart('@'), StringComparison.OrdinalIgnoreCase);

    /// <summary>A static function or the value of a static property, or null.</summary>
    public static object? Static(Type type, string name) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(p => Same(name, p.Name)) is { } property
            ? property.GetValue(null)
            : Of(null, type.GetMethods(BindingFlags.Public | BindingFlags.Static), name);

    /// <summary>A method of an expression, or a property's value, or null.</summary>
    public static object? Instance(Expr x, string name) =>
        typeof(Expr).GetProperties().FirstOrDefault(p => p.Name != "Type" && p.GetIndexParameters().Length == 0 && Same(name, p.Name))
            is { } property
            ? property.GetValue(x)
            : Of(x, typeof(Expr).GetMethods(BindingFlags.Public | BindingFlags.Instance), name);

    /// <summary>Expressions in a list, a tuple or alone.</summary>
    public static Expr[] Outputs(object? value) => value switch
    {
        Expr x => [x],
        IEnumerable list => [.. list.Cast<object?>().SelectMany(Outputs)],
        _ => throw new FormatException($"{value} is no expression"),
    };

    /// <summary>A C# tuple as a list.</summary>
    public static object? Unpacked(object? value) => value is System.Runtime.CompilerServices.ITuple tuple
        ? Enumerable.Range(0, tuple.Length).Select(k => tuple[k]).ToList()
        : value;

    public static TResult Convert<TResult>(object? value) => TryConvert(value, typeof(TResult), out object? result, out _)
        ? (TResult)result!
        : throw new FormatException($"{value} is no {typeof(TResult).Name}");

    /// <summary>Converts as a C# program would, by a literal, a collection expression or an implicit operator.</summary>
    public static bool TryConvert(object? value, Type type, out object? result, out int cost)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        cost = 0;
        result = value;
        if (value is null && plain != typeof(Subscript))
        {
            return !type.IsValueType || plain != type;
        }

        if (plain.IsInstanceOfType(value) && plain != typeof(object))
        {
            return true;
        }

        cost = 1;
        result = (value, plain) switch
        {
            (long n, _) when plain == typeof(int) => (int)n,
            (long n, _) when plain == typeof(double) => (double)n,
            (long n, _) when plain == typeof(Axes) => (Axes)(int)n,
            (long n, _) when plain == typeof(Axis) => (Axis)(int)n,
            (string text, _) when plain == typeof(Axis) => (Axis)text,
            (string text, _) when plain == typeof(DType) => Enum.Parse<DType>(text, ignoreCase: true),
            (long n, _) when plain == typeof(Expr) => (Expr)n,
            (double n, _) when plain == typeof(Expr) => (Expr)n,
            (bool b, _) when plain == typeof(Expr) => (Expr)b,
            (null, _) => T.NewAxis,
            (long n, _) when plain == typeof(Subscript) => (Subscript)n,
            (Expr x, _) when plain == typeof(Subscript) => (Subscript)x,
            (Slice s, _) when plain == typeof(Subscript) =>
                T.Slice(Bound(s.Start), Bound(s.Stop), Bound(s.Step)),
            (List<object?> list, _) => FromList(list, plain, ref cost),
            _ when plain == typeof(object) => value,
            _ => null,
        };
        return result is not null;
    }

    private static Expr? Bound(object? value) => value is null ? null : Convert<Expr>(value);

    private static object? FromList(List<object?> list, Type type, ref int cost)
    {
        if (type == typeof(Expr) || type == typeof(Subscript))
        {
            cost = 3;
            if (list.Exists(item => item is Expr))
            {
                return T.Stack([.. list.Select(Convert<Expr>)]);
            }

            Array array = list.TrueForAll(item => item is bool) ? list.Cast<bool>().ToArray()
                : list.TrueForAll(item => item is long) ? list.Cast<long>().ToArray()
                : list.Select(item => System.Convert.ToDouble(item, CultureInfo.InvariantCulture)).ToArray();
            return type == typeof(Expr) ? (Expr)array : (Subscript)(Expr)array;
        }

        if (type == typeof((Axes, Axes)))
        {
            return list.Count == 2 ? (Convert<Axes>(list[0]), Convert<Axes>(list[1])) : null;
        }

        if (type == typeof(Axes))
        {
            return list.TrueForAll(item => item is long) ? (Axes)list.Select(item => (int)(long)item!).ToArray() : (object?)null;
        }

        Type? element = type.IsArray ? type.GetElementType()
            : type.IsGenericType ? type.GetGenericArguments()[0]
            : null;
        if (element is null)
        {
            return null;
        }

        var converted = Array.CreateInstance(element, list.Count);
        for (int k = 0; k < list.Count; k++)
        {
            if (!TryConvert(list[k], element, out object? item, out _))
            {
                return null;
            }

            converted.SetValue(item, k);
        }

        return type.IsInstanceOfType(converted) ? converted : null;
    }

    private static Method? Of(object? target, MethodInfo[] methods, string name)
    {
        MethodInfo[] overloads = [.. methods.Where(method => Same(name, method.Name))];
        return overloads.Length == 0 ? null : new Method(target, overloads);
    }
}
