namespace Hypatia.Loops;

/// <summary>
/// Runs a kernel as it is written, one scalar at a time. Slow and obvious: this is what kernels mean, and every
/// device is tested against it.
/// </summary>
public sealed class Interpreter
{
    private readonly Dictionary<Memory, HostElements> _memories = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Scalar, ScalarValue> _variables = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Scalar, Evaluation> _evaluations = new(ReferenceEqualityComparer.Instance);

    private Interpreter()
    {
    }

    /// <summary>Runs a kernel on host arrays, one per parameter, of any rank and at least the parameter's count.</summary>
    /// <exception cref="ArgumentException">The arrays do not fit the parameters.</exception>
    /// <exception cref="CompilerException">The kernel is malformed, or reads or writes outside a memory.</exception>
    public static void Run(Kernel kernel, params ReadOnlySpan<Array> arguments)
    {
        var elements = new HostElements[arguments.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = new HostElements(arguments[i]);
        }

        Run(kernel, elements);
    }

    internal static void Run(Kernel kernel, ReadOnlySpan<HostElements> arguments)
    {
        if (arguments.Length != kernel.Parameters.Length)
        {
            throw new ArgumentException(
                $"{kernel.Name} has {kernel.Parameters.Length} parameters, got {arguments.Length} arrays.");
        }

        var interpreter = new Interpreter();
        for (int i = 0; i < arguments.Length; i++)
        {
            Memory memory = kernel.Parameters[i].Memory;
            long count = kernel.Parameters[i].MayBeShorter ? Math.Min(memory.Count, arguments[i].Count) : memory.Count;
            if (arguments[i].DType != memory.DType || arguments[i].Count < count)
            {
                throw new ArgumentException(
                    $"{kernel.Name} needs {memory.Count} elements of {memory.DType.Name()} for {memory.Name}, "
                    + $"got {arguments[i].Count} of {arguments[i].DType.Name()}.");
            }

            interpreter._memories.Add(memory, arguments[i] with { Count = count });
        }

        interpreter.Run(kernel.Body);
    }

