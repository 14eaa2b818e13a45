using static Hypatia.Tests.Errors.Line;

namespace Hypatia.Tests.Errors;

/// <summary>The full texts of mistakes in making and calling functions.</summary>
public class FunctionErrorsTests
{
    private static readonly double[,] Row = { { 1, 2 } };
    private static readonly Expr X = T.Scalar("x");

    [Fact]
    public void An_argument_of_the_wrong_dtype()
    {
        (Expr x, Expr y) = (T.Matrix("X"), T.LVector("y")); string made = Here();
        Function f = T.Function([x, y], x + y, name: "calculate_loss");

        Assert.Equal(
            $"""
            Bad argument 1 of function 'calculate_loss': TensorType(int64, vector) cannot store a value of dtype float64 without risking loss of precision.
              For: y: TensorType(int64, vector), created at {made}
              Given: float64 of shape (2,)
              Fix: convert the data to int64, or pass allowInputDowncast: true to T.Function.
            """,
            Raised<DTypeException>(() => f.Call(Row, new[] { 0.0, 1.0 })));
        Assert.Equal(
            "Bad argument 1 of function 'calculate_loss': TensorType(int64, vector) cannot store a value of dtype float64",
            Raised<DTypeException>(() => f.Call(Row, new("y", new[] { 0.5, 1.0 })))[..108]);
    }

    [Fact]
    public void An_argument_of_the_wrong_rank()
    {
        Expr x = T.Matrix("X"); string made = Here();
        Function f = T.Function([x], x * 2); string compiled = Here();

        Assert.Equal(
            $$"""
            Bad argument 0 of the function compiled at {{compiled}}: wrong number of dimensions: expected 2, got 1 with shape (2,).
              For: X: TensorType(float64, matrix), created at {{made}}
              Given: float64 of shape (2,)
              Fix: pass data of 2 axes, such as one row of a batch as { { … } }, or declare the variable with 1.
            """,
            Raised<ShapeException>(() => f.Call(new[] { 1.0, 2.0 })));
        Assert.Equal(
            $"""
            Bad argument 0 of the function compiled at {compiled}: wrong number of dimensions: expected 2, got 3 with shape (1, 1, 1).
              For: X: TensorType(float64, matrix), created at {made}
              Given: float64 of shape (1, 1, 1)
              Fix: pass data of 2 axes, or declare the variable with 3.
            """,
            Raised<ShapeException>(() => f.Call(new double[1, 1, 1])));
    }

    [Fact]
    public void An_argument_of_a_length_that_the_type_excludes()
    {
        Expr x = T.Tensor(DType.Float32, [Shape.Unknown, 3], "x"); string made = Here();
        Function f = T.Function([x], x * 2, name: "twice");

        Assert.Equal(
            $"""
            Bad argument 0 of function 'twice': expected lengths (?, 3), got (5, 4).
              For: x: TensorType(float32, (?, 3)), created at {made}
              Given: float32 of shape (5, 4)
              Fix: pass data of the declared lengths, or declare the variable with unknown ones.
            """,
            Raised<ShapeException>(() => f.Call(new float[5, 4])));
    }

    [Fact]
    public void An_argument_that_is_no_tensor()
    {
        Expr x = T.Vector("x"); string made = Here();
        Function f = T.Function([x], x * 2, name: "twice");

        Assert.Equal(
            $"""
            Bad argument 0 of function 'twice': A value of type String is not a tensor.
              Fix: pass a number or bool, an array or list of them (of any rank, or nested), a Tensor<T>, or an NDArray.
              For: x: TensorType(float64, vector), created at {made}
            """,
            Raised<DTypeException>(() => f.Call(new Argument("1, 2"))));
        Assert.Equal(
            $"""
            Bad argument 0 of function 'twice': An expression is not a value: x: TensorType(float64, vector), created at {made}
              Fix: pass data, or compute it with Eval first.
              For: x: TensorType(float64, vector), created at {made}
            """,
            Raised<DTypeException>(() => f.Call(new Argument(x))));
        Assert.Equal(
            $"""
            Bad argument 0 of function 'twice': Nested arrays must have equal lengths: element 0 has shape (2,), element 1 has (1,).
              Fix: make all rows equally long, for example by padding the short ones.
              For: x: TensorType(float64, vector), created at {made}
            """,
            Raised<ShapeException>(() => f.Call(new double[][] { [1, 2], [3] })));
        Assert.Equal(
            $"""
            Bad argument 0 of function 'twice': A nested array contains null.
              Fix: fill all rows before passing it.
              For: x: TensorType(float64, vector), created at {made}
            """,
            Raised<DTypeException>(() => f.Call(new double[2][])));
        Assert.Equal(
            "An argument is null; leave it out to use the input's default. (Parameter 'value')",
            Raised<ArgumentNullException>(() => f.Call((double[])null!)));
    }

