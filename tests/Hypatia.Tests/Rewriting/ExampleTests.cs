using Hypatia.Diagnostics;
using Hypatia.Rewriting;

namespace Hypatia.Tests.Rewriting;

/// <summary>
/// What graphs become, as formulas: an example of every rule that computes its result, and of every rewrite that
/// Theano documents. Each result has the value of what it replaces, and is not rewritten further.
/// </summary>
public class ExampleTests
{
    private static readonly Expr S = Graphs.Leaf("s");
    private static readonly Expr U = Graphs.Leaf("t");
    private static readonly Expr X = Graphs.Leaf("x", 6);
    private static readonly Expr Y = Graphs.Leaf("y", 6);
    private static readonly Expr Z = Graphs.Leaf("z", 6);
    private static readonly Expr M = Graphs.Leaf("m", 4, 6);
    private static readonly Expr N = Graphs.Leaf("n", 6, 4);
    private static readonly Expr P = Graphs.Leaf("p", 4, 4);
    private static readonly Expr R = Graphs.Leaf("r", 1, 6);
    private static readonly Expr F = Graphs.Leaf("f", DType.Float32, 6);
    private static readonly Expr I = Graphs.Leaf("i", DType.Int64, 6);
    private static readonly Expr L = Graphs.Leaf("l", DType.Int64, 4);
    private static readonly Expr B = Graphs.Leaf("b", DType.Bool, 6);

