using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Hypatia.Tests.Testing;

/// <summary>
/// Reads an expression as a Theano program writes it, and builds it by calling Hypatia's public functions by name:
/// <c>T.inc_subtensor(x0[x1, ::2], 1.5)</c>. Underscores and case do not count, so the API must keep Theano's names.
/// </summary>
internal sealed partial class TheanoText
{
    // Theano's name on the left has another form in C#.
    private static readonly Dictionary<string, Func<object?[], object?>> Forms = new()
    {
        ["abs"] = x => T.Abs(Call.Convert<Expr>(x[0])),
        ["AllocDiag"] = offset => (Func<object?[], object?>)(x => T.Diag(Call.Convert<Expr>(x[0]), (int)(long)offset[0]!)),
        ["float32"] = x => T.Constant(Number(x[0]), DType.Float32),
        ["float64"] = x => T.Constant(Number(x[0]), DType.Float64),
        ["int8"] = x => T.Constant(Number(x[0]), DType.Int8),
        ["int32"] = x => T.Constant(Number(x[0]), DType.Int32),
        ["int64"] = x => T.Constant(Number(x[0]), DType.Int64),
        ["array"] = x => x[0],
        ["slice"] = x => new Slice(x.Length == 1 ? null : x[0], x.Length == 1 ? x[0] : x[1], x.Length > 2 ? x[2] : null),
    };

    private static readonly HashSet<string> Modules =
        ["T", "theano", "tensor", "np", "numpy", "nl", "sl", "extra_ops", "gradient", "basic", "nnet", "bn", "subtensor"];

    private readonly string[] _tokens;
    private readonly IReadOnlyDictionary<string, Expr> _variables;
    private int _next;

    private TheanoText(string text, IReadOnlyDictionary<string, Expr> variables)
    {
        _tokens = [.. Token().Matches(text).Select(match => match.Value)];
        _variables = variables;
    }

    /// <summary>The outputs that the text describes, over these variables.</summary>
    public static Expr[] Read(string text, IReadOnlyDictionary<string, Expr> variables)
    {
        var reader = new TheanoText(text, variables);
        object? value = reader.Expression();
        return reader._next == reader._tokens.Length
            ? Call.Outputs(value)
            : throw new FormatException($"'{reader._tokens[reader._next]}' is not read in {text}");
    }

    private static double Number(object? value) => System.Convert.ToDouble(value, CultureInfo.InvariantCulture);

    [GeneratedRegex("""\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|[A-Za-z_]\w*|"[^"]*"|'[^']*'|\*\*|//|<=|>=|==|\.\.\.|\S""")]
    private static partial Regex Token();

    private string Peek => _next < _tokens.Length ? _tokens[_next] : "";

    private bool Take(string token)
    {
        bool taken = Peek == token;
        _next += taken ? 1 : 0;
        return taken;
    }

    private void Need(string token)
    {
        if (!Take(token))
        {
            throw new FormatException($"'{token}' is missing before '{Peek}' in {string.Concat(_tokens)}");
        }
    }

    private object? Expression() => Binary(0);

    // Python's operators from the loosest binding to the tightest.
    private static readonly string[][] Levels = [["<", ">", "<=", ">="], ["|"], ["^"], ["&"], ["+", "-"], ["*", "/", "//", "%"]];

    private object? Binary(int level)
    {
        if (level == Levels.Length)
        {
            return Unary();
        }

        object? left = Binary(level + 1);
        while (Levels[level].Contains(Peek))
        {
            string symbol = _tokens[_next++];
            left = Apply(symbol, left, Binary(level + 1));
        }

        return left;
    }

    private object? Unary()
    {
        if (Peek is "-" or "+" or "~")
        {
            string symbol = _tokens[_next++];
            return (symbol, Unary()) switch
            {
                ("-", long n) => -n,
                ("-", double n) => -n,
                ("-", var x) => -Call.Convert<Expr>(x),
                ("~", var x) => ~Call.Convert<Expr>(x),
                (_, var x) => x,
            };
        }

        object? value = Postfix();
        return Take("**") ? Apply("**", value, Unary()) : value;
    }

    private static object? Apply(string symbol, object? left, object? right)
    {
        if (left is not Expr && right is not Expr)
        {
            return symbol switch
            {
                "+" => Number(left) + Number(right),
                "-" => Number(left) - Number(right),
                "*" => Number(left) * Number(right),
                _ => Number(left) / Number(right),
            };
        }

