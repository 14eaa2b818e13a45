namespace Hypatia.Scheduling;

/// <summary>What a group costs, as a schedule prints it: what goes through memory, and what is computed.</summary>
/// <param name="Read">Bytes of arrays that are read, each counted once.</param>
/// <param name="Written">Bytes that are stored for others.</param>
/// <param name="Kept">Bytes that only members read, and that stay in cache or registers.</param>
/// <param name="Operations">Scalar operations, a product and a sum counting as two.</param>
internal sealed record GroupCost(long Read, long Written, long Kept, long Operations)
{
    /// <summary>The cost of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="stored">What any group computes.</param>
    public static GroupCost Of(Group group, HashSet<Expr> stored)
    {
        HashSet<Expr> members = [.. group.Members];
        HashSet<Expr> outputs = [.. group.Outputs];
        HashSet<Expr> read = [];
        long operations = 0;
        foreach (Expr member in group.Members)
        {
            operations += OperationsOf(member);
            foreach (Expr x in Traversal.Sort(member.Inputs.List, stored))
            {
                bool isInMemory = stored.Contains(x) || x.Op is LeafOp;
                operations += isInMemory ? 0 : OperationsOf(x);
                if (isInMemory && !members.Contains(x))
                {
                    read.Add(x);
                }
            }
        }

        return new GroupCost(
            read.Total(Bytes), outputs.Total(Bytes), members.Where(x => !outputs.Contains(x)).Total(Bytes), operations);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"reads {InBytes(Read)}, writes {InBytes(Written)}{(Kept > 0 ? $", keeps {InBytes(Kept)} in cache" : "")}; {Rounded(Operations)} operations";

    /// <summary>A number of bytes, as in <c>40 MB</c>.</summary>
    public static string InBytes(long n) => Text(n) + "B";

    /// <summary>A number, as in <c>40 M</c>.</summary>
    public static string Rounded(long n) => Text(n).TrimEnd();

    private static long Bytes(Expr x) => x.Type.Shape.Count * x.DType.Size();

    private static long OperationsOf(Expr x) => x.Op switch
    {
        MatMul => 2 * x.Type.Shape.Count * x.Inputs[0].Type.Shape[x.Rank - 1],
        PartialSum { Of: MatMul } => 2 * x.Type.Shape.Count * x.Inputs[0].Type.Shape[1] / x.Type.Shape[0],
        Reduction or PartialSum or PartialReduction => x.Inputs[0].Type.Shape.Count,
        Dimshuffle or BroadcastTo or Reshape or LeafOp => 0,
        _ => x.Type.Shape.Count,
    };

    private static string Text(long n) => n switch
    {
        < 10_000 => $"{n} ",
        < 10_000_000 => $"{n / 1e3:0} k",
        _ => $"{n / 1e6:0} M",
    };
}
