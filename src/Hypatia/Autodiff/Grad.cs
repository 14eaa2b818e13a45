using Hypatia.Autodiff;
using Hypatia.Diagnostics;
using Hypatia.Rewriting;

namespace Hypatia;

/// <summary>What to do about an expression that a gradient is asked for, and on which the cost does not depend.</summary>
public enum DisconnectedInputs
{
    /// <summary>An error.</summary>
    Raise,

    /// <summary>Zeros, and a line on standard error.</summary>
    Warn,

    /// <summary>Zeros.</summary>
    Ignore,
}

/// <summary>Gradients.</summary>
public static partial class T
{
    /// <summary>The gradient of a scalar cost: an expression of the shape and dtype of <paramref name="wrt"/>.</summary>
    /// <inheritdoc cref="Grad(Expr?, IReadOnlyList{Expr}, IReadOnlyList{Expr}?, DisconnectedInputs, IReadOnlyDictionary{Expr, Expr}?)"/>
    public static Expr Grad(
        Expr cost,
        Expr wrt,
        IReadOnlyList<Expr>? considerConstant = null,
        DisconnectedInputs disconnectedInputs = DisconnectedInputs.Raise,
        IReadOnlyDictionary<Expr, Expr>? knownGrads = null) =>
        Grad(cost, [wrt], considerConstant, disconnectedInputs, knownGrads)[0];

    /// <summary>
    /// The gradients of a scalar cost with respect to several expressions: each of the shape and dtype of its expression.
    /// They are expressions and can be differentiated again.
    /// </summary>
    /// <param name="cost">A float scalar; may be null if <paramref name="knownGrads"/> is given.</param>
    /// <param name="wrt">Float expressions: inputs, shared variables, or intermediate results.</param>
    /// <param name="considerConstant">Expressions through which nothing is differentiated.</param>
    /// <param name="disconnectedInputs">What to do if the cost does not depend on one of <paramref name="wrt"/>.</param>
    /// <param name="knownGrads">Expressions whose gradients are known already, and start the chain rule.</param>
    /// <exception cref="GradientException">
    /// The cost is no float scalar; one of <paramref name="wrt"/> is no float, or does not affect the cost.
    /// </exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]    // an Expr[] converts to a constant, too
    public static Expr[] Grad(
        Expr? cost,
        IReadOnlyList<Expr> wrt,
        IReadOnlyList<Expr>? considerConstant = null,
        DisconnectedInputs disconnectedInputs = DisconnectedInputs.Raise,
        IReadOnlyDictionary<Expr, Expr>? knownGrads = null)
    {
        Check(cost, wrt, knownGrads);
        HashSet<Expr> kept = [.. wrt, .. considerConstant ?? [], .. knownGrads?.Keys ?? []];
        List<Seed> seeds = [];
        using (Origin.Use(cost?.Origin))
        {
            if (cost is not null)
            {
                Expr stable = Passes.Stabilize(cost, kept);
                seeds.Add(new Seed(stable, Cast(1, cost.DType)));
            }

            foreach (Expr known in knownGrads?.Keys ?? [])
            {
                seeds.Add(new Seed(known, knownGrads![known]));
            }

            Expr?[] gradients = Reverse.Through(seeds, wrt, (considerConstant ?? []).ToHashSet());
            return [.. wrt.Select((x, k) => gradients[k] ?? Disconnected(cost, x, disconnectedInputs))];
        }
    }

    /// <summary>The gradient of Σ f·evalPoint with respect to each of <paramref name="wrt"/>: a row vector times the Jacobian.</summary>
    /// <exception cref="GradientException">f does not depend on one of <paramref name="wrt"/>.</exception>
    public static Expr Lop(Expr f, Expr wrt, Expr evalPoint) =>
        Reverse.Through(f, evalPoint, [wrt])[0] ?? Disconnected(f, wrt, DisconnectedInputs.Raise);

    /// <summary>The derivative of f along a direction of <paramref name="wrt"/>: the Jacobian times a column vector.</summary>
    /// <remarks>Made from two reverse passes: Lop is linear in its point, and the gradient of a linear map is its transpose.</remarks>
    /// <exception cref="GradientException">f does not depend on <paramref name="wrt"/>.</exception>
    /// <exception cref="ShapeException">The direction has not the rank of <paramref name="wrt"/>.</exception>
    public static Expr Rop(Expr f, Expr wrt, Expr evalPoint)
    {
        if (evalPoint.Rank != wrt.Rank)
        {
            throw new ShapeException(
                $"A direction of {evalPoint.Rank} axes for an expression of {wrt.Rank}.",
                nameof(Rop),
                [wrt, evalPoint],
                "give a direction of the same shape as the expression.");
        }

        Expr point = ZerosLike(f);
        Expr direction = Hypatia.SpecifyShape.Of(evalPoint, Lengths.Of(wrt));
        return Reverse.Through(Lop(f, wrt, point), direction, [point])[0] ?? ZerosLike(f);
    }

    private static void Check(Expr? cost, IReadOnlyList<Expr> wrt, IReadOnlyDictionary<Expr, Expr>? knownGrads)
    {
        if (cost is null && knownGrads is null or { Count: 0 })
        {
            throw new GradientException("There is nothing to differentiate: give a cost, or known gradients.");
        }

        if (cost is not null && cost.Rank != 0)
        {
            throw new GradientException(
                $"cost must be a scalar.\n  Given: {cost.Describe()}\n  Fix: reduce it first, with .Sum() or .Mean().");
        }

        if (cost is not null && !cost.DType.IsFloat())
        {
            throw new GradientException(
                $"cost must be a float, not {cost.DType.Name()}.\n  Given: {cost.Describe()}\n  Fix: cast what it is computed from.");
        }

        if (wrt.FirstOrDefault(x => !x.DType.IsFloat()) is { } integer)
        {
            throw new GradientException(
                $"A gradient with respect to {integer.DType.Name()} values does not exist.\n  Given: {integer.Describe()}\n"
                + "  Fix: cast it to a float before it is used, and differentiate with respect to that.");
        }
    }

    private static Expr Disconnected(Expr? cost, Expr x, DisconnectedInputs choice)
    {
        string message =
            $"The cost does not depend on an expression that a gradient is asked for.\n  Cost: {cost?.Describe()}\n"
            + $"  Expression: {x.Describe()}\n  Fix: leave it out, or pass disconnectedInputs: DisconnectedInputs.Ignore.";
        if (choice == DisconnectedInputs.Raise)
        {
            throw new GradientException(message);
        }

        if (choice == DisconnectedInputs.Warn)
        {
            Console.Error.WriteLine("Hypatia: " + message);
        }

        return ZerosLike(x);
    }
}
