using static Hypatia.Tests.Errors.Line;

namespace Hypatia.Tests.Errors;

/// <summary>The full texts of mistakes in updates, givens and values of shared variables.</summary>
public class UpdateErrorsTests
{
    private static readonly double[,] Row = { { 1, 2 } };

    [Fact]
    public void Two_updates_of_one_variable()
    {
        Shared w = T.Shared(new double[2, 2], "W"); string made = Here();
        Expr second = w * 2; string twice = Here();

        Assert.Equal(
            $"""
            This shared variable already has an update expression: W: TensorType(float64, matrix), created at {made}
              Second update: Mul(W, Dimshuffle.0): TensorType(float64, matrix), created at {twice}
              Fix: give one update per variable; combine the expressions into one.
            """,
            Raised<FunctionException>(() => T.Function([], updates: [(w, w + 1), (w, second)])));
    }

    [Fact]
    public void An_update_of_another_type()
    {
        Shared w = T.Shared(new float[2, 2], "W"); string made = Here();
        Expr wider = w * T.Constant(1.0, DType.Float64, "half"); string widened = Here();
        Expr smaller = T.Sum(w, 0); string reduced = Here();

        Assert.Equal(
            $"""
            An update must have the same type as the original shared variable.
              Variable: W: TensorType(float32, matrix), created at {made}
              Update: Mul(Cast{"{float64}"}.0, Dimshuffle.0): TensorType(float64, matrix), created at {widened}
              Fix: cast the update, T.Cast(…, "float32"), or make the variable float64.
            """,
            Raised<FunctionException>(() => T.Function([], updates: [(w, wider)])));
        Assert.Equal(
            $"""
            An update must have the same type as the original shared variable.
              Variable: W: TensorType(float32, matrix), created at {made}
              Update: Sum{"{axis=(0,)}"}(W): TensorType(float32, vector), created at {reduced}
              Fix: reduce or reshape the update to the variable's rank.
            """,
            Raised<FunctionException>(() => T.Function([], updates: [(w, smaller)])));
    }

    [Fact]
    public void A_literal_that_an_integer_variable_cannot_hold()
    {
        Shared n = T.Shared(0, "n"); string made = Here();
        Expr half = 0.5; string literal = Here();

        Assert.Equal(
            $"""
            An update must have the same type as the original shared variable.
              Variable: n: TensorType(int64, scalar), created at {made}
              Update: Constant{"{0.5}"}: TensorType(float64, scalar), created at {literal}
              Fix: cast the update, T.Cast(…, "int64"), or make the variable float64.
            """,
            Raised<FunctionException>(() => T.Function([], updates: [(n, half)])));
    }

    [Fact]
    public void Givens_that_do_not_fit()
    {
        (Expr x, Expr y) = (T.FVector("x"), T.Matrix("y")); string made = Here();

        Assert.Equal(
            $"""
            A given of dtype float64 can't replace an expression of float32.
              Replaced: x: TensorType(float32, vector), created at {made}
              By: y: TensorType(float64, matrix), created at {made}
              Fix: cast the replacement, T.Cast(…, "float32").
            """,
            Raised<FunctionException>(() => T.Function([y], x * 2, givens: [(x, y)])));
        Assert.Equal(
            $"""
            A given of 1 axes can't replace an expression of 2.
              Replaced: y: TensorType(float64, matrix), created at {made}
              By: x: TensorType(float32, vector), created at {made}
              Fix: use an expression of the same rank.
            """,
            Raised<FunctionException>(() => T.Function([x], y * 2, givens: [(y, x)])));
        Assert.Equal(
            $"""
            An expression is replaced twice: y: TensorType(float64, matrix), created at {made}
              Fix: give one replacement for it.
            """,
            Raised<FunctionException>(() => T.Function([], y * 2, givens: [(y, Row), (y, Row)])));
    }

    [Fact]
    public void Values_that_a_shared_variable_cannot_hold()
    {
        Shared w = T.Shared(new double[2, 2], "W1"); string made = Here();

        Assert.Equal(
            $"""
            Bad value of shared variable 'W1': wrong number of dimensions: expected 2, got 3 with shape (3, 3, 3).
              For: W1: TensorType(float64, matrix), created at {made}
              Given: float64 of shape (3, 3, 3)
              Fix: pass data of 2 axes, or declare the variable with 3.
            """,
            Raised<ShapeException>(() => w.SetValue(new double[3, 3, 3])));
        Shared n = T.Shared(new int[2]); string anonymous = Here();
        Assert.Equal(
            $"""
            Bad value of shared variable without a name: TensorType(int32, vector) cannot store a value of dtype float32 without risking loss of precision.
              For: (no name): TensorType(int32, vector), created at {anonymous}
              Given: float32 of shape (2,)
              Fix: convert the data to int32.
            """,
            Raised<DTypeException>(() => n.SetValue(new float[2])));
        Assert.Equal(4, w.GetValue().Count);
    }
}
