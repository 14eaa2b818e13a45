using System.Text;

namespace Hypatia.Loops;

/// <summary>
/// Kernels as text: the same kernel always gives the same text, and different variables different names.
/// Operators bind as in Python. A statement whose tree is large is preceded by lines <c>#1 = …</c> for what it shares.
/// </summary>
public sealed class KernelPrinter
{
    private const int LargeTree = 200;

    private readonly StringBuilder _text = new();
    private readonly Dictionary<object, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<Scalar, string> _shared = new(ReferenceEqualityComparer.Instance);
    private readonly Statement? _marked;
    private int _sharedCount;
    private int _markedLine = -1;
    private int _lines;

    private KernelPrinter(Statement? marked) => _marked = marked;

    /// <summary>The text of a scalar.</summary>
    public static string Print(Scalar scalar)
    {
        var printer = new KernelPrinter(null);
        if (!IsLarge([scalar]))
        {
            return printer.Text(scalar);
        }

        printer.PrintShared(0, [scalar]);
        printer._text.Append(printer.Text(scalar));
        return printer._text.ToString();
    }

    /// <summary>The text of a statement: lines that end with a newline.</summary>
    public static string Print(Statement statement)
    {
        var printer = new KernelPrinter(null);
        printer.Print(statement, 0);
        return printer._text.ToString();
    }

    /// <summary>The text of a kernel: lines that end with a newline.</summary>
    public static string Print(Kernel kernel)
    {
        var printer = new KernelPrinter(null);
        printer.PrintKernel(kernel);
        return printer._text.ToString();
    }

    /// <summary>The lines around one statement of a kernel, which is marked by <c>→</c>.</summary>
    internal static string PrintAround(Kernel kernel, Statement? statement, int context = 6)
    {
        var printer = new KernelPrinter(statement);
        printer.PrintKernel(kernel);
        string[] lines = printer._text.ToString().TrimEnd('\n').Split('\n');
        int marked = printer._markedLine;
        return string.Join('\n', lines
            .Select((line, number) => (Text: (number == marked ? "→ " : "  ") + line, Number: number))
            .Where(line => line.Number == 0 || marked < 0 || Math.Abs(line.Number - marked) <= context)
            .Select(line => line.Text));
    }

    private void PrintKernel(Kernel kernel)
    {
        IEnumerable<string> parameters = kernel.Parameters.Select(p =>
            $"{(p.IsWritten ? "out" : "in")} {Name(p.Memory, p.Memory.Name)}: {Type(p.Memory)}");
        Line(0, $"kernel {kernel.Name}({string.Join(", ", parameters)})");
        Print(kernel.Body, 1);
    }

    private void Print(Statement statement, int depth)
    {
        if (statement is not Block)
        {
            PrintShared(depth, StatementTree.Scalars(statement));
        }

        if (ReferenceEquals(statement, _marked))
        {
            _markedLine = _lines;
        }

        switch (statement)
        {
            case Block block:
                foreach (Statement child in block.Statements)
                {
                    if (child is Block)
                    {
                        Line(depth, "block");
                    }

                    Print(child, child is Block ? depth + 1 : depth);
                }

                break;
            case For loop:
                string extent = Text(loop.Extent);
                Line(depth, $"{Word(loop.Kind)} {Name(loop.Index, loop.Index.Name)} in 0..{extent}");
                Print(loop.Body, depth + 1);
                break;
            case Let let:
                string value = Text(let.Value);
                Line(depth, $"let {Name(let.Variable, let.Variable.Name)} = {value}");
                break;
            case Store store:
                Line(depth, $"{Element(store.Memory, store.Index)} = {Text(store.Value)}");
                break;
            case Accumulate update:
                string op = update.Op.Symbol() ?? update.Op.ToString().ToLowerInvariant();
                Line(depth, $"{Element(update.Memory, update.Index)} {op}= {Text(update.Value)}");
                break;
            case Prefetch prefetch:
                Line(depth, $"prefetch {Element(prefetch.Memory, prefetch.Index)}");
                break;
            case If choice:
                Line(depth, $"if {Text(choice.Condition)}");
                Print(choice.Then, depth + 1);
                break;
            case Allocate { Memory: var memory }:
                Line(depth, memory.Scope == MemoryScope.Register
                    ? $"register {Name(memory, memory.Name)}: {memory.DType.Name()}"
                    : $"scratch {Name(memory, memory.Name)}: {Type(memory)}");
                break;
            case Contract contract:
                Line(depth, Text(contract));
                foreach (Store store in contract.Epilogue?.Stores ?? [])
                {
                    Print(store, depth + 1);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType(), "unknown statement");
        }
    }

    private void Line(int depth, string text)
    {
        _text.Append(' ', 2 * depth).Append(text).Append('\n');
        _lines++;
    }

    private string Text(Contract c)
    {
        string IndexName(Variable? index, string otherwise) => index is null ? otherwise : Name(index, index.Name);
        string b = IndexName(c.Epilogue?.Batch, "b");
        string i = IndexName(c.Epilogue?.Row, "i");
        string j = IndexName(c.Epilogue?.Column, "j");
        bool isOne = c.Batch is Literal { Value.AsInt64: 1 };
        string View(MatrixView view, string row, string column) =>
            $"{Name(view.Memory, view.Memory.Name)}[{Text(view.Offset)}"
            + $"{(isOne ? "" : $" + {view.BatchStride}{b}")} + {view.RowStride}{row} + {view.ColumnStride}{column}]";
        string batch = isOne ? "" : $"{b} in 0..{Text(c.Batch)}, ";
        return $"contract {View(c.C, i, j)} {(c.Accumulate ? "+=" : "=")} {View(c.A, i, "k")} * {View(c.B, "k", j)}"
            + $" for {batch}{i} in 0..{Text(c.Rows)}, {j} in 0..{Text(c.Columns)}, k in 0..{Text(c.Depth)}{(c.Epilogue is null ? "" : ", then")}";
    }

