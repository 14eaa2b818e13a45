namespace Hypatia.Loops.Passes;

/// <summary>Replaces scalars of a kernel, operands first: each object once, wherever it is used.</summary>
internal sealed class ScalarRewriter
{
    private readonly Dictionary<Scalar, Scalar> _done = new(ReferenceEqualityComparer.Instance);
    private readonly Func<Scalar, Scalar> _rewrite;

    /// <param name="replace">What a scalar is replaced by, once its operands have been.</param>
    public ScalarRewriter(Func<Scalar, Scalar> replace) => _rewrite = scalar => replace(scalar.Over(_done));

    /// <summary>A kernel with its scalars replaced.</summary>
    public Kernel Apply(Kernel kernel) => new(kernel.Name, kernel.Parameters, Apply(kernel.Body));

    /// <summary>Statements with their scalars replaced.</summary>
    public Block Apply(Block block) => new([.. block.Statements.Select(Apply)]);

    private Statement Apply(Statement statement) => statement switch
    {
        Block block => Apply(block),
        For loop => new For(loop.Index, Apply(loop.Extent), loop.Kind, Apply(loop.Body)),
        Let let => new Let(let.Variable, Apply(let.Value)),
        Store store => new Store(store.Memory, Apply(store.Index), Apply(store.Value)),
        Accumulate update => new Accumulate(update.Memory, Apply(update.Index), update.Op, Apply(update.Value)),
        Prefetch prefetch => new Prefetch(prefetch.Memory, Apply(prefetch.Index)),
        If choice => new If(Apply(choice.Condition), Apply(choice.Then)),
        Contract c => c.With(Apply, Apply(c.Epilogue)),
        _ => statement,
    };

    private Epilogue? Apply(Epilogue? epilogue) => epilogue is null
        ? null
        : new Epilogue(epilogue.Batch, epilogue.Row, epilogue.Column,
            [.. epilogue.Stores.Select(store => (Store)Apply(store))]);

    private Scalar Apply(Scalar scalar) => ScalarGraph.Complete(scalar, _done, _rewrite);
}
