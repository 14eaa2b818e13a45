using System.Text;

namespace Hypatia.Diagnostics;

/// <summary>Graphs as text.</summary>
internal static class Printer
{
    private static readonly Dictionary<Type, string> Symbols = new()
    {
        [typeof(Add)] = "+", [typeof(Sub)] = "-", [typeof(Mul)] = "*", [typeof(TrueDiv)] = "/", [typeof(IntDiv)] = "//",
        [typeof(Mod)] = "%", [typeof(Pow)] = "**", [typeof(Lt)] = "<", [typeof(Le)] = "<=", [typeof(And)] = "&",
        [typeof(Or)] = "|", [typeof(Xor)] = "^", [typeof(MatMul)] = "\\dot",
    };

    /// <summary>
    /// One line per expression, indented under what uses it; one that is used again is printed in full only once, and
    /// named by its letters.
    /// </summary>
    public static string Tree(IEnumerable<Expr> outputs)
    {
        var text = new StringBuilder();
        Dictionary<Expr, string> ids = [];
        foreach (Expr output in outputs)
        {
            // Prefix: the lines of the levels above; last: whether this is the last of its siblings.
            Stack<(Expr Node, string Prefix, bool Root, bool Last)> stack = new();
            stack.Push((output, "", true, true));
            while (stack.TryPop(out var top))
            {
                (Expr node, string prefix, bool root, bool last) = top;
                bool again = ids.TryGetValue(node, out string? id);
                id ??= ids[node] = Letters(ids.Count);
                bool leaf = node.Inputs.Count == 0;
                string label = leaf ? node.ToString() : node.Op + (node.Name is null ? "" : $" '{node.Name}'");
                text.Append(prefix).Append(root ? "" : "|").Append(label).Append($" [id {id}]");
                text.Append(leaf || again ? "" : $" {node.Type.DType.Name()}{node.Type.Shape}").Append('\n');
                if (again)
                {
                    continue;
                }

                string inner = root ? " " : prefix + (last ? "  " : "| ");
                for (int k = node.Inputs.Count - 1; k >= 0; k--)
                {
                    stack.Push((node.Inputs[k], inner, false, k == node.Inputs.Count - 1));
                }
            }
        }

        return text.ToString();
    }

    /// <summary>An expression as a formula: <c>(tanh(((X \dot W1) + b1)) \dot W2)</c>. Movement that only aligns axes is left out.</summary>
    public static string Infix(Expr x)
    {
        // Every node's text is made once, inputs first; deep graphs would overflow a recursive printer.
        Dictionary<Expr, string> texts = [];
        foreach (Expr node in Traversal.Sort([x]))
        {
            texts[node] = Formula(node, [.. node.Inputs.List.Select(input => texts[input])]);
        }

        return texts[x];
    }

    private static string Formula(Expr x, string[] inputs) => x.Op switch
    {
        LeafOp => x.Name ?? (x.Op is Constant c && c.Value.Count == 1 ? c.Value.Scalar(0).ToString() : x.ToString()),
        Neg => $"(-{inputs[0]})",
        Dimshuffle { Order: var order } when !order.SequenceEqual(order.Order()) => $"{inputs[0]}.T",
        Dimshuffle => inputs[0],
        BroadcastTo => inputs[0],
        _ when Symbols.TryGetValue(x.Op.GetType(), out string? symbol) => $"({inputs[0]} {symbol} {inputs[1]})",
        _ => $"{Lower(x.Op.ToString())}({string.Join(", ", inputs)})",
    };

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    // A … Z, BA, BB … as Theano numbers them.
    private static string Letters(int n)
    {
        string text = "";
        do
        {
            text = (char)('A' + (n % 26)) + text;
            n /= 26;
        }
        while (n > 0);
        return text;
    }
}
