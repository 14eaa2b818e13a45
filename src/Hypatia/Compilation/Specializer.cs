using Hypatia.Diagnostics;
using Hypatia.Lowering;

namespace Hypatia.Compilation;

/// <summary>
/// Gives a graph the lengths of its inputs: every expression gets its full type, lengths become constants, and what does
/// not fit is found, with the user's own ops and lines.
/// </summary>
/// <param name="runTime">A length that stays unknown, if there is one: ops that need it find it as an expression.</param>
/// <param name="known">Where it is the capacity instead, for what shapes are made of.</param>
internal sealed class Specializer(RunTimeLength? runTime = null, Specializer? known = null)
{
    private readonly Dictionary<Expr, Expr> _done = [];
    private readonly List<Expr> _missing = [];

    /// <summary>Expressions whose values the lengths depend on, over the specialized inputs; empty if none is missing.</summary>
    public IReadOnlyList<Expr> Missing => _missing;

    /// <summary>From the given expressions to specialized ones.</summary>
    public IReadOnlyDictionary<Expr, Expr> Map => _done;

    /// <summary>Makes a leaf stand for one whose lengths are known.</summary>
    public void Bind(Expr leaf, Expr specialized) => _done[leaf] = specialized;

    /// <summary>Specializes everything that the outputs depend on. Values of missing ones may be given, in order.</summary>
    /// <exception cref="ShapeException">Lengths do not fit together.</exception>
    public Expr[] Apply(IReadOnlyList<Expr> outputs, IReadOnlyDictionary<Expr, NDArray> values)
    {
        foreach (Expr node in Traversal.Sort(outputs))
        {
            if (!_done.ContainsKey(node))
            {
                _done[node] = Specialize(node, values);
            }
        }

        return [.. outputs.Select(output => _done[output])];
    }

    private Expr Specialize(Expr node, IReadOnlyDictionary<Expr, NDArray> values)
    {
        if (values.TryGetValue(node, out NDArray? value))
        {
            return Constant.Of(value);
        }

        if (node.Inputs.Count == 0)
        {
            return node;
        }

        var inputs = new Expr[node.Inputs.Count];
        for (int k = 0; k < inputs.Length; k++)
        {
            inputs[k] = (known is not null && node.Op.IsStatic(k) ? known._done : _done)[node.Inputs[k]];
        }

        if (node.Op is LengthOf of && runTime?.TimesIn(inputs[0].Type.Shape[of.Axis]) is > 0 and var times)
        {
            return times == 1 ? runTime.Leaf : runTime.Leaf * times;
        }

        for (int k = 0; k < inputs.Length; k++)
        {
            if (node.Op.IsStatic(k) && inputs[k].Op is not Constant)
            {
                if (values.TryGetValue(node.Inputs[k], out NDArray? length))
                {
                    inputs[k] = Constant.Of(length);
                }
                else if (!_missing.Contains(node.Inputs[k]))
                {
                    _missing.Add(node.Inputs[k]);
                }
            }
        }

        using (Origin.Use(node.Origin))
        {
            try
            {
                Expr specialized = inputs.SequenceEqual(node.Inputs.List) ? node : node.With(inputs);
                return node.Op is LengthOf length && inputs[0].Type.Shape[length.Axis] is var n and not Shape.Unknown
                    ? Lengths.Of(n)
                    : Folding.Fold(specialized);
            }
            catch (ShapeException e)
            {
                throw e.AppliedAt(node.Origin);
            }
        }
    }
}
