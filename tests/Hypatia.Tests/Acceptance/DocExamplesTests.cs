using Hypatia.Random;

namespace Hypatia.Tests.Acceptance;

/// <summary>Programs of Theano's documentation as a user of Hypatia writes them, with the results that Theano gives.</summary>
public class DocExamplesTests
{
    [Fact]
    public void D1_adding_two_scalars()
    {
        Expr x = T.DScalar("x");
        Expr y = T.DScalar("y");
        Expr z = x + y;
        Function f = T.Function([x, y], z);

        Assert.Equal(5.0, (double)f.Call(2, 3));
        Assert.Equal(28.4, (double)f.Call(16.3, 12.1), 12);
        Assert.Equal(28.4, (double)z.Eval((x, 16.3), (y, 12.1)), 12);
        Assert.Equal("TensorType(float64, scalar)", $"{x.Type}");
    }

    [Fact]
    public void D5_adding_two_matrices()
    {
        Expr x = T.DMatrix("x");
        Expr y = T.DMatrix("y");
        Function f = T.Function([x, y], x + y);

        Equal(new double[,] { { 11, 22 }, { 33, 44 } }, f.Call(new[,] { { 1, 2 }, { 3, 4 } }, new[,] { { 10, 20 }, { 30, 40 } }));
        double[][] a = [[1, 2], [3, 4]];
        double[][] b = [[10, 20], [30, 40]];
        Equal(new double[,] { { 11, 22 }, { 33, 44 } }, f.Call(a, b));
    }

    [Fact]
    public void D6_a_vector_and_its_tenth_power()
    {
        Expr a = T.Vector();
        Function f = T.Function([a], a + T.Pow(a, 10));
        Equal(new double[] { 0, 2, 1026 }, f.Call(new[] { 0, 1, 2 }));

        Expr b = T.Vector();
        Function g = T.Function([a, b], T.Pow(a, 2) + T.Pow(b, 2) + (2 * a * b));
        Equal(new double[] { 25, 49 }, g.Call(new[] { 1, 2 }, new[] { 4, 5 }));
    }

