using static Hypatia.Tests.Errors.Line;

namespace Hypatia.Tests.Errors;

/// <summary>The full texts of ranks, lengths and indices that do not fit, when an expression is built and when it is computed.</summary>
public class ShapeErrorsTests
{
    [Fact]
    public void Dot_of_unequal_inner_lengths_when_built()
    {
        Expr x = T.Tensor(DType.Float64, [1, 3], "X"); string atX = Here();
        Expr w = T.Tensor(DType.Float64, [2, 3], "W1"); string atW = Here();

        Assert.Equal(
            $"""
            Shape mismatch: x has 3 cols (and 1 rows) but y has 2 rows (and 3 cols).
              Op: Dot
              Operand 0: X: TensorType(float64, (1, 3)), created at {atX}
              Operand 1: W1: TensorType(float64, (2, 3)), created at {atW}
              Fix: x's number of columns must be y's number of rows; transpose one of them (x.T)?
            """,
            Raised<ShapeException>(() => x.Dot(w)));
    }

    [Fact]
    public void Dot_of_unequal_inner_lengths_when_computed()
    {
        Expr x = T.Matrix("X"); string atX = Here();
        Shared w = T.Shared(new double[2, 3], "W1"); string atW = Here();
        Expr z = T.Tanh(
            x.Dot(w)); string applied = Here();
        applied = applied.Replace($":line {LineOf(applied)}", $":line {LineOf(applied) - 1}", StringComparison.Ordinal);
        Function forward = T.Function([x], z);

        Assert.Equal(
            $"""
            Shape mismatch: x has 3 cols (and 1 rows) but y has 2 rows (and 3 cols).
              Op: Dot
              Operand 0: X: TensorType(float64, (1, 3)), created at {atX}
              Operand 1: W1: TensorType(float64, (2, 3)), created at {atW}
              Applied at: {applied}
              Fix: x's number of columns must be y's number of rows; transpose one of them (x.T)?
            """,
            Raised<ShapeException>(() => forward.Call(new double[,] { { 1, 2, 3 } })));
    }

    [Fact]
    public void Dot_with_a_vector()
    {
        (Expr x, Expr v) = (T.Matrix("x"), T.Vector("v")); string made = Here();
        Expr y = T.Dot(x, v); string applied = Here();

        Assert.Equal(
            $"""
            Shape mismatch: x has 3 cols (and 2 rows) but y has 4 rows (and 1 cols).
              Op: Dot
              Operand 0: x: TensorType(float64, (2, 3)), created at {made}
              Operand 1: v: TensorType(float64, (4,)), created at {made}
              Applied at: {applied}
              Fix: x's number of columns must be y's number of rows; transpose one of them (x.T)?
            """,
            Raised<ShapeException>(() => y.Eval((x, new double[2, 3]), (v, new double[4]))));
    }

    [Fact]
    public void TensorDot_never_joins_axes_of_other_lengths()
    {
        (Expr x, Expr y) = (T.Tensor3("x"), T.Tensor3("y")); string made = Here();
        Expr z = T.TensorDot(x, y, [1, 2], [0, 1]); string applied = Here();

        // 2·3 = 3·2: the products of the lengths agree, the lengths do not.
        Assert.Equal(
            $"""
            Axis 0 has length 3, and must have 2.
              Op: SpecifyShape
              Operand 0: y: TensorType(float64, (3, 2, 5)), created at {made}
              Applied at: {applied}
              Fix: pass data of the length that the program asks for here, or ask for another.
            """,
            Raised<ShapeException>(() => z.Eval((x, new double[4, 2, 3]), (y, new double[3, 2, 5]))));
        (Expr a, Expr b) = (T.Tensor(DType.Float64, [4, 2, 3], "a"), T.Tensor(DType.Float64, [3, 2, 5], "b")); string known = Here();
        Assert.Equal(
            $"""
            Axis 1 of x has length 2, and axis 0 of y, which it meets, 3.
              Op: TensorDot
              Operand 0: a: TensorType(float64, (4, 2, 3)), created at {known}
              Operand 1: b: TensorType(float64, (3, 2, 5)), created at {known}
              Fix: axes that are summed over together must be equally long; transpose an operand, or name other axes.
            """,
            Raised<ShapeException>(() => T.TensorDot(a, b, [1, 2], [0, 1])));
    }

