using Hypatia.Rewriting;

namespace Hypatia.Scheduling;

/// <summary>
/// Decides which expressions are stored and which are computed where they are used, and which of the stored ones share a
/// loop. An expression is stored if it is an output; if it is a reduction, a large product or a scatter; if computing it
/// again for every use costs more than a store and a load; or if what is computed in one place would become too long.
/// </summary>
internal sealed class Scheduler
{
    // Costs are in additions; a store and a load together cost about as much as a handful of them.
    private const int StoreAndLoad = 8;
    private const int ManyAcross = 1024;        // elements read across memory that are worth a loop of their own
    private const int Function = 20;
    private const int Apart = 16;               // an element that is not beside the one before
    private const int ProductCost = 8;          // more than it costs: kernels of their own have epilogues and threads
    private const int LongestExpression = 400;
    private const int UnrolledTerms = 8;
    private const int OutputsPerLoop = 16;

    // Functions of less work, which take some 100 µs, are one kernel on one thread.
    private const long SmallWork = 1 << 21;

    // Groups among which some are joined: with more, it would take too long to find out which.
    private const int MostJoined = 512;

    private readonly Dictionary<Expr, int> _cost = [];
    private readonly Dictionary<Expr, int> _costOfStored = [];
    private readonly Dictionary<Expr, List<Expr>> _users = [];
    private readonly HashSet<Expr> _stored;
    private readonly List<Expr> _order;
    private readonly Decisions? _decisions;

    private Scheduler(IReadOnlyList<Expr> outputs, List<Expr> order, Decisions? decisions)
    {
        _order = order;
        _decisions = decisions;
        _stored = [.. outputs];
        foreach (Expr output in outputs)
        {
            decisions?.About(output, "is a result of the function");
        }

        foreach (Expr node in _order)
        {
            foreach (Expr input in EachOnce(node.Inputs))
            {
                (_users.TryGetValue(input, out List<Expr>? users) ? users : _users[input] = []).Add(node);
            }
        }
    }

    /// <summary>A schedule of expressions whose lengths are all known, and which are free of composites.</summary>
    /// <param name="outputs">The expressions.</param>
    /// <param name="anyRows">Whether the lengths of leading axes are only the most that they may be.</param>
    /// <param name="explain">Whether to note why the schedule is as it is.</param>
    public static Schedule Run(IReadOnlyList<Expr> outputs, bool anyRows = false, bool explain = false)
    {
        List<Expr> order = Traversal.Sort(outputs);
        IReadOnlyList<Expr>? inOnePass = anyRows ? null : SquaresInOnePass.Rewrite(outputs, order);
        if (inOnePass is not null)
        {
            outputs = inOnePass;
            order = Traversal.Sort(outputs);
        }

        IReadOnlyList<Expr>? nested = anyRows ? null : NestedReductions.Rewrite(outputs, order);
        if (nested is not null)
        {
            outputs = nested;
            order = Traversal.Sort(outputs);
        }

        // Where sums are split, all is decided again.
        Decisions? decisions = explain ? new Decisions() : null;
        var scheduler = new Scheduler(outputs, order, decisions);
        IReadOnlyList<Group> plain = scheduler.FormGroups();
        long work = scheduler.Work(plain);
        bool isSmall = work < SmallWork;
        IReadOnlyList<Group> groups = Joined(plain, outputs, anyRows, isSmall, decisions);
        SplitSums();
        Decisions? next = explain ? new Decisions() : null;
        if (!isSmall && !anyRows && ChunkedReductions.Split(groups, outputs, next) is { } chunked)
        {
            Regroup(chunked, next);
            SplitSums();
        }

        if (inOnePass is not null)
        {
            decisions?.About("sums of squared differences from what the same array gives are computed from another center: it is read once");
        }

        if (nested is not null)
        {
            decisions?.About("reductions with an axis between theirs that is kept are made of two, the last axes first: memory is read in order");
        }

        decisions?.About(isSmall
            ? $"on one thread: all of this is as much work as {GroupCost.Rounded(work)} additions, less than {GroupCost.Rounded(SmallWork)}"
            : $"several kernels, and threads: all of this is as much work as {GroupCost.Rounded(work)} additions, "
                + $"no less than {GroupCost.Rounded(SmallWork)}");
        foreach (Group group in groups.Where(group => group.Kind == GroupKind.Map && group.Outputs.Count > 1))
        {
            decisions?.About(group, $"{group.Outputs.Count} values share a loop: they have one shape, and none is computed from another");
        }

        return new Schedule(groups, outputs, isSmall, decisions);

        // What is formed anew may hold sums that were in no tiles before.
        void SplitSums()
        {
            while (RowTiles.SplitSums(groups, outputs, share: !isSmall) is { } split)
            {
                Regroup(split, explain ? new Decisions() : null);
            }
        }

        void Regroup(IReadOnlyList<Expr> rewritten, Decisions? why)
        {
            (outputs, decisions) = (rewritten, why);
            groups = Joined(new Scheduler(outputs, Traversal.Sort(outputs), decisions).FormGroups(), outputs, anyRows, isSmall, decisions);
        }
    }

