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

    // Rule or rewrite; before; what it is after simplifying; after replacing composites too, if that differs.
    private static readonly (string Rule, Expr Before, string After)[] Examples =
    [
        // Constants.
        ("arithmetic on constants", X + (T.Constant(2.0) * 3), ""),
        ("value of constants", T.Dot(T.Eye(2), T.Ones([2, 2])), ""),
        ("value of constants", T.Sum(T.Constant(new double[] { 1, 2, 3 }) * 2), ""),
        // Sums.
        ("like terms", (2 * X) + (3 * X), ""),
        ("like terms", X + X, ""),
        ("like terms", (X + Y + Z) - Y, ""),
        ("like terms", X + 1 + 2, ""),
        ("like terms", X + 1 + Y + 2, ""),
        ("like terms", M - (0.1 * (T.Tanh(M) + (0.01 * M))), ""),
        ("like terms in difference", (2 * X) - X, ""),
        ("like terms in difference", X + Y - Y, ""),
        ("like terms in difference", (X + Y) - (Y + X), ""),
        ("like terms", I + I, ""),
        ("constant last in sum", 1 + X, ""),
        ("x - c", X - 3, ""),
        // Products.
        ("common factors", 2 * X * 3, ""),
        ("common factors in quotient", X * Y / Y, ""),
        ("common factors in quotient", X * Y * Z / (X * Y), ""),
        ("common factors in quotient", X / (X * Y), ""),
        ("common factors", X * (1 / Y), ""),
        ("constant last in product", 2 * X, ""),
        ("(c*x)*y", X * 3 * Y, ""),
        ("(c*x)/y", X * 3 / Y, ""),
        ("c*(-x)", (-X) * 3, ""),
        ("-(c*x)", -(X * 2), ""),
        ("x/2ⁿ", X / 4, ""),
        ("power", T.Pow(X, 0), ""),
        ("power", T.Pow(X, 1), ""),
        ("power", T.Pow(X, 2), ""),
        ("power", T.Pow(X, 3), ""),
        ("power", T.Pow(X, 10), ""),
        ("power", T.Pow(X, .5), ""),
        ("power", T.Pow(X, -.5), ""),
        ("power", T.Pow(X, -1), ""),
        ("power", T.Pow(X, -2), ""),
        ("deg2rad(rad2deg)", T.Deg2Rad(T.Rad2Deg(X)), ""),
        ("relu", .5 * (X + T.Abs(X)), ""),
        // Choices, comparisons, conversions.
        ("decided switch", T.Switch(true, X, Y), ""),
        ("decided switch", T.Switch(B, X, X), ""),
        ("x*switch", X * T.Switch(T.Gt(Y, 0), 1, 0), ""),
        ("switch/x", T.Switch(B, Y, 0) / X, ""),
        ("switch+switch", T.Switch(B, X, Y) + T.Switch(B, Y, Z), ""),
        ("switch-switch", T.Switch(B, X, Y) - T.Switch(B, Y, Z), ""),
        ("switch*switch", T.Switch(B, X, Y) * T.Switch(B, Y, Z), ""),
        ("cast of cast", T.Cast(T.Cast(F, DType.Float64), DType.Float32), ""),
        ("cast of cast", T.Cast(T.Cast(X, DType.Float32), DType.Float32), ""),
        ("~~x", ~~B, ""),
        ("x&true", B & true, ""),
        ("x|false", B | false, ""),
        ("rounding of integers", T.Floor(I), ""),
        ("x%1", I % 1, ""),
        ("x//1", T.IntDiv(I, 1), ""),
        ("comparison with itself", T.Eq(I, I), ""),
        ("x<x", T.Lt(X, X), ""),
        ("0 <= length", T.Ge(Lengths.Of(T.DVector("v"), 0), 0), ""),
        ("length < 0", T.Lt(Lengths.Of(T.DVector("v"), 0), 0), ""),
        ("max(length, 0)", T.Maximum(Lengths.Of(T.DVector("v"), 0), 0), ""),
        // Movement.
        ("known length", T.Shape(T.Log(M)), ""),
        ("known length", Lengths.Of(T.Dot(T.DMatrix("u"), T.DMatrix("v")), 1), ""),
        ("sum to shape", Expr.Make(new SumTo(), M, Lengths.Of(1L), Lengths.Of(6L)), ""),
        ("dimshuffle", M.T.T, ""),
        ("dimshuffle", T.Tanh(M.T).T, ""),
        ("dimshuffle", T.Dot(M.T, P.T).T, ""),
        ("broadcast", T.Alloc(T.Alloc(R, 3, 6), 3, 6), ""),
        ("reshape", T.Reshape(T.Reshape(M, 24), 3, 8), ""),
        ("reshape", T.Reshape(X, 1, 6), ""),
        ("reshape", T.Flatten(X), ""),
        ("operand repeated in vain", T.Fill(X, S) * 2 + 1, ""),
        ("operand repeated in vain", T.OnesLike(X) * X, ""),
        ("operand repeated in vain", T.ZerosLike(X) + X, ""),
        ("join of one", T.Concatenate([X]), ""),
        ("join of one", T.Tile(X, 1), ""),
        ("join with empty", T.Concatenate([X, T.Zeros([0])]), ""),
        ("join of joins", T.Concatenate([X, T.Concatenate([Y, Z])]), ""),
        ("join of neighbors", T.Concatenate(T.Split(X, [2, 4])), ""),
        // Indexing.
        ("x[:]", X[..], ""),
        ("x[::-1][::-1]", X[(.., -1)][(.., -1)], ""),
        ("get of set", T.SetSubtensor(X[1..3], S)[1..3], ""),
        ("slice of slice", X[1..][2..], ""),
        ("slice of repetition", T.Alloc(S, 5)[0], ""),
        ("slice of join", T.Concatenate([X, Y])[7], ""),
        ("slice moved inward", T.Exp(X)[0], ""),
        ("slice moved inward", (X + S)[0], ""),
        ("slice moved inward", (M + X)[0], ""),
        ("slice moved inward", T.Dot(M, N)[0], ""),
        ("slice moved inward", T.Sum(M, 1)[0], ""),
        ("slice moved inward", NNet.Softmax(M)[1], ""),
        ("gather of repetition", T.Ones([5])[L], ""),
        ("elements of a product", T.Diag(T.Dot(M, N)), ""),
        ("elements of a product", T.Trace(T.Dot(M, N)), ""),
        ("scatter of rows", T.SetSubtensor(P[T.Arange(4), L], S), ""),
        // Reductions.
        ("reduction over nothing", T.Sum(X, Array.Empty<int>()), ""),
        ("reduction over length 1", T.Sum(R, 0), ""),
        ("reduction of reduction", T.Sum(T.Sum(M, 0)), ""),
        ("reduction of dimshuffle", T.Sum(M.T), ""),
        ("reduction of dimshuffle", T.Max(M.T, 0), ""),
        ("reduction of repetition", T.Sum(T.OnesLike(X)), ""),
        ("reduction of repetition", T.Sum(T.Alloc(R, 3, 6), 0), ""),
        ("sum(-x)", T.Sum(-X), ""),
        ("sum(c*x)", T.Sum(S * M), ""),
        ("sum(c*x)", T.Sum(M / X, 0), ""),
        ("sum of one-hot rows", T.Sum(T.ToOneHot(L, 6) * S, 1), ""),
        ("max(-x)", -T.Max(-X), ""),
        ("mean", T.Mean(M), ""),
        ("mean", T.Mean(T.DMatrix("u")), ""),
        ("argmax of monotone function", T.Argmax(NNet.Softmax(M), 1), ""),
        ("argmax of monotone function", T.Argmax(T.Exp(M + R.T[0]), 1), ""),
        ("softmax(x-c)", NNet.Softmax(M - T.Max(M, 1, keepDims: true)), ""),
        ("logsoftmax(x-c)", NNet.LogSoftmax(M + S), ""),
        ("product with zeros", T.Dot(M, T.Zeros([6, 2])), ""),
        ("outer product", T.Outer(X, Y), ""),
        ("(-a)·b", T.Dot(-M, N), ""),
        ("(c*a)·b", T.Dot(M * 3, N), ""),
        ("(c*a)·b", T.Dot((N * 3).T, N), ""),
        // Stability.
        ("log(softmax)", T.Log(NNet.Softmax(M)), ""),
        ("log(selection)", -T.Mean(T.Log(NNet.Softmax(M))[T.Arange(4), L]), ""),
        ("log(selection)", T.Log(NNet.Softmax(M)[T.Arange(4), L]), ""),
        ("log(x*y)", T.Log(T.Mean(T.Exp(M), 1)), ""),
        ("log(sum(exp))", T.Log(T.Sum(T.Exp(M))), ""),
        ("log(sum(exp))", T.Log(T.Sum(T.Exp(M), 1, keepDims: true)), ""),
        ("crossentropy(softmax)", NNet.CategoricalCrossentropy(NNet.Softmax(M), L), ""),
        ("crossentropy(softmax)", NNet.CategoricalCrossentropy(NNet.Softmax(M), M), ""),
        ("exp/sum(exp)", T.Exp(M) / T.Sum(T.Exp(M), 1, keepDims: true), ""),
        ("exp/sum(exp)", T.Exp(M) / T.ShapePadRight(T.Sum(T.Exp(M), 1)), ""),
        ("exp/sum(exp)", T.Exp(M) / T.Sum(T.Exp(M)), ""),
        ("exp*(1/sum(exp))", T.Exp(X) * (1 / T.Sum(T.Exp(X))), ""),
        ("1/(1+exp)", 1 / (1 + T.Exp(X)), ""),
        ("1/(1+exp(-x))", 1 / (1 + T.Exp(-X)), ""),
        ("log(1-sigmoid)", T.Log(1 - NNet.Sigmoid(X)), ""),
        ("log(1-sigmoid) by hand", T.Log(1 - (1 / (1 + T.Exp(-X)))), ""),
        ("log(sigmoid) by hand", T.Log(1 / (1 + T.Exp(-X))), ""),
        ("log(1+exp)", T.Log(1 + T.Exp(X)), ""),
        // Gradients.
        ("gradient of square", T.Grad(T.Sum(T.Sqr(X)), X), ""),
        ("gradient of log-sum-exp", T.Grad(T.Log(T.Sum(T.Exp(X))), X), ""),
        ("gradient of softmax by hand", T.Grad(T.Sum(Y * T.Exp(X) / T.Sum(T.Exp(X))), X), ""),
        ("gradient of sigmoid", T.Grad(T.Sum(NNet.Sigmoid(X)), X), ""),
        ("gradient of crossentropy", T.Grad(T.Mean(NNet.CategoricalCrossentropy(NNet.Softmax(M), L)), M), ""),
        ("gradient of one-hot crossentropy", T.Grad(T.Mean(NNet.CategoricalCrossentropy(NNet.Softmax(M), T.Eye(6)[L])), M), ""),
        ("weight update", N - 0.01 * (T.Grad(T.Mean(T.Tanh(T.Dot(M, N))), N) + (0.01 * N)), ""),
        ("definition", NNet.Softmax(M), ""),
    ];

    [Fact]
    public void Print()
    {
        foreach ((string rule, Expr before, _) in Examples)
        {
            string text;
            try
            {
                Expr after = Passes.Optimize([before])[0];
                text = $"{Printer.Infix(Passes.Simplify([before])[0])}  ▹  {Printer.Infix(after)}";
                Expr again = Passes.Optimize([after])[0];
                if (!ReferenceEquals(again, after)) text += "   AGAIN " + Printer.Infix(again);
            }
            catch (Exception e) { text = "!!! " + e.Message; }
            Console.WriteLine($"EX|{rule}|{Printer.Infix(before)}|{text}");
        }

        Assert.NotNull(I);
        Assert.NotNull(U);
    }
}
