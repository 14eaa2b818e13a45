using System.Collections.Immutable;

namespace Hypatia.Loops.Passes;

/// <summary>
/// Makes explicit, as <see cref="Let"/>s, what is computed once: each operation that is used more than once, or inside a
/// loop that it does not depend on. Lets that are used once are written out where they are used, unless the expression
/// would become very deep.
/// </summary>
/// <remarks>
/// A Let stands in the outermost block where its variables, and the contents of the memories that it reads, are what
/// they are at its uses, just before the first of them. Loads and divisions stay inside an If, and inside a loop that
/// may run no times. Nothing leaves a parallel loop, which stays the kernel's single statement. Expects what
/// <see cref="Unroll"/> leaves: no variable or memory is introduced twice.
/// </remarks>
public sealed class Share
{
    private readonly Dictionary<Block, Scope> _scopes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Statement, Use[]> _uses = new(ReferenceEqualityComparer.Instance);
    private readonly List<Use> _all = [];

    private Share()
    {
    }

    /// <summary>The kernel with its sharing made explicit.</summary>
    public static Kernel Apply(Kernel kernel)
    {
        var share = new Share();
        var root = new Scope(null, ScopeKind.Block, mayBeSkipped: false);
        var values = new ValueNumbering(root, kernel);
        share.Find(kernel.Body, root, values);
        foreach (Use use in share._all)
        {
            use.Build();
        }

        return new Kernel(kernel.Name, kernel.Parameters, share.Rewrite(kernel.Body));
    }

    /// <summary>Finds, in program order, what each statement uses and where that is best computed.</summary>
    private void Find(Block block, Scope scope, ValueNumbering values)
    {
        _scopes.Add(block, scope);
        for (int i = 0; i < block.Statements.Length; i++)
        {
            scope.Position = i;
            Statement statement = block.Statements[i];
            switch (statement)
            {
                case Block inner:
                    Find(inner, new Scope(scope, ScopeKind.Block, mayBeSkipped: false), values);
                    values.EndOf(inner, scope);
                    break;
                case For loop:
                    Record(loop, loop.Extent);
                    bool mayBeSkipped = !(IndexMath.Range(loop.Extent) is var (least, _) && least > 0);
                    ScopeKind kind = loop.Kind == LoopKind.Parallel ? ScopeKind.Parallel : ScopeKind.Loop;
                    var body = new Scope(scope, kind, mayBeSkipped);
                    values.StartOf(loop, body);
                    Find(loop.Body, body, values);
                    values.EndOf(loop.Body, scope);
                    break;
                case Let let:
                    Value value = values.Number(let.Value);
                    values.Name(let.Variable, value);
                    if (value.Reads.Length > 0)
                    {
                        Find(value, scope, values);         // while the memories it reads still hold what they do here
                    }

                    break;
                case Store store:
                    Record(store, store.Index, store.Value);
                    values.Write(store.Memory, scope);
                    break;
                case Accumulate update:
                    Record(update, update.Index, update.Value);
                    values.Write(update.Memory, scope);
                    break;
                case Prefetch prefetch:
                    Record(prefetch, prefetch.Index);
                    break;
                case If choice:
                    Record(choice, choice.Condition);
                    Find(choice.Then, new Scope(scope, ScopeKind.Block, mayBeSkipped: true), values);
                    values.EndOf(choice.Then, scope);
                    break;
                case Allocate allocate:
                    values.Write(allocate.Memory, scope);
                    break;
                case Contract c:
                    Record(c, [.. c.Scalars]);
                    foreach (Memory memory in ValueNumbering.WritesOf(c))
                    {
                        values.Write(memory, scope);
                    }

                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(block), statement.GetType(), "unknown statement");
            }
        }

        void Record(Statement statement, params ReadOnlySpan<Scalar> scalars)
        {
            var uses = new Use[scalars.Length];
            for (int i = 0; i < uses.Length; i++)
            {
                Value value = values.Number(scalars[i]);
                uses[i] = Find(value, scope, values);
                uses[i].CountFrom(scope, values);
            }

            _uses.Add(statement, uses);
        }
    }

    /// <summary>Where a value that is needed in a scope is computed: there already, or from now on.</summary>
    private Use Find(Value wanted, Scope site, ValueNumbering values)
    {
        if (wanted.UseSeenFrom(site) is { } known)
        {
            return known;
        }

        // Depth first, without recursion: operands are placed before what is computed from them.
        var path = new Stack<Use>();
        path.Push(Place(wanted, site));
        while (true)
        {
            Use top = path.Peek();
            if (top.Known < top.Operands.Length)
            {
                Value operand = top.Value.Operands[top.Known];
                if (operand.UseSeenFrom(top.Scope) is { } use)
                {
                    use.CountFrom(top.Scope, values);
                    top.Operands[top.Known++] = use;
                }
                else
                {
                    path.Push(Place(operand, top.Scope));
                }
            }
            else
            {
                path.Pop();
                top.Scope.Add(top);
                _all.Add(top);
                top.Value.LastUse = top;
                if (path.Count == 0)
                {
                    return top;
                }
            }
        }
    }

    private static Use Place(Value value, Scope site)
    {
        int depth = value.Available.Depth;
        for (Scope? scope = site; scope is not null && scope.Depth > depth; scope = scope.Parent)
        {
            if (scope.Kind == ScopeKind.Parallel || (value.IsGuarded && scope.MayBeSkipped))
            {
                depth = scope.Depth;
            }
        }

        Scope home = site.AtDepth(depth);
        return new Use(value, home, home.Position);
    }

    private Block Rewrite(Block block)
    {
        Scope scope = _scopes[block];
        var statements = ImmutableArray.CreateBuilder<Statement>();
        for (int i = 0; i < block.Statements.Length; i++)
        {
            statements.AddRange(scope.LetsAt(i));
            Statement statement = block.Statements[i];
            Use[] uses = _uses.GetValueOrDefault(statement, []);
            switch (statement)
            {
                case Block inner:
                    statements.Add(Rewrite(inner));
                    break;
                case For loop:
                    statements.Add(new For(loop.Index, uses[0].Scalar, loop.Kind, Rewrite(loop.Body)));
                    break;
                case Let:
                    break;
                case Store store:
                    statements.Add(new Store(store.Memory, uses[0].Scalar, uses[1].Scalar));
                    break;
                case Accumulate update:
                    statements.Add(new Accumulate(update.Memory, uses[0].Scalar, update.Op, uses[1].Scalar));
                    break;
                case Prefetch prefetch:
                    statements.Add(new Prefetch(prefetch.Memory, uses[0].Scalar));
                    break;
                case If choice:
                    statements.Add(new If(uses[0].Scalar, Rewrite(choice.Then)));
                    break;
                case Contract c:
                    int next = 0;
                    statements.Add(c.With(_ => uses[next++].Scalar, c.Epilogue));
                    break;
                default:
                    statements.Add(statement);
                    break;
            }
        }

        return new Block(statements.ToImmutable());
    }
}