    [Fact]
    public void Broadcasting_when_built()
    {
        Expr x = T.Tensor(DType.Float64, [2, 3], "x"); string atX = Here();
        Expr y = T.Tensor(DType.Float64, [4], "y"); string atY = Here();

        Assert.Equal(
            $"""
            Input dimension mis-match on axis 1: lengths 3 and 4 are neither equal nor 1.
              Op: Add
              Operand 0: x: TensorType(float64, (2, 3)), created at {atX}
              Operand 1: y: TensorType(float64, (4,)), created at {atY}
              Fix: make the lengths equal, or insert an axis with Dimshuffle so that the right axes meet.
            """,
            Raised<ShapeException>(() => _ = x + y));
    }

    [Fact]
    public void Broadcasting_a_value_per_row()
    {
        Expr x = T.Tensor(DType.Float64, [4, 3], "x"); string atX = Here();
        Expr y = T.Tensor(DType.Float64, [4], "y"); string atY = Here();

        Assert.Equal(
            $"""
            Input dimension mis-match on axis 1: lengths 3 and 4 are neither equal nor 1.
              Op: Mul
              Operand 0: x: TensorType(float64, (4, 3)), created at {atX}
              Operand 1: y: TensorType(float64, (4,)), created at {atY}
              Fix: lengths are compared from the last axis on; for one value per row, write y.Dimshuffle(0, "x").
            """,
            Raised<ShapeException>(() => _ = x * y));
    }

    [Fact]
    public void Broadcasting_when_computed_names_the_line_that_added()
    {
        (Expr x, Expr y) = (T.Vector("x"), T.Vector("y")); string made = Here();
        Expr z = x + x;
        z = z + y; string applied = Here();
        string sum = applied.Replace($":line {LineOf(applied)}", $":line {LineOf(applied) - 1}", StringComparison.Ordinal);
        Function f = T.Function([x, y], z);

        Assert.Equal(
            $"""
            Input dimension mis-match on axis 0: lengths 2 and 3 are neither equal nor 1.
              Op: Add
              Operand 0: Add(x, x): TensorType(float64, (2,)), created at {sum}
              Operand 1: y: TensorType(float64, (3,)), created at {made}
              Applied at: {applied}
              Fix: make the lengths equal, or insert an axis with Dimshuffle so that the right axes meet.
            """,
            Raised<ShapeException>(() => f.Call(new double[2], new double[3])));
    }

    [Fact]
    public void A_run_time_error_leaves_shared_variables_untouched()
    {
        Expr x = T.Vector("x");
        Expr i = T.LScalar("i");
        (Shared a, Shared b) = (T.Shared(new double[] { 1, 2 }), T.Shared(0.0));
        Function shapes = T.Function([x], updates: [(b, b + 1), (a, a + x)]);
        Function bounds = T.Function([i], updates: [(b, b + a[i]), (a, a * 2)]);

        Assert.Throws<ShapeException>(() => shapes.Call(new double[3]));
        Assert.Throws<IndexException>(() => bounds.Call(2));
        Assert.Throws<IndexException>(() => bounds.Call(-3));
        Assert.Equal([1, 2], a.GetValue().ToArray<double>());
        Assert.Equal(0, (double)b.GetValue());
        shapes.Call(new double[2]);
        bounds.Call(1);
        Assert.Equal([2, 4], a.GetValue().ToArray<double>());
        Assert.Equal(3, (double)b.GetValue());
    }

    [Fact]
    public void An_axis_that_does_not_exist()
    {
        Expr x = T.Matrix("x"); string made = Here();
        Expr s = T.Scalar("s"); string scalar = Here();

        Assert.Equal(
            $"""
            Axis 2 does not exist: the operand has 2 axes.
              Op: Sum
              Operand 0: x: TensorType(float64, matrix), created at {made}
              Fix: use -2 … 1.
            """,
            Raised<ShapeException>(() => T.Sum(x, axis: 2)));
        Assert.Equal(
            $"""
            Axis 0 does not exist: the operand has 0 axes.
              Op: Argmax
              Operand 0: s: TensorType(float64, scalar), created at {scalar}
              Fix: a scalar has no axes; leave the axis out.
            """,
            Raised<ShapeException>(() => s.Argmax(0)));
        Assert.Equal(
            $"""
            Axes (0, -2) name an axis twice.
              Op: Mean
              Operand 0: x: TensorType(float64, matrix), created at {made}
              Fix: name each axis once.
            """,
            Raised<ShapeException>(() => T.Mean(x, [0, -2])));
    }