    [Fact]
    public void A_missing_argument()
    {
        (Expr x, Expr y) = (T.Matrix("X"), T.LVector("y")); string made = Here();
        Function f = T.Function([x, y], x + y); string compiled = Here();

        Assert.Equal(
            $"""
            Missing required input: y: TensorType(int64, vector), created at {made}
              Function: the function compiled at {compiled}
              Inputs: X: TensorType(float64, matrix), y: TensorType(int64, vector)
              Fix: pass a value for it, or give it a default with new In(variable, value).
            """,
            Raised<FunctionException>(() => f.Call(Row)));
    }

    [Fact]
    public void Too_many_arguments()
    {
        Function f = T.Function([X], X + 1, name: "next");

        Assert.Equal(
            """
            Too many arguments: function 'next' takes 1, and got 2.
              Inputs: x: TensorType(float64, scalar)
              Fix: leave the others out; an array of rows is one argument.
            """,
            Raised<FunctionException>(() => f.Call(1, 2)));
    }

    [Fact]
    public void An_argument_of_an_unknown_name()
    {
        Expr x = T.Scalar("x");
        Function f = T.Function([x], x + 1, name: "next");

        Assert.Equal(
            """
            No input 'z': function 'next' has none of that name.
              Inputs: x: TensorType(float64, scalar)
              Fix: use one of these names.
            """,
            Raised<FunctionException>(() => f.Call(new Argument("z", 2))));
    }

    [Fact]
    public void An_argument_given_twice()
    {
        Expr x = T.Scalar("x"); string made = Here();
        Function f = T.Function([x], x + 1, name: "next");

        Assert.Equal(
            $"""
            Input given twice: x: TensorType(float64, scalar), created at {made}
              Function: function 'next'
              Fix: pass it by position or by name, not both.
            """,
            Raised<FunctionException>(() => f.Call(1, new("x", 2))));
    }

    [Fact]
    public void An_input_that_is_not_listed()
    {
        (Expr x, Expr y) = (T.Matrix("X"), T.LVector("y")); string made = Here();
        Expr loss = T.Sum(x + y); string used = Here();

        Assert.Equal(
            $"""
            An input of the graph was not provided and not given a value: y: TensorType(int64, vector), created at {made}
              Used by: Cast{"{float64}"}(y): TensorType(float64, vector), created at {used}
              Fix: add it to the function's inputs, or replace it through givens.
            """,
            Raised<FunctionException>(() => T.Function([x], loss)));
        Assert.Equal(
            $"""
            An input of the graph was not provided and not given a value: y: TensorType(int64, vector), created at {made}
              Used by: Cast{"{float64}"}(y): TensorType(float64, vector), created at {used}
              Fix: pass its value: Eval((variable, value)).
            """,
            Raised<FunctionException>(() => loss.Eval((x, Row))));
    }

    [Fact]
    public void An_input_that_nothing_uses()
    {
        (Expr x, Expr y) = (T.Matrix("X"), T.LVector("y")); string made = Here();

        Assert.Equal(
            $"""
            An input is not used to compute the outputs or updates: y: TensorType(int64, vector), created at {made}
              Fix: leave it out, or pass onUnusedInput: OnUnusedInput.Ignore (or Warn) to T.Function.
            """,
            Raised<FunctionException>(() => T.Function([x, y], x * 2)));
    }

    [Fact]
    public void An_input_listed_twice()
    {
        Expr x = T.Matrix("X"); string made = Here();

        Assert.Equal(
            $"""
            An input is given twice: X: TensorType(float64, matrix), created at {made}
              Fix: list it once.
            """,
            Raised<FunctionException>(() => T.Function([x, x], x * 2)));
    }