    // Rule or rewrite; before; after simplifying; after replacing composites by definitions, if that matters.
    private static readonly (string Title, Expr Before, string Simplified, string? Compiled)[] Examples =
    [
        // Constants.
        ("arithmetic on constants", X + (T.Constant(2.0) * 3), "", null),
        ("value of constants", T.Dot(T.Eye(2), T.Ones([2, 2])), "", null),
        ("value of constants", T.Sum(T.Constant(new double[] { 1, 2, 3 }) * 2), "", null),
        // Sums.
        ("like terms", (2 * X) + (3 * X), "", null),
        ("like terms", X + X, "", null),
        ("like terms", (X + Y + Z) - Y, "", null),
        ("like terms", X + 1 + 2, "", null),
        ("like terms", X + 1 + Y + 2, "", null),
        ("like terms", M - (0.1 * (T.Tanh(M) + (0.01 * M))), "", null),
        ("like terms in difference", (2 * X) - X, "", null),
        ("like terms in difference", X + Y - Y, "", null),
        ("like terms in difference", (X + Y) - (Y + X), "", null),
        ("like terms", I + I, "", null),
        ("constant last in sum", 1 + X, "", null),
        ("x - c", X - 3, "", null),
        // Products.
        ("common factors", 2 * X * 3, "", null),
        ("common factors in quotient", X * Y / Y, "", null),
        ("common factors in quotient", X * Y * Z / (X * Y), "", null),
        ("common factors in quotient", X / (X * Y), "", null),
        ("common factors", X * (1 / Y), "", null),
        ("constant last in product", 2 * X, "", null),
        ("(c*x)*y", X * 3 * Y, "", null),
        ("(c*x)/y", X * 3 / Y, "", null),
        ("c*(-x)", (-X) * 3, "", null),
        ("-(c*x)", -(X * 2), "", null),
        ("x/2ⁿ", X / 4, "", null),
        ("power", T.Pow(X, 0), "", null),
        ("power", T.Pow(X, 1), "", null),
        ("power", T.Pow(X, 2), "", null),
        ("power", T.Pow(X, 3), "", null),
        ("power", T.Pow(X, 10), "", null),
        ("power", T.Pow(X, .5), "", null),
        ("power", T.Pow(X, -.5), "", null),
        ("power", T.Pow(X, -1), "", null),
        ("power", T.Pow(X, -2), "", null),
        ("deg2rad(rad2deg)", T.Deg2Rad(T.Rad2Deg(X)), "", null),
        ("relu", .5 * (X + T.Abs(X)), "", null),
        // Choices, comparisons, conversions.
        ("decided switch", T.Switch(true, X, Y), "", null),
        ("decided switch", T.Switch(B, X, X), "", null),
        ("x*switch", X * T.Switch(T.Gt(Y, 0), 1, 0), "", null),
        ("switch(c*x, 0)", T.Switch(B, X * 3, 0), "", null),
        ("cast of switch", T.Cast(T.Switch(B, I, 0), DType.Float64), "", null),
        ("switch/x", T.Switch(B, Y, 0) / X, "", null),
        ("switch+switch", T.Switch(B, X, Y) + T.Switch(B, Y, Z), "", null),
        ("switch-switch", T.Switch(B, X, Y) - T.Switch(B, Y, Z), "", null),
        ("switch*switch", T.Switch(B, X, Y) * T.Switch(B, Y, Z), "", null),
        ("cast of cast", T.Cast(T.Cast(F, DType.Float64), DType.Float32), "", null),
        ("cast of cast", T.Cast(T.Cast(X, DType.Float32), DType.Float32), "", null),
        ("~~x", ~~B, "", null),
        ("x&true", B & true, "", null),
        ("x|false", B | false, "", null),
        ("rounding of integers", T.Floor(I), "", null),
        ("x%1", I % 1, "", null),
        ("x//1", T.IntDiv(I, 1), "", null),
        ("comparison with itself", T.Eq(I, I), "", null),
        ("x<x", T.Lt(X, X), "", null),
        ("0 <= length", T.Ge(Lengths.Of(T.DVector("v"), 0), 0), "", null),
        ("length < 0", T.Lt(Lengths.Of(T.DVector("v"), 0), 0), "", null),
        ("max(length, 0)", T.Maximum(Lengths.Of(T.DVector("v"), 0), 0), "", null),
        // Movement.
        ("known length", T.Shape(T.Log(M)), "", null),
        ("known length", Lengths.Of(T.Dot(T.DMatrix("u"), T.DMatrix("v")), 1), "", null),
        ("sum to shape", Expr.Make(new SumTo(), M, Lengths.Of(1L), Lengths.Of(6L)), "", null),
        ("dimshuffle", M.T.T, "", null),
        ("dimshuffle", T.Tanh(M.T).T, "", null),
        ("dimshuffle", T.Dot(M.T, P.T).T, "", null),
        ("broadcast", T.Alloc(T.Alloc(R, 3, 6), 3, 6), "", null),
        ("reshape", T.Reshape(T.Reshape(M, 24), 3, 8), "", null),
        ("reshape", T.Reshape(X, 1, 6), "", null),
        ("reshape", T.Flatten(X), "", null),
        ("operand repeated in vain", T.Fill(X, S) * 2 + 1, "", null),
        ("operand repeated in vain", T.OnesLike(X) * X, "", null),
        ("operand repeated in vain", T.ZerosLike(X) + X, "", null),
        ("join of one", T.Concatenate([X]), "", null),
        ("join of one", T.Tile(X, 1), "", null),
        ("join with empty", T.Concatenate([X, T.Zeros([0])]), "", null),
        ("join of joins", T.Concatenate([X, T.Concatenate([Y, Z])]), "", null),
        ("join of neighbors", T.Concatenate(T.Split(X, [2, 4])), "", null),
        // Indexing.
        ("x[:]", X[..], "", null),
        ("x[::-1][::-1]", X[(.., -1)][(.., -1)], "", null),
        ("get of set", T.SetSubtensor(X[1..3], S)[1..3], "", null),
        ("slice of slice", X[1..][2..], "", null),
        ("slice of repetition", T.Alloc(S, 5)[0], "", null),
        ("slice of join", T.Concatenate([X, Y])[7], "", null),
        ("slice moved inward", T.Exp(X)[0], "", null),
        ("slice moved inward", (X + S)[0], "", null),
        ("slice moved inward", (M + X)[0], "", null),
        ("slice moved inward", T.Dot(M, N)[0], "", null),
        ("slice moved inward", T.Sum(M, 1)[0], "", null),
        ("slice moved inward", NNet.Softmax(M)[1], "", null),
        ("gather of repetition", T.Ones([5])[L], "", null),
        ("elements of a product", T.Diag(T.Dot(M, N)), "", null),
        ("elements of a product", T.Trace(T.Dot(M, N)), "", null),
        ("scatter of rows", T.SetSubtensor(P[T.Arange(4), L], S), "", null),
        // Reductions.
        ("reduction over nothing", T.Sum(X, Array.Empty<int>()), "", null),
        ("reduction over length 1", T.Sum(R, 0), "", null),
        ("reduction of reduction", T.Sum(T.Sum(M, 0)), "", null),
        ("reduction of dimshuffle", T.Sum(M.T), "", null),
        ("reduction of dimshuffle", T.Max(M.T, 0), "", null),
        ("reduction of repetition", T.Sum(T.OnesLike(X)), "", null),
        ("reduction of repetition", T.Sum(T.Alloc(R, 3, 6), 0), "", null),
        ("sum(-x)", T.Sum(-X), "", null),
        ("sum(c*x)", T.Sum(S * M), "", null),
        ("sum(c*x)", T.Sum(M / X, 0), "", null),
        ("sum of one-hot rows", T.Sum(T.ToOneHot(L, 6) * S, 1), "", null),
        ("max(-x)", -T.Max(-X), "", null),
        ("mean", T.Mean(M), "", null),
        ("mean", T.Mean(T.DMatrix("u")), "", null),
        ("argmax of monotone function", T.Argmax(NNet.Softmax(M), 1), "", null),
        ("argmax of monotone function", T.Argmax(T.Exp(M + R.T[0]), 1), "", null),
        ("softmax(x-c)", NNet.Softmax(M - T.Max(M, 1, keepDims: true)), "", null),
        ("logsoftmax(x-c)", NNet.LogSoftmax(M + S), "", null),
        ("product with zeros", T.Dot(M, T.Zeros([6, 2])), "", null),
        ("outer product", T.Outer(X, Y), "", null),
        ("(-a)·b", T.Dot(-M, N), "", null),
        ("(c*a)·b", T.Dot(M * 3, N), "", null),
        ("(c*a)·b", T.Dot((N * 3).T, N), "", null),
        // Stability.
        ("log(softmax)", T.Log(NNet.Softmax(M)), "", null),
        ("log(selection)", -T.Mean(T.Log(NNet.Softmax(M))[T.Arange(4), L]), "", null),
        ("log(selection)", T.Log(NNet.Softmax(M)[T.Arange(4), L]), "", null),
        ("log(x*y)", T.Log(T.Mean(T.Exp(M), 1)), "", null),
        ("log(sum(exp))", T.Log(T.Sum(T.Exp(M))), "", null),
        ("log(sum(exp))", T.Log(T.Sum(T.Exp(M), 1, keepDims: true)), "", null),
        ("crossentropy(softmax)", NNet.CategoricalCrossentropy(NNet.Softmax(M), L), "", null),
        ("crossentropy(softmax)", NNet.CategoricalCrossentropy(NNet.Softmax(M), M), "", null),
        ("exp/sum(exp)", T.Exp(M) / T.Sum(T.Exp(M), 1, keepDims: true), "", null),
        ("exp/sum(exp)", T.Exp(M) / T.ShapePadRight(T.Sum(T.Exp(M), 1)), "", null),
        ("exp/sum(exp)", T.Exp(M) / T.Sum(T.Exp(M)), "", null),
        ("exp*(1/sum(exp))", T.Exp(X) * (1 / T.Sum(T.Exp(X))), "", null),
        ("1/(1+exp)", 1 / (1 + T.Exp(X)), "", null),
        ("1/(1+exp(-x))", 1 / (1 + T.Exp(-X)), "", null),
        ("log(1-sigmoid)", T.Log(1 - NNet.Sigmoid(X)), "", null),
        ("log(1-sigmoid) by hand", T.Log(1 - (1 / (1 + T.Exp(-X)))), "", null),
        ("log(sigmoid) by hand", T.Log(1 / (1 + T.Exp(-X))), "", null),
        ("log(1+exp)", T.Log(1 + T.Exp(X)), "", null),
        // Gradients.
        ("gradient of square", T.Grad(T.Sum(T.Sqr(X)), X), "", null),
        ("gradient of log-sum-exp", T.Grad(T.Log(T.Sum(T.Exp(X))), X), "", null),
        ("gradient of softmax by hand", T.Grad(T.Sum(Y * T.Exp(X) / T.Sum(T.Exp(X))), X), "", null),
        ("gradient of sigmoid", T.Grad(T.Sum(NNet.Sigmoid(X)), X), "", null),
        ("gradient of crossentropy", T.Grad(T.Mean(NNet.CategoricalCrossentropy(NNet.Softmax(M), L)), M), "", null),
        ("gradient of one-hot crossentropy", T.Grad(T.Mean(NNet.CategoricalCrossentropy(NNet.Softmax(M), T.Eye(6)[L])), M), "", null),
        ("weight update", N - 0.01 * (T.Grad(T.Mean(T.Tanh(T.Dot(M, N))), N) + (0.01 * N)), "", null),
        ("definition", NNet.Softmax(M), "", null),
    ];

