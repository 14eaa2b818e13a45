using Hypatia.Benchmarks.ByHand;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>What a question about the rows of a matrix asks for.</summary>
internal enum RowFunctionKind
{
    Softmax,
    LogSoftmax,
    LogSumExp,
}

/// <summary>Softmax, log-softmax or logsumexp of the rows of a 4096×1024 matrix of float32.</summary>
internal sealed class RowFunction(RowFunctionKind kind) : Question
{
    private const int Rows = 4096;
    private const int Columns = 1024;

    public override string Name => kind switch
    {
        RowFunctionKind.Softmax => "softmax",
        RowFunctionKind.LogSoftmax => "log-softmax",
        _ => "logsumexp",
    };

    public override string Program => $"{Name} of the rows of {Rows}×{Columns}, float32.";

    public override string Limit => kind == RowFunctionKind.LogSumExp
        ? "16 MB read from memory once, and an exponential each."
        : "16 MB read and 16 MB written, and an exponential each.";

    protected override double? Due => kind == RowFunctionKind.LogSumExp ? 1.2e-3 : 1.7e-3;

    /// <summary>The compiled function.</summary>
    public static Function Compile(RowFunctionKind kind)
    {
        Expr x = T.FMatrix("x");
        return T.Function([x], kind switch
        {
            RowFunctionKind.Softmax => NNet.Softmax(x),
            RowFunctionKind.LogSoftmax => NNet.LogSoftmax(x),
            _ => T.LogSumExp(x, axis: 1),
        });
    }

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        NDArray x = Draw.Normal(DType.Float32, 2, Rows, Columns);
        bool isScalar = kind == RowFunctionKind.LogSumExp;
        NDArray to = isScalar ? Draw.Zeros(DType.Float32, Rows) : Draw.Zeros(DType.Float32, Rows, Columns);
        yield return Compiled.Of(WithThreads(settings.Threads, () => Compile(kind)), x);
        yield return new InProcess(ByHand, Call, () => [to]);
        string row = kind switch
        {
            RowFunctionKind.Softmax => "softmax",
            RowFunctionKind.LogSoftmax => "log_softmax",
            _ => "logsumexp",
        };
        foreach (Contender peer in PythonPeer.Contenders(row, settings.Threads, ("x", x)))
        {
            yield return peer;
        }

        NDArray result = isScalar ? Draw.Zeros(DType.Float32, Rows) : Draw.Zeros(DType.Float32, Rows, Columns);
        var model = isScalar
            ? new Onnx().Node("ReduceLogSumExp", ["x"], "to", ("axes", new long[] { 1 }), ("keepdims", 0L))
            : new Onnx().Node(kind == RowFunctionKind.Softmax ? "Softmax" : "LogSoftmax", ["x"], "to", ("axis", 1L));
        yield return model.Contender(settings.Threads, [("x", x)], [("to", result)]);

        void Call()
        {
            ReadOnlySpan<float> from = x.AsSpan<float>();
            switch (kind)
            {
                case RowFunctionKind.Softmax:
                    ByHandRows.Softmax(from, to.Elements<float>(), Columns);
                    break;
                case RowFunctionKind.LogSoftmax:
                    ByHandRows.LogSoftmax(from, to.Elements<float>(), Columns);
                    break;
                default:
                    ByHandRows.LogSumExp(from, to.Elements<float>(), Columns);
                    break;
            }
        }
    }
}
