using Hypatia.Compilation;
using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Rewriting;

namespace Hypatia.Tests.Rewriting;

/// <summary>Leaves of known shapes, and values of graphs with and without rewriting.</summary>
internal static class Graphs
{
    public static Expr Leaf(string name, DType dtype, params long[] lengths) =>
        Expr.Leaf(Input.New(), new TensorType(dtype, new Shape(lengths)), name);

    public static Expr Leaf(string name, params long[] lengths) => Leaf(name, DType.Float64, lengths);

    /// <summary>
    /// Values on the reference device, without rewriting. As when a function is called, lengths become known first.
    /// </summary>
    public static NDArray[] Values(IReadOnlyList<Expr> outputs, params IReadOnlyList<(Expr Leaf, NDArray Value)> given)
    {
        var specializer = new Specializer();
        var leaves = new Expr[given.Count];
        for (int k = 0; k < leaves.Length; k++)
        {
            leaves[k] = Expr.Leaf(given[k].Leaf.Op, given[k].Value.Type, given[k].Leaf.Name);
            specializer.Bind(given[k].Leaf, leaves[k]);
        }

        Expr[] defined = Passes.DefineOnly(specializer.Apply(outputs, new Dictionary<Expr, NDArray>()));
        Expr[] computed = [.. defined.Where(x => x.Op is not LeafOp).Distinct()];
        NDArray[] results = computed.Length == 0 ? []
            : Plan.Compile(new ReferenceDevice(), leaves, computed).Run([.. given.Select(pair => pair.Value)]);
        return [.. defined.Select(x => x.Op is Constant constant ? constant.Value
            : Array.IndexOf(leaves, x) is >= 0 and var leaf ? given[leaf].Value
            : results[Array.IndexOf(computed, x)])];
    }

    public static NDArray Random(System.Random random, TensorType type, double low = -2, double high = 2)
    {
        NDArray array = NDArray.Zeros(type.DType, type.Shape);
        for (long k = 0; k < array.Count; k++)
        {
            double value = low + (random.NextDouble() * (high - low));
            array.Set(k, ScalarValue.Of(type.DType, type.DType.IsFloat() ? value : Math.Floor(value)));
        }

        return array;
    }

    /// <summary>Whether two arrays are equal up to a multiple of the dtype's rounding of 1 or of larger values.</summary>
    public static bool Close(NDArray x, NDArray y, double units)
    {
        double epsilon = x.DType == DType.Float32 ? Math.Pow(2, -23) : Math.Pow(2, -52);
        return x.Type == y.Type && Enumerable.Range(0, (int)x.Count).All(k =>
            Close(x.Scalar(k).AsDouble, y.Scalar(k).AsDouble, x.DType.IsFloat() ? units * epsilon : 0));
    }

    public static bool Close(double x, double y, double tolerance) =>
        x.Equals(y) || x == y || (double.IsFinite(x - y) && Math.Abs(x - y) <= tolerance * Math.Max(1, Math.Max(Math.Abs(x), Math.Abs(y))));

    public static bool CloseRelative(double x, double y, double tolerance) =>
        x.Equals(y) || x == y || (double.IsFinite(x - y) && Math.Abs(x - y) <= tolerance * Math.Max(Math.Abs(x), Math.Abs(y)));
}
