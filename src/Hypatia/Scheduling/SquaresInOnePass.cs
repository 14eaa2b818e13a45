namespace Hypatia.Scheduling;

/// <summary>
/// Sums of squared differences (x − m)², of which m is found by a pass over x, as the mean is for a variance, in that same pass:
/// with c an element of x in each sum, d = x − c and δ = m − c, they are Σd² − 2δ·Σd + n·δ².
/// </summary>
/// <remarks>
/// In float64, of float32 numbers. As δ² is one of the squares, no term is more than 4n times the sum, which so is right to
/// 4n·2⁻⁵³ or better. (Chan, Golub, LeVeque: Algorithms for computing the sample variance, 1983; there c is any number.)
/// </remarks>
internal static class SquaresInOnePass
{
    private const long FewestBytes = 1 << 20;       // of an array that may be in no cache when it is read again
    private const long MostTerms = 1 << 24;

    /// <summary>The outputs with such sums rewritten, or null if there are none.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="order">What they are computed from, sorted.</param>
    public static IReadOnlyList<Expr>? Rewrite(IReadOnlyList<Expr> outputs, List<Expr> order)
    {
        if (!order.Exists(IsFound))
        {
            return null;
        }

        HashSet<Expr> found = [.. order.Where(IsFound)];
        Dictionary<Expr, Expr> done = [];
        foreach (Expr node in order)
        {
            Expr rebuilt = Traversal.Rebuild(node, done);
            done[node] = found.Contains(node) ? Rewritten(rebuilt) : rebuilt;
        }

        return [.. outputs.Select(output => done[output])];
    }

    private static bool IsFound(Expr node)
    {
        if (node is not { DType: DType.Float32, Op: Sum { InFloat32: false, Axes: var axes } }
            || node.Inputs[0] is not { Op: Sqr } square || square.Inputs[0] is not { Op: Sub } difference)
        {
            return false;
        }

        (Expr x, Expr m) = (difference.Inputs[0], difference.Inputs[1]);
        return x.Op is LeafOp && x.Type.Shape == square.Type.Shape
            && x.Type.Shape.Count * x.DType.Size() >= FewestBytes && x.Type.Shape.Count / Math.Max(1, node.Type.Shape.Count) <= MostTerms
            && axes.All(axis => m.Type.Shape[axis] == 1)
            && Traversal.Sort([m]).Exists(read => read.Op is Reduction reduction && reduction.Axes == axes
                && (read.Inputs[0] == x || (read.Inputs[0].Op is CastTo && read.Inputs[0].Inputs[0] == x)));
    }

    private static Expr Rewritten(Expr node)
    {
        Axes axes = ((Sum)node.Op).Axes;
        Expr difference = node.Inputs[0].Inputs[0];
        (Expr x, Expr m) = (difference.Inputs[0], difference.Inputs[1]);
        Expr first = axes.Aggregate(x, (part, axis) => Slice.Of(part, axis, Lengths.Of(0), Lengths.Of(1)));
        Expr c = T.Cast(first, DType.Float64);
        Expr d = T.Cast(x, DType.Float64) - c;
        Expr delta = Dimshuffle.Drop(T.Cast(m, DType.Float64) - c, axes);
        double n = x.Type.Shape.Count / node.Type.Shape.Count;
        Expr sum = T.Sum(T.Sqr(d), axes) + (delta * ((n * delta) - (2 * T.Sum(d, axes))));
        return T.Cast(T.Switch(sum < 0, 0.0, sum), DType.Float32);
    }
}
