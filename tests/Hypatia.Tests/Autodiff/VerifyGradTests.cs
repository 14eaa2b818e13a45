using Hypatia.Random;

namespace Hypatia.Tests.Autodiff;

/// <summary>The public check of gradients against finite differences.</summary>
public sealed class VerifyGradTests
{
    private static readonly double[,] Matrix = new RandomState(3).Uniform(-1, 1, (3, 4));

    [Fact]
    public void Passes_where_gradients_are_right()
    {
        T.VerifyGrad(x => T.Tanh(x) * x, Matrix);
        T.VerifyGrad(x => NNet.Softmax(x[0].Dot(x[1])), [Matrix, new RandomState(4).Uniform(-1, 1, (4, 2))]);
        T.VerifyGrad(x => T.Sin(x), new float[] { 0.5f, -1.5f });
    }

    [Fact]
    public void Passes_second_derivatives() =>
        T.VerifyGrad(x => T.Grad(T.Sum(T.Exp(x) * T.Sqr(x)), x), Matrix);

    [Fact]
    public void Integers_are_passed_and_not_differentiated() =>
        T.VerifyGrad(x => T.Sqr(x[0][x[1]]), [Matrix, new long[] { 2, 0, 2 }]);

    [Fact]
    public void Names_the_argument_the_element_and_both_values()
    {
        var error = Assert.Throws<GradientException>(
            () => T.VerifyGrad(x => x[0] + T.GradScale(x[1], 2), [new double[] { 1, 2 }, new double[] { 3, 4 }], tests: 1));
        Assert.StartsWith(
            "numeric gradient and analytic gradient exceed tolerance:\n  At position 0 of argument 1 with shape (2,),\n"
            + "    analytic = 2.09",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("abs. tolerance = 0.0001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tolerance_and_the_generator_are_the_callers()
    {
        Func<Expr, Expr> wrong = x => T.GradScale(x, 1.001);
        Assert.Throws<GradientException>(() => T.VerifyGrad(wrong, 1.0));
        T.VerifyGrad(wrong, 1.0, relTol: 1e-2, random: new RandomState(7));
    }

    [Fact]
    public void A_numeric_gradient_is_a_central_difference()
    {
        NDArray gradient = T.NumericGrad(x => Math.Pow(x[0][0], 3) + x[0][1], [NDArray.From(new double[] { 2, 5 })]);
        Assert.Equal(12, gradient[0], 1e-8);
        Assert.Equal(1, gradient[1], 1e-8);
    }
}
