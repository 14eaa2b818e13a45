using System.Numerics.Tensors;

namespace Hypatia.Tests;

/// <summary>Inputs, outputs, updates, givens, shared variables, and Eval.</summary>
public class FunctionTests
{
    private static readonly double[,] TwoByTwo = { { 1, 2 }, { 3, 4 } };

    [Fact]
    public void Arguments_go_by_position_and_by_name()
    {
        (Expr x, Expr y, Expr w) = T.Scalars("x", "y", "w");
        Function f = T.Function([x, new In(y, value: 1), new In(w, value: 2, name: "w_by_name")], (x + y) * w);

        Assert.Equal(68, (double)f.Call(33));
        Assert.Equal(70, (double)f.Call(33, 2));
        Assert.Equal(33, (double)f.Call(33, 0, 1));
        Assert.Equal(34, (double)f.Call(33, new("w_by_name", 1)));
        Assert.Equal(33, (double)f.Call(33, new("w_by_name", 1), new("y", 0)));
        Assert.Equal(1, (double)f["y"]);
        f["y"] = NDArray.From(10.0);
        Assert.Equal(86, (double)f.Call(33));
    }

    [Fact]
    public void Zero_one_and_many_outputs()
    {
        Expr x = T.Scalar("x");
        Shared n = T.Shared(0, "n");

        Results none = T.Function([], updates: [(n, n + 1)]).Call();
        Results one = T.Function([x], x * 2).Call(4);
        Results listed = T.Function([x], [x * 2]).Call(4);
        (NDArray twice, NDArray squared) = T.Function([x], [x * 2, x * x]).Call(4);
        Results named = T.Function([x], new Dictionary<string, Expr> { ["twice"] = x * 2, ["squared"] = x * x }).Call(4);
        Results labeled = T.Function([x], [x.Named("same"), (x + 1).Named("next")]).Call(4);

        Assert.Empty(none);
        Assert.Equal(1, (long)n.GetValue());
        Assert.Equal(8, (double)one);
        Assert.Equal(8, (double)Assert.Single(listed));
        Assert.Equal((8, 16), ((double)twice, (double)squared));
        Assert.Equal((8, 16), ((double)named["twice"], (double)named["squared"]));
        Assert.Equal((4, 5), ((double)labeled["same"], (double)labeled["next"]));
    }

    [Fact]
    public void Outputs_never_share_memory_with_each_other_inputs_or_state()
    {
        Expr x = T.Vector("x");
        Shared s = T.Shared(new double[] { 1, 2 });
        double[] given = [5, 6];
        Results r = T.Function([x], [x, x, x.T, s, s * 1, T.Constant(new double[] { 3, 4 })]).Call(given);
        given[0] = 99;
        s.SetValue(new double[] { 98, 97 });

        Assert.Equal([5, 6], r[0].ToArray<double>());
        Assert.Equal([1, 2], r[3].ToArray<double>());
        Assert.Equal(r.Count, r.Select(value => value.Elements).Distinct().Count());
    }

    [Fact]
    public void Updates_are_computed_from_old_values()
    {
        (Shared a, Shared b) = (T.Shared(1.0), T.Shared(2.0));
        Function swap = T.Function([], [a, b], updates: [(a, b), (b, a)]);

        Results before = swap.Call();

        Assert.Equal((1, 2), ((double)before[0], (double)before[1]));
        Assert.Equal((2, 1), ((double)a.GetValue(), (double)b.GetValue()));
        swap.Call();
        Assert.Equal((1, 2), ((double)a.GetValue(), (double)b.GetValue()));
    }

    [Fact]
    public void Updates_convert_where_nothing_is_lost()
    {
        Shared wide = T.Shared(1.0);
        Shared narrow = T.Shared(1.0f);
        Expr i = T.IScalar("i");
        T.Function([i], updates: [(wide, T.Cast(i, DType.Float32)), (narrow, 2)]).Call(5);

        Assert.Equal(5, (double)wide.GetValue());
        Assert.Equal(DType.Float32, narrow.GetValue().DType);
        Assert.Equal(2, (float)narrow.GetValue());
    }

    [Fact]
    public void Givens_replace_inputs_states_and_intermediates()
    {
        (Expr x, Expr y) = T.Scalars("x", "y");
        Shared s = T.Shared(10.0);
        Expr sum = x + y;
        Expr z = sum * s;

        Assert.Equal(50, (double)T.Function([x], z, givens: [(y, 2)]).Call(3));
        Assert.Equal(12, (double)T.Function([x, y], z, givens: [(s, 4)]).Call(1, 2));
        Assert.Equal(70, (double)T.Function([], z, givens: [(sum, 7)]).Call());
        Assert.Equal(30, (double)T.Function([x, y], z, givens: [(x, y), (y, x)]).Call(1, 2));
        Assert.Equal(10, (double)s.GetValue());
    }