    private string Element(Memory memory, Scalar index) =>
        memory.Scope == MemoryScope.Register && index is Literal { Value.AsInt64: 0 }
            ? Name(memory, memory.Name)
            : $"{Name(memory, memory.Name)}[{Text(index)}]";

    private string Text(Scalar scalar) => Text(scalar, Precedence.Lowest);

    private string Text(Scalar scalar, Precedence outer)
    {
        if (_shared.TryGetValue(scalar, out string? reference))
        {
            return reference;
        }

        (string text, Precedence own) = scalar switch
        {
            Literal literal => (literal.Value.ToString(), Precedence.Atom),
            Variable variable => (Name(variable, variable.Name), Precedence.Atom),
            Load load => (Element(load.Memory, load.Index), Precedence.Atom),
            Unary { Op: UnaryOp.Neg } x => ("-" + Text(x.X, Precedence.Unary), Precedence.Unary),
            Unary { Op: UnaryOp.Not } x =>
                ((x.DType == DType.Bool ? "!" : "~") + Text(x.X, Precedence.Unary), Precedence.Unary),
            Unary x => ($"{Word(x.Op)}({Text(x.X)})", Precedence.Atom),
            Binary { Op: BinaryOp.Add, Y: Literal { Value: { DType: DType.Int64, AsInt64: < 0 } value } } x =>
                ($"{Text(x.X, Precedence.Sum)} - {-value.AsInt64}", Precedence.Sum),
            Binary x when x.Op.Symbol() is { } symbol => Infix(x, symbol, Of(x.Op)),
            Binary x => ($"{Word(x.Op)}({Text(x.X)}, {Text(x.Y)})", Precedence.Atom),
            Select x => ($"{Text(x.Condition, Precedence.Comparison)} ? {Text(x.WhenTrue, Precedence.Comparison)}"
                + $" : {Text(x.WhenFalse, Precedence.Comparison)}", Precedence.Lowest),
            Cast x => ($"{x.DType.Name()}{(x.Reinterpret ? ".bits" : "")}({Text(x.X)})", Precedence.Atom),
            _ => throw new ArgumentOutOfRangeException(nameof(scalar), scalar.GetType(), "unknown scalar"),
        };
        return own < outer ? $"({text})" : text;
    }

    private (string Text, Precedence Own) Infix(Binary x, string symbol, Precedence own) =>
        ($"{Text(x.X, own == Precedence.Comparison ? own + 1 : own)} {symbol} {Text(x.Y, own + 1)}", own);

    /// <summary>Lines for the operations that large statements reach by several paths.</summary>
    private void PrintShared(int depth, IReadOnlyList<Scalar> roots)
    {
        _shared.Clear();
        if (!IsLarge(roots))
        {
            return;
        }

        var seen = new HashSet<Scalar>(ReferenceEqualityComparer.Instance);
        var order = new List<Scalar>();
        var uses = new Dictionary<Scalar, int>(ReferenceEqualityComparer.Instance);
        foreach (Scalar root in roots)
        {
            ScalarGraph.InOrder(root, seen, order);
            uses[root] = uses.GetValueOrDefault(root) + 1;
        }

        foreach (Scalar operand in order.SelectMany(node => node.Operands))
        {
            uses[operand] = uses.GetValueOrDefault(operand) + 1;
        }

        foreach (Scalar node in order.Where(node => uses[node] > 1 && node.Operands.Count > 0))
        {
            string text = Text(node);
            _shared[node] = $"#{++_sharedCount}";
            Line(depth, $"{_shared[node]} = {text}");
        }
    }

    private static bool IsLarge(IReadOnlyList<Scalar> roots)
    {
        var sizes = new Dictionary<Scalar, int>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<Scalar>(ReferenceEqualityComparer.Instance);
        var order = new List<Scalar>();
        foreach (Scalar root in roots)
        {
            ScalarGraph.InOrder(root, seen, order);
        }

        foreach (Scalar node in order)
        {
            int size = 1;
            foreach (Scalar operand in node.Operands)
            {
                size = Math.Min(LargeTree + 1, size + sizes[operand]);
            }

            sizes[node] = size;
        }

        return roots.Sum(root => sizes[root]) > LargeTree;
    }

    private string Name(object named, string wish)
    {
        if (_names.TryGetValue(named, out string? name))
        {
            return name;
        }

        name = wish;
        for (int number = 1; !_taken.Add(name); number++)
        {
            name = $"{wish}{number}";
        }

        _names.Add(named, name);
        return name;
    }

    private static string Type(Memory memory) => $"{memory.DType.Name()}[{memory.Count}]";

    private static string Word(LoopKind kind) => kind == LoopKind.Serial ? "for" : kind.ToString().ToLowerInvariant();

    private static string Word(Enum op) => op.ToString().ToLowerInvariant();

    private static Precedence Of(BinaryOp op) => op switch
    {
        BinaryOp.Or => Precedence.Or,
        BinaryOp.Xor => Precedence.Xor,
        BinaryOp.And => Precedence.And,
        BinaryOp.ShiftLeft or BinaryOp.ShiftRight => Precedence.Shift,
        BinaryOp.Add or BinaryOp.Sub => Precedence.Sum,
        BinaryOp.Mul or BinaryOp.Div or BinaryOp.FloorDiv or BinaryOp.Mod => Precedence.Product,
        _ => Precedence.Comparison,
    };

    private enum Precedence
    {
        Lowest,
        Comparison,
        Or,
        Xor,
        And,
        Shift,
        Sum,
        Product,
        Unary,
        Atom,
    }
}
