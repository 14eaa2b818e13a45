namespace Hypatia.Loops;

/// <summary>Walks over statements and what is in them.</summary>
internal static class StatementTree
{
    /// <summary>A statement and all inside it, in order.</summary>
    public static IEnumerable<Statement> InOrder(Statement statement)
    {
        IEnumerable<Statement> inner = statement switch
        {
            Block block => block.Statements,
            For loop => [loop.Body],
            If choice => [choice.Then],
            _ => [],
        };
        return [statement, .. inner.SelectMany(InOrder)];
    }

    /// <summary>The scalars that a statement itself computes; a product, the places where its matrices start.</summary>
    public static IReadOnlyList<Scalar> Scalars(Statement statement) => statement switch
    {
        For loop => [loop.Extent],
        If choice => [choice.Condition],
        Let let => [let.Value],
        Store store => [store.Index, store.Value],
        Accumulate update => [update.Index, update.Value],
        Prefetch prefetch => [prefetch.Index],
        Contract c => [c.C.Offset, c.A.Offset, c.B.Offset],
        _ => [],
    };
}
