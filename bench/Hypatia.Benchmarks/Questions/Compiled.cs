using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Questions;

/// <summary>Compiled functions as contenders, called by the fastest path: a typed delegate, which allocates nothing.</summary>
internal static class Compiled
{
    /// <summary>
    /// A function whose outputs are written into arrays that are given once: like those of code by hand, as where an array
    /// starts in a page changes the time of what memory limits, by up to a half.
    /// </summary>
    public static Contender Of(Function function, params NDArray[] inputs)
    {
        Results results = function.Call([.. inputs.Select(input => (Argument)input)]);
        NDArray[] outputs = [.. results.Select(output => output.DType.IsFloat() ? Draw.Zeros(output.DType, [.. output.Shape]) : output)];
        return new InProcess(Question.Hypatia, Call(function, [.. inputs, .. outputs]), () => outputs);
    }

    /// <summary>
    /// A function that is called for what it does to shared variables. Its other outputs, if there are some, are written into
    /// arrays that are given.
    /// </summary>
    public static Contender Step(Function function, IReadOnlyList<Shared> state, NDArray[] inputs, params NDArray[] outputs) => new InProcess(
        Question.Hypatia,
        Call(function, [.. inputs, .. outputs]),
        () => [.. outputs, .. state.Select(variable => variable.GetValue())]);

    private static Action Call(Function function, NDArray[] x)
    {
        switch (x.Length)
        {
            case 0:
                return function.As<Action>();
            case 1:
                var one = function.As<Action<NDArray>>();
                return () => one(x[0]);
            case 2:
                var two = function.As<Action<NDArray, NDArray>>();
                return () => two(x[0], x[1]);
            case 3:
                var three = function.As<Action<NDArray, NDArray, NDArray>>();
                return () => three(x[0], x[1], x[2]);
            case 4:
                var four = function.As<Action<NDArray, NDArray, NDArray, NDArray>>();
                return () => four(x[0], x[1], x[2], x[3]);
            default:
                throw new NotSupportedException($"{x.Length} arrays");
        }
    }
}
