using CsCheck;
using Hypatia.Diagnostics;
using Hypatia.Rewriting;

namespace Hypatia.Tests.Rewriting;

/// <summary>What is computed with joined axes where the user splits them, and that nothing else changes.</summary>
public class JoinedAxesTests
{
    private static readonly Expr W = Graphs.Leaf("w", 4, 5);
    private static readonly Expr B = Graphs.Leaf("b", 5);
    private static readonly Expr X = Graphs.Leaf("x", 2, 3, 4);
    private static readonly Expr Y = Graphs.Leaf("y", 2, 3, 5);
    private static readonly Expr PerRow = Graphs.Leaf("r", 3, 5);
    private static readonly Expr Scale = Graphs.Leaf("s", 2, 3, 1);

    private static readonly Shape[] Shapes = [[2, 3, 4], [6, 4], [4, 4], [4], [2, 3, 1], [1, 3, 4], [2, 12], [24], [2, 1, 4], default];

    private static Expr Product => T.Dot(X, W);

    [Fact]
    public void What_follows_a_product_is_computed_with_its_rows_joined()
    {
        AssertBecomes(@"reshape((tanh(((reshape(x, 6, 4) \dot w) + b)) * reshape(y, 6, 5)), 2, 3, 5)", T.Tanh(Product + B) * Y);
        AssertBecomes(@"reshape(((reshape(x, 6, 4) \dot w) * reshape(s, 6, 1)), 2, 3, 5)", Product * Scale);
        AssertBecomes(@"reshape((tanh((reshape(x, 6, 4) \dot w)) \dot w.T), 2, 3, 4)", T.Dot(T.Tanh(Product), W.T));
    }

    [Fact]
    public void Reductions_over_all_or_none_of_the_joined_axes_are_over_joined_ones()
    {
        AssertBecomes(@"sum{axis=(0, 1)}((reshape(x, 6, 4) \dot w))", T.Sum(Product));
        AssertBecomes(@"sum{axis=(0,)}((reshape(x, 6, 4) \dot w))", T.Sum(Product, [0, 1]));
        AssertBecomes(@"reshape(max{axis=(1,)}((reshape(x, 6, 4) \dot w)), 2, 3)", T.Max(Product, 2));
        AssertBecomes(@"reshape(((reshape(x, 6, 4) \dot w) - max{axis=(1,)}((reshape(x, 6, 4) \dot w)).T), 2, 3, 5)", Product - T.Max(Product, 2, keepDims: true));
        AssertBecomes(@"max{axis=(1,)}(reshape((reshape(x, 6, 4) \dot w), 2, 3, 5))", T.Max(Product, 1));
    }

    [Fact]
    public void Operands_that_differ_along_a_part_of_the_joined_axes_keep_them_split() =>
        AssertBecomes(@"(reshape((reshape(x, 6, 4) \dot w), 2, 3, 5) + r)", Product + PerRow);

    [Fact]
    public void What_is_transposed_is_split_before() =>
        AssertBecomes(@"reshape((reshape(x, 6, 4) \dot w), 2, 3, 5).T", Product.Dimshuffle(1, 0, 2));

    [Fact]
    public void Repeated_gradients_are_repeated_along_joined_axes()
    {
        Expr repeated = T.Ones([2, 3, 5]) * Scale;
        AssertBecomes(@"reshape((reshape(s, 6, 1) \dot w.T), 2, 3, 4)", T.Dot(repeated, W.T));
    }

    [Fact]
    public void Each_rule_is_used_and_uses_its_result_up()
    {
        HashSet<string> used = [];
        Expr[] graphs =
        [
            T.Tanh(Product + B) * Y, T.Max(Product, 2), Product - T.Max(Product, 2, keepDims: true),
            T.Dot(T.Ones([2, 3, 5]) * Scale, W.T),
        ];
        Expr[] joined = Passes.JoinAxes(
            Passes.Optimize(graphs), report => used.UnionWith(report.Rules.Where(rule => rule.Hits > 0).Select(rule => rule.Rule)));
        Assert.Empty(JoinedAxes.All.Where(rule => !used.Contains(rule.Name)).Select(rule => rule.Name));
        Expr[] again = Passes.JoinAxes(joined);
        for (int k = 0; k < joined.Length; k++)
        {
            Assert.Same(joined[k], again[k]);
        }
    }

