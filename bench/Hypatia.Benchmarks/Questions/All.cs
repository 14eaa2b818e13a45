using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>All questions, in the order of the table.</summary>
internal static class All
{
    public static IReadOnlyList<Question> Questions { get; } =
    [
        new TutorialStep("S3", 3, 2.2e-6),
        new TutorialStep("S100", 100, 30e-6),
        new LargeStep(),
        new LayersStep(),
        new LogisticStep(),
        new ElementwiseMap(DType.Float32),
        new ElementwiseMap(DType.Float64),
        new AxpbMap(),
        new RowFunction(RowFunctionKind.Softmax),
        new RowFunction(RowFunctionKind.LogSoftmax),
        new RowFunction(RowFunctionKind.LogSumExp),
        new MatrixSum(MatrixSumKind.All),
        new MatrixSum(MatrixSumKind.Axis0),
        new MatrixSum(MatrixSumKind.Axis1),
        new MatrixSum(MatrixSumKind.MeanAndVariance),
        new MatrixProductSizes(DType.Float32),
        new MatrixProductSizes(DType.Float64),
        new VectorMathFunctions(DType.Float32),
        new VectorMathFunctions(DType.Float64),
        new CallOverhead(),
        new FirstStep(),
        new LargeGraphs(),
        new VaryingBatches(),
        new Cores(),
        new TemporaryMemory(),
    ];
}
