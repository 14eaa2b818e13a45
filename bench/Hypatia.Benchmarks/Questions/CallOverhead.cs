using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>What a call costs by itself: f(x) = x + 1 of a scalar.</summary>
internal sealed class CallOverhead : Question
{
    public override string Name => "call";

    public override string Program => "`f(x) = x + 1` of a float64 scalar: the time of a call through `Func<double, double>`, and the bytes that it allocates; `Call` is the untyped one.";

    public override string Limit => "Looking up the plan by the arguments' lengths, and one indirect call.";

    protected override double? Due => 0.1e-6;

    public override IEnumerable<Row> Measure(Settings settings)
    {
        foreach (Row row in base.Measure(settings))
        {
            yield return row;
        }

        Func<double, double> f = WithThreads(settings.Threads, Compile).As<Func<double, double>>();
        const int calls = 1000;
        Call(f, calls);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Call(f, calls);
        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / calls;
        yield return new Row($"{Name}, allocated", $"{bytes} bytes", [], null);
    }

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        Function f = WithThreads(settings.Threads, Compile);
        Func<double, double> typed = f.As<Func<double, double>>();
        double last = 0;
        NDArray x = NDArray.From(1.5);
        yield return new InProcess(Hypatia, () => last = typed(1.5), () => [NDArray.From(last)]);
        yield return new InProcess("Call", () => last = (double)f.Call(1.5), () => [NDArray.From(last)]);
        foreach (Contender peer in PythonPeer.Contenders("add_one", settings.Threads, ("x", x)))
        {
            yield return peer;
        }
    }

    private static Function Compile()
    {
        Expr x = T.DScalar("x");
        return T.Function([x], x + 1);
    }

    private static void Call(Func<double, double> f, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            f(1.5);
        }
    }
}
