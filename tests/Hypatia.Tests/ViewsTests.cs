using Hypatia.Loops;

namespace Hypatia.Tests;

/// <summary>Reshapes at the borders of a function, where nothing is computed: of what is passed, and of results.</summary>
public class ViewsTests
{
    private static readonly double[] Numbers = [.. Enumerable.Range(0, 24).Select(k => (double)k)];

    private static NDArray Given => NDArray.Wrap((double[])Numbers.Clone(), 2, 3, 4);

    [Fact]
    public void A_value_and_its_reshape_are_results_of_their_own()
    {
        Expr x = T.Tensor3("x"), y = x * 2.0;
        NDArray[] results = [.. T.Function([x], [y, y.Reshape(6, 4), y.Reshape(24), x.Reshape(4, 6), x]).Call(Given)];
        long[][] shapes = [[2, 3, 4], [6, 4], [24], [4, 6], [2, 3, 4]];
        for (int k = 0; k < shapes.Length; k++)
        {
            Assert.Equal(new Shape(shapes[k]), results[k].Shape);
            Assert.Equal(Numbers.Select(number => k < 3 ? 2 * number : number), results[k].ToArray<double>());
        }

        results[0].Set(0, ScalarValue.Of(DType.Float64, -1));
        results[4].Set(0, ScalarValue.Of(DType.Float64, -1));
        Assert.All([results[1], results[2], results[3]], other => Assert.Equal(0.0, other.Scalar(0).AsDouble));
    }

    [Fact]
    public void What_is_passed_is_read_under_several_lengths()
    {
        Expr x = T.Tensor3("x");
        Expr sums = T.Sum(x.Reshape(6, 4), 1) + T.Sum(x.Reshape(4, 6).T.Reshape(6, 4), 1) + T.Sum(x);
        NDArray actual = T.Function([x], sums).Call(Given).Single;
        double[] expected =
        [
            .. Enumerable.Range(0, 6).Select(r =>
                Enumerable.Range(0, 4).Sum(c => Numbers[(4 * r) + c] + Numbers[(6 * ((4 * r) + c) % 24) + (((4 * r) + c) / 4)])
                + Numbers.Sum()),
        ];
        Assert.Equal(expected, actual.ToArray<double>());
    }

    [Fact]
    public void Products_with_more_axes_copy_nothing()
    {
        const int length = 40;
        Expr x = T.Tensor3("x"), w = T.Matrix("w");
        Function product = T.Function([x, w], T.Dot(T.Dot(x, w), w));
        NDArray given = NDArray.Wrap(Enumerable.Range(0, 6 * length).Select(k => (double)k).ToArray(), 2, 3, length);
        var doubled = new double[length, length];
        for (int k = 0; k < length; k++)
        {
            doubled[k, k] = 2;
        }

        NDArray actual = product.Call(given, doubled).Single;
        Assert.Equal(given.Shape, actual.Shape);
        Assert.Equal(given.ToArray<double>().Select(number => 4 * number), actual.ToArray<double>());
        Assert.All(product.Plans.Single().Steps, step => Assert.Contains("contract ", step.Executable.Kernel.ToString()));
    }

    [Fact]
    public void A_result_is_written_where_the_caller_says()
    {
        Expr x = T.Tensor3("x");
        NDArray given = NDArray.Zeros(DType.Float64, [6, 4]);
        T.Function([x], T.Tanh(x).Reshape(6, 4)).As<Action<NDArray, NDArray>>()(Given, given);
        Assert.Equal(Numbers.Select(Math.Tanh), given.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void A_shared_variable_is_updated_by_what_it_gives_under_other_lengths()
    {
        Shared w = T.Shared(Given, "w");
        Function step = T.Function([], [], updates: [(w, (w.Reshape(6, 4) * 2.0).Reshape(2, 3, 4) + T.Sum(w.Reshape(24)))]);
        step.Call();
        step.Call();
        double first = 276, second = Numbers.Sum(number => (2 * number) + first);
        Assert.Equal(Numbers.Select(number => (2 * ((2 * number) + first)) + second), w.GetValue().ToArray<double>());
    }
}
