using System.Diagnostics;
using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Compile time by the size of the graph: a deep network, unrolled.</summary>
internal sealed class LargeGraphs : Question
{
    private const int NodesPerLayer = 4;
    private static readonly int[] Sizes = [1_000, 10_000, 50_000];

    public override string Name => "graphs";

    public override string Program => "time to compile networks of `tanh(a.Dot(W) + b)`, layer after layer, of 1,000 to 50,000 expressions; "
        + "each with its own weights, and its time a node over that of the smallest.";

    public override string Limit => "Work for each node, and the JIT for each kernel.";

    public override IEnumerable<Row> Measure(Settings settings)
    {
        Compile(Sizes[0] / 10);
        double? smallest = null;
        foreach (int nodes in Sizes)
        {
            double seconds = Compile(nodes);
            double perNode = seconds / nodes;
            smallest ??= perNode;
            yield return new Row(
                $"graph of {nodes:N0}", $"{Row.Time(seconds)} ({Row.Time(perNode)} a node)", [("a node, 1,000", perNode / smallest.Value)], null);
        }
    }

    private static double Compile(int nodes)
    {
        const int width = 8;
        Expr x = T.Matrix("x");
        Expr a = x;
        Shared w = T.Shared(Draw.Normal(DType.Float64, 0.3, width, width), "W"), b = T.Shared(new double[width], "b");
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < nodes / NodesPerLayer; i++)
        {
            a = T.Tanh(a.Dot(w) + b) * (1 + (i * 1e-6));
        }

        T.Function([x], a).Call(Draw.Normal(DType.Float64, 1, 4, width));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
