namespace Hypatia.Tests.Ops;

/// <summary>An argument of an op: its shape, the range of its values, and its dtype if that is always the same.</summary>
internal sealed record Arg(int[] Shape, double Low = -2, double High = 2, DType? DType = null);

/// <summary>An op, what it computes, and what it is tried on.</summary>
/// <param name="Op">The record that defines it.</param>
/// <param name="Name">Its name in the list of tests.</param>
/// <param name="Build">An expression that applies it.</param>
/// <param name="Formula">The same in doubles, independently.</param>
/// <param name="Result">The type rule: the dtype of the result for one of the arguments.</param>
/// <param name="Args">The arguments.</param>
internal sealed record OpRow(
    Type Op, string Name, Func<Expr[], Expr> Build, Func<Dense[], Dense> Formula, Func<DType, DType> Result, Arg[] Args)
{
    /// <summary>Other shapes of the arguments: empty axes, axes of length 1.</summary>
    public int[][][] Edges { get; init; } = [];

    /// <summary>Dtypes of the arguments besides float32 and float64.</summary>
    public DType[] Integers { get; init; } = [];

    /// <summary>Whether it takes floats.</summary>
    public bool Floats { get; init; } = true;

    /// <summary>Whether it has gradients that finite differences can check.</summary>
    public bool Smooth { get; init; } = true;

    /// <summary>Whether infinities and NaN obey the formula.</summary>
    public bool Special { get; init; } = true;

    /// <summary>Relative to the largest element, for float64 and float32.</summary>
    public (double Double, double Single) Tolerance { get; init; } = (1e-14, 1e-6);

    /// <summary>What ToString gives over x0, x1, ….</summary>
    public required string Text { get; init; }

    public override string ToString() => Name;
}
