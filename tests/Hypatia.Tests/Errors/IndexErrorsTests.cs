using static Hypatia.Tests.Errors.Line;

namespace Hypatia.Tests.Errors;

/// <summary>The full texts of mistakes in indices, subscripts and class labels.</summary>
public class IndexErrorsTests
{
    [Fact]
    public void A_class_label_out_of_range()
    {
        Expr p = T.Matrix("p"); string atP = Here();
        Expr y = T.LVector("y"); string atY = Here();
        Expr loss = NNet.CategoricalCrossentropy(p, y); string applied = Here();
        Function f = T.Function([p, y], loss);

        foreach (long label in new long[] { 7, -1 })
        {
            Assert.Equal(
                $"""
                Class label {label} is out of bounds for axis 1, which has length 2: use 0 … 1.
                  Found at: position (1,)
                  Op: CrossentropyCategorical1Hot
                  Operand 0: p: TensorType(float64, (3, 2)), created at {atP}
                  Operand 1: y: TensorType(int64, (3,)), created at {atY}
                  Applied at: {applied}
                  Fix: correct the indices, or what they select from; nothing was computed or stored.
                """,
                Raised<IndexException>(() => f.Call(new double[3, 2], new long[] { 1, label, 0 })));
        }
    }

    [Fact]
    public void A_class_label_out_of_range_in_a_gradient()
    {
        Expr y = T.LVector("y"); string atY = Here();
        Shared w = T.Shared(new double[3, 2], "w");
        Expr loss = NNet.CategoricalCrossentropy(NNet.Softmax(w), y).Mean(); string applied = Here();
        Function step = T.Function([y], updates: [(w, w - T.Grad(loss, w))]);

        string message = Raised<IndexException>(() => step.Call(new long[] { 1, 7, 0 }));

        Assert.StartsWith(
            "Class label 7 is out of bounds for axis 1, which has length 2: use 0 … 1.\n  Found at: position (1,)\n  Op: ",
            message,
            StringComparison.Ordinal);
        Assert.Contains($"y: TensorType(int64, (3,)), created at {atY}", message, StringComparison.Ordinal);
        Assert.Contains($"Applied at: {applied}", message, StringComparison.Ordinal);
        Assert.Equal(new double[6], w.GetValue().ToArray<double>());
    }

