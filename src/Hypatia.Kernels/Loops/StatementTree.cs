namespace Hypatia.Loops;

/// <summary>Walks over statements and what is in them.</summary>
internal static class StatementTree
{
    /// <summary>A statement and all inside it, in order.</summary>
    public static List<Statement> InOrder(Statement statement)
    {
        List<Statement> order = [];
        Append(statement, order);
        return order;
    }

    /// <summary>The scalars that a statement itself computes; a product, where its matrices start and its lengths.</summary>
    public static IReadOnlyList<Scalar> Scalars(Statement statement) => statement switch
    {
        For loop => [loop.Extent],
        If choice => [choice.Condition],
        Let let => [let.Value],
        Store store => [store.Index, store.Value],
        Accumulate update => [update.Index, update.Value],
        Prefetch prefetch => [prefetch.Index],
        Contract c => c.Scalars,
        _ => [],
    };

    private static void Append(Statement statement, List<Statement> order)
    {
        order.Add(statement);
        switch (statement)
        {
            case Block block:
                foreach (Statement inner in block.Statements)
                {
                    Append(inner, order);
                }

                break;
            case For loop:
                Append(loop.Body, order);
                break;
            case If choice:
                Append(choice.Then, order);
                break;
        }
    }
}
