using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>The same programs on one core and on two.</summary>
internal sealed class Cores : Question
{
    private const double MostOverHalf = 1.15;

    public override string Name => "cores";

    public override string Program => "programs of other rows on two cores over one core; due: 1.15 times half, here 0.58.";

    public override string Limit => "The second core: where memory's bandwidth limits one core, two share it.";

    public override IEnumerable<Row> Measure(Settings settings)
    {
        foreach ((string name, Func<Contender> make) in Programs())
        {
            Contender one = WithThreads(1, make), two = WithThreads(2, make);
            List<Contender> contenders = [Renamed("Hypatia", two), Renamed("one core", one)];
            foreach (Contender contender in contenders)
            {
                contender.Result();
            }

            Turns turns = Turns.Run(contenders, settings.Repeats, 2);
            double ratio = turns.Ratio("Hypatia", "one core")!.Value;
            yield return new Row($"2 cores: {name}", Row.Time(turns.Seconds("Hypatia")), [("one core", ratio)], ratio / (MostOverHalf / 2));
        }
    }

    private static Contender Renamed(string name, Contender contender) =>
        new InProcess(name, () => contender.Time(1), contender.Result);

    private static IEnumerable<(string Name, Func<Contender> Make)> Programs() =>
    [
        ("L", () => Compiled.Step(LargeStep.Compile().Step, [], [])),
        ("XL", () =>
        {
            (Function step, _, NDArray[] inputs) = LayersStep.Compile();
            return Compiled.Step(step, [], inputs);
        }),
        ("E32", () => Compiled.Of(ElementwiseMap.Compile(DType.Float32), Ten(DType.Float32), Ten(DType.Float32), Ten(DType.Float32))),
        ("softmax", () => Compiled.Of(RowFunction.Compile(RowFunctionKind.Softmax), Draw.Normal(DType.Float32, 1, 4096, 1024))),
        ("sgemm 1024", () => Compiled.Of(
            MatrixProductSizes.Compile(DType.Float32), Draw.Normal(DType.Float32, 1, 1024, 1024), Draw.Normal(DType.Float32, 1, 1024, 1024))),
    ];

    private static NDArray Ten(DType dtype) => Draw.Normal(dtype, 1, ElementwiseMap.Count);
}
