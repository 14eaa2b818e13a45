using Hypatia.Random;

namespace Hypatia.Tests.Rewriting;

/// <summary>Programs that overflow, or lose all digits, if they are computed as written.</summary>
public class StabilityTests
{
    private static readonly double[,] Logits = { { 1000, 0, -1000 } };
    private static readonly long[] Label = [2];

    public static TheoryData<string> Crossentropies() =>
        ["op", "one-hot", "one-hot by hand", "by hand", "selection first", "softmax by hand", "inverse by hand", "bias", "log-sum-exp"];

    [Theory]
    [MemberData(nameof(Crossentropies))]
    public void Crossentropy_of_softmax_is_finite_for_logits_of_a_thousand(string kind)
    {
        (Expr x, Expr y, Expr cost) = Crossentropy(kind);
        Assert.Equal(2000, (double)cost.Eval((x, Logits), (y, Label)));
    }

    [Theory]
    [MemberData(nameof(Crossentropies))]
    public void Its_gradient_is_finite_too(string kind)
    {
        (Expr x, Expr y, Expr cost) = Crossentropy(kind);
        Assert.Equal([1, 0, -1], T.Grad(cost, x).Eval((x, Logits), (y, Label)).ToArray<double>());
    }

    [Fact]
    public void Log_sum_exp_and_its_gradient_do_not_overflow()
    {
        Expr m = T.DMatrix("m");
        double[,] values = { { 1000, 1000 }, { -1000, -1001 } };
        foreach (Expr axis in new[] { T.Log(T.Sum(T.Exp(m), 1)), T.Log(T.Sum(T.Exp(m), 1, keepDims: true)), T.LogSumExp(m, 1) })
        {
            Assert.Equal(1000 + Math.Log(2), axis.Eval((m, values)).ToArray<double>()[0], 12);
            double[] gradient = T.Grad(T.Sum(axis), m).Eval((m, values)).ToArray<double>();
            Assert.Equal(0.5, gradient[0], 12);
            Assert.Equal(1 / (1 + Math.Exp(-1)), gradient[2], 12);
        }

        Expr all = T.Log(T.Sum(T.Exp(m)));
        Assert.Equal(1000 + Math.Log(2), (double)all.Eval((m, values)), 12);
        Assert.Equal(0.5, T.Grad(all, m).Eval((m, values))[0, 1], 12);
        Assert.Equal(1000 - Math.Log(2), (double)T.Log(T.Mean(T.Exp(m))).Eval((m, values)), 12);
    }

    [Fact]
    public void Softmax_by_hand_and_its_gradient_do_not_overflow()
    {
        Expr m = T.DMatrix("m");
        Expr v = T.DVector("v");
        double[,] values = { { 1000, 1000 } };
        Assert.Equal([0.5, 0.5], (T.Exp(m) / T.Sum(T.Exp(m), 1, keepDims: true)).Eval((m, values)).ToArray<double>());
        Assert.Equal(0.5, (T.Exp(m) / T.Sum(T.Exp(m))).Eval((m, values))[0, 0], 12);
        Expr p = T.Exp(v) / T.Sum(T.Exp(v));
        double[] gradient = T.Grad(p[0], v).Eval((v, new double[] { 1000, 1000 })).ToArray<double>();
        Assert.Equal([0.25, -0.25], gradient);
    }

    [Fact]
    public void Forms_of_the_sigmoid_do_not_overflow()
    {
        Expr x = T.DVector("x");
        double[] values = [-1000, 1000];
        Assert.Equal([0, 1], (1 / (1 + T.Exp(-x))).Eval((x, values)).ToArray<double>());
        Assert.Equal([0, 1], (T.Exp(x) / (1 + T.Exp(x))).Eval((x, values)).ToArray<double>());
        Assert.Equal([-1000, 0], T.Log(1 / (1 + T.Exp(-x))).Eval((x, values)).ToArray<double>());
        Assert.Equal([0, -1000], T.Log(1 - (1 / (1 + T.Exp(-x)))).Eval((x, values)).ToArray<double>());
        Assert.Equal([0, 1000], T.Log(1 + T.Exp(x)).Eval((x, values)).ToArray<double>());
        Assert.Equal([0, 1], T.Grad(T.Sum(T.Log(1 + T.Exp(x))), x).Eval((x, values)).ToArray<double>());
        Assert.Equal([0, -1], T.Grad(T.Sum(T.Log(1 - (1 / (1 + T.Exp(-x))))), x).Eval((x, values)).ToArray<double>());
    }