    // Part by part, last first: what a part must store for later ones is known then.
    private static IReadOnlyList<Group> Joined(
        IReadOnlyList<Group> groups, IReadOnlyList<Expr> outputs, bool anyRows, bool isSmall, Decisions? decisions)
    {
        TileForm form = isSmall ? TileForm.InSmallFunctions : TileForm.ToSaveMemory;
        HashSet<Expr> stored = [.. groups.SelectMany(group => group.Outputs)];
        HashSet<Expr> needed = [.. outputs];
        long mostCode = CodeSize.MostPerKernel(groups, stored, decisions);
        List<IReadOnlyList<Group>> parts = [];
        foreach (Group[] part in groups.Chunk(MostJoined).Reverse())
        {
            Expr[] all = [.. part.SelectMany(group => group.Outputs)];
            Expr[] results = [.. all.Where(needed.Contains)];
            IReadOnlyList<Group> joined = RowTiles.Form(part, results, stored, form, anyRows, mostCode, decisions);
            joined = isSmall ? joined : Epilogues.Form(joined, results, stored, decisions);
            joined = Lines.Form(joined, results, stored, decisions);
            joined = isSmall ? joined : ShortProducts.Form(joined, stored, decisions);
            parts.Add(JointReductions.Form(joined, stored, decisions));
            needed.UnionWith(Traversal.Sort(all.SelectMany(x => x.Inputs.List), stored));
        }

        parts.Reverse();
        return [.. parts.SelectMany(part => part)];
    }

    /// <summary>How a stored expression is computed.</summary>
    public static GroupKind KindOf(Expr node) => node.Op switch
    {
        _ when Unrolled(node) > 0 => GroupKind.Map,
        Reduction or PartialReduction => GroupKind.Reduce,
        Scatter => GroupKind.Scatter,
        PartialSum => GroupKind.Tiles,
        MatMul => GroupKind.Contract,
        _ => GroupKind.Map,
    };

    /// <summary>Whether an element of an expression is a function of those of its inputs, and not one operation.</summary>
    public static bool IsFunction(Expr node) => OwnCost(node) == Function;

    // A short product or reduction is written out where it is used: the number of its terms, else 0.
    private static int Unrolled(Expr node)
    {
        long terms = node.Op switch
        {
            MatMul => node.Inputs[0].Type.Shape[node.Rank - 1],
            Reduction reduction => Terms(reduction, node.Inputs[0].Type.Shape),
            _ => 0,
        };
        return terms <= UnrolledTerms ? (int)terms : 0;
    }

    // Most nodes have one or two inputs, and need no set to find those that are there twice.
    private static IEnumerable<Expr> EachOnce(Inputs x) =>
        x.Count == 1 || (x.Count == 2 && !ReferenceEquals(x[0], x[1])) ? x.List : x.List.Distinct();

    private static long Terms(Reduction reduction, Shape operand)
    {
        long terms = 1;
        foreach (int axis in reduction.Axes)
        {
            terms *= operand[axis];
        }

        return terms;
    }

    private void ChooseStored()
    {
        foreach (Expr node in _order)
        {
            if (node.Op is LeafOp)
            {
                _cost[node] = 1;
                continue;
            }

            int terms = Math.Max(Unrolled(node), 1);
            ExplainLoops(node);
            int cost = OwnCost(node);
            foreach (Expr input in EachOnce(node.Inputs))
            {
                cost += terms * (_stored.Contains(input) ? 1 : _cost[input]);
            }

            if (MustStore(node, cost))
            {
                _stored.Add(node);
            }

            foreach (Expr operand in MemoryOperands(node))
            {
                if (_stored.Add(operand) && operand.Op is not LeafOp)
                {
                    _decisions?.About(operand, $"is kept, as {Decisions.Name(node)} reads its operands from memory");
                }
            }

            _costOfStored[node] = cost;
            _cost[node] = _stored.Contains(node) ? 1 : cost;
        }
    }

    // A packed product reads its operands from memory, transposed by strides; a scatter visits indices one by one.
    private static IEnumerable<Expr> MemoryOperands(Expr node) =>
        KindOf(node) switch
        {
            GroupKind.Contract => node.Inputs.List.Select(MatrixOperand.Base),
            GroupKind.Tiles when node.Op is PartialSum { Of: MatMul } => node.Inputs.List.Select(MatrixOperand.Base),
            GroupKind.Scatter => node.Inputs.List.Skip(1),
            _ => [],
        };

