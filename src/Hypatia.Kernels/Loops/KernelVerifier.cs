using System.Runtime.CompilerServices;
using System.Text;

namespace Hypatia.Loops;

/// <summary>Checks what every kernel promises: names and memories in scope, agreeing dtypes, loops of allowed kinds.</summary>
public sealed class KernelVerifier
{
    private readonly Kernel _kernel;
    private readonly HashSet<object> _inScope = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Memory> _written = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Scalar> _checked = new(ReferenceEqualityComparer.Instance);
    private readonly List<Scalar> _order = [];
    private readonly Stack<Scope> _scopes = new();
    private Statement? _at;
    private int _conditions;

    private KernelVerifier(Kernel kernel) => _kernel = kernel;

    /// <summary>Returns normally if the kernel is well formed.</summary>
    /// <exception cref="CompilerException">It is not; the message says what is wrong, and prints the code around it.</exception>
    public static void Verify(Kernel kernel) => new KernelVerifier(kernel).Verify();

    private void Verify()
    {
        _scopes.Push(new Scope());
        foreach (Parameter parameter in _kernel.Parameters)
        {
            Memory memory = parameter.Memory;
            Require(memory.Scope == MemoryScope.Global, $"parameter {memory.Name} is not of global scope");
            Require(_inScope.Add(memory), $"parameter {memory.Name} is listed twice");
            if (parameter.IsWritten)
            {
                _written.Add(memory);
            }
        }

        foreach (Statement statement in _kernel.Body.Statements)
        {
            Verify(statement, isOnly: _kernel.Body.Statements.Length == 1);
        }
    }

    private void Verify(Statement statement, bool isOnly = false)
    {
        _at = statement;
        switch (statement)
        {
            case Block block:
                Scoped(block);
                break;
            case For loop:
                Check(loop.Extent, DType.Int64, "extent");
                Require(loop.Kind != LoopKind.Parallel || isOnly,
                    "a parallel loop is not the single outermost statement of the kernel");
                Require(loop.Index.DType == DType.Int64, $"index {loop.Index.Name} is not int64");
                Require(loop.Index.Extent == 0 || IndexMath.Range(loop.Extent) is not var (_, longest)
                    || longest <= loop.Index.Extent,
                    $"index {loop.Index.Name} says that it stays below {loop.Index.Extent}, but the loop runs to {loop.Extent}");
                _scopes.Push(new Scope());
                Introduce(loop.Index, loop.Index.Name);
                VerifyAll(loop.Body);
                Leave();
                break;
            case Let let:
                Check(let.Value, let.Variable.DType, $"value of {let.Variable.Name}");
                Introduce(let.Variable, let.Variable.Name);
                break;
            case Store store:
                CheckWrite(store.Memory, store.Index, store.Value);
                break;
            case Accumulate update:
                CheckWrite(update.Memory, update.Index, update.Value);
                Require(update.Op is BinaryOp.Add or BinaryOp.Mul or BinaryOp.Min or BinaryOp.Max
                    or BinaryOp.And or BinaryOp.Or, $"{update.Op} cannot accumulate");
                Require(IsDefined(update.Op, update.Memory.DType),
                    $"{update.Op} is not defined on {update.Memory.DType.Name()}");
                break;
            case Prefetch prefetch:
                CheckScope(prefetch.Memory);
                Check(prefetch.Index, DType.Int64, $"index into {prefetch.Memory.Name}");
                Require(prefetch.Memory.Scope != MemoryScope.Register, $"register {prefetch.Memory.Name} is prefetched");
                break;
            case If choice:
                Check(choice.Condition, DType.Bool, "condition");
                _conditions++;
                Scoped(choice.Then);
                _conditions--;
                break;
            case Allocate { Memory: var memory }:
                Require(memory.Scope != MemoryScope.Global, $"{memory.Name} is of global scope and cannot be allocated");
                Require(memory.Scope != MemoryScope.Register || memory.Count == 1,
                    $"register {memory.Name} has {memory.Count} elements");
                Introduce(memory, memory.Name);
                _written.Add(memory);
                break;
            case Contract contract:
                Check(contract, contract.A, contract.Rows, contract.Depth);
                Check(contract, contract.B, contract.Depth, contract.Columns);
                Check(contract, contract.C, contract.Rows, contract.Columns);
                CheckWritten(contract.C.Memory);
                Require(contract.A.Memory.DType == contract.C.Memory.DType
                    && contract.B.Memory.DType == contract.C.Memory.DType, "the matrices are of different dtypes");
                if (contract.Epilogue is { } epilogue)
                {
                    Verify(epilogue);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType(), "unknown statement");
        }
    }