    [Fact]
    public void Givens_reach_updates()
    {
        Expr x = T.Vector("x");
        Shared data = T.Shared(TwoByTwo);
        Shared sum = T.Shared(0.0);
        Expr i = T.LScalar("i");
        Function f = T.Function([i], updates: [(sum, sum + x.Sum())], givens: [(x, data[i])]);
        f.Call(0);
        f.Call(1);

        Assert.Equal(10, (double)sum.GetValue());
    }

    [Fact]
    public void Unused_inputs_may_be_allowed()
    {
        (Expr x, Expr y) = T.Scalars("x", "y");

        Assert.Equal(2, (double)T.Function([x, y], x * 2, onUnusedInput: OnUnusedInput.Ignore).Call(1, 5));
    }

    [Fact]
    public void Downcasts_may_be_allowed()
    {
        Expr x = T.FVector("x");

        NDArray r = T.Function([x], x * 2, allowInputDowncast: true).Call(new[] { 0.1, 0.2 });

        Assert.Equal([0.2f, 0.4f], r.ToArray<float>());
    }

    [Fact]
    public void Arguments_convert_where_nothing_is_lost()
    {
        (Expr d, Expr f, Expr l, Expr b) = (T.DMatrix("d"), T.FScalar("f"), T.LVector("l"), T.BScalar("b"));

        Assert.Equal([1, 2], d.Eval((d, new[,] { { 1, 2 } })).ToArray<double>());
        Assert.Equal([1, 0], d.Eval((d, new[,] { { true, false } })).ToArray<double>());
        Assert.Equal([1, 2], d.Eval((d, new[,] { { 1f, 2f } })).ToArray<double>());
        Assert.Equal(0.1f, (float)f.Eval((f, 0.1)));
        Assert.Equal(3f, (float)f.Eval((f, 3)));
        Assert.Equal([1, 2], l.Eval((l, new[] { 1, 2 })).ToArray<long>());
        Assert.Equal([1, 2], l.Eval((l, new byte[] { 1, 2 })).ToArray<long>());
        Assert.Equal(100, (long)b.Eval((b, 100)));
        Assert.Throws<DTypeException>(() => b.Eval((b, 300)));
        Assert.Throws<DTypeException>(() => b.Eval((b, 1.5)));
        Assert.Throws<DTypeException>(() => l.Eval((l, new[] { 1.0 })));
        Assert.Throws<DTypeException>(() => l.Eval((l, new ulong[] { 1 })));
        Assert.Throws<DTypeException>(() => f.Eval((f, NDArray.From(0.1))));
        Assert.Throws<DTypeException>(() => f.Eval((f, (1 << 24) + 1)));
    }

    [Fact]
    public void Every_form_of_tensor_is_an_argument()
    {
        Expr x = T.Matrix("x");
        Function f = T.Function([x], x * 2);
        double[] expected = [2, 4, 6, 8];
        double[][] jagged = [[1, 2], [3, 4]];
        List<List<double>> lists = [[1, 2], [3, 4]];

        Assert.Equal(expected, ((NDArray)f.Call(TwoByTwo)).ToArray<double>());
        Assert.Equal(expected, ((NDArray)f.Call(jagged)).ToArray<double>());
        Assert.Equal(expected, f.Call(new double[][] { [1, 2], [3, 4] }).Single.ToArray<double>());
        Assert.Equal(expected, f.Call(new int[][] { [1, 2], [3, 4] }).Single.ToArray<double>());
        Assert.Equal(expected, f.Call(new object[] { new double[] { 1, 2 }, new[] { 3, 4 } }).Single.ToArray<double>());
        Assert.Equal(expected, f.Call(Tensor.Create([1.0, 2, 3, 4], [2, 2])).Single.ToArray<double>());
        Assert.Equal(expected, f.Call(NDArray.Wrap(new double[] { 1, 2, 3, 4 }, 2, 2)).Single.ToArray<double>());
        Assert.Equal(expected, f.Call(new Argument(lists)).Single.ToArray<double>());
        Assert.Equal([4, 8, 12, 16], f.Call(f.Call(TwoByTwo)).Single.ToArray<double>());
        Assert.Equal(expected, (x * 2).Eval((x, jagged)).ToArray<double>());
        Assert.Equal(expected, (x * 2).Eval((x, lists)).ToArray<double>());
        Expr column = T.Tensor3("t");
        double[][,] nested = [TwoByTwo, TwoByTwo];
        Assert.Equal([2, 2, 2], column.Eval((column, nested)).Shape);
    }

