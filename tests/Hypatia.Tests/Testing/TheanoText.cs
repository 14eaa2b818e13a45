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
