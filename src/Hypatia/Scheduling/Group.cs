namespace Hypatia.Scheduling;

/// <summary>How a group is computed.</summary>
internal enum GroupKind
{
    /// <summary>Each element on its own.</summary>
    Map,

    /// <summary>Elements combined along axes, computed as they are read.</summary>
    Reduce,

    /// <summary>A matrix product by packed, register-blocked micro-kernels.</summary>
    Contract,

    /// <summary>A copy, with values put at index arrays one after the other.</summary>
    Scatter,
}

/// <summary>Expressions of one shape that one loop nest computes and stores. A group that is no map has one.</summary>
/// <param name="Kind">How.</param>
/// <param name="Outputs">What is stored.</param>
internal sealed record Group(GroupKind Kind, IReadOnlyList<Expr> Outputs)
{
    /// <summary>The shape of the loops over outputs.</summary>
    public Shape Shape => Outputs[0].Type.Shape;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind} {Shape}: {string.Join(", ", Outputs.Select(output => output.Name ?? output.Op.ToString()))}";
}

/// <summary>Groups in an order in which each finds what it reads.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="Outputs">What the caller gets, in order.</param>
internal sealed record Schedule(IReadOnlyList<Group> Groups, IReadOnlyList<Expr> Outputs)
{
    /// <summary>One line a group.</summary>
    public override string ToString() => string.Join("\n", Groups.Select((group, k) => $"{k}: {group}"));
}