    [Fact]
    public void D8_logistic_function()
    {
        double[,] expected = { { 0.5, 0.7310585786300049 }, { 0.2689414213699951, 0.11920292202211755 } };
        int[,] points = { { 0, 1 }, { -1, -2 } };
        Expr x = T.DMatrix("x");
        Equal(expected, T.Function([x], 1 / (1 + T.Exp(-x))).Call(points), 1e-15);
        Equal(expected, T.Function([x], (1 + T.Tanh(x / 2)) / 2).Call(points), 1e-15);
        Assert.StartsWith("Sigmoid", T.Function([x], 1 / (1 + T.Exp(-x))).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void D10_more_than_one_thing_at_a_time()
    {
        var (a, b) = T.DMatrices("a", "b");
        Expr diff = a - b;
        Expr absDiff = T.Abs(diff);
        Expr diffSquared = T.Pow(diff, 2);
        Function f = T.Function([a, b], [diff, absDiff, diffSquared]);

        var (d, abs, squared) = f.Call(new[,] { { 1, 1 }, { 1, 1 } }, new[,] { { 0, 1 }, { 2, 3 } });

        Equal(new double[,] { { 1, 0 }, { -1, -2 } }, d);
        Equal(new double[,] { { 1, 0 }, { 1, 2 } }, abs);
        Equal(new double[,] { { 1, 0 }, { 1, 4 } }, squared);
    }

    [Fact]
    public void D11_a_default_for_an_argument()
    {
        var (x, y, w) = T.DScalars("x", "y", "w");
        Function f = T.Function([x, new In(y, value: 1)], x + y);
        Assert.Equal(34, (double)f.Call(33));
        Assert.Equal(35, (double)f.Call(33, 2));

        Function g = T.Function([x, new In(y, value: 1), new In(w, value: 2, name: "w_by_name")], (x + y) * w);
        Assert.Equal(68, (double)g.Call(33));
        Assert.Equal(70, (double)g.Call(33, 2));
        Assert.Equal(33, (double)g.Call(33, 0, 1));
        Assert.Equal(34, (double)g.Call(33, new("w_by_name", 1)));
        Assert.Equal(33, (double)g.Call(33, new("w_by_name", 1), new("y", 0)));
    }

    [Fact]
    public void D13_shared_variables()
    {
        Shared state = T.Shared(0);
        Expr inc = T.IScalar("inc");
        Function accumulator = T.Function([inc], state, updates: [(state, state + inc)]);

        Assert.Equal(0, (long)state.GetValue());
        Assert.Equal(0, (long)accumulator.Call(1));
        Assert.Equal(1, (long)state.GetValue());
        Assert.Equal(1, (long)accumulator.Call(300));
        Assert.Equal(301, (long)state.GetValue());
        state.SetValue(-1);
        Assert.Equal(-1, (long)accumulator.Call(3));
        Assert.Equal(2, (long)state.GetValue());
        Function decrementor = T.Function([inc], state, updates: [(state, state - inc)]);
        Assert.Equal(2, (long)decrementor.Call(2));
        Assert.Equal(0, (long)state.GetValue());
    }

    [Fact]
    public void D14_givens()
    {
        Shared state = T.Shared(0);
        Expr inc = T.IScalar("inc");
        Expr fnOfState = (state * 2) + inc;
        Expr foo = T.Scalar("foo", state.DType);
        Function skipShared = T.Function([inc, foo], fnOfState, givens: [(state, foo)]);

        Assert.Equal(7, (long)skipShared.Call(1, 3));
        Assert.Equal(0, (long)state.GetValue());
    }

    [Fact]
    public void D20_a_derivative()
    {
        Expr x = T.DScalar("x");
        Expr y = T.Pow(x, 2);
        Function f = T.Function([x], T.Grad(y, x));

        Assert.Equal(8, (double)f.Call(4));
        Assert.Equal(188.4, (double)f.Call(94.2), 12);
    }

    [Fact]
    public void D21_the_derivative_of_the_logistic_function()
    {
        Expr x = T.DMatrix("x");
        Expr s = T.Sum(1 / (1 + T.Exp(-x)));
        Function dlogistic = T.Function([x], T.Grad(s, x));

        Equal(
            new[,] { { 0.25, 0.19661193324148185 }, { 0.19661193324148185, 0.10499358540350649 } },
            dlogistic.Call(new[,] { { 0, 1 }, { -1, -2 } }),
            1e-15);
    }

    [Fact]
    public void D24_products_with_jacobians()
    {
        Expr w = T.DMatrix("W");
        Expr v = T.DMatrix("V");
        Expr x = T.DVector("x");
        Expr y = T.Dot(x, w);
        Function right = T.Function([w, v, x], T.Rop(y, w, v));
        Equal(new double[] { 2, 2 }, right.Call(new[,] { { 1, 1 }, { 1, 1 } }, new[,] { { 2, 2 }, { 2, 2 } }, new[] { 0, 1 }));

        Expr u = T.DVector("v");
        Function left = T.Function([u, x], T.Lop(y, w, u));
        Equal(new double[,] { { 0, 0 }, { 2, 2 } }, left.Call(new[] { 2, 2 }, new[] { 0, 1 }));
    }

    [Fact]
    public void D54_a_shape_is_known_without_computing_values()
    {
        Expr x = T.Matrix("x");
        Function f = T.Function([x], T.Pow(x, 2).Shape);

        Equal(new long[] { 2, 3 }, f.Call(new double[2, 3]));
        Assert.DoesNotContain("Pow", f.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Sqr", f.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Mul", f.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void D57_a_specified_shape_is_a_constant()
    {
        Expr x = T.Matrix();
        Expr specified = T.SpecifyShape(x, 2, 2);
        Function f = T.Function([x], T.Pow(specified, 2).Shape, onUnusedInput: OnUnusedInput.Ignore);

        Equal(new long[] { 2, 2 }, f.Call(new double[2, 2]));
        Equal(new double[,] { { 1, 4 }, { 9, 16 } }, T.Pow(specified, 2).Eval((x, new[,] { { 1, 2 }, { 3, 4 } })));
        Assert.Throws<ShapeException>(() => specified.Eval((x, new double[2, 3])));
    }

    [Fact]
    public void D58_broadcasting_a_row()
    {
        Expr r = T.Row();
        Assert.Equal([true, false], r.Type.Broadcastable);
        Expr mtr = T.Matrix();
        Assert.Equal([false, false], mtr.Type.Broadcastable);
        Function f = T.Function([r, mtr], r + mtr);

        Equal(
            new double[,] { { 0, 2, 4 }, { 3, 5, 7 }, { 6, 8, 10 } },
            f.Call(new double[][] { [0, 1, 2] }, NDArray.From(new double[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 }).Reshape(3, 3)));
    }

    [Fact]
    public void D60_borrowed_shared_values()
    {
        double[] array = [1, 1];
        Shared byDefault = T.Shared(array);
        Shared notBorrowed = T.Shared(array, borrow: false);
        Shared borrowed = T.Shared(array, borrow: true);
        array[0] += 1;
        array[1] += 1;

        Equal(new double[] { 1, 1 }, byDefault.GetValue());
        Equal(new double[] { 1, 1 }, notBorrowed.GetValue());
        Equal(new double[] { 2, 2 }, borrowed.GetValue());
    }

    [Fact]
    public void D67_a_mistake_in_lengths()
    {
        Expr x = T.Vector();
        Expr y = T.Vector();
        Expr z = x + x;
        z = z + y;
        Function f = T.Function([x, y], z);

        string text = Assert.Throws<ShapeException>(() => f.Call(new double[] { 1, 1 }, new double[] { 1, 1, 1 })).Message;

        Assert.StartsWith("Input dimension mis-match on axis 0: lengths 2 and 3 are neither equal nor 1.\n  Op: Add\n", text, StringComparison.Ordinal);
        Assert.Contains("Operand 1: (no name): TensorType(float64, (3,)), created at DocExamplesTests.cs:line ", text, StringComparison.Ordinal);
        Assert.Contains("Applied at: DocExamplesTests.cs:line ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void D69_a_mistake_in_a_product()
    {
        Shared w1 = T.Shared(new double[20, 10], "W1");
        Expr x = T.Matrix("x");
        Function f = T.Function([x], T.Dot(T.Dot(x, w1.T), w1.T));

        string text = Assert.Throws<ShapeException>(() => f.Call(new double[5, 10])).Message;

        Assert.StartsWith("Shape mismatch: x has 20 cols (and 5 rows) but y has 10 rows (and 20 cols).\n  Op: Dot\n", text, StringComparison.Ordinal);
        Assert.StartsWith(
            "Shape mismatch: x has 10 cols (and 5 rows) but y has 20 rows (and 10 cols).\n  Op: Dot\n",
            Assert.Throws<ShapeException>(() => T.Dot(x, w1).Eval((x, new double[5, 10]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void D80_inputs_with_defaults_and_updates()
    {
        Expr i = T.DScalar("inc");
        Expr x = T.DScalar("x");
        Expr s = T.DScalar("s");
        Function inc = T.Function([i, new In(x, value: 3), new In(s, value: 10, update: s + (i * x))]);

        inc.Call(5);
        Assert.Equal(25, (double)inc["s"]);
        inc.Call(3, 4);
        Assert.Equal(37, (double)inc["s"]);
        Assert.Equal(3, (double)inc["x"]);
        inc.Call(3, 4, 7);
        Assert.Equal(19, (double)inc["s"]);
        inc["s"] = NDArray.From(10.0);
        Assert.Equal(10, (double)inc["s"]);
    }

    [Fact]
    public void D83_forms_of_outputs()
    {
        Expr x = T.DScalar("x");
        Results list = T.Function([x], [x, x * 2]).Call(5);
        Results one = T.Function([x], [x]).Call(5);
        NDArray single = T.Function([x], x).Call(5);

        Assert.Equal([5, 10], list.Select(value => (double)value));
        Assert.Equal([5], one.Select(value => (double)value));
        Assert.Equal(5, (double)single);
    }

    [Fact]
    public void D85_the_gpu_tests_values()
    {
        Shared x = T.Shared(new RandomState(22).Rand(230400));
        Function f = T.Function([], T.Exp(x));

        double[] r = f.Call().Single.ToArray<double>();

        double[] first = [1.23178032, 1.61879341, 1.52278065];
        double[] last = [2.20771815, 2.29967753, 1.62323285];
        Assert.All(first.Zip(r), pair => Assert.Equal(pair.First, pair.Second, 1e-8));
        Assert.All(last.Zip(r[^3..]), pair => Assert.Equal(pair.First, pair.Second, 1e-8));
    }

    [Fact]
    public void D89_stacks()
    {
        var (a, b, c) = T.Scalars("a", "b", "c");
        Assert.Equal(1, T.Stack([a, b, c]).Rank);
        Equal(new double[] { 1, 2, 3 }, T.Stack([a, b, c]).Eval((a, 1), (b, 2), (c, 3)));

        var tensors = T.Tensor4s("a", "b", "c");
        (Expr, object)[] values = [.. tensors.Select(x => (x, (object)new double[2, 2, 2, 2]))];
        Assert.Equal([3, 2, 2, 2, 2], T.Stack(tensors).Eval(values).Shape);
        Assert.Equal([2, 2, 2, 3, 2], T.Stack(tensors, axis: 3).Eval(values).Shape);
        Assert.Equal([2, 2, 2, 3, 2], T.Stack(tensors, axis: -2).Eval(values).Shape);
    }

    [Fact]
    public void D91_stacked_lists()
    {
        var (a, b, c, d) = T.Scalars("a", "b", "c", "d");
        Function f = T.Function([a, b, c, d], T.StackLists(new Expr[][] { [a, b], [c, d] }));
        Equal(new double[,] { { 1, 2 }, { 3, 4 } }, f.Call(1, 2, 3, 4));

        Expr[] m = T.Matrices("a", "b", "c", "d");
        Expr blocks = T.StackLists(new Expr[][] { [m[0], m[1]], [m[2], m[3]] });
        Assert.Equal([2, 2, 4, 4], blocks.Eval([.. m.Select(x => (x, (object)new double[4, 4]))]).Shape);
    }

    [Fact]
    public void D93_grids()
    {
        Expr[] dense = T.MGrid[0..5, 0..3];
        Equal(new long[,] { { 0, 0, 0 }, { 1, 1, 1 }, { 2, 2, 2 }, { 3, 3, 3 }, { 4, 4, 4 } }, dense[0].Eval());
        Equal(new long[,] { { 0, 1, 2 }, { 0, 1, 2 }, { 0, 1, 2 }, { 0, 1, 2 }, { 0, 1, 2 } }, dense[1].Eval());
        Expr[] open = T.OGrid[0..5, 0..3];
        Equal(new long[,] { { 0 }, { 1 }, { 2 }, { 3 }, { 4 } }, open[0].Eval());
        Equal(new long[,] { { 0, 1, 2 } }, open[1].Eval());
    }

    [Fact]
    public void The_seeds_first_expression()
    {
        Expr x = T.Matrix("X");
        NDArray value = (x * 2).Eval((x, new[,] { { 1, 1 }, { 2, 2 } }));

        Equal(new double[,] { { 2, 2 }, { 4, 4 } }, value);
        Assert.Equal(DType.Float64, value.DType);
    }

    [Fact]
    public void Logistic_regression_as_in_the_tutorial_learns_its_targets()
    {
        const int Samples = 100;
        const int Features = 20;
        var rng = new RandomState(0);
        double[,] inputs = rng.Randn(Samples, Features);
        long[] targets = rng.RandInt(0, 2, Samples);
        Expr x = T.DMatrix("x");
        Expr y = T.DVector("y");
        Shared w = T.Shared(rng.Randn(Features), name: "w");
        Shared b = T.Shared(0.0, name: "b");
        Expr p1 = 1 / (1 + T.Exp(-T.Dot(x, w) - b));
        Expr prediction = p1 > 0.5;
        Expr xent = (-y * T.Log(p1)) - ((1 - y) * T.Log(1 - p1));
        Expr cost = xent.Mean() + (0.01 * T.Sum(T.Pow(w, 2)));
        Expr[] g = T.Grad(cost, [w, b]);
        Function train = T.Function(
            [x, y], [prediction, xent, cost], updates: [(w, w - (0.1 * g[0])), (b, b - (0.1 * g[1]))], name: "train");
        Function predict = T.Function([x], prediction, name: "predict");

        double first = (double)train.Call(inputs, targets)[2];
        double last = 0;
        for (int i = 0; i < 300; i++)
        {
            last = (double)train.Call(inputs, targets)[2];
        }

        Assert.True(double.IsFinite(first) && last < 0.6 * first, $"{first} → {last}");
        bool[] predicted = predict.Call(inputs).Single.ToArray<bool>();
        Assert.True(predicted.Zip(targets).Count(pair => pair.First == (pair.Second == 1)) > 70);
    }

    private static void Equal(Array expected, NDArray actual, double tolerance = 0)
    {
        NDArray wanted = NDArray.From(expected);
        Assert.Equal(wanted.Type, actual.Type);
        for (int i = 0; i < wanted.Count; i++)
        {
            Assert.Equal(wanted.Scalar(i).AsDouble, actual.Scalar(i).AsDouble, tolerance);
        }
    }
}
