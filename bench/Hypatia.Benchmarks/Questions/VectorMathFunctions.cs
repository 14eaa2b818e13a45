using System.Numerics.Tensors;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Peers;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Functions of vectors that fit the second-level cache; a row each.</summary>
internal sealed class VectorMathFunctions(DType dtype) : Question
{
    private const int Count = 1 << 16;

    public override string Name => dtype == DType.Float32 ? "vector-math 32" : "vector-math 64";

    public override string Program => $"functions of {Count:N0} elements of {dtype.Name()}: the time an element.";

    public override string Limit => "Multiply-adds of polynomials, and divisions; the data are in the second-level cache.";

    protected override double Tolerance => dtype == DType.Float32 ? 1e-6 : 1e-14;

    public override IEnumerable<Row> Measure(Settings settings)
    {
        foreach ((string name, double low, double high, Func<Expr, Expr, Expr> program) in Functions())
        {
            NDArray x = Draw.Uniform(dtype, low, high, Count), y = Draw.Uniform(dtype, -2, 2, Count);
            Function f = WithThreads(settings.Threads, () => Compile(program));
            List<Contender> contenders = [Compiled.Of(f, name == "pow" ? [x, y] : [x])];
            NDArray to = Draw.Zeros(dtype, Count);
            Action? call = dtype == DType.Float32
                ? Primitive<float>(name, x, y, to)
                : Primitive<double>(name, x, y, to);
            if (call is not null)
            {
                contenders.Add(new InProcess("TensorPrimitives", call, () => [to]));
            }

            contenders.AddRange(PythonPeer.Contenders(name, settings.Threads, name == "pow" ? [("x", x), ("y", y)] : [("x", x)]));
            if (Operator(name) is { } op && dtype == DType.Float32)
            {
                contenders.Add(new Onnx().Node(op, ["x"], "to").Contender(settings.Threads, [("x", x)], [("to", Draw.Zeros(dtype, Count))]));
            }

            NDArray[] expected = contenders[0].Result();
            foreach (Contender contender in contenders.Skip(1))
            {
                Agreement.Check(contender.Name, contender.Result(), Hypatia, expected, Tolerance);
            }

            Turns turns = Turns.Run(contenders, settings.Repeats, settings.Threads);
            yield return Row.Of($"{name} {dtype.Name()}", turns, null) with { Value = $"{turns.Seconds(Hypatia) / Count * 1e9:F2} ns" };
            contenders.ForEach(contender => contender.Dispose());
        }
    }

    private static (string Name, double Low, double High, Func<Expr, Expr, Expr> Program)[] Functions() =>
    [
        ("exp", -20, 5, (x, _) => T.Exp(x)),
        ("log", 0.01, 100, (x, _) => T.Log(x)),
        ("tanh", -5, 5, (x, _) => T.Tanh(x)),
        ("sigmoid", -10, 10, (x, _) => NNet.Sigmoid(x)),
        ("sin", -10, 10, (x, _) => T.Sin(x)),
        ("cos", -10, 10, (x, _) => T.Cos(x)),
        ("pow", 0.01, 10, (x, y) => T.Pow(x, y)),
    ];

    private Function Compile(Func<Expr, Expr, Expr> program)
    {
        Expr x = T.Tensor(dtype, Shape.UnknownOf(1), "x"), y = T.Tensor(dtype, Shape.UnknownOf(1), "y");
        Expr value = program(x, y);
        return T.Function(value.Inputs.List.Contains(y) ? [x, y] : [x], value);
    }

    private static string? Operator(string name) => name switch
    {
        "exp" => "Exp",
        "log" => "Log",
        "tanh" => "Tanh",
        "sigmoid" => "Sigmoid",
        "sin" => "Sin",
        "cos" => "Cos",
        _ => null,
    };

    private static Action? Primitive<TElement>(string name, NDArray x, NDArray y, NDArray to)
        where TElement : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<TElement> => name switch
        {
            "exp" => () => TensorPrimitives.Exp(x.AsSpan<TElement>(), to.Elements<TElement>()),
            "log" => () => TensorPrimitives.Log(x.AsSpan<TElement>(), to.Elements<TElement>()),
            "tanh" => () => TensorPrimitives.Tanh(x.AsSpan<TElement>(), to.Elements<TElement>()),
            "sigmoid" => () => TensorPrimitives.Sigmoid(x.AsSpan<TElement>(), to.Elements<TElement>()),
            "sin" => () => TensorPrimitives.Sin(x.AsSpan<TElement>(), to.Elements<TElement>()),
            "cos" => () => TensorPrimitives.Cos(x.AsSpan<TElement>(), to.Elements<TElement>()),
            "pow" => () => TensorPrimitives.Pow(x.AsSpan<TElement>(), y.AsSpan<TElement>(), to.Elements<TElement>()),
            _ => null,
        };
}