    [Fact]
    public void Random_graphs_keep_their_values() => Gen.Int[0, int.MaxValue].Sample(
        seed =>
        {
            (Expr[] leaves, Expr[] outputs, System.Random random) = Graph(seed);
            (Expr, NDArray)[] given = [.. leaves.Select(leaf => (leaf, Graphs.Random(random, leaf.Type)))];
            Expr[] joined = Passes.JoinAxes(Passes.Optimize(outputs));
            AssertSame(outputs, Graphs.Values(outputs, given), Graphs.Values(joined, given));
        },
        iter: 600);

    [Fact]
    public void Functions_of_random_graphs_compute_the_same_with_and_without_rewriting() => Gen.Int[0, int.MaxValue].Sample(
        seed =>
        {
            (Expr[] leaves, Expr[] outputs, System.Random random) = Graph(seed);
            Argument[] arguments = [.. leaves.Select(leaf => (Argument)Graphs.Random(random, leaf.Type))];
            NDArray[] actual = [.. T.Function([.. leaves.Select(leaf => (In)leaf)], outputs, onUnusedInput: OnUnusedInput.Ignore).Call(arguments)];
            using IDisposable use = Options.Use(Options.Current with { Rewrite = false });
            AssertSame(outputs, [.. T.Function([.. leaves.Select(leaf => (In)leaf)], outputs, onUnusedInput: OnUnusedInput.Ignore).Call(arguments)], actual);
        },
        iter: 60);

    private static void AssertBecomes(string expected, Expr graph)
    {
        Expr joined = Passes.JoinAxes(Passes.Optimize([graph]))[0];
        Assert.Equal(graph.Type, joined.Type);
        Assert.Equal(expected, Printer.Infix(joined));
    }

    private static void AssertSame(Expr[] outputs, NDArray[] expected, NDArray[] actual)
    {
        for (int k = 0; k < outputs.Length; k++)
        {
            Assert.True(Graphs.Close(expected[k], actual[k], 1e6), $"{Printer.Infix(outputs[k])}\n{expected[k]}\n{actual[k]}");
        }
    }

    private static (Expr[] Leaves, Expr[] Outputs, System.Random Random) Graph(int seed)
    {
        var random = new System.Random(seed);
        Expr[] leaves = [.. Shapes.Select((shape, k) => Graphs.Leaf("abcdefghij"[k].ToString(), [.. shape]))];
        List<Expr> nodes = [.. leaves];
        for (int k = random.Next(4, 16); k > 0; k--)
        {
            nodes.Add(Next(random, nodes));
        }

        return (leaves, [nodes[^1], nodes[^2], Reshaped(random, nodes[^1])], random);
    }

    private static Expr Next(System.Random random, List<Expr> nodes)
    {
        Expr x = nodes[random.Next(3) == 0 ? random.Next(nodes.Count) : nodes.Count - 1];
        Expr[] fitting = [.. nodes.Where(node => Fit(x.Type.Shape, node.Type.Shape))];
        Expr y = fitting[random.Next(fitting.Length)];
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(_ => random.Next(2) == 0)];
        return random.Next(14) switch
        {
            0 or 1 => x + y,
            2 or 3 => x * y,
            4 => T.Tanh(x),
            5 => T.Switch(T.Gt(x, 0), x, x * x),
            6 or 7 when x.Rank > 0 && x.Type.Shape[x.Rank - 1] == 4 => T.Dot(x, nodes[2]),
            8 => Reshaped(random, x),
            9 when axes.Length > 0 => T.Sum(x, [.. axes], keepDims: random.Next(2) == 0),
            10 when axes.Length > 0 => T.Max(x, [.. axes], keepDims: random.Next(2) == 0),
            11 when x.Rank > 0 => NNet.Softmax(x, axis: x.Rank - 1),
            12 when x.Rank >= 2 => x.Rank == 2 ? x.T : x.Rank == 3 ? x.Dimshuffle(1, 0, 2) : x,
            _ => x - (0.5 * y),
        };
    }

    private static Expr Reshaped(System.Random random, Expr x)
    {
        Shape[] others = [.. Shapes.Where(shape => shape.Count == x.Type.Shape.Count)];
        return others.Length == 0 ? x.Reshape(x.Type.Shape.Count) : x.Reshape([.. others[random.Next(others.Length)].Select(length => (Expr)length)]);
    }

    private static bool Fit(Shape x, Shape y) => Enumerable.Range(1, Math.Min(x.Rank, y.Rank))
        .All(k => x[x.Rank - k] == y[y.Rank - k] || x[x.Rank - k] == 1 || y[y.Rank - k] == 1);
}
