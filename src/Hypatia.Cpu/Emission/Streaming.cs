using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>
/// Which memories a kernel writes past the caches: large ones that nothing in it reads, if it moves more than caches hold.
/// That saves reading every line before it is overwritten, and keeps what was read in the caches.
/// </summary>
internal static class Streaming
{
    /// <summary>How far ahead a loop that streams asks for what it reads: arrays of .NET lie across cache lines.</summary>
    public const int BytesAhead = 2048;

    private const long CachedBytes = 1 << 25;
    private const long LeastBytes = 1 << 22;
    private const long LeastIterations = 512;       // of a loop: its ends are written the ordinary way

    /// <summary>The memories that a kernel streams to.</summary>
    public static IReadOnlySet<Memory> Targets(Kernel kernel)
    {
        HashSet<Memory> targets = new(ReferenceEqualityComparer.Instance);
        if (!Machine.HasMasks || kernel.Parameters.Total(parameter => Bytes(parameter.Memory)) < CachedBytes)
        {
            return targets;
        }

        Statement[] all = [.. StatementTree.InOrder(kernel.Body)];
        targets.UnionWith(all.OfType<Store>().Select(store => store.Memory)
            .Where(memory => memory.Scope == MemoryScope.Global && Bytes(memory) >= LeastBytes));
        targets.ExceptWith(all.SelectMany(UsedOtherwise));
        return targets;
    }

    /// <summary>The one store of a loop that streams, and writes whole vectors one after the other; null if there is none.</summary>
    public static Store? Find(For loop, VectorPlan plan, IReadOnlySet<Memory> targets)
    {
        bool isLong = (loop.Extent is Literal extent ? extent.Value.AsInt64 : loop.Index.Extent) >= LeastIterations;
        Store[] stores = [.. loop.Body.Statements.OfType<Store>().Where(store => targets.Contains(store.Memory))];
        bool isPlain = loop.Body.Statements.All(statement => statement is Store or Let or Allocate);
        return isLong && isPlain && stores is [var store] && plan.Of(store.Index) == Dependence.Affine
            && plan.Affine(store.Index).Step == 1 && store.Memory.DType != DType.Bool
            && new VectorType(store.Memory.DType, plan.Lanes).Bits >= 256 ? store : null;
    }

    private static long Bytes(Memory memory) => memory.Count * memory.DType.Size();

    private static IEnumerable<Memory> UsedOtherwise(Statement statement) => statement switch
    {
        Contract contract => [contract.A.Memory, contract.B.Memory, contract.C.Memory, .. contract.Epilogue?.Memories() ?? []],
        _ =>
        [
            .. statement is Accumulate update ? [update.Memory] : (Memory[])[],
            .. StatementTree.Scalars(statement).SelectMany(ScalarGraph.InOrder).OfType<Load>().Select(load => load.Memory),
        ],
    };
}
