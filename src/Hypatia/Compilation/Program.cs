using System.Collections.Concurrent;
using System.Diagnostics;
using Hypatia.Devices;
using Hypatia.Diagnostics;
using Hypatia.Lowering;
using Hypatia.Rewriting;

namespace Hypatia.Compilation;

/// <summary>
/// Outputs over leaves, with a plan for each set of lengths that was met. Where lengths depend on values, those are
/// computed first, by a program of their own.
/// </summary>
internal sealed partial class Program(IReadOnlyList<Expr> leaves, IReadOnlyList<Expr> outputs)
{
    private static readonly Dictionary<Expr, NDArray> NothingKnown = [];

    private readonly IReadOnlyList<Expr> _open = Opened(outputs);
    private readonly ConcurrentDictionary<Key, Stage> _stages = new();
    private readonly Options _options = Options.Current;
    private Stage[] _flexible = [];         // for any length of the leading axes that differ from call to call
    private Stage? _last;                   // of those for known lengths

    /// <summary>What values are passed for, in order.</summary>
    public IReadOnlyList<Expr> Leaves { get; } = leaves;

    /// <summary>What is computed, as the user wrote it.</summary>
    public IReadOnlyList<Expr> Outputs { get; } = outputs;

    /// <summary>Time spent on making plans.</summary>
    public TimeSpan CompileTime { get; private set; }

    /// <summary>All plans that were made.</summary>
    public IEnumerable<Plan> Plans => _stages.Values.Concat(_flexible).SelectMany(stage => stage.Plans());

    /// <summary>Computes the outputs.</summary>
    /// <param name="values">Values of <see cref="Leaves"/>, of their dtypes or of ones that convert to them without loss.</param>
    /// <param name="results">
    /// Gets the values of the outputs. Where there is a value of the right dtype and lengths, it is written to; elsewhere the
    /// results are in new memory.
    /// </param>
    /// <exception cref="ShapeException">Lengths do not fit together.</exception>
    /// <exception cref="IndexException">An index is out of bounds.</exception>
    public void Run(ReadOnlySpan<NDArray> values, Span<NDArray?> results)
    {
        Stage stage = First(values, out long length);
        while (stage.Lengths is { } lengths)
        {
            NDArray[] known = lengths.Run(values);
            var key = new Key([.. known.Select(value => (long)value)]);
            if (!stage.Next.TryGetValue(key, out Stage? next))
            {
                next = stage.Next.GetOrAdd(key, Compile(values, stage.With(known)));
            }

            stage = next;
        }

        if (stage.TryRun(values, length, results, out Guard? violated))
        {
            return;
        }

        // With all lengths known, the same condition fails again, and says where.
        stage = stage.HasRunTimeLength ? Compile(values, NothingKnown) : stage;
        throw stage.TryRun(values, -1, results, out violated)
            ? new CompilerException("A condition was violated and holds when all lengths are known.")
            : Guards.Failure(violated!, stage.Leaves, values);
    }

    /// <summary>Computes the outputs into new memory.</summary>
    public NDArray[] Run(ReadOnlySpan<NDArray> values)
    {
        var results = new NDArray[Outputs.Count];
        Run(values, results!);
        return results;
    }

    // x[a:b] with bounds that are values: its definition has the length as an input, and every plan needs to know that.
    private static Expr[] Opened(IReadOnlyList<Expr> outputs)
    {
        List<Expr> order = Traversal.Sort(outputs);
        if (!order.Exists(node => node.Op is Subtensor or SubtensorUpdate))
        {
            return [.. outputs];
        }

        Dictionary<Expr, Expr> done = [];
        foreach (Expr node in order)
        {
            Expr rebuilt = Traversal.Rebuild(node, done);
            using (Origin.Use(node.Origin))
            {
                done[node] = rebuilt.Op is Subtensor or SubtensorUpdate && Subtensor.HasOpenBounds(rebuilt)
                    ? ((Composite)rebuilt.Op).Expand(rebuilt.Inputs)
                    : rebuilt;
            }
        }

        return [.. outputs.Select(output => done[output])];
    }

    private Stage First(ReadOnlySpan<NDArray> values, out long length)
    {
        Stage? last = _last;
        if (last is not null && last.Fits(values, out length))
        {
            return last;
        }

        foreach (Stage stage in _flexible)
        {
            if (stage.Fits(values, out length))
            {
                return stage;
            }
        }

        length = -1;
        var key = new Key(values);
        if (!_stages.TryGetValue(key, out last))
        {
            long start = Stopwatch.GetTimestamp();
            Stage? flexible = Flexible(values, key);
            CompileTime += Stopwatch.GetElapsedTime(start);
            if (flexible is not null)
            {
                flexible.Fits(values, out length);
                _flexible = [flexible, .. _flexible];
                return flexible;
            }

            last = _stages.GetOrAdd(key, Compile(values, NothingKnown));
        }

        return _last = last;
    }

