using System.Numerics.Tensors;
using Hypatia.Benchmarks.ByHand;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>What a question about sums asks for.</summary>
internal enum MatrixSumKind
{
    All,
    Axis0,
    Axis1,
    MeanAndVariance,
}

/// <summary>Sums of a 4096×1024 matrix of float32 over both axes or one, or its columns' means and variances.</summary>
internal sealed class MatrixSum(MatrixSumKind kind) : Question
{
    private const int Rows = 4096;
    private const int Columns = 1024;

    public override string Name => kind switch
    {
        MatrixSumKind.All => "sum",
        MatrixSumKind.Axis0 => "sum axis 0",
        MatrixSumKind.Axis1 => "sum axis 1",
        _ => "mean+var axis 0",
    };

    public override string Program => $"{Name} of {Rows}×{Columns}, float32.";

    public override string Limit => kind == MatrixSumKind.MeanAndVariance
        ? "16 MB read once: the variance is computed with the mean, from another center; by hand: two passes."
        : "16 MB read from memory or the last cache.";

    protected override double? Due => kind switch
    {
        MatrixSumKind.All or MatrixSumKind.Axis1 => 0.15e-3,
        MatrixSumKind.Axis0 => 0.25e-3,
        _ => 0.5e-3,
    };

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        NDArray x = Draw.Uniform(DType.Float32, 0, 1, Rows, Columns);
        NDArray[] to = kind switch
        {
            MatrixSumKind.All => [Draw.Zeros(DType.Float32, 1)],
            MatrixSumKind.Axis0 => [Draw.Zeros(DType.Float32, Columns)],
            MatrixSumKind.Axis1 => [Draw.Zeros(DType.Float32, Rows)],
            _ => [Draw.Zeros(DType.Float32, Columns), Draw.Zeros(DType.Float32, Columns)],
        };
        yield return Compiled.Of(WithThreads(settings.Threads, Compile), x);
        yield return new InProcess(ByHand, Call, () => to);
        string row = kind switch
        {
            MatrixSumKind.All => "sum_all",
            MatrixSumKind.Axis0 => "sum_0",
            MatrixSumKind.Axis1 => "sum_1",
            _ => "mean_var",
        };
        foreach (Contender peer in PythonPeer.Contenders(row, settings.Threads, ("x", x)))
        {
            yield return peer;
        }

        if (kind == MatrixSumKind.All)
        {
            float[] sum = new float[1];
            yield return new InProcess(
                "TensorPrimitives", () => sum[0] = TensorPrimitives.Sum(x.AsSpan<float>()), () => [NDArray.Wrap(sum)]);
        }

        if (Model() is { } model)
        {
            NDArray[] result = [.. to.Select(array => Draw.Zeros(DType.Float32, [.. array.Shape]))];
            yield return model.Contender(
                settings.Threads, [("x", x)], [.. result.Select((array, k) => ($"to{k}", kind == MatrixSumKind.All ? array.Reshape() : array))]);
        }

        void Call()
        {
            ReadOnlySpan<float> from = x.AsSpan<float>();
            switch (kind)
            {
                case MatrixSumKind.All:
                    to[0].Elements<float>()[0] = ByHandSums.All(from);
                    break;
                case MatrixSumKind.Axis0:
                    ByHandSums.OfColumns(from, to[0].Elements<float>());
                    break;
                case MatrixSumKind.Axis1:
                    ByHandSums.OfRows(from, to[0].Elements<float>());
                    break;
                default:
                    ByHandSums.Moments(from, to[0].Elements<float>(), to[1].Elements<float>());
                    break;
            }
        }
    }

    private Function Compile()
    {
        Expr x = T.FMatrix("x");
        return kind switch
        {
            MatrixSumKind.All => T.Function([x], x.Sum()),
            MatrixSumKind.Axis0 => T.Function([x], x.Sum(axis: 0)),
            MatrixSumKind.Axis1 => T.Function([x], x.Sum(axis: 1)),
            _ => T.Function([x], [x.Mean(axis: 0), x.Var(axis: 0)]),
        };
    }

    private Onnx? Model() => kind switch
    {
        MatrixSumKind.All => Sum(0, 1),
        MatrixSumKind.Axis0 => Sum(0),
        MatrixSumKind.Axis1 => Sum(1),
        _ => null,
    };

    private static Onnx Sum(params long[] axes) => new Onnx()
        .Constant("axes", NDArray.Wrap(axes, axes.Length))
        .Node("ReduceSum", ["x", "axes"], "to0", ("keepdims", 0L));
}
