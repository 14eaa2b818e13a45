using static Hypatia.Tests.Errors.Line;

namespace Hypatia.Tests.Errors;

/// <summary>The full texts of other mistakes in building expressions: misuse, dtypes, gradients.</summary>
public class ExpressionErrorsTests
{
    [Fact]
    public void An_expression_as_a_condition()
    {
        Expr x = T.Scalar("x"); string atX = Here();
        Expr positive = x > 0; string made = Here();
        string expected =
            $$"""
            An expression has no truth value: Lt(Constant{0.0}, x): TensorType(bool, scalar), created at {{made}}
              It is not computed yet. Use T.Switch(condition, a, b) to choose by element, & | ~ to combine conditions, T.Eq(a, b) to compare, or Eval to get a value.
            """;

        Assert.Equal(expected, Raised<InvalidOperationException>(() =>
        {
            if (positive)
            {
                throw new InvalidCastException();
            }
        }));
        Assert.StartsWith("An expression has no truth value: ", Raised<InvalidOperationException>(() => _ = positive && x < 1 ? 1 : 0), StringComparison.Ordinal);
        Assert.StartsWith("An expression has no truth value: ", Raised<InvalidOperationException>(() => _ = positive || x < 1 ? 1 : 0), StringComparison.Ordinal);
        Assert.Contains(atX, Raised<InvalidOperationException>(() => _ = x ? 1 : 0), StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_enumerated()
    {
        Expr x = T.Vector("x"); string made = Here();

        Assert.Equal(
            $"""
            An expression can't be enumerated: x: TensorType(float64, vector), created at {made}
              It has no elements before it is computed. Use x[i] for the i-th row, T.Sum, T.Max … over an axis, or Eval to get values.
            """,
            Raised<InvalidOperationException>(() =>
            {
                foreach (Expr row in x)
                {
                    _ = row;
                }
            }));
    }

    [Fact]
    public void An_index_that_is_no_integer()
    {
        (Expr x, Expr i) = (T.Vector("x"), T.Scalar("i")); string made = Here();
        Expr mask = x > 0; string masked = Here();

        Assert.Equal(
            $"""
            An index must be an integer, not float64.
              Op: Subtensor
              Operand 0: i: TensorType(float64, scalar), created at {made}
              Fix: cast it with T.Cast(…, "int64").
            """,
            Raised<DTypeException>(() => _ = x[i]));
        Assert.Contains($", created at {masked}\n  Fix: choose with T.Switch(mask, x, 0)", Raised<DTypeException>(() => _ = x[mask]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_is_no_integer()
    {
        Expr n = T.Scalar("n"); string made = Here();

        Assert.Equal(
            $"""
            A length or an index must be an integer scalar.
              Op: length
              Operand 0: n: TensorType(float64, scalar), created at {made}
              Fix: cast it with T.Cast(…, "int64").
            """,
            Raised<DTypeException>(() => T.Zeros([n])));
    }

    [Fact]
    public void An_unknown_dtype()
    {
        string expected =
            "There is no dtype 'float46'; use one of bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, "
            + "float32, float64. (Parameter 'name')";

        Assert.Equal(expected, Raised<ArgumentException>(() => T.Cast(T.Vector("x"), "float46")));
        Assert.Equal(expected, Raised<ArgumentException>(() => T.Vector("x").AsType("float46")));
    }

    [Fact]
    public void Values_that_are_no_tensors()
    {
        Assert.Equal(
            """
            A value of type Decimal is not a tensor.
              Fix: pass a number or bool, an array or list of them (of any rank, or nested), a Tensor<T>, or an NDArray.
            """,
            Raised<DTypeException>(() => T.Shared(1.0m)));
        Assert.Equal(
            """
            Nested arrays must have equal lengths: element 0 has shape (2,), element 2 has (3,).
              Fix: make all rows equally long, for example by padding the short ones.
            """,
            Raised<ShapeException>(() => T.Constant(new double[][] { [1, 2], [3, 4], [5, 6, 7] })));
    }

    [Fact]
    public void A_cost_that_is_no_scalar()
    {
        Expr x = T.Vector("x");
        Expr y = x * x; string made = Here();

        Assert.Equal(
            $"""
            cost must be a scalar.
              Given: Mul(x, x): TensorType(float64, vector), created at {made}
              Fix: reduce it first, with .Sum() or .Mean().
            """,
            Raised<GradientException>(() => T.Grad(y, x)));
    }

    [Fact]
    public void A_cost_that_is_no_float()
    {
        Expr n = T.LScalar("n"); string made = Here();

        Assert.Equal(
            $"""
            cost must be a float, not int64.
              Given: n: TensorType(int64, scalar), created at {made}
              Fix: cast what it is computed from.
            """,
            Raised<GradientException>(() => T.Grad(n, n)));
    }

    [Fact]
    public void A_gradient_with_respect_to_integers()
    {
        Expr n = T.LVector("n"); string made = Here();

        Assert.Equal(
            $"""
            A gradient with respect to int64 values does not exist.
              Given: n: TensorType(int64, vector), created at {made}
              Fix: cast it to a float before it is used, and differentiate with respect to that.
            """,
            Raised<GradientException>(() => T.Grad(T.Sum(n * 1.5), n)));
    }

    [Fact]
    public void A_gradient_with_respect_to_what_the_cost_does_not_depend_on()
    {
        (Expr x, Expr y) = (T.Scalar("x"), T.Scalar("y")); string made = Here();
        Expr cost = x * x; string computed = Here();

        Assert.Equal(
            $"""
            The cost does not depend on an expression that a gradient is asked for.
              Cost: Mul(x, x): TensorType(float64, scalar), created at {computed}
              Expression: y: TensorType(float64, scalar), created at {made}
              Fix: leave it out, or pass disconnectedInputs: DisconnectedInputs.Ignore.
            """,
            Raised<GradientException>(() => T.Grad(cost, y)));
        Assert.Equal(
            "There is nothing to differentiate: give a cost, or known gradients.",
            Raised<GradientException>(() => T.Grad(null, [x])));
    }

    [Fact]
    public void Crossentropy_of_float_labels()
    {
        (Expr p, Expr y) = (T.Matrix("p"), T.Vector("y")); string made = Here();

        Assert.Equal(
            $"""
            Class labels must be integers, not float64.
              Op: CategoricalCrossentropy
              Operand 0: p: TensorType(float64, matrix), created at {made}
              Operand 1: y: TensorType(float64, vector), created at {made}
              Fix: use T.LVector for labels, or a matrix for distributions.
            """,
            Raised<DTypeException>(() => NNet.CategoricalCrossentropy(p, y)));
    }

    [Fact]
    public void An_unknown_flag()
    {
        Assert.Equal(
            "HYPATIA_FLAGS: there is no flag 'flotX'. Known: floatX, strict, origins, rewrite, threads, debug, device.",
            Raised<ArgumentException>(() => Compilation.Flags.Parse("flotX=float32", new Options())));
        Assert.Equal(
            "HYPATIA_FLAGS: floatX is float32 or float64, not 'float16'.",
            Raised<ArgumentException>(() => Compilation.Flags.Parse("floatX=float16", new Options())));
    }
}