    [Fact]
    public void An_input_that_is_no_variable()
    {
        Expr x = T.Matrix("X");
        Expr twice = x * 2; string made = Here();
        Shared w = T.Shared(1.0, "w"); string shared = Here();

        Assert.Equal(
            $$"""
            An input must be a variable, such as T.Matrix makes: Mul(X, Dimshuffle.0): TensorType(float64, matrix), created at {{made}}
              Fix: use givens to replace other expressions; shared variables need not be passed.
            """,
            Raised<FunctionException>(() => T.Function([twice], twice + 1)));
        Assert.Equal(
            $"""
            An input must be a variable, such as T.Matrix makes: w: TensorType(float64, scalar), created at {shared}
              Fix: use givens to replace other expressions; shared variables need not be passed.
            """,
            Raised<FunctionException>(() => T.Function([w], w + 1)));
    }

    [Fact]
    public void A_null_where_an_expression_should_be()
    {
        Expr x = T.Vector("x");
        Expr nothing = null!;

        Assert.Equal("Value cannot be null. (Parameter 'y')", Raised<ArgumentNullException>(() => _ = x + nothing));
        Assert.Equal("Value cannot be null. (Parameter 'x')", Raised<ArgumentNullException>(() => T.Tanh(nothing)));
        Assert.Equal("Value cannot be null. (Parameter 'y')", Raised<ArgumentNullException>(() => x.Dot(nothing)));
        Assert.Equal("Value cannot be null. (Parameter 'inputs')", Raised<ArgumentNullException>(() => T.Function(null!, x)));
        Assert.Equal("Value cannot be null. (Parameter 'outputs')", Raised<ArgumentNullException>(() => T.Function([x], nothing)));
        Assert.Equal("Value cannot be null. (Parameter 'variable')", Raised<ArgumentNullException>(() => T.Function([nothing], x)));
        Assert.Equal("Value cannot be null. (Parameter 'value')", Raised<ArgumentNullException>(() => T.Shared(null!)));
        Assert.Equal("Value cannot be null. (Parameter 'value')", Raised<ArgumentNullException>(() => T.Shared(1.0).SetValue(null!)));
    }

    [Fact]
    public void Asking_for_one_of_several_outputs()
    {
        Expr x = T.Scalar("x");
        Results two = T.Function([x], [(x + 1).Named("next"), x * 2]).Call(1);
        Results none = T.Function([], updates: [(T.Shared(0.0), 1.0)]).Call();

        Assert.Equal(
            """
            The function has 2 outputs (next, #1), so its result is no single value.
              Fix: choose one by its index.
            """,
            Raised<FunctionException>(() => _ = (double)two));
        Assert.Equal(
            """
            The function has no outputs, so its result is no single value.
              Fix: choose one by its index.
            """,
            Raised<FunctionException>(() => _ = none.Single));
        Assert.Equal("There is no output 2: the function has 2 outputs (next, #1).", Raised<FunctionException>(() => _ = two[2]));
        Assert.Equal(
            """
            There is no output 'loss': the function has 2 outputs (next, #1).
              Fix: name the output, x.Named("loss"), or use its index.
            """,
            Raised<FunctionException>(() => _ = two["loss"]));
    }

    [Fact]
    public void Asking_for_a_default_that_does_not_exist()
    {
        (Expr x, Expr s) = (T.Scalar("x"), T.Scalar("s"));
        Function f = T.Function([x, new In(s, value: 1)], x + s, name: "f");

        Assert.Equal(
            """
            No value: input 'x' of function 'f' has no default.
              Inputs: x: TensorType(float64, scalar), s: TensorType(float64, scalar)
              Fix: give it one with new In(variable, value).
            """,
            Raised<FunctionException>(() => _ = f["x"]));
        Assert.Equal(
            """
            No input 'z': function 'f' has none of that name.
              Inputs: x: TensorType(float64, scalar), s: TensorType(float64, scalar)
              Fix: use one of these names.
            """,
            Raised<FunctionException>(() => _ = f["z"]));
        Assert.Equal(
            "Input s has an update, so it needs a value to start from. (Parameter 'value')",
            Raised<ArgumentException>(() => _ = new In(s, update: s + 1)));
    }
}