    // An epilogue sees memories, but of variables only its own.
    private void Verify(Epilogue epilogue)
    {
        object[] variables = [.. _inScope.Where(named => named is Variable)];
        Scalar[] before = [.. _checked];
        _inScope.ExceptWith(variables);
        _checked.Clear();
        _scopes.Push(new Scope());
        foreach (Variable own in (Variable[])[epilogue.Batch, epilogue.Row, epilogue.Column])
        {
            Require(own.DType == DType.Int64, $"index {own.Name} is not int64");
            Introduce(own, own.Name);
        }

        Require(epilogue.Memories().All(memory => memory.Scope != MemoryScope.Register), "an epilogue uses a register");
        foreach (Store store in epilogue.Stores)
        {
            Verify(store);
        }

        Leave();
        _inScope.UnionWith(variables);
        _checked.UnionWith(before);
    }

    private void Scoped(Block block)
    {
        _scopes.Push(new Scope());
        VerifyAll(block);
        Leave();
    }

    private void VerifyAll(Block block)
    {
        foreach (Statement child in block.Statements)
        {
            Verify(child);
        }
    }

    private void Introduce(object named, string name)
    {
        Require(_inScope.Add(named), $"{name} is introduced while it is in scope");
        _scopes.Peek().Introduced.Add(named);
    }

    // What was introduced in the scope ends, and scalars that were checked in it are checked anew elsewhere.
    private void Leave()
    {
        Scope scope = _scopes.Pop();
        _inScope.ExceptWith(scope.Introduced);
        _checked.ExceptWith(scope.Checked);
    }

    private void CheckWrite(Memory memory, Scalar index, Scalar value)
    {
        CheckWritten(memory);
        CheckIndex(memory, index);
        Check(value, memory.DType, $"value for {memory.Name}");
    }

    private void CheckWritten(Memory memory)
    {
        CheckScope(memory);
        Require(_written.Contains(memory), $"{memory.Name} is only read by its declaration, but is stored to");
    }

    private void CheckScope(Memory memory) => Require(_inScope.Contains(memory), $"memory {memory.Name} is not in scope");

    private void CheckIndex(Memory memory, Scalar index)
    {
        Check(index, DType.Int64, $"index into {memory.Name}");
        CheckRange(memory, index);
    }

    // A condition may keep an index inside that is outside by its range.
    private void CheckRange(Memory memory, Scalar index) =>
        Require(_conditions > 0 || IndexMath.Range(index) is not var (min, max) || (max >= 0 && min < memory.Count),
            $"index {index} is outside the {memory.Count} elements of {memory.Name}");

    private void Check(Contract c, MatrixView view, Scalar rows, Scalar columns)
    {
        Memory memory = view.Memory;
        CheckScope(memory);
        Check(view.Offset, DType.Int64, $"offset into {memory.Name}");
        foreach (Scalar length in (Scalar[])[c.Batch, rows, columns])
        {
            Check(length, DType.Int64, "length of a matrix");
        }

        if (_conditions > 0 || view.Offset is not Literal { Value.AsInt64: var first }
            || (c.Batch, rows, columns) is not (Literal, Literal, Literal) || c.Batch * rows * columns is Literal { Value.AsInt64: 0 })
        {
            return;
        }

        long low = first, high = first;
        Widen(c.Batch, view.BatchStride);
        Widen(rows, view.RowStride);
        Widen(columns, view.ColumnStride);
        Require(low >= 0 && high < memory.Count,
            $"elements {low} to {high} are outside the {memory.Count} elements of {memory.Name}");

        void Widen(Scalar count, long stride)
        {
            long last = ((Literal)count).Value.AsInt64 - 1;
            low += Math.Min(0, last * stride);
            high += Math.Max(0, last * stride);
        }
    }