    [Fact]
    public void A_reshape_that_does_not_fit()
    {
        Expr x = T.Tensor(DType.Float64, [2, 3], "x"); string made = Here();

        Assert.Equal(
            $"""
            6 elements of shape (2, 3) can't take the shape (4, 2), which has 8.
              Op: Reshape
              Operand 0: x: TensorType(float64, (2, 3)), created at {made}
              Fix: choose lengths with the same product; one of them may be −1.
            """,
            Raised<ShapeException>(() => x.Reshape(4, 2)));
        Expr y = T.Matrix("y"); string atY = Here();
        Expr z = y.Reshape(-1, 4); string applied = Here();
        Assert.Equal(
            $"""
            6 elements of shape (2, 3) can't take the shape (1, 4), which has 4.
              Op: Reshape
              Operand 0: y: TensorType(float64, (2, 3)), created at {atY}
              Applied at: {applied}
              Fix: choose lengths with the same product; one of them may be −1.
            """,
            Raised<ShapeException>(() => z.Eval((y, new double[2, 3]))));
        Assert.Equal([0, 4], z.Eval((y, new double[0, 3])).Shape);
    }

    [Fact]
    public void A_reshape_of_several_free_lengths()
    {
        Expr x = T.Matrix("x");

        Assert.StartsWith(
            "Lengths must be 0 or more, and at most one may be −1.\n  Op: Reshape\n  Operand 0: x: TensorType(float64, matrix), created at",
            Raised<ShapeException>(() => x.Reshape(-1, -1)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_below_zero()
    {
        Expr n = T.LScalar("n");
        Expr z = T.Zeros([n]); string applied = Here();

        foreach (int length in new[] { -1, -3 })
        {
            string message = Raised<ShapeException>(() => z.Eval((n, length)));
            Assert.StartsWith($"A length can't be {length}.\n  Op: length\n", message, StringComparison.Ordinal);
            Assert.EndsWith(
                $"  Applied at: {applied}\n  Fix: pass 0 or more; only Reshape takes −1, for what is left.",
                message,
                StringComparison.Ordinal);
        }

        Assert.Equal([0], z.Eval((n, 0)).Shape);
    }

    [Fact]
    public void A_dropped_axis_that_is_not_of_length_one()
    {
        Expr x = T.Matrix("x"); string made = Here();
        Expr v = x.Dimshuffle(0); string applied = Here();

        Assert.Equal(
            $$"""
            Axis 1 has length 2; only an axis of length 1 can be dropped.
              Op: Dimshuffle{0}
              Operand 0: x: TensorType(float64, (3, 2)), created at {{made}}
              Applied at: {{applied}}
              Fix: name the axis in the order, or reduce over it (T.Sum, T.Max …) or index it first.
            """,
            Raised<ShapeException>(() => v.Eval((x, new double[3, 2]))));
    }

    [Fact]
    public void Joined_tensors_of_unequal_lengths()
    {
        (Expr x, Expr y) = (T.Matrix("x"), T.Matrix("y")); string made = Here();
        Expr z = T.Concatenate([x, y], axis: 0); string applied = Here();

        Assert.Equal(
            $$"""
            Lengths of axis 1 differ: 3 and 4.
              Op: Concatenate{axis=0}
              Operand 0: x: TensorType(float64, (2, 3)), created at {{made}}
              Operand 1: y: TensorType(float64, (2, 4)), created at {{made}}
              Applied at: {{applied}}
              Fix: tensors joined along axis 0 must agree on all other axes.
            """,
            Raised<ShapeException>(() => z.Eval((x, new double[2, 3]), (y, new double[2, 4]))));
    }

    [Fact]
    public void A_specified_shape_that_does_not_hold()
    {
        Expr x = T.Matrix("x"); string made = Here();
        Expr y = T.SpecifyShape(x, 2, null); string applied = Here();

        Assert.Equal(
            $$"""
            Axis 0 has length 3, and must have 2.
              Op: SpecifyShape{axis=(0,)}
              Operand 0: x: TensorType(float64, (3, 2)), created at {{made}}
              Applied at: {{applied}}
              Fix: pass data of the length that the program asks for here, or ask for another.
            """.Replace("{axis=(0,)}", "", StringComparison.Ordinal),
            Raised<ShapeException>(() => y.Eval((x, new double[3, 2]))));
        Assert.Equal([2, 3], y.Eval((x, new double[2, 3])).Shape);
    }

    private static int LineOf(string place) =>
        int.Parse(place[(place.IndexOf(":line ", StringComparison.Ordinal) + 6)..place.IndexOf(',', StringComparison.Ordinal)]);
}
