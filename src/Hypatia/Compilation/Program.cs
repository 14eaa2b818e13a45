using System.Collections.Concurrent;
using System.Diagnostics;
using Hypatia.Devices;
using Hypatia.Diagnostics;
using Hypatia.Rewriting;

namespace Hypatia.Compilation;

/// <summary>
/// Outputs over leaves, with a plan for each set of lengths that was met. Where lengths depend on values, those are
/// computed first, by a program of their own.
/// </summary>
internal sealed class Program(IReadOnlyList<Expr> leaves, IReadOnlyList<Expr> outputs)
{
    private readonly IReadOnlyList<Expr> _open = Opened(outputs);
    private readonly ConcurrentDictionary<Key, Stage> _stages = new();
    private readonly Options _options = Options.Current;
    private Last? _last;

    /// <summary>What values are passed for, in order.</summary>
    public IReadOnlyList<Expr> Leaves { get; } = leaves;

    /// <summary>What is computed, as the user wrote it.</summary>
    public IReadOnlyList<Expr> Outputs { get; } = outputs;

    /// <summary>Time spent on making plans.</summary>
    public TimeSpan CompileTime { get; private set; }

    /// <summary>All plans that were made.</summary>
    public IEnumerable<Plan> Plans => _stages.Values.SelectMany(stage => stage.Plans());

    /// <summary>Values of the outputs, in new memory.</summary>
    /// <exception cref="ShapeException">Lengths do not fit together.</exception>
    /// <exception cref="IndexException">An index is out of bounds.</exception>
    public NDArray[] Run(NDArray[] values)
    {
        Stage stage = First(values);
        while (stage.Lengths is { } lengths)
        {
            NDArray[] known = lengths.Run(values);
            stage = stage.Next.GetOrAdd(new Key(known, ofValues: true), _ => Compile(values, stage.With(known)));
        }

        return stage.Run(values);
    }

    // x[a:b] with bounds that are values: its definition has the length as an input, and every plan needs to know that.
    private static Expr[] Opened(IReadOnlyList<Expr> outputs)
    {
        Dictionary<Expr, Expr> done = [];
        foreach (Expr node in Traversal.Sort(outputs))
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

    private Stage First(NDArray[] values)
    {
        var key = new Key(values, ofValues: false);
        if (_last is { } last && last.Key.Equals(key))
        {
            return last.Stage;
        }

        Stage stage = _stages.GetOrAdd(key, _ => Compile(values, new Dictionary<Expr, NDArray>()));
        _last = new Last(key, stage);
        return stage;
    }

    private Stage Compile(NDArray[] values, IReadOnlyDictionary<Expr, NDArray> known)
    {
        long start = Stopwatch.GetTimestamp();
        using IDisposable options = Options.Use(_options);
        var specializer = new Specializer();
        var leaves = new Expr[Leaves.Count];
        for (int k = 0; k < leaves.Length; k++)
        {
            using (Origin.Use(Leaves[k].Origin))
            {
                leaves[k] = Expr.Leaf(Leaves[k].Op, values[k].Type, Leaves[k].Name);
            }

            specializer.Bind(Leaves[k], leaves[k]);
        }

        Expr[] specialized = specializer.Apply(_open, known);
        if (specializer.Missing.Count > 0)
        {
            return new Stage(known, new Program(Leaves, specializer.Missing));
        }

        using (Origin.Use(null))
        {
            Guard[] guards = [.. Guards.Of(specialized)];
            Expr[] optimized = Passes.Optimize([.. specialized, .. guards.Select(guard => guard.Violated)], Debug.Trace(_options));
            Expr[] computed = [.. optimized.Where(x => x.Op is not LeafOp).Distinct()];
            Plan plan = Plan.Compile(DeviceTable.Of(_options), leaves, computed);
            Debug.Show(_options, plan);
            CompileTime += Stopwatch.GetElapsedTime(start);
            return new Stage(known, plan, computed, optimized, guards);
        }
    }

    /// <summary>What is known for one set of lengths: a plan, or the program for values that it lacks.</summary>
    private sealed class Stage
    {
        private readonly IReadOnlyDictionary<Expr, NDArray> _known;
        private readonly Plan? _plan;
        private readonly int[] _places = [];
        private readonly Expr[] _optimized = [];
        private readonly Guard[] _guards = [];

        public Stage(IReadOnlyDictionary<Expr, NDArray> known, Program lengths)
        {
            _known = known;
            Lengths = lengths;
        }

        public Stage(
            IReadOnlyDictionary<Expr, NDArray> known, Plan plan, Expr[] computed, Expr[] optimized, Guard[] guards)
        {
            _known = known;
            _plan = plan;
            _optimized = optimized;
            _guards = guards;
            _places = [.. optimized.Select(x => Array.IndexOf(computed, x))];
        }

        public Program? Lengths { get; }

        public ConcurrentDictionary<Key, Stage> Next { get; } = new();

        public IEnumerable<Plan> Plans() => _plan is null ? Next.Values.SelectMany(stage => stage.Plans()) : [_plan];

        public IReadOnlyDictionary<Expr, NDArray> With(NDArray[] values)
        {
            Dictionary<Expr, NDArray> all = new(_known);
            for (int k = 0; k < values.Length; k++)
            {
                all[Lengths!.Outputs[k]] = values[k];
            }

            return all;
        }

        public NDArray[] Run(NDArray[] values)
        {
            NDArray[] computed = _plan!.Run(values);
            int count = _optimized.Length - _guards.Length;
            for (int k = 0; k < _guards.Length; k++)
            {
                if ((bool)Value(count + k, computed, values))
                {
                    throw Guards.Failure(_guards[k], _plan.Leaves, values);
                }
            }

            var results = new NDArray[count];
            for (int k = 0; k < count; k++)
            {
                // No two results share memory, with each other or with what was passed.
                bool own = _places[k] >= 0 && Array.IndexOf(_places, _places[k]) == k;
                results[k] = own ? computed[_places[k]] : Value(k, computed, values).Copy();
            }

            return results;
        }

        private NDArray Value(int output, NDArray[] computed, NDArray[] values) =>
            _places[output] >= 0 ? computed[_places[output]]
            : _optimized[output].Op is Constant constant ? constant.Value
            : values[_plan!.Leaves.ToList().FindIndex(leaf => leaf.Op.Equals(_optimized[output].Op))];
    }

    /// <summary>What the last call used. An object, so that threads see both parts of one call.</summary>
    private sealed record Last(Key Key, Stage Stage);

    /// <summary>Lengths of values, or small integer values themselves, as a dictionary's key.</summary>
    private readonly struct Key : IEquatable<Key>
    {
        private readonly long[] _content;
        private readonly int _hash;

        public Key(NDArray[] values, bool ofValues)
        {
            _content = ofValues
                ? [.. values.Select(value => (long)value)]
                : [.. values.SelectMany(value => value.Shape)];
            var hash = default(HashCode);
            foreach (long item in _content)
            {
                hash.Add(item);
            }

            _hash = hash.ToHashCode();
        }

        public bool Equals(Key other) => _hash == other._hash && _content.AsSpan().SequenceEqual(other._content);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
