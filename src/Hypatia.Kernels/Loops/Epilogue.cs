using System.Collections.Immutable;

namespace Hypatia.Loops;

/// <summary>
/// What is done with each element of a product once its sum is complete, while it is in cache: a bias and an activation, the
/// derivative of one, the update of a weight.
/// </summary>
/// <remarks>
/// The stores run once for each element, in order. Of the product they read the element at their own place, and they write
/// elements that no other place reads or writes; the product itself may be overwritten. They use no other variables.
/// </remarks>
public sealed class Epilogue(Variable batch, Variable row, Variable column, ImmutableArray<Store> stores)
{
    /// <summary>Which product of the batch.</summary>
    public Variable Batch { get; } = batch;

    /// <summary>The element's row.</summary>
    public Variable Row { get; } = row;

    /// <summary>The element's column.</summary>
    public Variable Column { get; } = column;

    /// <summary>What is stored, in order.</summary>
    public ImmutableArray<Store> Stores { get; } = stores;

    /// <summary>The memories that are read or written, each once, in the order of their first use.</summary>
    public IReadOnlyList<Memory> Memories() =>
    [
        .. Stores.SelectMany(store => Loads(store).Select(load => load.Memory).Append(store.Memory))
            .Distinct(ReferenceEqualityComparer.Instance).Cast<Memory>(),
    ];

    private static IEnumerable<Load> Loads(Store store) =>
        ScalarGraph.InOrder(store.Index).Concat(ScalarGraph.InOrder(store.Value)).OfType<Load>();
}
