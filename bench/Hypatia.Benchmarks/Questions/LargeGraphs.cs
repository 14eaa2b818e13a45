using System.Diagnostics;
using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Compile time by the size of the graph: a deep network, unrolled.</summary>
internal sealed class LargeGraphs : Question
{
    private const int NodesPerLayer = 35;
    private const int Turns = 100;
    private static readonly int[] Sizes = [1_000, 10_000, 50_000];

    public override string Name => "graphs";

    public override string Program => "time to build and compile a step of gradient descent for networks of layers "
        + "`tanh(a.Dot(W) + b)`, each with its own weights, of 1,000 to 50,000 expressions; and its time an expression over that "
        + "of the smallest; then the same for running it, 16 rows, by layer.";

    public override string Limit => "Work for each node, and the JIT for each kernel.";

    public override IEnumerable<Row> Measure(Settings settings)
    {
        Compile(Sizes[0] / 10);
        double? smallest = null, fastest = null;
        foreach (int nodes in Sizes)
        {
            (double seconds, int count, Action step) = Compile(nodes);
            double perNode = seconds / count;
            smallest ??= perNode;
            yield return new Row(
                $"graph of {count:N0}", $"{Row.Time(seconds)} ({Row.Time(perNode)} each)", [("each of the smallest", perNode / smallest.Value)], null);
            double run = Fastest(step);
            double perLayer = run / (nodes / NodesPerLayer);
            fastest ??= perLayer;
            yield return new Row(
                $"step of {count:N0}", $"{Row.Time(run)} ({Row.Time(perLayer)} a layer)", [("a layer of the smallest", perLayer / fastest.Value)], null);
        }
    }

    private static double Fastest(Action step)
    {
        double best = double.MaxValue;
        for (int turn = 0; turn < Turns; turn++)
        {
            long start = Stopwatch.GetTimestamp();
            step();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static (double Seconds, int Count, Action Step) Compile(int nodes)
    {
        const int width = 8;
        Expr x = T.Matrix("x");
        Expr a = x;
        List<Shared> parameters = [];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < nodes / NodesPerLayer; i++)
        {
            Shared w = T.Shared(Draw.Normal(DType.Float64, 0.3, width, width)), b = T.Shared(new double[width]);
            a = T.Tanh(a.Dot(w) + b);
            parameters.AddRange([w, b]);
        }

        Expr loss = T.Sum(T.Sqr(a));
        Expr[] gradients = T.Grad(loss, parameters);
        Expr[] updated = [.. parameters.Select((p, k) => p - (0.01 * gradients[k]))];
        Function step = T.Function([x], loss, [.. parameters.Select((p, k) => (p, updated[k]))]);
        NDArray rows = Draw.Normal(DType.Float64, 1, 16, width);
        step.Call(rows);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, Traversal.Sort([loss, .. updated]).Count, () => step.Call(rows));
    }
}
