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
        ("arithmetic on constants", X + (T.Constant(2.0) * 3), "(x + 6.0)", null),
        ("value of constants", T.Dot(T.Eye(2), T.Ones([2, 2])), "Constant{[[1.0, 1.0], [1.0, 1.0]]}", null),
        ("value of constants", T.Sum(T.Constant(new double[] { 1, 2, 3 }) * 2), "12.0", null),
        // Sums.
        ("like terms", (2 * X) + (3 * X), "(x * 5.0)", null),
        ("like terms", X + X, "(x * 2.0)", null),
        ("like terms", (X + Y + Z) - Y, "(x + z)", null),
        ("like terms", X + 1 + 2, "(x + 3.0)", null),
        ("like terms", X + 1 + Y + 2, "((x + y) + 3.0)", null),
        ("like terms", M - (0.1 * (T.Tanh(M) + (0.01 * M))), "((m * 0.999) + (tanh(m) * -0.1))", null),
        ("like terms in difference", (2 * X) - X, "x", null),
        ("like terms in difference", X + Y - Y, "x", null),
        ("like terms in difference", (X + Y) - (Y + X), "0.0", null),
        ("like terms", I + I, "(i * 2)", null),
        ("constant last in sum", 1 + X, "(x + 1.0)", null),
        ("x - c", X - 3, "(x + -3.0)", null),
        // Products.
        ("common factors", 2 * X * 3, "(x * 6.0)", null),
        ("common factors in quotient", X * Y / Y, "x", null),
        ("common factors in quotient", X * Y * Z / (X * Y), "z", null),
        ("common factors in quotient", X / (X * Y), "(1.0 / y)", null),
        ("common factors", X * (1 / Y), "(x / y)", null),
        ("constant last in product", 2 * X, "(x * 2.0)", null),
        ("(c*x)*y", X * 3 * Y, "((x * y) * 3.0)", null),
        ("(c*x)/y", X * 3 / Y, "((x / y) * 3.0)", null),
        ("-(c*x)", (-X) * 3, "(x * -3.0)", null),
        ("-(c*x)", -(X * 2), "(x * -2.0)", null),
        ("x/2ⁿ", X / 4, "(x * 0.25)", null),
        ("power", T.Pow(X, 0), "1.0", null),
        ("power", T.Pow(X, 1), "x", null),
        ("power", T.Pow(X, 2), "sqr(x)", null),
        ("power", T.Pow(X, 3), "(sqr(x) * x)", null),
        ("power", T.Pow(X, 10), "sqr((sqr(sqr(x)) * x))", null),
        ("power", T.Pow(X, .5), "abs(sqrt(switch(eq(x, -inf), inf, x)))", null),
        ("power", T.Pow(X, -.5), "(1.0 / abs(sqrt(switch(eq(x, -inf), inf, x))))", null),
        ("power", T.Pow(X, -1), "(1.0 / x)", null),
        ("power", T.Pow(X, -2), "(1.0 / sqr(x))", null),
        ("deg2rad(rad2deg)", T.Deg2Rad(T.Rad2Deg(X)), "x", null),
        ("relu", .5 * (X + T.Abs(X)), "relu(x)", null),
        // Choices, comparisons, conversions.
        ("decided switch", T.Switch(true, X, Y), "x", null),
        ("decided switch", T.Switch(B, X, X), "x", null),
        ("x*switch", X * T.Switch(T.Gt(Y, 0), 1, 0), "switch((0.0 < y), x, 0.0)", null),
        ("switch(c*x, 0)", T.Switch(B, X * 3, 0), "(switch(b, x, 0.0) * 3.0)", null),
        ("cast of switch", T.Cast(T.Switch(B, I, 0), DType.Float64), "switch(b, cast{float64}(i), 0.0)", null),
        ("switch/x", T.Switch(B, Y, 0) / X, "switch(b, (y / x), 0.0)", null),
        ("switch+switch", T.Switch(B, X, Y) + T.Switch(B, Y, Z), "switch(b, (x + y), (y + z))", null),
        ("switch-switch", T.Switch(B, X, Y) - T.Switch(B, Y, Z), "switch(b, (x - y), (y - z))", null),
        ("switch*switch", T.Switch(B, X, Y) * T.Switch(B, Y, Z), "switch(b, (x * y), (y * z))", null),
        ("cast of cast", T.Cast(T.Cast(F, DType.Float64), DType.Float32), "f", null),
        ("cast of cast", T.Cast(T.Cast(X, DType.Float32), DType.Float32), "cast{float32}(x)", null),
        ("~~x", ~~B, "b", null),
        ("x&true", B & true, "b", null),
        ("x|false", B | false, "b", null),
        ("rounding of integers", T.Floor(I), "i", null),
        ("x%1", I % 1, "0", null),
        ("x//1", T.IntDiv(I, 1), "i", null),
        ("comparison with itself", T.Eq(I, I), "true", null),
        ("x<x", T.Lt(X, X), "false", null),
        ("0 <= length", T.Ge(Lengths.Of(T.DVector("v"), 0), 0), "true", null),
        ("length < 0", T.Lt(Lengths.Of(T.DVector("v"), 0), 0), "false", null),
        ("max(length, 0)", T.Maximum(Lengths.Of(T.DVector("v"), 0), 0), "length{0}(v)", null),
        // Movement.
        ("known length", T.Shape(T.Log(M)), "Constant{[4, 6]}", null),
        ("known length", Lengths.Of(T.Dot(T.DMatrix("u"), T.DMatrix("v")), 1), "length{1}(v)", null),
        ("sum to shape", Expr.Make(new SumTo(), M, Lengths.Of(1L), Lengths.Of(6L)), "sum{axis=(0,)}(m)", null),
        ("dimshuffle", M.T.T, "m", null),
        ("dimshuffle", T.Tanh(M.T).T, "tanh(m)", null),
        ("dimshuffle", T.Dot(M.T, P.T).T, "(p \\dot m)", null),
        ("specified shape", Expr.Make(new SpecifyShape(0), X, Lengths.Of(6L)), "x", null),
        ("empty product", T.Dot(Graphs.Leaf("e", DType.Float64, 0, 6), N), "0.0", null),
        ("broadcast", T.Alloc(T.Alloc(R, 3, 6), 3, 6), "r", null),
        ("reshape", T.Reshape(T.Reshape(M, 24), 3, 8), "reshape(m, 3, 8)", null),
        ("reshape", T.Reshape(X, 1, 6), "x", null),
        ("reshape", T.Flatten(X), "x", null),
        ("operand repeated in vain", T.Fill(X, S) * 2 + 1, "((s * 2.0) + 1.0)", null),
        ("operand repeated in vain", T.OnesLike(X) * X, "x", null),
        ("operand repeated in vain", T.ZerosLike(X) + X, "x", null),
        ("join of one", T.Concatenate([X]), "x", null),
        ("join of one", T.Tile(X, 1), "x", null),
        ("join with empty", T.Concatenate([X, T.Zeros([0])]), "x", null),
        ("join of joins", T.Concatenate([X, T.Concatenate([Y, Z])]), "concatenate{axis=0}(x, y, z)", null),
        ("join of neighbors", T.Concatenate(T.Split(X, [2, 4])), "x", null),
        // Indexing.
        ("x[:]", X[..], "x", null),
        ("x[::-1][::-1]", X[(.., -1)][(.., -1)], "x", null),
        ("get of set", T.SetSubtensor(X[1..3], S)[1..3], "s", null),
        ("slice of slice", X[1..][2..], "subtensor{s::d}(subtensor{s::d}(x, 1, 1), 2, 1)", "slice{axis=0}(x, 3, 3)"),
        ("slice of repetition", T.Alloc(S, 5)[0], "subtensor{i}(s, 0)", "s"),
        ("slice of join", T.Concatenate([X, Y])[7],
            "subtensor{i}(concatenate{axis=0}(x, y), 7)",
            "slice{axis=0}(y, 1, 1)"),
        ("slice moved inward", T.Exp(X)[0], "subtensor{i}(exp(x), 0)", "exp(slice{axis=0}(x, 0, 1))"),
        ("slice moved inward", (X + S)[0], "subtensor{i}((x + s), 0)", "(slice{axis=0}(x, 0, 1) + s)"),
        ("slice moved inward", (M + X)[0], "subtensor{i}((m + x), 0)", "(slice{axis=0}(m, 0, 1) + x)"),
        ("slice moved inward", T.Dot(M, N)[0], "subtensor{i}((m \\dot n), 0)", "(slice{axis=0}(m, 0, 1) \\dot n)"),
        ("slice moved inward", T.Sum(M, 1)[0],
            "subtensor{i}(sum{axis=(1,)}(m), 0)",
            "sum{axis=(1,)}(slice{axis=0}(m, 0, 1))"),
        ("slice moved inward", NNet.Softmax(M)[1], "subtensor{i}(softmax{axis=1}(m), 1)", null),
        ("gather of repetition", T.Ones([5])[L], "subtensor{a}(1.0, l)", "1.0"),
        ("elements of a product", T.Diag(T.Dot(M, N)),
            "subtensor{a, a}((m \\dot n), iota(4), iota(4))",
            "sum{axis=(1,)}((m * n.T))"),
        ("elements of a product", T.Trace(T.Dot(M, N)),
            "sum{axis=(0,)}(subtensor{a, a}((m \\dot n), iota(4), iota(4)))",
            "sum{axis=(0, 1)}((m * n.T))"),
        ("scatter of rows", T.SetSubtensor(P[T.Arange(4), L], S),
            "setSubtensor{a, a}(p, s, iota(4), l)",
            "switch(eq(switch((l < 0), (l + 4), l).T, iota(4)), s, p)"),
        // Reductions.
        ("reduction over nothing", T.Sum(X, Array.Empty<int>()), "x", null),
        ("reduction over length 1", T.Sum(R, 0), "r", null),
        ("reduction of reduction", T.Sum(T.Sum(M, 0)), "sum{axis=(0, 1)}(m)", null),
        ("reduction of dimshuffle", T.Sum(M.T), "sum{axis=(0, 1)}(m)", null),
        ("reduction of dimshuffle", T.Max(M.T, 0), "max{axis=(1,)}(m)", null),
        ("reduction of repetition", T.Sum(T.OnesLike(X)), "6.0", null),
        ("reduction of repetition", T.Sum(T.Alloc(R, 3, 6), 0), "(r * 3.0)", null),
        ("sum(-x)", T.Sum(-X), "(-sum{axis=(0,)}(x))", null),
        ("sum(c*x)", T.Sum(S * M), "(sum{axis=(0, 1)}(m) * s)", null),
        ("sum(c*x)", T.Sum(M / X, 0), "(sum{axis=(0,)}(m) / x)", null),
        ("sum of one-hot rows", T.Sum(T.ToOneHot(L, 6) * S, 1),
            "(switch(((0 <= l.T) & (l.T < 6)), 1.0, 0.0) * s)",
            null),
        ("max(-x)", -T.Max(-X), "min{axis=(0,)}(x)", null),
        ("mean", T.Mean(M), "(sum{axis=(0, 1)}(m) / 24.0)", null),
        ("mean", T.Mean(T.DMatrix("u")), "(sum{axis=(0, 1)}(u) / cast{float64}((length{0}(u) * length{1}(u))))", null),
        ("argmax of monotone function", T.Argmax(NNet.Softmax(M), 1), "argmax{axis=1}(m)", null),
        ("argmax of monotone function", T.Argmax(T.Exp(M + R.T[0]), 1), "argmax{axis=1}(m)", null),
        ("softmax(x-c)", NNet.Softmax(M - T.Max(M, 1, keepDims: true)), "softmax{axis=1}(m)", null),
        ("logsoftmax(x-c)", NNet.LogSoftmax(M + S), "logSoftmax{axis=1}(m)", null),
        ("product with zeros", T.Dot(M, T.Zeros([6, 2])), "0.0", null),
        ("outer product", T.Outer(X, Y), "(x.T * y)", null),
        ("(-a)·b", T.Dot(-M, N), "(-(m \\dot n))", null),
        ("(c*a)·b", T.Dot(M * 3, N), "((m \\dot n) * 3.0)", null),
        ("(c*a)·b", T.Dot((N * 3).T, N), "((n.T \\dot n) * 3.0)", null),
        // Stability.
        ("log(softmax)", T.Log(NNet.Softmax(M)), "logSoftmax{axis=1}(m)", null),
        ("log(selection)", -T.Mean(T.Log(NNet.Softmax(M))[T.Arange(4), L]),
            "(sum{axis=(0,)}(subtensor{a, a}(logSoftmax{axis=1}(m), iota(4), l)) * -0.25)",
            null),
        ("log(selection)", T.Log(NNet.Softmax(M)[T.Arange(4), L]),
            "subtensor{a, a}(logSoftmax{axis=1}(m), iota(4), l)",
            null),
        ("log(x*y)", T.Log(T.Mean(T.Exp(M), 1)), "(logSumExp{axis=(1,)}(m) + -1.791759469228055)", null),
        ("log(sum(exp))", T.Log(T.Sum(T.Exp(M))), "logSumExp{axis=(0, 1)}(m)", null),
        ("log(sum(exp))", T.Log(T.Sum(T.Exp(M), 1, keepDims: true)), "logSumExp{axis=(1,)}(m).T", null),
        ("crossentropy(softmax)", NNet.CategoricalCrossentropy(NNet.Softmax(M), L),
            "(-gather{strict}(logSoftmax{axis=1}(m), iota(4), l))",
            null),
        ("crossentropy(softmax)", NNet.CategoricalCrossentropy(NNet.Softmax(M), M),
            "(-sum{axis=(1,)}((m * logSoftmax{axis=1}(m))))",
            null),
        ("exp/sum(exp)", T.Exp(M) / T.Sum(T.Exp(M), 1, keepDims: true), "softmax{axis=1}(m)", null),
        ("exp/sum(exp)", T.Exp(M) / T.ShapePadRight(T.Sum(T.Exp(M), 1)), "softmax{axis=1}(m)", null),
        ("exp/sum(exp)", T.Exp(M) / T.Sum(T.Exp(M)), "exp((m - logSumExp{axis=(0, 1)}(m)))", null),
        ("exp*(1/sum(exp))", T.Exp(X) * (1 / T.Sum(T.Exp(X))), "softmax{axis=0}(x)", null),
        ("1/(1+exp)", 1 / (1 + T.Exp(X)), "sigmoid((-x))", null),
        ("1/(1+exp(-x))", 1 / (1 + T.Exp(-X)), "sigmoid(x)", null),
        ("log(1-sigmoid)", T.Log(1 - NNet.Sigmoid(X)), "(-softplus(x))", null),
        ("log(1-sigmoid) by hand", T.Log(1 - (1 / (1 + T.Exp(-X)))), "(-softplus(x))", null),
        ("log(sigmoid) by hand", T.Log(1 / (1 + T.Exp(-X))), "(-softplus((-x)))", null),
        ("log(1+exp)", T.Log(1 + T.Exp(X)), "softplus(x)", null),
        // Gradients.
        ("gradient of square", T.Grad(T.Sum(T.Sqr(X)), X), "(x * 2.0)", null),
        ("gradient of log-sum-exp", T.Grad(T.Log(T.Sum(T.Exp(X))), X), "softmax{axis=0}(x)", null),
        ("gradient of softmax by hand", T.Grad(T.Sum(Y * T.Exp(X) / T.Sum(T.Exp(X))), X),
            "((y - sum{axis=(0,)}((y * softmax{axis=0}(x)))) * softmax{axis=0}(x))",
            null),
        ("gradient of sigmoid", T.Grad(T.Sum(NNet.Sigmoid(X)), X), "(sigmoid(x) - sqr(sigmoid(x)))", null),
        ("gradient of crossentropy", T.Grad(T.Mean(NNet.CategoricalCrossentropy(NNet.Softmax(M), L)), M),
            "(switch(eq(l.T, iota(6)), -0.25, 0.0) - (softmax{axis=1}(m) * switch(((0 <= l.T) & (l.T < 6)), -0.25, 0.0).T))",
            null),
        ("gradient of one-hot crossentropy", T.Grad(T.Mean(NNet.CategoricalCrossentropy(NNet.Softmax(M), T.Eye(6)[L])), M),
            "((subtensor{a}(cast{float64}(eq((iota(6) - iota(6).T), 0)), l) * -0.25) - (softmax{axis=1}(m) * (sum{axis=(1,)}(subtensor{a}(cast{float64}(eq((iota(6) - iota(6).T), 0)), l)) * -0.25).T))",
            null),
        ("weight update", N - 0.01 * (T.Grad(T.Mean(T.Tanh(T.Dot(M, N))), N) + (0.01 * N)),
            "((n * 0.9999) + ((m.T \\dot (1.0 - sqr(tanh((m \\dot n))))) * -0.000625))",
            null),
        ("definition", NNet.Softmax(M), "softmax{axis=1}(m)", null),
    ];

    public static TheoryData<int> Numbers() => [.. Enumerable.Range(0, Examples.Length)];

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
        Assert.Equal((before.DType, before.Rank), (after.DType, after.Rank));
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
