namespace Hypatia.Scheduling;

/// <summary>How a group is computed.</summary>
internal enum GroupKind
{
    /// <summary>Each element on its own.</summary>
    Map,

    /// <summary>Elements combined along axes, computed as they are read.</summary>
    Reduce,

    /// <summary>A matrix product by packed, register-blocked micro-kernels, and maps of its elements as they are completed.</summary>
    Contract,

    /// <summary>
    /// Tiles of rows: for each tile, one group after the other, with intermediates in cache; sums over rows add up tile by
    /// tile.
    /// </summary>
    Tiles,

    /// <summary>
    /// Reductions of the same lines and what is computed along them: for each line, one loop after the other, with
    /// intermediates in cache.
    /// </summary>
    Lines,

    /// <summary>A copy, with values put at index arrays one after the other.</summary>
    Scatter,
}

/// <summary>Expressions that one loop nest computes and stores: of one shape if it is a map, rows of any if it is tiles.</summary>
/// <param name="Kind">How.</param>
/// <param name="Outputs">What is stored.</param>
internal sealed record Group(GroupKind Kind, IReadOnlyList<Expr> Outputs)
{
    /// <summary>
    /// What is computed, in order: what is stored, and in tiles and lines also what only members read. In a product, it
    /// and what is done with its elements at the end.
    /// </summary>
    public IReadOnlyList<Expr> Members { get; init; } = Outputs;

    /// <summary>How a group of tiles runs over a tile.</summary>
    public TilePlan? Tiles { get; init; }

    /// <summary>The shape of the loops over outputs.</summary>
    public Shape Shape => Outputs[0].Type.Shape;

    /// <summary>About how many elements are computed or read.</summary>
    public long Work => Members.Total(WorkOf);

    /// <summary>About how many elements are computed or read for a member.</summary>
    public static long WorkOf(Expr x) => x.Op switch
    {
        Reduction or PartialReduction or Scatter or PartialSum { Of: Reduction } => x.Inputs[0].Type.Shape.Count,
        MatMul => x.Type.Shape.Count * x.Inputs[0].Type.Shape[x.Rank - 1],
        PartialSum => x.Type.Shape.Count * x.Inputs[0].Type.Shape[1],
        _ => x.Type.Shape.Count,
    };

    /// <summary>A line, and one for each stage of a tile.</summary>
    public override string ToString() => Tiles is null
        ? $"{Kind} {Shape}: {string.Join(", ", Members.Select(Text))}"
        : $"{Kind} of {Tiles.TileRows} rows of {Tiles.Rows}{Tiles}";

    private string Text(Expr x) => (x.Name ?? x.Op.ToString()) + (Outputs.Contains(x) ? "" : " (kept in cache)");
}

/// <summary>Groups in an order in which each finds what it reads.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="Outputs">What the caller gets, in order.</param>
/// <param name="IsSmall">Whether all groups together are so little work that they become one kernel on one thread.</param>
/// <param name="Decisions">Why it is as it is, if that was asked for.</param>
internal sealed record Schedule(
    IReadOnlyList<Group> Groups, IReadOnlyList<Expr> Outputs, bool IsSmall, Decisions? Decisions = null)
{
    /// <summary>For each group its members, or the stages of its tiles, what it costs, and why it is one.</summary>
    public override string ToString()
    {
        HashSet<Expr> stored = [.. Groups.SelectMany(group => group.Members)];
        IEnumerable<string> groups = Groups.Select((group, k) => $"{k}: {group}\n   {GroupCost.Of(group, stored)}"
            + string.Concat(Decisions?.Of(group, stored).Select(sentence => $"\n   why: {sentence}") ?? []));
        return string.Join("\n", groups) + (IsSmall ? "\none thread, and one kernel if that is short: all of this is little work" : "")
            + string.Concat(Decisions?.OfFunction.Select(sentence => $"\nwhy: {sentence}") ?? []);
    }
}
