using System.Runtime.Intrinsics.X86;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>
/// Which memories a kernel writes past the caches: large ones that nothing in it reads, if it moves more than caches hold.
/// That saves reading every line before it is overwritten, and keeps what was read in the caches.
/// </summary>
internal static class Streaming
{
    private const long CachedBytes = 1 << 25;
    private const long LeastBytes = 1 << 22;
    private const long LeastIterations = 512;       // of a loop: its ends are written the ordinary way

    /// <summary>The memories that a kernel streams to.</summary>
    public static IReadOnlySet<Memory> Targets(Kernel kernel)
    {
        var accesses = new Accesses();
        if (!Avx512BW.VL.IsSupported || kernel.Parameters.Sum(parameter => Bytes(parameter.Memory)) < CachedBytes)
        {
            return accesses.Stored;
        }

        accesses.Add(kernel.Body);
        accesses.Stored.RemoveWhere(memory => memory.Scope != MemoryScope.Global || Bytes(memory) < LeastBytes);
        accesses.Stored.ExceptWith(accesses.Others);
        return accesses.Stored;
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

    /// <summary>The memories that statements store to, and those that they use in other ways.</summary>
    private sealed class Accesses
    {
        public HashSet<Memory> Stored { get; } = new(ReferenceEqualityComparer.Instance);

        public HashSet<Memory> Others { get; } = new(ReferenceEqualityComparer.Instance);

        public void Add(Statement statement)
        {
            switch (statement)
            {
                case Block block:
                    foreach (Statement child in block.Statements)
                    {
                        Add(child);
                    }

                    break;
                case For loop:
                    Add(loop.Extent);
                    Add(loop.Body);
                    break;
                case Let let:
                    Add(let.Value);
                    break;
                case If choice:
                    Add(choice.Condition);
                    Add(choice.Then);
                    break;
                case Store store:
                    Stored.Add(store.Memory);
                    Add(store.Index);
                    Add(store.Value);
                    break;
                case Accumulate update:
                    Others.Add(update.Memory);
                    Add(update.Index);
                    Add(update.Value);
                    break;
                case Contract contract:
                    Others.UnionWith([contract.A.Memory, contract.B.Memory, contract.C.Memory]);
                    break;
            }
        }

        private void Add(Scalar scalar) => Others.UnionWith(ScalarGraph.InOrder(scalar).OfType<Load>().Select(load => load.Memory));
    }
}