    public static TheoryData<int> Numbers() => [.. Enumerable.Range(0, Examples.Length)];

    [Fact]
    public void Print()
    {
        for (int k = 0; k < Examples.Length; k++)
        {
            Expr before = Examples[k].Before;
            Console.WriteLine($"EX|{k}|{Printer.Infix(Passes.Simplify([before])[0])}|{Printer.Infix(Passes.Optimize([before])[0])}");
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void An_example_becomes_what_is_written_here(int number)
    {
        (string title, Expr before, string simplified, string? compiled) = Examples[number];
        Assert.Equal($"{title}: {simplified}", $"{title}: {Printer.Infix(Passes.Simplify([before])[0])}");
        if (compiled is not null)
        {
            Assert.Equal($"{title}: {compiled}", $"{title}: {Printer.Infix(Passes.Optimize([before])[0])}");
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void An_example_keeps_its_type_and_value(int number)
    {
        Expr before = Examples[number].Before;
        Expr after = Passes.Optimize([before])[0];
        Assert.Equal(before.Type, after.Type);
        Expr[] leaves = [.. Traversal.Sort([before]).Where(x => x.Op is Input)];
        if (leaves.All(leaf => leaf.Type.Shape.IsKnown))
        {
            var random = new System.Random(number);
            (Expr, NDArray)[] given = [.. leaves.Select(leaf => (leaf, Graphs.Random(random, leaf.Type, 0.5, 3)))];
            NDArray expected = Graphs.Values([before], given)[0];
            NDArray actual = Graphs.Values([after], given)[0];
            Assert.True(Graphs.Close(expected, actual, 1000), $"{Printer.Infix(before)}\n{expected}\n{actual}");
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void An_example_is_not_rewritten_further(int number)
    {
        Expr once = Passes.Simplify([Examples[number].Before])[0];
        Assert.Same(once, Passes.Simplify([once])[0]);
    }

    [Fact]
    public void Every_rule_that_computes_its_result_has_an_example()
    {
        HashSet<string> used = [];
        foreach (var example in Examples)
        {
            Passes.Optimize([example.Before], report => used.UnionWith(report.Rules.Where(rule => rule.Hits > 0).Select(rule => rule.Rule)));
        }

        Assert.Empty(Passes.AllRules.Where(rule => rule is not Equation && !used.Contains(rule.Name)).Select(rule => rule.Name));
    }
}
