namespace Hypatia.Loops.Passes;

/// <summary>What a memory holds between two writes to it: compared by identity.</summary>
internal sealed class Content(Memory memory, Scope since)
{
    /// <summary>The memory.</summary>
    public Memory Memory { get; } = memory;

    /// <summary>The scope that the first of the two writes is in.</summary>
    public Scope Since { get; } = since;
}

/// <summary>What a scalar computes, whichever object says so: equal computations on equal contents are one value.</summary>
internal sealed class Value(Scalar scalar, Value[] operands, Content[] reads, Scope available)
{
    /// <summary>A scalar that computes it.</summary>
    public Scalar Scalar { get; } = scalar;

    /// <summary>What it is computed from.</summary>
    public Value[] Operands { get; } = operands;

    /// <summary>The contents, of memories that the kernel writes, that it or its operands read.</summary>
    public Content[] Reads { get; } = reads;

    /// <summary>The outermost scope where its variables and the contents it reads exist.</summary>
    public Scope Available { get; } = available;

    /// <summary>Whether it must not be computed where a condition might have prevented it.</summary>
    public bool IsGuarded { get; } = scalar is Load or Binary { Op: BinaryOp.Div or BinaryOp.FloorDiv or BinaryOp.Mod }
        || Array.Exists(operands, static operand => operand.IsGuarded);

    /// <summary>What to call it.</summary>
    public string Name { get; set; } = "t";

    /// <summary>Where it is computed last in program order, so far.</summary>
    public Use? LastUse { get; set; }

    /// <summary>
    /// Where it has been computed for all of a scope, or null. Only the last place can be: while an earlier one is in sight, a
    /// new one is made only further out, and then that is in sight, too.
    /// </summary>
    public Use? UseSeenFrom(Scope site) =>
        LastUse is { } use && ReferenceEquals(site.AtDepth(Math.Min(site.Depth, use.Scope.Depth)), use.Scope) ? use : null;
}

/// <summary>Gives scalars their values, following the writes to memories in program order.</summary>
internal sealed class ValueNumbering
{
    private readonly Scope _root;
    private readonly Dictionary<Key, Value> _known = [];
    private readonly Dictionary<Scalar, Value> _values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Memory, Content> _contents = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Block, HashSet<Memory>> _writes = new(ReferenceEqualityComparer.Instance);
    private readonly List<Scalar> _readers = [];
    private readonly Func<Scalar, Value> _find;

    /// <summary>The values at the start of a kernel.</summary>
    public ValueNumbering(Scope root, Kernel kernel)
    {
        _root = root;
        _find = Find;
        foreach (Parameter parameter in kernel.Parameters)
        {
            if (parameter.IsWritten)
            {
                _contents.Add(parameter.Memory, new Content(parameter.Memory, root));
            }
        }
    }

    private readonly record struct Key(
        Type Type, int Op, DType DType, object? Identity, Value? X = null, Value? Y = null, Value? Z = null)
    {
        public bool Equals(Key other) =>
            ReferenceEquals(X, other.X) && ReferenceEquals(Y, other.Y) && ReferenceEquals(Z, other.Z)
            && ReferenceEquals(Type, other.Type) && Op == other.Op && DType == other.DType && Equals(Identity, other.Identity);

        public override int GetHashCode() => HashCode.Combine(
            Type.GetHashCode(), Op, (int)DType, Identity?.GetHashCode() ?? 0, X?.GetHashCode() ?? 0, Y?.GetHashCode() ?? 0, Z?.GetHashCode() ?? 0);
    }

    /// <summary>The value of a scalar at this point of the program.</summary>
    public Value Number(Scalar scalar) => ScalarGraph.Complete(scalar, _values, _find);

    /// <summary>A Let: the variable is another word for the value.</summary>
    public void Name(Variable variable, Value value)
    {
        if (value.Name == "t")
        {
            value.Name = variable.Name;
        }

        Bind(variable, value);
    }

    /// <summary>The start of a loop's body: the index is new, and what the body writes may have changed.</summary>
    public void StartOf(For loop, Scope body)
    {
        Bind(loop.Index, new Value(loop.Index, [], [], body));
        foreach (Memory memory in WritesOf(loop.Body))
        {
            Write(memory, body);
        }
    }

