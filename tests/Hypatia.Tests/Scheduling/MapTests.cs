using Hypatia.Devices;

namespace Hypatia.Tests.Scheduling;

/// <summary>The loops of what is computed element by element.</summary>
public class MapTests
{
    [Theory]
    [InlineData(0, 2, 1, 3)]
    [InlineData(2, 0, 1, 3)]
    [InlineData(0, 3, 1, 2)]
    [InlineData(0, 1, 2, 3)]
    public void Axes_that_are_joined_after_they_were_moved_are_looped_over_one_by_one(int a, int b, int c, int d)
    {
        long[] lengths = [3, 20, 4, 18];
        NDArray given = NDArray.Wrap(Enumerable.Range(0, 3 * 20 * 4 * 18).Select(k => (double)k).ToArray(), lengths);
        Expr x = T.Tensor(DType.Float64, Shape.UnknownOf(4), "x");
        Expr joined = x.Dimshuffle(a, b, c, d).Reshape((int)(lengths[a] * lengths[b]), (int)(lengths[c] * lengths[d]));
        Function f = T.Function([x], (joined * 2) + 1);
        NDArray actual = f.Call(given).Single;

        var expected = new List<double>();
        long[] strides = given.Shape.Strides(), index = new long[4];
        for (index[a] = 0; index[a] < lengths[a]; index[a]++)
        {
            for (index[b] = 0; index[b] < lengths[b]; index[b]++)
            {
                for (index[c] = 0; index[c] < lengths[c]; index[c]++)
                {
                    for (index[d] = 0; index[d] < lengths[d]; index[d]++)
                    {
                        expected.Add((2 * index.Zip(strides).Sum(pair => pair.First * pair.Second)) + 1);
                    }
                }
            }
        }

        Assert.Equal(expected, actual.ToArray<double>());
        string code = Kernels(f);
        Assert.DoesNotContain("//", code);
        Assert.DoesNotContain("%", code);
    }

    [Fact]
    public void A_tile_of_few_rows_leaves_threads_another_loop()
    {
        using IDisposable use = Options.Use(Options.Current with { Threads = 2, FloatX = DType.Float32 });
        Expr x = T.Tensor(DType.Float32, Shape.UnknownOf(3), "x");
        Function f = T.Function([x], T.Tanh(x.SwapAxes(1, 2)));
        f.Call(NDArray.Zeros(DType.Float32, [400, 32, 50]));
        Assert.Contains("parallel i0 in 0..400", Kernels(f));
    }

    private static string Kernels(Function f) =>
        string.Join("\n", f.Plans.SelectMany(plan => plan.Steps).Select(step => step.Executable.Kernel));
}
