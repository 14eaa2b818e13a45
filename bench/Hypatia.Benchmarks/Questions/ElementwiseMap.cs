using Hypatia.Benchmarks.ByHand;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>x*2 + y**2 + tanh(z) - exp(-x*x)*sigmoid(y) of ten million elements.</summary>
internal sealed class ElementwiseMap(DType dtype) : Question
{
    public const int Count = 10_000_000;

    public override string Name => dtype == DType.Float32 ? "E32" : "E64";

    public override string Program => $"`x*2 + y**2 + tanh(z) - exp(-x*x)*sigmoid(y)`, {Count:N0} elements, {dtype.Name()}.";

    public override string Limit => "Three functions an element in registers, and the memory's bandwidth: both alike.";

    protected override double? Due => dtype == DType.Float32 ? 8e-3 : 18e-3;

    protected override double Tolerance => dtype == DType.Float32 ? 1e-6 : 1e-14;

    /// <summary>The compiled function.</summary>
    public static Function Compile(DType dtype)
    {
        Expr x = T.Tensor(dtype, Shape.UnknownOf(1), "x"), y = T.Tensor(dtype, Shape.UnknownOf(1), "y");
        Expr z = T.Tensor(dtype, Shape.UnknownOf(1), "z");
        Expr value = (x * 2) + T.Sqr(y) + T.Tanh(z) - (T.Exp(-x * x) * NNet.Sigmoid(y));
        return T.Function([x, y, z], value);
    }

    protected override IEnumerable<Contender> Contenders(Settings settings)
    {
        NDArray x = Draw.Normal(dtype, 1, Count), y = Draw.Uniform(dtype, -5, 5, Count), z = Draw.Normal(dtype, 2, Count);
        yield return Compiled.Of(WithThreads(settings.Threads, () => Compile(dtype)), x, y, z);
        NDArray to = Draw.Zeros(dtype, Count);
        yield return new InProcess(ByHand, dtype == DType.Float32 ? Single : Double, () => [to]);
        foreach (Contender peer in PythonPeer.Contenders("elementwise", settings.Threads, ("x", x), ("y", y), ("z", z)))
        {
            yield return peer;
        }

        if (dtype == DType.Float32)
        {
            yield return Model(settings.Threads, x, y, z);
        }

        void Single() => Maps.Elementwise(x.AsSpan<float>(), y.AsSpan<float>(), z.AsSpan<float>(), to.Elements<float>());
        void Double() => Maps.Elementwise(x.AsSpan<double>(), y.AsSpan<double>(), z.AsSpan<double>(), to.Elements<double>());
    }

    private static Contender Model(int threads, NDArray x, NDArray y, NDArray z) => new Onnx()
        .Constant("two", NDArray.Wrap(new float[] { 2 }, 1))
        .Node("Mul", ["x", "two"], "x2")
        .Node("Mul", ["y", "y"], "yy")
        .Node("Tanh", ["z"], "t")
        .Node("Mul", ["x", "x"], "xx")
        .Node("Neg", ["xx"], "nxx")
        .Node("Exp", ["nxx"], "e")
        .Node("Sigmoid", ["y"], "s")
        .Node("Mul", ["e", "s"], "es")
        .Node("Add", ["x2", "yy"], "a")
        .Node("Add", ["a", "t"], "b")
        .Node("Sub", ["b", "es"], "to")
        .Contender(threads, [("x", x), ("y", y), ("z", z)], [("to", Draw.Zeros(DType.Float32, Count))]);
}