    private Stage Compile(ReadOnlySpan<NDArray> values, IReadOnlyDictionary<Expr, NDArray> known)
    {
        var types = new TensorType[values.Length];
        for (int k = 0; k < types.Length; k++)
        {
            types[k] = values[k].Type;
        }

        long start = Stopwatch.GetTimestamp();
        Stage stage = Compile(types, known, null, _options, out _)!;
        CompileTime += Stopwatch.GetElapsedTime(start);
        return stage;
    }

    // Null only if there is a length that is known when the plan runs, and something needs to know it.
    private Stage? Compile(
        IReadOnlyList<TensorType> types, IReadOnlyDictionary<Expr, NDArray> known, RunTimeLength? runTime, Options options, out Plan? plan)
    {
        plan = null;
        using IDisposable use = Options.Use(options);
        var specializer = new Specializer();
        var leaves = new Expr[Leaves.Count];
        for (int k = 0; k < leaves.Length; k++)
        {
            using (Origin.Use(Leaves[k].Origin))
            {
                leaves[k] = Expr.Leaf(Leaves[k].Op, types[k], Leaves[k].Name);
                specializer.Bind(Leaves[k], Converted(leaves[k], Leaves[k]));
            }
        }

        Expr[] specialized = specializer.Apply(_open, known);
        if (specializer.Missing.Count > 0)
        {
            return runTime is null ? new Stage(leaves, known, new Program(Leaves, specializer.Missing)) : null;
        }

        if (runTime is not null)
        {
            var flexible = new Specializer(runTime, specializer);
            for (int k = 0; k < leaves.Length; k++)
            {
                flexible.Bind(Leaves[k], specializer.Map[Leaves[k]]);
            }

            specialized = flexible.Apply(_open, known);
            leaves = [.. leaves, runTime.Leaf];
        }

        using (Origin.Use(null))
        {
            Guard[] guards = [.. Guards.Of(specialized)];
            Expr[] optimized = Passes.Optimize([.. specialized, .. guards.Select(guard => guard.Violated)], Debug.Trace(options));
            optimized = Passes.JoinAxes(optimized, Debug.Trace(options));
            Expr[] values = Views.Of(optimized);
            Expr[] computed = [.. values.Where(x => x.Op is not LeafOp).Distinct()];
            bool explain = Debug.ShowsSchedule(options);
            Device device = DeviceTable.Of(options);
            plan = runTime is null
                ? Plan.Compile(device, leaves, computed, explain)
                : Plan.TryCompile(device, leaves, computed, runTime, explain);
            if (plan is null)
            {
                return null;
            }

            Debug.Show(options, plan);
            return new Stage(known, plan, computed, values, [.. optimized.Select(x => x.Type)], guards, runTime);
        }
    }

    // A value as the user's leaf sees it: of the declared dtype, and under its name.
    private static Expr Converted(Expr leaf, Expr declared)
    {
        Expr converted = T.Cast(leaf, declared.DType);
        return leaf.DType == declared.DType || declared.Name is null ? converted : converted.Named(declared.Name);
    }

    /// <summary>Types of values, or small integer values themselves, as a dictionary's key.</summary>
    private sealed class Key
    {
        private readonly long[] _content;
        private readonly int _hash;

        public Key(ReadOnlySpan<NDArray> values)
            : this(Content(values))
        {
        }

        public Key(long[] content)
        {
            _content = content;
            var hash = default(HashCode);
            foreach (long item in content)
            {
                hash.Add(item);
            }

            _hash = hash.ToHashCode();
        }

        /// <summary>What is compared.</summary>
        public long[] Items => _content;

        public override bool Equals(object? obj) =>
            obj is Key other && _hash == other._hash && _content.AsSpan().SequenceEqual(other._content);

        public override int GetHashCode() => _hash;

        // Ranks are the same in all calls.
        private static long[] Content(ReadOnlySpan<NDArray> values)
        {
            int length = 0;
            foreach (NDArray value in values)
            {
                length += 1 + value.Rank;
            }

            var content = new long[length];
            int next = 0;
            foreach (NDArray value in values)
            {
                content[next++] = (long)value.DType;
                for (int axis = 0; axis < value.Rank; axis++)
                {
                    content[next++] = value.Shape[axis];
                }
            }

            return content;
        }
    }
}
