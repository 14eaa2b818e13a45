using System.Collections.Concurrent;
using Hypatia.Lowering;

namespace Hypatia.Compilation;

/// <summary>What is compiled for one set of lengths.</summary>
internal sealed partial class Program
{
    /// <summary>What is known for one set of lengths: a plan, or the program for values that it lacks.</summary>
    private sealed class Stage
    {
        private readonly Expr[] _leaves;                // of the types that this was made for
        private readonly RunTimeLength? _runTime;
        private readonly IReadOnlyDictionary<Expr, NDArray> _known;
        private readonly Plan? _plan;
        private readonly Place[] _places = [];          // of results, then of guards
        private readonly int[] _inner = [];             // outputs of the plan that are no results
        private readonly TensorType[] _types = [];      // of results, then of guards
        private readonly Guard[] _guards = [];

        /// <summary>Values must be computed before there can be a plan.</summary>
        public Stage(Expr[] leaves, IReadOnlyDictionary<Expr, NDArray> known, Program lengths)
        {
            _leaves = leaves;
            _known = known;
            Lengths = lengths;
        }

        /// <summary>
        /// A plan for some values, and what they are for: results, then what guards forbid. The types of these may have other lengths.
        /// </summary>
        public Stage(
            IReadOnlyDictionary<Expr, NDArray> known, Plan plan, Expr[] computed, Expr[] values, TensorType[] types,
            Guard[] guards, RunTimeLength? runTime)
        {
            _leaves = [.. plan.Leaves.Where(leaf => leaf != runTime?.Leaf)];
            _runTime = runTime;
            _known = known;
            _plan = plan;
            _types = types;
            _guards = guards;
            Dictionary<Expr, int> outputs = Numbers(computed);
            Dictionary<Op, int> leaves = Numbers(plan.Leaves.Select(leaf => leaf.Op));
            HashSet<Expr> given = [];
            _places = [.. values.Select((x, k) => x.Op is Constant constant ? new Place(-1, -1, constant.Value, false)
                : x.Op is LeafOp ? new Place(-1, leaves[x.Op], null, false)
                : new Place(outputs[x], -1, null, k < values.Length - guards.Length && given.Add(x)))];
            List<int> inner = [];
            foreach (Expr x in computed)
            {
                if (!given.Contains(x))
                {
                    inner.Add(outputs[x]);
                }
            }

            _inner = [.. inner];
        }

        /// <summary>Leaves of the plan, as guards name them.</summary>
        public IReadOnlyList<Expr> Leaves => _plan!.Leaves;

        /// <summary>Whether a length is only known in each call.</summary>
        public bool HasRunTimeLength => _runTime is not null;

        /// <summary>Computes the values that are needed first.</summary>
        public Program? Lengths { get; }

        /// <summary>What is known for each set of those values.</summary>
        public ConcurrentDictionary<Key, Stage> Next { get; } = new();

        public IEnumerable<Plan> Plans() => _plan is null ? Next.Values.SelectMany(stage => stage.Plans()) : [_plan];

        /// <summary>Whether values are of the types that this was made for.</summary>
        /// <param name="values">Values of the leaves.</param>
        /// <param name="length">The length that is only known now; −1 if there is none.</param>
        public bool Fits(ReadOnlySpan<NDArray> values, out long length)
        {
            length = -1;
            for (int k = 0; k < values.Length; k++)
            {
                if (values[k].DType != _leaves[k].DType
                    || !(_runTime is null ? values[k].Shape == _leaves[k].Type.Shape : FitsOneLength(values[k].Shape, k, ref length)))
                {
                    return false;
                }
            }

            return true;
        }

        private bool FitsOneLength(Shape shape, int k, ref long length)
        {
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                long expected = _leaves[k].Type.Shape[axis];
                if (expected != _runTime!.Capacity ? shape[axis] != expected
                    : shape[axis] > expected || (length >= 0 && shape[axis] != length))
                {
                    return false;
                }

                length = expected == _runTime.Capacity ? shape[axis] : length;
            }

            return true;
        }

        public IReadOnlyDictionary<Expr, NDArray> With(NDArray[] values)
        {
            Dictionary<Expr, NDArray> all = new(_known);
            for (int k = 0; k < values.Length; k++)
            {
                all[Lengths!.Outputs[k]] = values[k];
            }

            return all;
        }

        /// <summary>Computes results. No two share memory, with each other or with what was passed.</summary>
        /// <returns>Whether all conditions hold; else nothing is returned.</returns>
        public bool TryRun(ReadOnlySpan<NDArray> values, long length, Span<NDArray?> results, out Guard? violated)
        {
            Workspace workspace = _plan!.Rent();
            try
            {
                foreach (int k in _inner)
                {
                    workspace.Results[k] = workspace.Own(k);
                }

                for (int k = 0; k < results.Length; k++)
                {
                    if (_places[k] is { IsFirst: true, Output: var output })
                    {
                        workspace.Results[output] = results[k] = Place(results[k], _types[k], length);
                    }
                }

                workspace.Run(values, length);
                violated = Violated(workspace, values);
                if (violated is not null)
                {
                    return false;
                }

                for (int k = 0; k < results.Length; k++)
                {
                    if (!_places[k].IsFirst)
                    {
                        NDArray value = _places[k].Value(workspace, values);
                        NDArray result = results[k] = Place(results[k], _types[k], length);
                        (value.Shape == result.Shape ? value : value.Reshape(result.Shape.AsSpan())).CopyTo(result);
                    }
                }

                return true;
            }
            finally
            {
                workspace.Clear();
                _plan.Return(workspace);
            }
        }

        private static Dictionary<T, int> Numbers<T>(IEnumerable<T> items)
            where T : class
        {
            Dictionary<T, int> numbers = [];
            foreach (T item in items)
            {
                numbers.Add(item, numbers.Count);
            }

            return numbers;
        }

        private static NDArray Place(NDArray? offered, TensorType type) =>
            offered is not null && offered.DType == type.DType && offered.Shape == type.Shape
                ? offered
                : NDArray.Uninitialized(type);

        private NDArray Place(NDArray? offered, TensorType type, long length) =>
            _runTime is null ? Place(offered, type)
            : offered is not null && offered.DType == type.DType && _runTime.IsAt(type.Shape, length, offered.Shape) ? offered
            : NDArray.Uninitialized(new TensorType(type.DType, _runTime.At(type.Shape, length)));

        private Guard? Violated(Workspace workspace, ReadOnlySpan<NDArray> values)
        {
            for (int k = 0; k < _guards.Length; k++)
            {
                if (_places[^(_guards.Length - k)].Value(workspace, values).AsSpan<bool>()[0])
                {
                    return _guards[k];
                }
            }

            return null;
        }
    }

    /// <summary>Where a value is after a plan has run: among its outputs, among its leaves, or known before.</summary>
    /// <param name="Output">Which output of the plan; −1 if none.</param>
    /// <param name="Leaf">Which leaf; −1 if none. The last may be the length that is only known in each call.</param>
    /// <param name="Constant">What is known.</param>
    /// <param name="IsFirst">Whether it is a result, and the first one at this place: it is written there, and not copied.</param>
    private sealed record Place(int Output, int Leaf, NDArray? Constant, bool IsFirst)
    {
        public NDArray Value(Workspace workspace, ReadOnlySpan<NDArray> values) =>
            Output >= 0 ? workspace.Results[Output] : Leaf < 0 ? Constant! : Leaf < values.Length ? values[Leaf] : workspace.Length;
    }
}