    private void Check(Scalar scalar, DType dtype, string what)
    {
        Require(scalar.DType == dtype, $"the {what} is {scalar.DType.Name()}, not {dtype.Name()}");
        _order.Clear();
        ScalarGraph.InOrder(scalar, _checked, _order);
        foreach (Scalar node in _order)
        {
            Check(node);
            _scopes.Peek().Checked.Add(node);
        }
    }

    private void Check(Scalar node)
    {
        switch (node)
        {
            case Variable variable:
                Require(_inScope.Contains(variable), $"{variable.Name} is used where it is not defined");
                break;
            case Load load:
                CheckScope(load.Memory);
                Require(load.Index.DType == DType.Int64, $"index into {load.Memory.Name} is {load.Index.DType.Name()}");
                CheckRange(load.Memory, load.Index);
                break;
            case Unary x:
                Require(IsDefined(x.Op, x.X.DType), $"{x.Op} is not defined on {x.X.DType.Name()}");
                break;
            case Binary x:
                Require(x.X.DType == x.Y.DType, $"{x.Op} has operands of {x.X.DType.Name()} and {x.Y.DType.Name()}");
                Require(IsDefined(x.Op, x.X.DType), $"{x.Op} is not defined on {x.X.DType.Name()}");
                break;
            case Select x:
                Require(x.Condition.DType == DType.Bool, $"a select's condition is {x.Condition.DType.Name()}, not bool");
                Require(x.WhenTrue.DType == x.WhenFalse.DType,
                    $"a select has values of {x.WhenTrue.DType.Name()} and {x.WhenFalse.DType.Name()}");
                break;
            case Cast { Reinterpret: true } x:
                Require(x.DType.Size() == x.X.DType.Size() && (x.DType == DType.Bool) == (x.X.DType == DType.Bool),
                    $"the bits of {x.X.DType.Name()} cannot be read as {x.DType.Name()}");
                break;
        }
    }

    private static bool IsDefined(UnaryOp op, DType dtype) => op switch
    {
        UnaryOp.Not => !dtype.IsFloat(),
        UnaryOp.Neg => dtype != DType.Bool,
        UnaryOp.Abs or UnaryOp.Sign or UnaryOp.Floor or UnaryOp.Ceil or UnaryOp.Trunc or UnaryOp.Round => true,
        _ => dtype.IsFloat(),
    };

    private static bool IsDefined(BinaryOp op, DType dtype) => op switch
    {
        BinaryOp.Div or BinaryOp.Atan2 or BinaryOp.Scale => dtype.IsFloat(),
        BinaryOp.And or BinaryOp.Or or BinaryOp.Xor => !dtype.IsFloat(),
        BinaryOp.ShiftLeft or BinaryOp.ShiftRight => dtype.IsInteger(),
        BinaryOp.Sub or BinaryOp.FloorDiv or BinaryOp.Mod or BinaryOp.Pow => dtype != DType.Bool,
        _ => true,
    };

    private void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] Message message)
    {
        if (!holds)
        {
            throw new CompilerException(
                $"Kernel {_kernel.Name}: {message.Text}.", KernelPrinter.PrintAround(_kernel, _at));
        }
    }

    private void Require(bool holds, string message) => Require(holds, $"{message}");

    /// <summary>What a scope introduced, and the scalars that were checked in it.</summary>
    private sealed class Scope
    {
        public List<object> Introduced { get; } = [];

        public List<Scalar> Checked { get; } = [];
    }

    /// <summary>The text of what does not hold: made only then, because it may print a large scalar.</summary>
    [InterpolatedStringHandler]
    private readonly ref struct Message
    {
        private readonly StringBuilder? _text;

        public Message(int literals, int holes, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = holds ? null : new StringBuilder(literals + (16 * holes));
        }

        public string Text => _text!.ToString();

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted(object value) => _text!.Append(value);
    }
}
