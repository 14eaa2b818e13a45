using CsCheck;
using Hypatia.Diagnostics;
using Hypatia.Rewriting;

namespace Hypatia.Tests.Rewriting;

/// <summary>Random graphs have the same value, and type, before and after rewriting. A failure prints the seed.</summary>
public class RandomGraphTests
{
    private static readonly TensorType[] Types =
    [
        new(DType.Float64, [3, 4]), new(DType.Float64, [4, 3]), new(DType.Float64, [4]), new(DType.Float64, [1, 4]),
        new(DType.Float64, default), new(DType.Float64, [3, 3]), new(DType.Float64, [3, 1]),
    ];

    [Fact]
    public void Rewriting_keeps_values_and_types() => Gen.Int[0, int.MaxValue].Sample(seed => Check(seed, known: true), iter: 400);

    [Fact]
    public void Rewriting_with_unknown_lengths_keeps_values_and_types() =>
        Gen.Int[0, int.MaxValue].Sample(seed => Check(seed, known: false), iter: 400);

    [Fact]
    public void Rewriting_twice_changes_nothing() => Gen.Int[0, int.MaxValue].Sample(
        seed =>
        {
            (_, Expr[] outputs) = Graph(new System.Random(seed), known: seed % 2 == 0);
            Expr[] once = Passes.Simplify(outputs);
            Expr[] twice = Passes.Simplify(once);
            for (int k = 0; k < once.Length; k++)
            {
                Assert.True(ReferenceEquals(once[k], twice[k]), $"{Printer.Infix(once[k])}\n{Printer.Infix(twice[k])}");
            }
        },
        iter: 400);

    private static void Check(int seed, bool known)
    {
        var random = new System.Random(seed);
        (Expr[] leaves, Expr[] outputs) = Graph(random, known);
        Expr[] rewritten = known ? Passes.Optimize(outputs) : Passes.Simplify(outputs);
        (Expr, NDArray)[] given = [.. leaves.Select((leaf, k) => (leaf, Graphs.Random(random, Types[k])))];
        NDArray[] expected = Graphs.Values(outputs, given);
        NDArray[] actual = Graphs.Values(rewritten, given);
        for (int k = 0; k < outputs.Length; k++)
        {
            Assert.Equal(outputs[k].DType, rewritten[k].DType);
            Assert.True(
                Graphs.Close(expected[k], actual[k], 1e6),
                $"{Printer.Infix(outputs[k])}\n→ {Printer.Infix(rewritten[k])}\n{expected[k]}\n{actual[k]}");
        }
    }

    private static (Expr[] Leaves, Expr[] Outputs) Graph(System.Random random, bool known)
    {
        Expr[] leaves = [.. Types.Select((type, k) => Graphs.Leaf(
            "abcdefg"[k].ToString(), type.DType, known ? [.. type.Shape] : [.. type.Shape.Select(_ => Shape.Unknown)]))];
        // Shapes are those of the values, whether or not the graph knows them.
        List<(Expr Of, Shape Shape)> nodes = [.. leaves.Select((leaf, k) => (leaf, Types[k].Shape))];
        for (int k = random.Next(3, 14); k > 0; k--)
        {
            nodes.Add(Next(random, nodes));
        }

        return (leaves, [nodes[^1].Of, nodes[^2].Of]);
    }

    private static (Expr Of, Shape Shape) Next(System.Random random, List<(Expr Of, Shape Shape)> nodes)
    {
        (Expr x, Shape shape) = nodes[random.Next(2) == 0 ? random.Next(nodes.Count) : nodes.Count - 1];
        (Expr Of, Shape Shape)[] fitting = [.. nodes.Where(node => Fits(shape, node.Shape))];
        Expr y = random.Next(4) == 0 ? random.Next(-3, 4) : fitting[random.Next(fitting.Length)].Of;
        Shape both = y.Op is Constant ? shape : Joint(shape, fitting.First(node => ReferenceEquals(node.Of, y)).Shape);
        int rank = shape.Rank;
        int axis = rank == 0 ? 0 : random.Next(rank);
        switch (random.Next(26))
        {
            case 0 or 1: return (x + y, both);
            case 2 or 3: return (x - y, both);
            case 4 or 5: return (x * y, both);
            case 6: return (x / (T.Sqr(y) + 1), both);
            case 7: return (-x, shape);
            case 8: return (T.Tanh(x), shape);
            case 9: return (T.Abs(x), shape);
            case 10: return (T.Sqr(x), shape);
            case 11: return (T.Exp(T.Minimum(x, 2)), shape);
            case 12: return (T.Log(1 + T.Exp(T.Minimum(x, 5))), shape);
            case 13: return (1 / (1 + T.Exp(-T.Clip(x, -5, 5))), shape);
            case 14: return (T.Maximum(x, y), both);
            // Continuous where x = y: else the rounding of a value, which rules may change, would decide.
            case 15: return (random.Next(2) == 0 ? T.Switch(T.Gt(x, y), x, y) : T.Switch(T.Gt(x, y), x - y, 0), both);
            case 16 when rank > 0: return (T.Sum(x, axis), Without(shape, axis));
            case 17 when rank > 0: return (T.Sum(x, axis, keepDims: true), With(shape, axis, 1));
            case 18 when rank > 0: return (T.Max(x, axis), Without(shape, axis));
            case 19 when rank > 0: return (T.Mean(x, axis, keepDims: true), With(shape, axis, 1));
            case 20 when rank == 2: return (x.T, [shape[1], shape[0]]);
            case 21 when rank == 2: return (NNet.Softmax(x), shape);
            case 22 when rank > 0 && shape[0] > 1: return (x[(.., -1)], shape);
            case 23 when rank > 0 && shape[0] > 2: return (x[1..], With(shape, 0, shape[0] - 1));
            case 24 when rank > 0: return (x[0], Without(shape, 0));
            case 25 when rank == 2 && nodes.Where(node => node.Shape.Rank == 2 && node.Shape[0] == shape[1]).ToArray() is { Length: > 0 } right:
                (Expr b, Shape other) = right[random.Next(right.Length)];
                return (T.Dot(x, b), [shape[0], other[1]]);
            default: return (T.Log(T.Sum(T.Exp(T.Clip(x, -5, 5)))), default);
        }
    }

    private static bool Fits(Shape x, Shape y) => Enumerable.Range(1, Math.Min(x.Rank, y.Rank))
        .All(k => x[x.Rank - k] == y[y.Rank - k] || x[x.Rank - k] == 1 || y[y.Rank - k] == 1);

    private static Shape Joint(Shape x, Shape y)
    {
        int rank = Math.Max(x.Rank, y.Rank);
        return new Shape([.. Enumerable.Range(0, rank).Select(k => Math.Max(At(x, rank - k), At(y, rank - k)))]);

        static long At(Shape shape, int fromEnd) => fromEnd <= shape.Rank ? shape[shape.Rank - fromEnd] : 1;
    }

    private static Shape Without(Shape shape, int axis) => new([.. shape.Where((_, k) => k != axis)]);

    private static Shape With(Shape shape, int axis, long length) => new([.. shape.Select((n, k) => k == axis ? length : n)]);
}