    private void Run(Statement statement)
    {
        switch (statement)
        {
            case Block block:
                foreach (Statement child in block.Statements)
                {
                    Run(child);
                }

                break;
            case For loop:
                long extent = Evaluate(loop.Extent).AsInt64;
                for (long i = 0; i < extent; i++)
                {
                    _variables[loop.Index] = ScalarValue.Of(DType.Int64, i);
                    Run(loop.Body);
                }

                break;
            case Let let:
                _variables[let.Variable] = Evaluate(let.Value);
                break;
            case Store store:
                Write(store, store.Memory, Evaluate(store.Index), Evaluate(store.Value));
                break;
            case Accumulate update:
                ScalarValue index = Evaluate(update.Index);
                ScalarValue old = Read(update, update.Memory, index);
                Write(update, update.Memory, index, ScalarMath.Apply(update.Op, old, Evaluate(update.Value)));
                break;
            case If choice:
                if (Evaluate(choice.Condition).AsBool)
                {
                    Run(choice.Then);
                }

                break;
            case Allocate { Memory: var memory }:
                var bytes = new byte[memory.Count * memory.DType.Size()];
                Array.Fill(bytes, (byte)0xA5);                          // undefined: not a convenient zero
                _memories[memory] = new HostElements(bytes, 0, memory.DType, memory.Count);
                break;
            case Contract contract:
                Run(contract);
                break;
            case Prefetch:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType(), "unknown statement");
        }
    }

    private void Run(Contract contract)
    {
        MatrixView a = contract.A, b = contract.B, c = contract.C;
        long aOffset = Evaluate(a.Offset).AsInt64, bOffset = Evaluate(b.Offset).AsInt64;
        long cOffset = Evaluate(c.Offset).AsInt64;
        long batch = Evaluate(contract.Batch).AsInt64, rows = Evaluate(contract.Rows).AsInt64;
        long columns = Evaluate(contract.Columns).AsInt64, depth = Evaluate(contract.Depth).AsInt64;
        for (long n = 0; n < batch; n++)
        {
            for (long i = 0; i < rows; i++)
            {
                for (long j = 0; j < columns; j++)
                {
                    ScalarValue at = Int(cOffset + (n * c.BatchStride) + (i * c.RowStride) + (j * c.ColumnStride));
                    ScalarValue sum = contract.Accumulate
                        ? Read(contract, c.Memory, at)
                        : ScalarValue.Of(c.Memory.DType, 0L);
                    for (long k = 0; k < depth; k++)
                    {
                        ScalarValue x = Read(contract, a.Memory,
                            Int(aOffset + (n * a.BatchStride) + (i * a.RowStride) + (k * a.ColumnStride)));
                        ScalarValue y = Read(contract, b.Memory,
                            Int(bOffset + (n * b.BatchStride) + (k * b.RowStride) + (j * b.ColumnStride)));
                        sum = ScalarMath.Apply(BinaryOp.Add, sum, ScalarMath.Apply(BinaryOp.Mul, x, y));
                    }

                    Write(contract, c.Memory, at, sum);
                    Finish(contract.Epilogue, n, i, j);
                }
            }
        }
    }

    private void Finish(Epilogue? epilogue, long batch, long row, long column)
    {
        if (epilogue is null)
        {
            return;
        }

        _variables[epilogue.Batch] = Int(batch);
        _variables[epilogue.Row] = Int(row);
        _variables[epilogue.Column] = Int(column);
        foreach (Store store in epilogue.Stores)
        {
            Run(store);
        }
    }

    private ScalarValue Evaluate(Scalar scalar)
    {
        if (!_evaluations.TryGetValue(scalar, out Evaluation? evaluation))
        {
            _evaluations.Add(scalar, evaluation = new Evaluation(scalar));
        }

        ScalarValue[] values = evaluation.Values;
        for (int i = 0; i < values.Length; i++)
        {
            Scalar node = evaluation.Nodes[i];
            int[] x = evaluation.Operands[i];
            values[i] = node switch
            {
                Literal literal => literal.Value,
                Variable variable => _variables.TryGetValue(variable, out ScalarValue value)
                    ? value
                    : throw new CompilerException($"{variable.Name} has no value in\n{scalar}"),
                Load load => Read(load, load.Memory, values[x[0]]),
                Unary unary => ScalarMath.Apply(unary.Op, values[x[0]]),
                Binary binary => ScalarMath.Apply(binary.Op, values[x[0]], values[x[1]]),
                Select => values[x[0]].AsBool ? values[x[1]] : values[x[2]],
                Cast cast => cast.Reinterpret ? values[x[0]].Reinterpret(cast.DType) : values[x[0]].To(cast.DType),
                _ => throw new ArgumentOutOfRangeException(nameof(scalar), node.GetType(), "unknown scalar"),
            };
        }

        return values[^1];
    }

    private ScalarValue Read(object code, Memory memory, ScalarValue index)
    {
        Check(code, memory, index, "read");
        return _memories[memory][index.AsInt64];
    }

    private void Write(Statement code, Memory memory, ScalarValue index, ScalarValue value)
    {
        Check(code, memory, index, "written");
        HostElements elements = _memories[memory];
        elements[index.AsInt64] = value;
    }

    private void Check(object code, Memory memory, ScalarValue index, string done)
    {
        if (!_memories.ContainsKey(memory))
        {
            throw new CompilerException($"{memory.Name} is {done} but does not exist:", code.ToString()!);
        }

        if (index.AsInt64 < 0 || index.AsInt64 >= memory.Count)
        {
            IEnumerable<string> values = _variables
                .Select(v => $"{((Variable)v.Key).Name} = {v.Value}");
            throw new CompilerException(
                $"{memory.Name}[{index}] is {done}, outside its {memory.Count} elements, "
                + $"with {string.Join(", ", values)}:",
                code.ToString()!);
        }
    }

    private static ScalarValue Int(long value) => ScalarValue.Of(DType.Int64, value);

    /// <summary>The operations of a scalar in order, with the places of their operands.</summary>
    private sealed class Evaluation
    {
        public Evaluation(Scalar scalar)
        {
            Nodes = [.. ScalarGraph.InOrder(scalar)];
            var places = new Dictionary<Scalar, int>(ReferenceEqualityComparer.Instance);
            for (int i = 0; i < Nodes.Length; i++)
            {
                places.Add(Nodes[i], i);
            }

            Operands = [.. Nodes.Select(node => node.Operands.Select(operand => places[operand]).ToArray())];
            Values = new ScalarValue[Nodes.Length];
        }

        public Scalar[] Nodes { get; }

        public int[][] Operands { get; }

        public ScalarValue[] Values { get; }
    }
}