    [Fact]
    public void Labels_and_predictions_of_unequal_number()
    {
        Expr p = T.Matrix("p"); string atP = Here();
        Expr y = T.LVector("y"); string atY = Here();
        Expr loss = NNet.CategoricalCrossentropy(p, y); string applied = Here();
        Shared w = T.Shared(new double[5, 2], "w");
        Expr cost = NNet.CategoricalCrossentropy(NNet.Softmax(w), y).Mean();

        Assert.Equal(
            $"""
            There are 5 rows of predictions and 3 labels.
              Op: CategoricalCrossentropy
              Operand 0: p: TensorType(float64, (5, 2)), created at {atP}
              Operand 1: y: TensorType(int64, (3,)), created at {atY}
              Applied at: {applied}
              Fix: give one label per row.
            """,
            Raised<ShapeException>(() => loss.Eval((p, new double[5, 2]), (y, new long[3]))));
        Assert.StartsWith(
            "There are 5 rows of predictions and 3 labels.\n  Op: CategoricalCrossentropy",
            Raised<ShapeException>(() => T.Grad(cost, w).Eval((y, new long[3]))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_out_of_bounds_when_built()
    {
        Expr x = T.Tensor(DType.Float64, [5, 2], "x"); string made = Here();

        foreach ((int index, int axis, int length) in new[] { (5, 0, 5), (-6, 0, 5), (2, 1, 2) })
        {
            string expected =
                $"""
                Index {index} is out of bounds for axis {axis}, which has length {length}.
                  Op: Subtensor
                  Operand 0: x: TensorType(float64, (5, 2)), created at {made}
                  Fix: use 0 … {length - 1}, or −1 … {-length} (^1 … ^{length}) from the end.
                """;
            Assert.Equal(expected, Raised<ShapeException>(() => _ = axis == 0 ? x[index] : x[.., index]));
        }
    }

    [Fact]
    public void A_constant_index_out_of_bounds_when_computed()
    {
        Expr x = T.Vector("x"); string made = Here();
        Expr last = x[-7]; string applied = Here();

        Assert.Equal(
            $"""
            Index -7 is out of bounds for axis 0, which has length 5.
              Op: Subtensor
              Operand 0: x: TensorType(float64, (5,)), created at {made}
              Applied at: {applied}
              Fix: use 0 … 4, or −1 … -5 (^1 … ^5) from the end.
            """,
            Raised<ShapeException>(() => last.Eval((x, new double[5]))));
    }

    [Fact]
    public void An_index_out_of_bounds_when_computed()
    {
        (Expr x, Expr i) = (T.Vector("x"), T.LScalar("i")); string made = Here();
        Function f = T.Function([x, i], x[i]); string applied = Here();

        foreach (int index in new[] { 5, -6 })
        {
            Assert.Equal(
                $$"""
                Index {{index}} is out of bounds for axis 0, which has length 5: use -5 … 4.
                  Op: Subtensor{i}
                  Operand 0: x: TensorType(float64, (5,)), created at {{made}}
                  Operand 1: i: TensorType(int64, scalar), created at {{made}}
                  Applied at: {{applied}}
                  Fix: correct the indices, or what they select from; nothing was computed or stored.
                """,
                Raised<IndexException>(() => f.Call(new double[5], index)));
        }

        Assert.Equal(4, (double)f.Call(new double[] { 1, 2, 3, 4 }, -1));
    }

    [Fact]
    public void An_index_array_out_of_bounds()
    {
        (Expr x, Expr i) = (T.Matrix("x"), T.LMatrix("i")); string made = Here();
        Function f = T.Function([x, i], x[i]); string applied = Here();

        Assert.Equal(
            $$"""
            Index 3 is out of bounds for axis 0, which has length 3: use -3 … 2.
              Found at: position (1, 0)
              Op: Subtensor{a}
              Operand 0: x: TensorType(float64, (3, 2)), created at {{made}}
              Operand 1: i: TensorType(int64, (2, 2)), created at {{made}}
              Applied at: {{applied}}
              Fix: correct the indices, or what they select from; nothing was computed or stored.
            """,
            Raised<IndexException>(() => f.Call(new double[3, 2], new long[,] { { 0, -3 }, { 3, 9 } })));
    }

    [Fact]
    public void Too_many_subscripts()
    {
        Expr x = T.Vector("x"); string made = Here();

        Assert.Equal(
            $"""
            2 subscripts for 1 axes, or more than one ellipsis.
              Op: Subtensor
              Operand 0: x: TensorType(float64, vector), created at {made}
              Fix: give at most one subscript per axis.
            """,
            Raised<ShapeException>(() => _ = x[0, 1]));
    }

    [Fact]
    public void A_value_that_does_not_fit_the_elements_it_replaces()
    {
        Expr x = T.Vector("x"); string atX = Here();
        Expr m = T.Matrix("m"); string atM = Here();
        Expr v = T.Tensor(DType.Float64, [3], "v"); string atV = Here();

        Assert.Equal(
            $"""
            A value of shape (?, ?) does not fit the selected elements, of shape (?,).
              Op: SetSubtensor
              Operand 0: x: TensorType(float64, vector), created at {atX}
              Operand 1: m: TensorType(float64, matrix), created at {atM}
              Fix: give a value for each selected element, or one that broadcasts to them.
            """,
            Raised<ShapeException>(() => T.SetSubtensor(x[1..3], m)));
        Expr incremented = T.IncSubtensor(x[1..3], v); string applied = Here();
        Assert.Equal(
            $"""
            A value of shape (3,) does not fit the selected elements, of shape (2,).
              Op: IncSubtensor
              Operand 0: x: TensorType(float64, (4,)), created at {atX}
              Operand 1: v: TensorType(float64, (3,)), created at {atV}
              Applied at: {applied}
              Fix: give a value for each selected element, or one that broadcasts to them.
            """,
            Raised<ShapeException>(() => incremented.Eval((x, new double[4]), (v, new double[3]))));
    }
}