    [Fact]
    public void A_sliced_tensor_is_read_by_its_strides()
    {
        Expr x = T.Matrix("x");
        Tensor<double> whole = Tensor.Create([1.0, 2, 3, 4, 5, 6], [2, 3]);

        NDArray r = (x + 0).Eval((x, whole.Slice([0..2, 1..3])));

        Assert.Equal([2, 3, 5, 6], r.ToArray<double>());
        Assert.Equal([2, 2], r.Shape);
    }

    [Fact]
    public void Empty_arrays_are_values()
    {
        Expr x = T.Matrix("x");

        Assert.Equal([0, 3], (x * 2).Eval((x, new double[0, 3])).Shape);
        Assert.Equal(0, (double)T.Sum(x).Eval((x, new double[0, 3])));
    }

    [Fact]
    public void Eval_compiles_once()
    {
        Expr x = T.Matrix("X");
        Expr y = x * 2;
        Assert.Equal([2, 2, 2, 2], y.Eval((x, new double[,] { { 1, 1 }, { 1, 1 } })).ToArray<double>());

        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (int i = 0; i < 1000; i++)
        {
            y.Eval((x, TwoByTwo));
        }

        Assert.True(watch.ElapsedMilliseconds < 1000, $"{watch.ElapsedMilliseconds} µs a call");
    }

    [Fact]
    public void Inputs_with_updates_keep_state_of_their_own()
    {
        (Expr inc, Expr x, Expr s) = T.Scalars("inc", "x", "s");
        In[] inputs = [inc, new In(x, value: 3), new In(s, value: 10, update: s + (inc * x))];
        Function first = T.Function(inputs);
        Function second = T.Function(inputs, s * 1);
        first.Call(5);

        Assert.Equal(25, (double)first["s"]);
        Assert.Equal(10, (double)second["s"]);
        Assert.Equal(10, (double)second.Call(1));
        Assert.Equal(13, (double)second["s"]);
        first["s"] = NDArray.From(1.0);
        first.Call(1, 1);
        Assert.Equal(2, (double)first["s"]);
    }

    [Fact]
    public void Shared_variables_copy_unless_told_to_borrow()
    {
        double[] data = [1, 1];
        (Shared copied, Shared borrowed) = (T.Shared(data), T.Shared(data, borrow: true));
        data[0] = 2;

        Assert.Equal([1, 1], copied.GetValue().ToArray<double>());
        Assert.Equal([2, 1], borrowed.GetValue().ToArray<double>());
        Assert.NotSame(borrowed.GetValue().Elements, borrowed.GetValue().Elements);
        Assert.Same(borrowed.GetValue(borrow: true).Elements, data);

        copied.SetValue(data);
        borrowed.SetValue(data, borrow: true);
        data[1] = 3;
        Assert.Equal([2, 1], copied.GetValue().ToArray<double>());
        Assert.Equal([2, 3], borrowed.GetValue().ToArray<double>());
    }

    [Fact]
    public void An_update_never_writes_into_a_borrowed_array()
    {
        double[] data = [1, 1];
        Shared w = T.Shared(data, borrow: true);
        T.Function([], updates: [(w, w + 1)]).Call();

        Assert.Equal([1, 1], data);
        Assert.Equal([2, 2], w.GetValue().ToArray<double>());
    }

    [Fact]
    public void Shared_variables_take_their_type_from_the_value()
    {
        Assert.Equal("TensorType(int64, scalar)", $"{T.Shared(0).Type}");
        Assert.Equal("TensorType(float64, scalar)", $"{T.Shared(0.0).Type}");
        Assert.Equal("TensorType(float32, scalar)", $"{T.Shared(0f).Type}");
        Assert.Equal("TensorType(bool, scalar)", $"{T.Shared(true).Type}");
        Assert.Equal("TensorType(int32, vector)", $"{T.Shared(new int[2]).Type}");
        Assert.Equal("TensorType(float64, matrix)", $"{T.Shared(new double[1, 2]).Type}");
        Assert.Equal("W1", $"{T.Shared(0.0, name: "W1")}");
    }

    [Fact]
    public void The_shape_of_a_shared_variable_may_change()
    {
        Shared data = T.Shared(new double[2, 3]);
        Function f = T.Function([], [T.Sum(data + 1), data.Shape]);

        Assert.Equal(6, (double)f.Call()[0]);
        data.SetValue(new double[4, 5]);
        Assert.Equal(20, (double)f.Call()[0]);
        Assert.Equal([4, 5], f.Call()[1].ToArray<long>());
    }

    [Fact]
    public void An_update_may_change_the_shape()
    {
        Shared list = T.Shared(Array.Empty<double>());
        Expr x = T.Scalar("x");
        Function append = T.Function([x], updates: [(list, T.Concatenate([list, x.Dimshuffle("x")]))]);
        for (int i = 0; i < 4; i++)
        {
            append.Call(i);
        }

        Assert.Equal([0, 1, 2, 3], list.GetValue().ToArray<double>());
    }
}
