namespace Hypatia.Loops.Passes;

/// <summary>What a block is the body of.</summary>
internal enum ScopeKind
{
    /// <summary>Runs at most once where it stands.</summary>
    Block,

    /// <summary>Runs repeatedly.</summary>
    Loop,

    /// <summary>Runs repeatedly, and nothing leaves it.</summary>
    Parallel,
}

/// <summary>A block, as a place where values are computed.</summary>
internal sealed class Scope(Scope? parent, ScopeKind kind, bool mayBeSkipped)
{
    private readonly Dictionary<int, List<Use>> _uses = [];

    /// <summary>The scope around it.</summary>
    public Scope? Parent { get; } = parent;

    /// <summary>What the block is the body of.</summary>
    public ScopeKind Kind { get; } = kind;

    /// <summary>Whether the block may run no times.</summary>
    public bool MayBeSkipped { get; } = mayBeSkipped;

    /// <summary>Number of scopes around it.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>The statement that is being looked at.</summary>
    public int Position { get; set; }

    /// <summary>The scope around this one, or itself, at a depth.</summary>
    public Scope AtDepth(int depth)
    {
        Scope scope = this;
        while (scope.Depth > depth)
        {
            scope = scope.Parent!;
        }

        return scope;
    }

    /// <summary>Notes that a value is computed in this scope, after all those noted before at its position.</summary>
    public void Add(Use use)
    {
        if (!_uses.TryGetValue(use.Position, out List<Use>? uses))
        {
            _uses.Add(use.Position, uses = []);
        }

        uses.Add(use);
    }

    /// <summary>The Lets that come before a statement.</summary>
    public IEnumerable<Let> LetsAt(int position) =>
        _uses.TryGetValue(position, out List<Use>? uses) ? uses.Select(use => use.Let).OfType<Let>() : [];
}

/// <summary>A value computed at one place, for the uses that see that place.</summary>
internal sealed class Use(Value value, Scope scope, int position)
{
    /// <summary>Operations nested in one expression before one is named: readers and compilers recurse on them.</summary>
    private const int DeepestExpression = 32;

    private int _depth;
    private int _count;
    private bool _isNamed;

    /// <summary>The value.</summary>
    public Value Value { get; } = value;

    /// <summary>The scope.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>The statement before which it is computed.</summary>
    public int Position { get; } = position;

    /// <summary>The operands, of which <see cref="Known"/> are known.</summary>
    public Use[] Operands { get; } = value.Operands.Length == 0 ? [] : new Use[value.Operands.Length];

    /// <summary>Number of operands placed so far.</summary>
    public int Known { get; set; }

    /// <summary>The Let that names it, or null if it is written out where it is used.</summary>
    public Let? Let { get; private set; }

    /// <summary>How a use refers to it.</summary>
    public Scalar Scalar { get; private set; } = value.Scalar;

    /// <summary>Notes that it is used in a scope, at this point of the program.</summary>
    public void CountFrom(Scope site, ValueNumbering values)
    {
        if (Value.Scalar is Literal or Variable)
        {
            return;
        }

        _count++;
        bool isRegister = Value.Scalar is Load { Memory.Scope: MemoryScope.Register };
        _isNamed |= !values.IsCurrent(Value) || (!isRegister && (_count > 1 || IsRepeatedIn(site)));
    }

    /// <summary>Makes the scalar, from operands whose scalars are made.</summary>
    public void Build()
    {
        Scalar X(int operand) => Operands[operand].Scalar;
        Scalar built = Value.Scalar switch
        {
            Load x => new Load(x.Memory, X(0)),
            Unary x => new Unary(x.Op, X(0)),
            Binary x => new Binary(x.Op, X(0), X(1)),
            Select => new Select(X(0), X(1), X(2)),
            Cast x => new Cast(x.DType, X(0), x.Reinterpret),
            Scalar leaf => leaf,
        };
        Scalar = built;
        _depth = 1;
        foreach (Use operand in Operands)
        {
            _depth = Math.Max(_depth, 1 + operand._depth);
        }

        if (_isNamed || _depth > DeepestExpression)
        {
            _depth = 0;
            long extent = built.DType == DType.Int64 && IndexMath.Range(built) is var (min, max) && min >= 0 ? max + 1 : 0;
            var name = new Variable(Value.Name, built.DType, extent);
            Let = new Let(name, built);
            Scalar = name;
        }
    }

    private bool IsRepeatedIn(Scope site)
    {
        for (Scope scope = site; scope.Depth > Scope.Depth; scope = scope.Parent!)
        {
            if (scope.Kind != ScopeKind.Block)
            {
                return true;
            }
        }

        return false;
    }
}
