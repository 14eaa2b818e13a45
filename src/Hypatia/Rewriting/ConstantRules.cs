using Hypatia.Compilation;
using Hypatia.Loops;

namespace Hypatia.Rewriting;

/// <summary>What depends only on constants is computed when compiling, if it is small.</summary>
internal static class ConstantRules
{
    private const int Depth = 32;             // expressions looked at
    private const long MostElements = 4096;   // of a constant that may be made
    private const long MostWork = 1 << 15;    // elements that may be visited to make one

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Elementwise>("arithmetic on constants", OnScalars),
        Rule.From<Op>("value of constants", OnTensors),
    ];

    // Elements that are all equal are computed once; the rewriter repeats the result.
    private static Expr? OnScalars(Expr x)
    {
        if (Uniform.Value(x.Inputs[0]) is null || Uniform.Value(x.Inputs[^1]) is null)
        {
            return null;    // almost always
        }

        var operands = new Scalar[x.Inputs.Count];
        for (int k = 0; k < operands.Length; k++)
        {
            if (Uniform.Value(x.Inputs[k]) is not { } value)
            {
                return null;
            }

            operands[k] = new Literal(value);
        }

        return ((Elementwise)x.Op).Element(operands) is Literal literal ? Uniform.Of(literal.Value) : null;
    }

    // What is cheaper to compute than to read stays: ranges, repetitions, and arithmetic on them.
    private static Expr? OnTensors(Expr x)
    {
        if (Uniform.Value(x) is not null)
        {
            return null;
        }

        bool worthwhile = x.Op is MatMul or Reduction or Gather or Scatter or Concatenate or Composite
            || (x.Op is not (LeafOp or Iota or LengthOf or BroadcastTo) && OfConstants(x));
        if (!worthwhile || !x.Type.Shape.IsKnown || x.Type.Shape.Count > MostElements || Closed(x) is not { } graph)
        {
            return null;
        }

        long work = 0;
        foreach (Expr node in graph)
        {
            if (!node.Type.Shape.IsKnown || node.Type.Shape.Count == 0)
            {
                return null;
            }

            work += node.Type.Shape.Count * (node.Op is MatMul ? node.Inputs[0].Type.Shape[node.Rank - 1] : 1);
        }

        return work <= MostWork ? Constant.Of(Value(x)) : null;
    }

    private static bool OfConstants(Expr x)
    {
        for (int k = 0; k < x.Inputs.Count; k++)
        {
            if (x.Inputs[k].Op is not Constant)
            {
                return false;
            }
        }

        return true;
    }

    // All that x is computed from, if that ends at constants soon.
    private static HashSet<Expr>? Closed(Expr x)
    {
        HashSet<Expr> seen = [x];
        Stack<Expr> open = new([x]);
        while (open.TryPop(out Expr? node))
        {
            if (node.Op is Input or SharedState || seen.Count > Depth)
            {
                return null;
            }

            for (int k = 0; k < node.Inputs.Count; k++)
            {
                if (seen.Add(node.Inputs[k]))
                {
                    open.Push(node.Inputs[k]);
                }
            }
        }

        return seen;
    }

    private static NDArray Value(Expr x)
    {
        Expr defined = Passes.DefineOnly([x])[0];
        return defined.Op is Constant constant ? constant.Value : Plan.Compile(DeviceTable.Of(Options.Current), [], [defined]).Run([])[0];
    }
}