    /// <summary>The end of a block that may have run: what it writes has changed.</summary>
    public void EndOf(Block block, Scope outer)
    {
        foreach (Memory memory in WritesOf(block))
        {
            Write(memory, outer);
        }
    }

    /// <summary>A write to a memory, in a scope.</summary>
    public void Write(Memory memory, Scope scope)
    {
        _contents[memory] = new Content(memory, scope);
        foreach (Scalar reader in _readers)
        {
            _values.Remove(reader);
        }

        _readers.Clear();
    }

    /// <summary>Whether the memories that a value reads still hold what it read.</summary>
    public bool IsCurrent(Value value)
    {
        foreach (Content content in value.Reads)
        {
            if (!ReferenceEquals(_contents[content.Memory], content))
            {
                return false;
            }
        }

        return true;
    }

    private Value Find(Scalar scalar)
    {
        Value[] operands = scalar.OperandSpan.IsEmpty ? [] : new Value[scalar.OperandSpan.Length];
        for (int k = 0; k < operands.Length; k++)
        {
            operands[k] = _values[scalar.OperandSpan[k]];
        }

        Content? content = scalar is Load load ? _contents.GetValueOrDefault(load.Memory) : null;
        Key key = KeyOf(scalar, operands, content);
        if (!_known.TryGetValue(key, out Value? value))
        {
            _known.Add(key, value = New(scalar, operands, content));
        }

        if (value.Reads.Length > 0)
        {
            _readers.Add(scalar);
        }

        return value;
    }

    private Value New(Scalar scalar, Value[] operands, Content? content)
    {
        Content[] reads = content is null ? [] : [content];
        Scope available = content?.Since ?? _root;
        foreach (Value operand in operands)
        {
            reads = reads.Length == 0 ? operand.Reads
                : operand.Reads.Length == 0 || operand.Reads == reads ? reads
                : [.. reads.Union(operand.Reads)];
            available = operand.Available.Depth > available.Depth ? operand.Available : available;
        }

        return new Value(scalar, operands, reads, available);
    }

    private void Bind(Variable variable, Value value)
    {
        if (!_values.TryAdd(variable, value))
        {
            throw new CompilerException($"{variable.Name} is introduced twice; unroll first.");
        }
    }

    private HashSet<Memory> WritesOf(Block block)
    {
        if (_writes.TryGetValue(block, out HashSet<Memory>? written))
        {
            return written;
        }

        written = new(ReferenceEqualityComparer.Instance);
        foreach (Statement statement in block.Statements)
        {
            written.UnionWith(statement switch
            {
                Block inner => WritesOf(inner),
                For loop => WritesOf(loop.Body),
                If choice => WritesOf(choice.Then),
                Store store => [store.Memory],
                Accumulate update => [update.Memory],
                Contract contract => WritesOf(contract),
                _ => [],
            });
        }

        _writes.Add(block, written);
        return written;
    }

    /// <summary>The memories that a product writes.</summary>
    public static IEnumerable<Memory> WritesOf(Contract contract) =>
        [contract.C.Memory, .. contract.Epilogue?.Stores.Select(store => store.Memory) ?? []];

    private static Key KeyOf(Scalar node, Value[] x, Content? content) => node switch
    {
        Literal => new(typeof(Literal), 0, node.DType, node),
        Load load => new(typeof(Load), 0, node.DType, content ?? (object)load.Memory, x[0]),
        Unary unary => new(typeof(Unary), (int)unary.Op, node.DType, null, x[0]),
        Binary binary => new(typeof(Binary), (int)binary.Op, node.DType, null, x[0], x[1]),
        Select => new(typeof(Select), 0, node.DType, null, x[0], x[1], x[2]),
        Cast cast => new(typeof(Cast), cast.Reinterpret ? 1 : 0, node.DType, null, x[0]),
        Variable variable => throw new CompilerException($"{variable.Name} is used where it is not defined."),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.GetType(), "unknown scalar"),
    };
}
