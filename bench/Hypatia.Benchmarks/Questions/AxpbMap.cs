using Hypatia.Benchmarks.ByHand;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>x*y + z*2 - 1 of ten million float32.</summary>
internal sealed class AxpbMap : Question
{
    private const int Count = ElementwiseMap.Count;

    public override string Name => "x*y+z*2-1";

    public override string Program => $"`x*y + z*2 - 1`, {Count:N0} elements, float32; due: 1.15 times the vector loop by hand. "
        + "`Call`: a new result for each call, and the last one dropped.";

    public override string Limit => "The memory's bandwidth.";

    protected override double Tolerance => 1e-6;

    public override IEnumerable<Row> Measure(Settings settings) => base.Measure(settings).Select(row =>
        row with { Due = row.Ratios.First(other => other.Name == ByHand).Ratio / 1.15 });

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        NDArray x = Draw.Normal(DType.Float32, 1, Count), y = Draw.Uniform(DType.Float32, -5, 5, Count);
        NDArray z = Draw.Normal(DType.Float32, 2, Count), to = Draw.Zeros(DType.Float32, Count);
        Function f = WithThreads(settings.Threads, Compile);
        yield return Compiled.Of(f, x, y, z);
        NDArray? last = null;
        yield return new InProcess("Call", () => last = f.Call(x, y, z), () => [last!]);
        yield return new InProcess(
            ByHand,
            () => Maps.Axpb(x.AsSpan<float>(), y.AsSpan<float>(), z.AsSpan<float>(), to.Elements<float>()),
            () => [to]);
        foreach (Contender peer in PythonPeer.Contenders("axpb", settings.Threads, ("x", x), ("y", y), ("z", z)))
        {
            yield return peer;
        }

        yield return new Onnx()
            .Constant("two", NDArray.Wrap(new float[] { 2 }, 1))
            .Constant("one", NDArray.Wrap(new float[] { 1 }, 1))
            .Node("Mul", ["x", "y"], "xy")
            .Node("Mul", ["z", "two"], "z2")
            .Node("Add", ["xy", "z2"], "sum")
            .Node("Sub", ["sum", "one"], "to")
            .Contender(settings.Threads, [("x", x), ("y", y), ("z", z)], [("to", Draw.Zeros(DType.Float32, Count))]);
    }

    private static Function Compile()
    {
        Expr x = T.FVector("x"), y = T.FVector("y"), z = T.FVector("z");
        return T.Function([x, y, z], (x * y) + (z * 2) - 1);
    }
}
