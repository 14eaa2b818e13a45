using System.Reflection;

namespace Hypatia.Tests;

/// <summary>Types, their constructors, and how they print.</summary>
public class TypesTests
{
    private static readonly (string Prefix, DType DType)[] Prefixes =
    [
        ("", Options.Current.FloatX), ("B", DType.Int8), ("W", DType.Int16), ("I", DType.Int32), ("L", DType.Int64),
        ("F", DType.Float32), ("D", DType.Float64),
    ];

    private static readonly (string One, string Many, long[] Lengths)[] Words =
    [
        ("Scalar", "Scalars", []), ("Vector", "Vectors", [-1]), ("Matrix", "Matrices", [-1, -1]), ("Row", "Rows", [1, -1]),
        ("Col", "Cols", [-1, 1]), ("Tensor3", "Tensor3s", [-1, -1, -1]), ("Tensor4", "Tensor4s", [-1, -1, -1, -1]),
        ("Tensor5", "Tensor5s", [-1, -1, -1, -1, -1]), ("Tensor6", "Tensor6s", [-1, -1, -1, -1, -1, -1]),
        ("Tensor7", "Tensor7s", [-1, -1, -1, -1, -1, -1, -1]),
    ];

    [Fact]
    public void Every_typed_constructor_exists()
    {
        foreach ((string prefix, DType dtype) in Prefixes)
        {
            foreach ((string one, string many, long[] lengths) in Words)
            {
                MethodInfo single = typeof(T).GetMethod(prefix + one, [typeof(string)])!;
                MethodInfo plural = typeof(T).GetMethod(prefix + many, [typeof(string[])])!;
                Assert.NotNull(single);
                Assert.NotNull(plural);
                var x = (Expr)single.Invoke(null, ["x"])!;
                var xy = (Expr[])plural.Invoke(null, [new[] { "x", "y" }])!;
                Assert.Equal(new TensorType(dtype, new Shape(lengths)), x.Type);
                Assert.Equal("x", x.Name);
                Assert.Equal(["x", "y"], xy.Select(v => v.Name));
                Assert.All(xy, v => Assert.Equal(x.Type, v.Type));
            }
        }
    }

    [Fact]
    public void Unprefixed_constructors_take_a_dtype()
    {
        Assert.Equal("TensorType(int8, scalar)", $"{T.Scalar("x", DType.Int8).Type}");
        Assert.Equal("TensorType(int64, vector)", $"{T.Vector("x", DType.Int64).Type}");
        Assert.Equal("TensorType(float32, matrix)", $"{T.Matrix("x", DType.Float32).Type}");
        Assert.Equal("TensorType(bool, matrix)", $"{T.Matrix("x", DType.Bool).Type}");
        Assert.Equal("TensorType(uint8, 4D)", $"{T.Tensor4("x", DType.UInt8).Type}");
    }

    [Fact]
    public void Types_print_as_Theano_prints_them()
    {
        Assert.Equal("TensorType(float64, scalar)", $"{T.DScalar().Type}");
        Assert.Equal("TensorType(int64, vector)", $"{T.LVector().Type}");
        Assert.Equal("TensorType(float64, matrix)", $"{T.DMatrix().Type}");
        Assert.Equal("TensorType(float32, row)", $"{T.FRow().Type}");
        Assert.Equal("TensorType(int8, col)", $"{T.BCol().Type}");
        Assert.Equal("TensorType(float64, 3D)", $"{T.DTensor3().Type}");
        Assert.Equal("TensorType(float64, (2, ?))", $"{T.Tensor(DType.Float64, [2, Shape.Unknown]).Type}");
        Assert.Equal("TensorType(float64, (3,))", $"{T.Tensor(DType.Float64, [3]).Type}");
    }

    [Fact]
    public void A_type_says_which_axes_broadcast()
    {
        Assert.Equal([true, false], T.Row().Type.Broadcastable);
        Assert.Equal([false, false], T.Matrix().Type.Broadcastable);
        Assert.Equal(T.DRow().Type, TensorType.Of(DType.Float64, true, false));
        Assert.Equal("TensorType(float64, col)", $"{T.Tensor(TensorType.Of(DType.Float64, false, true), "c").Type}");
    }

    [Fact]
    public void A_type_accepts_values_of_its_dtype_rank_and_known_lengths()
    {
        var type = new TensorType(DType.Float32, [Shape.Unknown, 3]);

        Assert.True(type.Accepts(new TensorType(DType.Float32, [5, 3])));
        Assert.True(type.Accepts(new TensorType(DType.Float32, [0, 3])));
        Assert.False(type.Accepts(new TensorType(DType.Float64, [5, 3])));
        Assert.False(type.Accepts(new TensorType(DType.Float32, [5, 4])));
        Assert.False(type.Accepts(new TensorType(DType.Float32, [3])));
        Assert.Equal("TensorType(bool, scalar)", $"{default(TensorType)}");
    }

    [Fact]
    public void Expressions_are_lazy_and_print_as_formulas()
    {
        Expr x = T.Matrix("x");

        Assert.Equal("x", $"{x}");
        Assert.Equal("Add(x, x)", $"{x + x}");
        Assert.Equal("<TensorType(float64, matrix)>", $"{T.Matrix()}");
        Assert.Equal("z", $"{(x + x).Named("z")}");
        Assert.Equal("Tanh(z)", $"{T.Tanh((x + x).Named("z"))}");
    }

    [Fact]
    public void Constants_copy_what_they_are_made_from()
    {
        double[] data = [1, 2];
        Expr c = T.Constant(data);
        Expr d = data;
        data[0] = 5;

        Assert.Equal([1, 2], c.Eval().ToArray<double>());
        Assert.Equal([1, 2], d.Eval().ToArray<double>());
        Assert.Equal("TensorType(float64, (2,))", $"{c.Type}");
        Assert.Equal("TensorType(int32, (2, 2))", $"{T.Constant(new[,] { { 1, 2 }, { 3, 4 } }).Type}");
        Assert.Equal("TensorType(float64, (2, 1))", $"{T.Constant(new double[][] { [1], [3] }).Type}");
        Assert.Same(c, T.Constant(c));
    }
}