    [Fact]
    public void Small_arguments_keep_their_digits()
    {
        Expr x = T.DScalar("x");
        Assert.Equal(1e-20, (double)T.Log(1 + x).Eval((x, 1e-20)));
        Assert.Equal(1e-20, (double)(T.Exp(x) - 1).Eval((x, 1e-20)));
    }

    /// <summary>
    /// Theano's tutorial of logistic regression. There the cost is NaN on the first steps: the probability is an output
    /// too, and so its logarithm stays as written. Source: deeplearning.net, "Baby Steps - Algebra" and following.
    /// </summary>
    [Fact]
    public void The_tutorials_logistic_regression_is_finite_from_the_first_step()
    {
        const int Steps = 1000;
        const int N = 400;
        const int Features = 784;
        var random = new RandomState(0);
        NDArray data = NDArray.From(random.Randn(N, Features));
        NDArray labels = NDArray.From(random.RandInt(0, 2, N));
        Expr x = T.DMatrix("x");
        Expr y = T.DVector("y");
        var w = T.Shared(random.Randn(Features), name: "w");
        var b = T.Shared(0.0, name: "b");

        Expr p1 = 1 / (1 + T.Exp(-T.Dot(x, w) - b));
        Expr prediction = p1 > 0.5;
        Expr crossentropy = (-y * T.Log(p1)) - ((1 - y) * T.Log(1 - p1));
        Expr cost = crossentropy.Mean() + (0.01 * T.Sum(w * w));
        Expr[] gradients = T.Grad(cost, [w, b]);
        Function train = T.Function([x, y], [prediction, crossentropy], [(w, w - (0.1 * gradients[0])), (b, b - (0.1 * gradients[1]))]);
        Function costOf = T.Function([x, y], [cost, p1]);

        NDArray targets = labels.Cast(DType.Float64);
        for (int step = 0; step < Steps; step++)
        {
            Results results = train.Call(data, targets);
            Assert.True(step > 3 || results[1].ToArray<double>().All(double.IsFinite), $"step {step}");
        }

        Assert.Equal(.1983147783643192, (double)costOf.Call(data, targets)[0], 1e-12);
    }

    private static (Expr X, Expr Y, Expr Cost) Crossentropy(string kind)
    {
        Expr x = T.DMatrix("x");
        Expr y = T.LVector("y");
        Expr rows = T.Arange(y.Shape[0]);
        Expr exp = T.Exp(x);
        Expr sum = T.Sum(exp, 1, keepDims: true);
        Expr cost = kind switch
        {
            "op" => NNet.CategoricalCrossentropy(NNet.Softmax(x), y).Mean(),
            "one-hot" => NNet.CategoricalCrossentropy(NNet.Softmax(x), T.Eye(3)[y]).Mean(),
            "one-hot by hand" => -T.Mean(T.Sum(T.ToOneHot(y, 3) * T.Log(NNet.Softmax(x)), 1)),
            "by hand" => -T.Mean(T.Log(NNet.Softmax(x))[rows, y]),
            "selection first" => -T.Mean(T.Log(NNet.Softmax(x)[rows, y])),
            "softmax by hand" => -T.Mean(T.Log(exp / sum)[rows, y]),
            "inverse by hand" => -T.Mean(T.Log(exp * (1 / sum))[rows, y]),
            "bias" => NNet.CategoricalCrossentropy(NNet.Softmax(x + T.Constant(new double[] { 1, 1, 1 })), y).Mean(),
            _ => T.Mean(T.LogSumExp(x, 1) - x[rows, y]),
        };
        return (x, y, cost);
    }
}
