using Hypatia.Loops;
using Hypatia.Random;

namespace Hypatia;

/// <summary>Checking gradients against finite differences.</summary>
public static partial class T
{
    // By the dtype of the point: about the cube root of its precision, where a central difference errs least.
    private static double DefaultStep(DType dtype) => dtype == DType.Float32 ? 5e-3 : 1e-5;

    private static double DefaultTolerance(DType dtype) => dtype == DType.Float32 ? 1e-2 : 1e-4;

    /// <summary>Checks the gradient of a function of one tensor at a point.</summary>
    /// <inheritdoc cref="VerifyGrad(Func{Expr[], Expr}, IReadOnlyList{object}, int, RandomState?, double?, double?, double?)"/>
    public static void VerifyGrad(
        Func<Expr, Expr> fun,
        object point,
        int tests = 2,
        RandomState? random = null,
        double? eps = null,
        double? absTol = null,
        double? relTol = null) =>
        VerifyGrad((Expr[] x) => fun(x[0]), [point], tests, random, eps, absTol, relTol);

    /// <summary>
    /// Checks the gradients of a function's random projections Σ r·f(x), r uniform in 0.5 … 1.5, against central
    /// differences (f(x + eps) − f(x − eps)) / (2·eps): Theano's <c>verify_grad</c>. Passes where the absolute or
    /// the relative error |a − b| / (|a| + |b|) is within its tolerance.
    /// </summary>
    /// <param name="fun">A function from expressions to one of a float dtype.</param>
    /// <param name="points">A value for each argument. Integers and bools are passed and not differentiated.</param>
    /// <param name="tests">How many projections are tried.</param>
    /// <param name="random">Where projections come from; a generator seeded with 0 if null.</param>
    /// <param name="eps">The step: 1e-5 for float64 and 5e-3 for float32 unless given.</param>
    /// <param name="absTol">Absolute tolerance: 1e-4 for float64 and 1e-2 for float32 unless given.</param>
    /// <param name="relTol">Relative tolerance, likewise.</param>
    /// <exception cref="GradientException">The gradients differ, or <paramref name="fun"/> is not differentiable.</exception>
    public static void VerifyGrad(
        Func<Expr[], Expr> fun,
        IReadOnlyList<object> points,
        int tests = 2,
        RandomState? random = null,
        double? eps = null,
        double? absTol = null,
        double? relTol = null)
    {
        random ??= new RandomState(0);
        NDArray[] values = [.. points.Select(point => NDArray.From(point).Copy())];
        Expr[] inputs = [.. values.Select((value, k) => Tensor(value.DType, Hypatia.Shape.UnknownOf(value.Rank), $"x{k}"))];
        Expr output = fun(inputs);
        int[] wrt = [.. Enumerable.Range(0, inputs.Length).Where(k => inputs[k].DType.IsFloat())];
        Expr weights = Tensor(DType.Float64, Hypatia.Shape.UnknownOf(output.Rank), "r");
        Expr cost = Sum(Cast(output, DType.Float64) * weights);
        In[] arguments = [.. inputs.Append(weights).Select(x => new In(x))];
        Function costOf = Function(arguments, cost, onUnusedInput: OnUnusedInput.Ignore);
        Function gradientsOf = Function(
            arguments,
            Grad(cost, wrt.Select(k => inputs[k]).ToArray(), disconnectedInputs: DisconnectedInputs.Ignore),
            onUnusedInput: OnUnusedInput.Ignore);
        NDArray shape = Function([.. inputs.Select(x => new In(x))], Shape(output), onUnusedInput: OnUnusedInput.Ignore)
            .Call([.. values.Select(value => new Argument(value))])[0];

        for (int test = 0; test < tests; test++)
        {
            NDArray projection = NDArray.Zeros(DType.Float64, new Shape(shape.AsSpan<long>()));
            for (long k = 0; k < projection.Count; k++)
            {
                projection.Set(k, ScalarValue.Of(DType.Float64, random.Rand() + 0.5));
            }

            NDArray[] analytic = [.. gradientsOf.Call(Arguments(values, projection))];
            for (int k = 0; k < wrt.Length; k++)
            {
                DType dtype = inputs[wrt[k]].DType;
                NDArray numeric = NumericGrad(
                    changed => (double)costOf.Call(Arguments(changed, projection)), values, wrt[k], eps);
                Compare(
                    wrt[k], analytic[k], numeric, absTol ?? DefaultTolerance(dtype), relTol ?? DefaultTolerance(dtype));
            }
        }
    }

    /// <summary>The gradient of a function of several tensors at a point, by central differences, in float64.</summary>
    /// <param name="function">From tensors to a number.</param>
    /// <param name="points">The point.</param>
    /// <param name="wrt">Which of the tensors the gradient is with respect to: one of a float dtype.</param>
    /// <param name="eps">The step: 1e-5 for float64 and 5e-3 for float32 unless given.</param>
    public static NDArray NumericGrad(
        Func<NDArray[], double> function, IReadOnlyList<NDArray> points, int wrt = 0, double? eps = null)
    {
        NDArray[] changed = [.. points];
        NDArray at = points[wrt].Copy();
        changed[wrt] = at;
        double step = eps ?? DefaultStep(at.DType);
        NDArray gradient = NDArray.Zeros(DType.Float64, at.Shape);
        for (long k = 0; k < at.Count; k++)
        {
            ScalarValue middle = at.Scalar(k);
            double above = At(middle.AsDouble + step, out double high);
            double below = At(middle.AsDouble - step, out double low);
            at.Set(k, middle);

            // The step that was taken, as rounding to the dtype left it.
            gradient.Set(k, ScalarValue.Of(DType.Float64, (above - below) / (high - low)));

            double At(double x, out double rounded)
            {
                at.Set(k, ScalarValue.Of(at.DType, x));
                rounded = at.Scalar(k).AsDouble;
                return function(changed);
            }
        }

        return gradient;
    }

    private static Argument[] Arguments(NDArray[] values, NDArray projection) =>
        [.. values.Append(projection).Select(value => new Argument(value))];

    private static void Compare(int argument, NDArray analytic, NDArray numeric, double absTol, double relTol)
    {
        for (long k = 0; k < numeric.Count; k++)
        {
            double a = analytic.Scalar(k).AsDouble;
            double b = numeric.Scalar(k).AsDouble;
            double absolute = Math.Abs(a - b);
            double relative = absolute / Math.Max(Math.Abs(a) + Math.Abs(b), 1e-8);
            if (!(absolute <= absTol || relative <= relTol))
            {
                throw new GradientException(
                    "numeric gradient and analytic gradient exceed tolerance:\n"
                    + $"  At position {k} of argument {argument} with shape {numeric.Shape},\n"
                    + $"    analytic = {a:R}, numeric = {b:R},\n"
                    + $"    abs. error = {absolute:0.######}, abs. tolerance = {absTol:0.######},\n"
                    + $"    rel. error = {relative:0.######}, rel. tolerance = {relTol:0.######}\n"
                    + "  Fix: correct the op's gradient rule; or, where the function is steep or has a kink, choose another "
                    + "point, eps or tolerance.");
            }
        }
    }
}
