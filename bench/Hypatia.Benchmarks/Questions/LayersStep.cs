using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;
using Hypatia.Cpu.MatrixProducts;

namespace Hypatia.Benchmarks.Questions;

/// <summary>A step of a network whose products are large: 784-1024-1024-10, rectifiers, batches of 256, float32.</summary>
internal sealed class LayersStep : Question
{
    private const int Batch = 256;
    private static readonly int[] Widths = [784, 1024, 1024, 10];

    public override string Name => "XL";

    public override string Program =>
        $"a step of SGD of {string.Join("-", Widths)}, relu, softmax and cross-entropy, batch {Batch}, float32; batch and labels passed.";

    public override string Limit =>
        "Peak arithmetic: 2.4·10⁹ operations in products; `products alone`: its eight products by the library's kernels.";

    protected override double? Due => 11e-3;

    protected override double Tolerance => 1e-4;

    /// <summary>The step's function, the variables that it updates, and its arguments.</summary>
    public static (Function Step, Shared[] Parameters, NDArray[] Inputs) Compile()
    {
        NDArray[] weights = Weights();
        (Function step, Shared[] parameters) = Compile(weights);
        return (step, parameters, [X(), Draw.Classes(Widths[^1], Batch)]);
    }

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        NDArray[] weights = Weights();
        (NDArray x, NDArray y) = (X(), Draw.Classes(Widths[^1], Batch));
        (Function step, Shared[] parameters) = WithThreads(settings.Threads, () => Compile(weights));
        yield return Compiled.Step(step, parameters, [x, y]);
        foreach (Contender peer in PythonPeer.Contenders(
            "layers", settings.Threads, ("x", x), ("y", y), ("w1", weights[0]), ("w2", weights[1]), ("w3", weights[2])))
        {
            yield return peer;
        }
    }

    protected override IEnumerable<Contender> Unchecked(Settings settings) =>
        settings.Threads == 1 ? [new InProcess("products alone", Products(), () => [])] : [];

    // Forward, gradients of weights, and gradients of inputs but the first.
    private static unsafe Action Products()
    {
        List<MatrixProductShape> shapes = [];
        for (int i = 0; i + 1 < Widths.Length; i++)
        {
            shapes.Add(MatrixProductShape.Contiguous(Batch, Widths[i + 1], Widths[i]));
            shapes.Add(MatrixProductShape.Contiguous(Widths[i], Widths[i + 1], Batch));
            if (i > 0)
            {
                shapes.Add(MatrixProductShape.Contiguous(Batch, Widths[i], Widths[i + 1]));
            }
        }

        float[] memory = GC.AllocateArray<float>(3 * 1024 * 1024, pinned: true);
        return () =>
        {
            fixed (float* a = memory)
            {
                foreach (MatrixProductShape shape in shapes)
                {
                    MatrixProduct.Run(shape, a, a + (1024 * 1024), a + (2 * 1024 * 1024), null, false);
                }
            }
        };
    }

    private static NDArray X() => Draw.Normal(DType.Float32, 1, Batch, Widths[0]);

    private static NDArray[] Weights() =>
    [
        .. Widths.Zip(Widths.Skip(1), (m, n) => Draw.Normal(DType.Float32, Math.Sqrt(2.0 / m), m, n)),
    ];

    private static (Function Step, Shared[] Parameters) Compile(NDArray[] weights)
    {
        Expr x = T.FMatrix("x");
        Expr y = T.LVector("y");
        List<Shared> parameters = [];
        Expr a = x;
        for (int i = 0; i < weights.Length; i++)
        {
            parameters.Add(T.Shared(weights[i], $"W{i + 1}"));
            parameters.Add(T.Shared(new float[weights[i].Shape[1]], $"b{i + 1}"));
            a = a.Dot(parameters[^2]) + parameters[^1];
            a = i + 1 < weights.Length ? NNet.Relu(a) : NNet.Softmax(a);
        }

        Expr loss = NNet.CategoricalCrossentropy(a, y).Mean();
        Function step = T.Function(
            [x, y], updates: [.. parameters.Select(w => (w, w - (0.01f * T.Grad(loss, w))))], name: "step");
        return (step, [.. parameters]);
    }
}
