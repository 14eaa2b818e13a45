namespace Hypatia.Tests.Autodiff;

/// <summary>What T.Grad does beyond the chain rule. Values marked "Theano" were printed by Theano 1.0.5.</summary>
public sealed class GradTests
{
    private static double At(Expr expression, Expr x, double value) => (double)expression.Eval((x, value));

    [Fact]
    public void Gradients_of_gradients_are_gradients()
    {
        Expr x = T.DScalar("x");
        Expr cube = x * x * x;
        Expr first = T.Grad(cube, x);
        Expr second = T.Grad(first, x);
        Assert.Equal([12, 12, 6, 0], new[] { first, second, T.Grad(second, x), T.Grad(T.Grad(second, x), x, disconnectedInputs: DisconnectedInputs.Ignore) }
            .Select(g => At(g, x, 2)));
    }

    [Fact]
    public void Known_gradients_start_the_chain_rule()
    {
        Expr x = T.DScalar("x");
        Expr square = T.Sqr(x);
        Expr gradient = T.Grad(null, [x], knownGrads: new Dictionary<Expr, Expr> { [square] = T.Constant(10.0) })[0];
        Assert.Equal(60, At(gradient, x, 3));   // Theano
    }

    [Fact]
    public void Known_gradients_add_to_those_of_a_cost()
    {
        Expr x = T.DScalar("x");
        Expr square = T.Sqr(x);
        Expr gradient = T.Grad(x * 7, [x], knownGrads: new Dictionary<Expr, Expr> { [square] = T.Constant(10.0) })[0];
        Assert.Equal(67, At(gradient, x, 3));
    }

    [Fact]
    public void Gradients_can_be_limited_scaled_and_cut()
    {
        Expr x = T.DScalar("x");
        Assert.Equal(1, At(T.Grad(T.Sqr(T.GradClip(x, -1, 1)), x), x, 3));      // Theano
        Assert.Equal(3, At(T.Grad(T.Sqr(T.GradScale(x, 0.5)), x), x, 3));       // Theano
        Assert.Equal(9, At(T.Grad(x * T.Sqr(T.ZeroGrad(x)), x), x, 3));         // Theano
        Assert.Equal(9, At(T.Grad(x * T.Sqr(T.DisconnectedGrad(x)), x), x, 3)); // Theano
        Assert.Equal(9, At(T.Grad(x * T.Sqr(T.ConsiderConstant(x)), x), x, 3));
    }

    [Fact]
    public void Zero_is_connected_and_disconnected_is_not()
    {
        Expr x = T.DScalar("x");
        Assert.Equal(0, At(T.Grad(T.Sqr(T.ZeroGrad(x)), x), x, 3));
        Assert.Throws<GradientException>(() => T.Grad(T.Sqr(T.DisconnectedGrad(x)), x));
    }

    [Fact]
    public void Nothing_is_differentiated_through_constants()
    {
        Expr x = T.DScalar("x");
        Expr square = T.Sqr(x);
        Assert.Equal(9, At(T.Grad(x * square, x, considerConstant: [square]), x, 3));
        Assert.Equal(27, At(T.Grad(x * square, x), x, 3));
        Assert.Throws<GradientException>(() => T.Grad(square, x, considerConstant: [square]));
    }

    [Fact]
    public void Intermediate_results_have_gradients_too()
    {
        Expr x = T.DScalar("x");
        Expr square = T.Sqr(x);
        Expr[] gradients = T.Grad(T.Sqr(square), [square, x]);
        Assert.Equal(18, At(gradients[0], x, 3));
        Assert.Equal(108, At(gradients[1], x, 3));
    }

    [Fact]
    public void What_does_not_matter_is_an_error_a_warning_or_zeros()
    {
        Expr x = T.DVector("x");
        Expr y = T.DVector("y");
        var error = Assert.Throws<GradientException>(() => T.Grad(T.Sum(x), y));
        Assert.Contains("y: TensorType(float64, vector)", error.Message, StringComparison.Ordinal);
        Assert.Contains("DisconnectedInputs.Ignore", error.Message, StringComparison.Ordinal);

        Expr zeros = T.Grad(T.Sum(x), y, disconnectedInputs: DisconnectedInputs.Ignore);
        Assert.Equal([0.0, 0.0], zeros.Eval((y, new double[] { 5, 6 })).ToArray<double>());
        Expr comparison = T.Grad(T.Sum(T.Switch(T.Gt(y, 0), x, 0)), y, disconnectedInputs: DisconnectedInputs.Ignore);
        Assert.Equal([0.0], comparison.Eval((y, new double[] { 5 }), (x, new double[] { 1 })).ToArray<double>());
    }

