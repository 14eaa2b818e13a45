using Hypatia.Cpu;
using Hypatia.Devices;

namespace Hypatia.Tests.Scheduling;

/// <summary>
/// Networks that nobody tuned for: of random depths, widths, batch sizes, activations and losses. As they are scheduled,
/// they compute what the plain graph computes in the interpreter, and the same bits for any number of threads.
/// </summary>
public class RandomNetworkTests
{
    private static readonly Func<Expr, Expr>[] Activations =
    [
        T.Tanh, NNet.Sigmoid, x => T.Maximum(x, 0), NNet.Softplus, x => x * NNet.Sigmoid(x), T.Sqr,
        x => x - x.Mean(1, keepDims: true), x => NNet.Softmax(x),
    ];

    private const int AnyWidths = 40;       // seeds; those that follow draw deep networks of narrow layers

    // The last ones are so much code that tiles end between sums over the same rows.
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, AnyWidths + 24), 113, 297, 307, 498, 924];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_network_computes_what_its_graph_says(int seed)
    {
        NDArray[] expected = Run(seed, new Options { Rewrite = false, CustomDevice = new ReferenceDevice() }, out DType dtype);
        NDArray[] actual = Run(seed, new Options { CustomDevice = new CpuDevice(new CpuOptions { Threads = 2 }) }, out _);
        double tolerance = dtype == DType.Float64 ? 1e-10 : 2e-4;
        for (int k = 0; k < expected.Length; k++)
        {
            double scale = Enumerable.Range(0, (int)expected[k].Count).Max(i => Math.Abs(expected[k].Scalar(i).AsDouble)) + 1e-3;
            for (int i = 0; i < expected[k].Count; i++)
            {
                Assert.Equal(expected[k].Scalar(i).AsDouble, actual[k].Scalar(i).AsDouble, tolerance * scale);
            }
        }

        foreach (int threads in (int[])[1, 8])
        {
            NDArray[] other = Run(seed, new Options { CustomDevice = new CpuDevice(new CpuOptions { Threads = threads }) }, out _);
            for (int k = 0; k < actual.Length; k++)
            {
                Assert.Equal(actual[k].ToString(), other[k].ToString());
            }
        }
    }

    private static NDArray[] Run(int seed, Options options, out DType dtype)
    {
        var random = new System.Random(seed);
        T Of<T>(params T[] choices) => choices[random.Next(choices.Length)];
        dtype = Of(DType.Float32, DType.Float64);
        DType type = dtype;
        int rows = Of(1, 7, 8, 9, 40, 64, 97, 200, 333, 640, 1000);
        int[] widths = seed < AnyWidths
            ? [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => Of(1, 2, 3, 5, 8, 9, 16, 33, 100, 130))]
            : [.. Enumerable.Range(0, random.Next(4, 8)).Select(_ => Of(3, 5, 6, 7, 8, 8, 10, 13))];
        Expr Variable(string name, int rank) => T.Tensor(type, Shape.UnknownOf(rank), name);
        NDArray Draw(params long[] shape) => NDArray.Wrap(
            Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (random.NextDouble() * 2) - 1).ToArray(), shape).Cast(type);

        using (Options.Use(options))
        {
            List<Expr> inputs = [Variable("x", 2)];
            List<NDArray> values = [Draw(rows, widths[0])];
            Expr a = inputs[0];
            for (int layer = 1; layer < widths.Length; layer++)
            {
                Expr w = Variable($"w{layer}", 2);
                Expr b = Variable($"b{layer}", 1);
                inputs.AddRange([w, b]);
                values.AddRange([Draw(widths[layer - 1], widths[layer]), Draw(widths[layer])]);
                a = a.Dot(w) + b;
                a = layer < widths.Length - 1 ? Of(Activations)(a) : a;
            }

            Expr[] parameters = [.. inputs.Skip(1)];
            Expr loss;
            switch (random.Next(3))
            {
                case 0:
                    Expr labels = T.LVector("labels");
                    inputs.Add(labels);
                    values.Add(NDArray.From(Enumerable.Range(0, rows).Select(_ => random.NextInt64(widths[^1])).ToArray()));
                    loss = NNet.CategoricalCrossentropy(NNet.Softmax(a), labels).Mean();
                    break;
                case 1:
                    loss = T.Sqr(a - 0.5).Mean();
                    break;
                default:
                    loss = NNet.Softplus(a).Sum(1).Mean() + T.Sum(T.Abs(parameters[0]));
                    break;
            }

            Expr[] outputs = random.Next(3) == 0 ? [loss, a] : [loss];
            return [.. T.Function([.. inputs.Select(x => new In(x))], [.. outputs, .. T.Grad(loss, parameters)])
                .Call([.. values.Select(value => new Argument(value))])];
        }
    }
}