    private void ExplainLoops(Expr node)
    {
        string? why = _decisions is null ? null : node.Op switch
        {
            MatMul or Reduction when Unrolled(node) > 1 =>
                $"is written out where it is used: it has {Unrolled(node)} terms, no more than {UnrolledTerms}",
            MatMul when Unrolled(node) == 0 =>
                $"is not written out where it is used: it has {node.Inputs[0].Type.Shape[node.Rank - 1]} terms, more than {UnrolledTerms}",
            Reduction op when Unrolled(node) == 0 =>
                $"is not written out where it is used: it has {Terms(op, node.Inputs[0].Type.Shape)} terms, more than {UnrolledTerms}",
            PartialReduction => "has a part for each chunk: threads share the chunks",
            Scatter => "has loops of its own: values are put at indices one by one",
            _ => null,
        };
        if (why is not null)
        {
            _decisions!.About(node, why);
        }
    }

    private bool MustStore(Expr node, int cost)
    {
        if (KindOf(node) != GroupKind.Map)
        {
            return true;
        }

        if (cost > LongestExpression)
        {
            _decisions?.About(node, $"is kept: else as much as {cost} additions would be in one place, more than {LongestExpression}");
            return true;
        }

        if (Uniform.Value(node) is not null || cost <= StoreAndLoad || !_users.TryGetValue(node, out List<Expr>? users))
        {
            return false;
        }

        if (Unrolled(node) > 1 && node.Type.Shape.Count >= ManyAcross && users.Exists(user => user.Op is Dimshuffle { Order: [1, 0] }))
        {
            _decisions?.About(node, $"is kept, as it is read across memory: {Unrolled(node)} terms would be, for each element");
            return true;
        }

        double uses = 0;
        users.ForEach(user => uses += Repetitions(node, user));
        double again = (uses - 1) * cost, memory = uses * StoreAndLoad;
        bool isStored = again > memory;
        if (isStored || uses > 1)
        {
            _decisions?.About(node, (isStored ? "is computed once, and kept" : "need not be kept") + FormattableString.Invariant(
                $": computing it for each of {uses:0.#} uses costs {again:0.#} additions more an element, keeping it {memory:0.#}"));
        }

        return isStored;
    }

    // How often each element of node is asked for, in one pass over what uses it.
    private static double Repetitions(Expr node, Expr user)
    {
        double elements = Math.Max(node.Type.Shape.Count, 1);
        double reads = user.Op is MatMul
            ? user.Type.Shape.Count * user.Inputs[0].Type.Shape[user.Rank - 1]
            : user.Type.Shape.Count;
        return user.Op is Reduction or PartialReduction or PartialSum { Of: Reduction } ? 1 : Math.Max(1, reads / elements);
    }

    /// <summary>The cost of an element of an expression, besides that of its inputs.</summary>
    public static int OwnCost(Expr node) => node.Op switch
    {
        UnaryElementwise { Scalar: >= Loops.UnaryOp.Exp and < Loops.UnaryOp.Floor } => Function,
        Sigmoid or Softplus or Pow or Arctan2 => Function,
        Gather when node.Rank == node.Inputs[1].Rank || node.Inputs[0].Op is Dimshuffle => Apart,
        TrueDiv or IntDiv or Mod => 6,
        MatMul or Reduction => 2 * Unrolled(node),
        Dimshuffle or BroadcastTo => 0,
        Concatenate => 2 * node.Inputs.Count,
        _ => 1,
    };

    // The graph as it was given decides: threads need sums to be split, and splitting changes the costs a little.
    private long Work(IReadOnlyList<Group> groups) => groups.Total(group => group.Outputs.Total(x =>
        Group.WorkOf(x) * (group.Kind == GroupKind.Contract ? ProductCost : _costOfStored[x])));

    private List<Group> FormGroups()
    {
        ChooseStored();

        // A group is one level above the highest that it reads from. Maps of one shape on one level share a loop.
        Dictionary<Expr, int> level = [];
        foreach (Expr node in _order)
        {
            int below = 0;
            for (int k = 0; k < node.Inputs.Count; k++)
            {
                below = Math.Max(below, level[node.Inputs[k]]);
            }

            level[node] = below + (_stored.Contains(node) ? 1 : 0);
        }

        List<List<Expr>> levels = [];
        foreach (Expr node in _order)
        {
            if (_stored.Contains(node) && node.Op is not LeafOp)
            {
                while (levels.Count <= level[node])
                {
                    levels.Add([]);
                }

                levels[level[node]].Add(node);
            }
        }

        List<Group> groups = [];
        foreach (List<Expr> sameLevel in levels)
        {
            foreach (IGrouping<Nest, Expr> nest in sameLevel.GroupBy(node => new Nest(KindOf(node), node.Type.Shape)))
            {
                groups.AddRange(nest.Key.Kind == GroupKind.Map
                    ? nest.Chunk(OutputsPerLoop).Select(chunk => new Group(GroupKind.Map, chunk))
                    : nest.Select(node => new Group(nest.Key.Kind, [node])));
            }
        }

        return groups;
    }

    /// <summary>The loops that an expression needs.</summary>
    private sealed record Nest(GroupKind Kind, Shape Shape)
    {
        public bool Equals(Nest? other) => other is not null && other.Kind == Kind && other.Shape == Shape;

        public override int GetHashCode() => HashCode.Combine((int)Kind, Shape.GetHashCode());
    }
}