    [Fact]
    public void A_cost_is_a_float_scalar()
    {
        Expr x = T.DVector("x");
        Assert.StartsWith(
            "cost must be a scalar.", Assert.Throws<GradientException>(() => T.Grad(x, x)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "cost must be a float, not int64.",
            Assert.Throws<GradientException>(() => T.Grad(T.Sum(T.LVector("n")), x)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "There is nothing to differentiate",
            Assert.Throws<GradientException>(() => T.Grad(null, [x])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_have_no_gradient()
    {
        Expr n = T.LVector("n");
        var error = Assert.Throws<GradientException>(() => T.Grad(T.Sum(T.Sqr(T.Cast(n, DType.Float64))), n));
        Assert.StartsWith("A gradient with respect to int64 values does not exist.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_flows_through_integers()
    {
        Expr x = T.DVector("x");
        Expr rounded = T.Cast(T.Cast(x, DType.Int64), DType.Float64);
        Expr gradient = T.Grad(T.Sum(x * rounded), x);
        Assert.Equal([2.0, 3.0], gradient.Eval((x, new double[] { 2.7, 3.2 })).ToArray<double>());
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(0, 4)]
    public void Gradients_sum_over_what_was_broadcast_at_run_time(int rows, int columns)
    {
        Expr x = T.DMatrix("x");
        Expr y = T.DMatrix("y");
        var xs = new double[rows, columns];
        var ys = new double[rows == 0 ? 0 : 3, 4];
        for (int k = 0; k < ys.Length; k++)
        {
            ys[k / 4, k % 4] = k + 1;
        }

        NDArray gradient = T.Grad(T.Sum(x * y), x).Eval((x, xs), (y, ys));
        Assert.Equal([rows, columns], gradient.Shape);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double expected = Enumerable.Range(0, ys.Length)
                    .Where(k => (rows == 1 || k / 4 == i) && (columns == 1 || k % 4 == j)).Sum(k => k + 1);
                Assert.Equal(expected, gradient[i, j]);
            }
        }
    }

    [Fact]
    public void Second_gradients_pass_through_run_time_broadcasting()
    {
        double[,] row = { { 0.5, -1, 2 } };
        double[,] full = { { 1, 2, 3 }, { 4, 5, 6 } };
        T.VerifyGrad(x => T.Grad(T.Sum(T.Sqr(x[0] * x[1])), x[0]), [row, full]);
        T.VerifyGrad(x => T.Grad(T.Sum(T.Sqr(x[0] * x[1])), x[1]), [row, full]);
    }

    [Fact]
    public void An_element_that_is_taken_twice_gets_both_gradients()
    {
        Expr x = T.DVector("x");
        Expr cost = T.Sum(x[new[] { 1, 1, 0 }] * T.Constant(new double[] { 10, 20, 30 })) + T.Sum(x[1..] * 100);
        Assert.Equal([30, 130, 100], T.Grad(cost, x).Eval((x, new double[3])).ToArray<double>());
    }

    [Fact]
    public void Increments_that_repeat_an_index_all_have_gradients()
    {
        T.VerifyGrad(
            x => T.Sqr(T.IncSubtensor(x[0][new[] { 1, 1, 0 }], x[1])), [new double[] { 1, 2, 3 }, new double[] { 4, 5, 6 }]);
        T.VerifyGrad(x => T.Sqr(T.SetSubtensor(x[0][.., 1], x[1])), [new double[2, 3], new double[] { 4, 5 }]);
        T.VerifyGrad(x => T.Sqr(T.IncSubtensor(x[0][(.., -2)], x[1])), [new double[] { 1, 2, 3 }, 0.5]);
    }

    [Fact]
    public void Rop_and_Lop_are_the_Jacobian_from_the_right_and_from_the_left()
    {
        Expr x = T.DVector("x");
        Expr v = T.DVector("v");
        Expr f = T.Tanh(x) * x[0];
        double[] at = [0.3, -0.7];
        double[] direction = [2, 5];
        double t0 = Math.Tanh(0.3);
        double t1 = Math.Tanh(-0.7);
        double[,] jacobian = { { (0.3 * (1 - (t0 * t0))) + t0, 0 }, { t1, 0.3 * (1 - (t1 * t1)) } };

        double[] right = T.Rop(f, x, v).Eval((x, at), (v, direction)).ToArray<double>();
        double[] left = T.Lop(f, x, v).Eval((x, at), (v, direction)).ToArray<double>();
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal((jacobian[i, 0] * 2) + (jacobian[i, 1] * 5), right[i], 1e-14);
            Assert.Equal((jacobian[0, i] * 2) + (jacobian[1, i] * 5), left[i], 1e-14);
        }
    }

    [Fact]
    public void A_list_of_expressions_may_be_an_array()
    {
        Expr x = T.DScalar("x");
        Expr[] wrt = [x];
        Assert.Single(T.Grad(x * x, wrt));
    }

    [Fact]
    public void A_float32_cost_has_float32_gradients()
    {
        Expr x = T.FMatrix("x");
        Assert.Equal(DType.Float32, T.Grad((0.5 * T.Sqr(x)).Mean() + (1e-3 * T.Sum(T.Abs(x))), x).DType);
    }
}
