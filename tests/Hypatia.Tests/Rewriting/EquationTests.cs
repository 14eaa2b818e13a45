using Hypatia.Loops;
using Hypatia.Rewriting;

namespace Hypatia.Tests.Rewriting;

public class EquationTests
{
    // Powers, signs, limits of functions, and what is not a number.
    private static readonly double[] Special =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 2, -3, 50, -50, 800, -800, 1e-20, -1e-20, 1e-200, 1e200, -1e200, double.Epsilon,
        double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    public static TheoryData<string> Names() => [.. Passes.AllRules.OfType<Equation>().Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_sides_are_equal_inside_the_domain(string name)
    {
        Equation rule = Find(name);
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        {
            var random = new System.Random(1);
            double low = Math.Max(rule.Domain.Low, -4);
            double high = Math.Min(rule.Domain.High, 4);
            (NDArray left, NDArray right) = Sides(rule, dtype, 200, (_, type) => Graphs.Random(random, type, low, high));
            Assert.True(Graphs.Close(left, right, 64), $"{rule}\n{left}\n{right}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_sides_are_equal_for_special_values_or_the_exception_is_listed(string name)
    {
        Equation rule = Find(name);
        int variables = rule.Variables.Count;
        int count = (int)Math.Pow(Special.Length, variables);
        (NDArray left, NDArray right) = Sides(rule, DType.Float64, count, (variable, type) =>
        {
            NDArray array = NDArray.Zeros(type.DType, type.Shape);
            for (int k = 0; k < count; k++)
            {
                array.Set(k, ScalarValue.Of(type.DType, Special[variable == 0 ? k % Special.Length : k / Special.Length]));
            }

            return array;
        });
        string differences = string.Join("\n", Enumerable.Range(0, count)
            .Where(k => !Graphs.CloseRelative(left.Scalar(k).AsDouble, right.Scalar(k).AsDouble, 1e-12))
            .Select(k => $"x={Special[k % Special.Length]} y={Special[k / Special.Length % Special.Length]}: {left.Scalar(k)} {right.Scalar(k)}"));
        Assert.True(rule.Except is not null == differences.Length > 0, $"{rule}\nexcept: {rule.Except}\n{differences}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_sides_are_equal_for_integers_which_wrap(string name)
    {
        Equation rule = Find(name);
        foreach (DType dtype in rule.OfIntegers ? new[] { DType.Int8, DType.UInt8, DType.Int32, DType.Int64 } : [])
        {
            var random = new System.Random(2);
            double bound = Math.Pow(2, Math.Min((8 * dtype.Size()) - 1, 52));
            (NDArray left, NDArray right) = Sides(rule, dtype, 200, (_, type) =>
                Graphs.Random(random, type, dtype.IsUnsigned() ? 0 : -bound, dtype.IsUnsigned() ? 2 * bound : bound));
            Assert.True(Graphs.Close(left, right, 0), $"{rule} of {dtype}\n{left}\n{right}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rule_finds_its_left_side_and_keeps_dtype_and_shape(string name)
    {
        Equation rule = Find(name);
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        {
            foreach (long length in new[] { 3L, Shape.Unknown })
            {
                Expr[] x = [.. rule.Variables.Select((v, k) => Graphs.Leaf(v.Name!, dtype, k == 0 ? length : 1, 4))];
                Expr left = rule.Over(x).Left;
                Expr found = new Rewriter(new RuleSet(rule)).Apply([left])[0];
                Assert.NotSame(left, found);
                Assert.Equal(left.Type, found.Type);
            }
        }
    }

    [Fact]
    public void No_two_rules_have_the_same_name()
    {
        Assert.Empty(Passes.AllRules.GroupBy(rule => rule.Name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    private static Equation Find(string name) => Passes.AllRules.OfType<Equation>().Single(rule => rule.Name == name);

    private static (NDArray Left, NDArray Right) Sides(
        Equation rule, DType dtype, long count, Func<int, TensorType, NDArray> values)
    {
        Expr[] x = [.. rule.Variables.Select(v => Graphs.Leaf(v.Name!, dtype, count))];
        (Expr left, Expr right) = rule.Over(x);
        // A side may be narrower, such as a constant: as the rewriter, convert and repeat it.
        right = T.Cast(right, left.DType) is var cast && cast.Rank == 0 ? T.Alloc(cast, count) : cast;
        NDArray[] both = Graphs.Values([left, right], [.. x.Select((v, k) => (v, values(k, v.Type)))]);
        return (both[0], both[1]);
    }
}