        // Not the operators of C#: Python has no implicit conversion of a bool to a number's tensor.
        Expr x = Call.Convert<Expr>(left);
        Expr y = Call.Convert<Expr>(right);
        return symbol switch
        {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            "/" => x / y,
            "//" => T.IntDiv(x, y),
            "%" => x % y,
            "**" => x.Pow(y),
            "&" => x & y,
            "|" => x | y,
            "^" => x ^ y,
            "<" => x < y,
            ">" => x > y,
            "<=" => x <= y,
            _ => x >= y,
        };
    }

    private object? Postfix()
    {
        object? value = Atom();
        while (true)
        {
            if (Take("."))
            {
                value = Member(value, _tokens[_next++]);
            }
            else if (Take("("))
            {
                (object?[] positional, Dictionary<string, object?> named) = Arguments(")");
                value = value is Method method ? method.Invoke(positional, named)
                    : value is Func<object?[], object?> form && named.Count == 0 ? form(positional)
                    : throw new FormatException($"{value} can't be called");
            }
            else if (Take("["))
            {
                value = Subscripted(value, Subscripts());
            }
            else
            {
                return value;
            }
        }
    }

    private static object? Member(object? value, string name) => value switch
    {
        Module when Modules.Contains(name) => new Module(name),
        Module { Name: "np" } when name.StartsWith("inf", StringComparison.Ordinal) => double.PositiveInfinity,
        Module when Forms.TryGetValue(name, out Func<object?[], object?>? form) => form,
        Module { Name: "nnet" } => Call.Static(typeof(NNet), name) ?? Call.Static(typeof(T), name) ?? Missing(name),
        Module => Call.Static(typeof(T), name) ?? Missing(name),
        Expr x => Call.Instance(x, name) ?? Missing(name),
        _ => Missing(name),
    };

    private static object? Missing(string name) => throw new MissingMethodException($"Hypatia has no {name}.");

    private static object? Subscripted(object? value, object?[] subscripts)
    {
        if (value is IList list)
        {
            return list[(int)(long)subscripts[0]!];
        }

        Subscript[] converted = [.. subscripts.Select(Call.Convert<Subscript>)];
        return value is Expr x ? x[converted] : value!.GetType().GetProperty("Item")!.GetValue(value, [converted]);
    }

    private object?[] Subscripts()
    {
        List<object?> all = [];
        while (!Take("]"))
        {
            object? start = Peek is ":" ? null : Expression();
            if (Take(":"))
            {
                object? stop = Peek is ":" or "," or "]" ? null : Expression();
                object? step = Take(":") && Peek is not ("," or "]") ? Expression() : null;
                all.Add(new Slice(start, stop, step));
            }
            else if (start is List<object?> { Count: var count } tuple && _tokens[_next - 1] == ")" && count > 0)
            {
                all.AddRange(tuple);
            }
            else
            {
                all.Add(start);
            }

            Take(",");
        }

        return [.. all];
    }

    private (object?[] Positional, Dictionary<string, object?> Named) Arguments(string close)
    {
        List<object?> positional = [];
        Dictionary<string, object?> named = [];
        while (!Take(close))
        {
            if (_next + 1 < _tokens.Length && _tokens[_next + 1] == "=")
            {
                string name = _tokens[_next];
                _next += 2;
                named[name] = Expression();
            }
            else
            {
                positional.Add(Expression());
            }

            Take(",");
        }

        return ([.. positional], named);
    }

    private object? Atom()
    {
        string token = _tokens[_next++];
        switch (token)
        {
            case "(":
                List<object?> items = [];
                bool tuple = Peek == ")";
                while (!Take(")"))
                {
                    items.Add(Expression());
                    tuple |= Take(",");
                }

                return tuple ? items : items[0];
            case "[":
                return Arguments("]").Positional.ToList();
            case "None":
                return null;
            case "True" or "False":
                return token == "True";
            case "...":
                return T.Ellipsis;
        }

        if (token[0] is '\'' or '"')
        {
            return token[1..^1];
        }

        if (char.IsDigit(token[0]) || token[0] == '.')
        {
            return long.TryParse(token, out long integer) ? (object)integer : double.Parse(token, CultureInfo.InvariantCulture);
        }

        return _variables.TryGetValue(token, out Expr? variable) ? variable
            : Forms.TryGetValue(token, out Func<object?[], object?>? form) ? form
            : Modules.Contains(token) ? new Module(token)
            : throw new FormatException($"What is {token}?");
    }

    private sealed record Module(string Name);
}

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
