using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Compiled functions as contenders.</summary>
internal static class Compiled
{
    /// <summary>A function that is called with the same arrays each time.</summary>
    public static Contender Of(Function function, params NDArray[] inputs)
    {
        Argument[] arguments = [.. inputs.Select(input => (Argument)input)];
        Results? last = null;
        return new InProcess(Question.Hypatia, () => last = function.Call(arguments), () => [.. last!]);
    }

    /// <summary>A function that is called for what it does to shared variables.</summary>
    public static Contender Step(Function function, IReadOnlyList<Shared> state, params NDArray[] inputs)
    {
        Argument[] arguments = [.. inputs.Select(input => (Argument)input)];
        return new InProcess(
            Question.Hypatia, () => function.Call(arguments), () => [.. state.Select(variable => variable.GetValue())]);
    }
}
