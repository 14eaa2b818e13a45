namespace Hypatia.Tests;

/// <summary>The dtypes of results, as measured from Theano 1.0.5, and what C# literals do.</summary>
public class PromotionTests
{
    private static Expr V(string dtype) => T.Tensor(DTypes.Parse(dtype), Shape.UnknownOf(1), "v");

    [Theory]
    [InlineData("float32", "float64", "float64")]
    [InlineData("float32", "int8", "float32")]
    [InlineData("float32", "int16", "float32")]
    [InlineData("float32", "uint8", "float32")]
    [InlineData("float32", "uint16", "float32")]
    [InlineData("float32", "int32", "float64")]
    [InlineData("float32", "uint32", "float64")]
    [InlineData("float32", "int64", "float64")]
    [InlineData("float32", "bool", "float32")]
    [InlineData("float64", "int64", "float64")]
    [InlineData("int8", "int8", "int8")]
    [InlineData("uint8", "int8", "int16")]
    [InlineData("uint8", "int16", "int16")]
    [InlineData("uint16", "int8", "int32")]
    [InlineData("uint32", "int32", "int64")]
    [InlineData("uint64", "int64", "float64")]
    [InlineData("uint8", "uint32", "uint32")]
    [InlineData("int8", "int64", "int64")]
    [InlineData("bool", "int8", "int8")]
    [InlineData("bool", "uint8", "uint8")]
    public void Two_tensors(string x, string y, string result)
    {
        Assert.Equal(result, (V(x) + V(y)).DType.Name());
        Assert.Equal(result, (V(y) * V(x)).DType.Name());
        Assert.Equal(result, T.Maximum(V(x), V(y)).DType.Name());
        Assert.Equal(result, T.Switch(V("bool"), V(x), V(y)).DType.Name());
        Assert.Equal(result, T.Concatenate([V(x), V(y)]).DType.Name());
    }

    [Theory]
    [InlineData("float32", 1.5, "float32")]
    [InlineData("float64", 1.5, "float64")]
    [InlineData("int8", 1.5, "float32")]
    [InlineData("int16", 1.5, "float32")]
    [InlineData("int32", 1.5, "float64")]
    [InlineData("int64", 1.5, "float64")]
    [InlineData("bool", 1.5, "float32")]
    public void A_tensor_and_a_fractional_literal(string x, double literal, string result)
    {
        Assert.Equal(result, (V(x) + literal).DType.Name());
        Assert.Equal(result, (literal * V(x)).DType.Name());
    }

    [Theory]
    [InlineData("float32", 70000, "float32")]
    [InlineData("int8", 5, "int8")]
    [InlineData("int8", 300, "int16")]
    [InlineData("int8", 70000, "int32")]
    [InlineData("int16", 300, "int16")]
    [InlineData("int32", 70000, "int32")]
    [InlineData("int64", 5, "int64")]
    [InlineData("uint8", 5, "uint8")]
    [InlineData("uint8", -5, "int16")]
    [InlineData("bool", 1, "int8")]
    public void A_tensor_and_an_integer_literal(string x, int literal, string result)
    {
        Assert.Equal(result, (V(x) + literal).DType.Name());
        Assert.Equal(result, (literal * V(x)).DType.Name());
    }

    [Fact]
    public void Typed_scalars_are_not_weak()
    {
        Assert.Equal(DType.Float64, (V("float32") * T.Constant(1.5, DType.Float64)).DType);
        Assert.Equal(DType.Float64, (V("float32") * T.Constant(NDArray.From(1.5))).DType);
        Assert.Equal(DType.Float32, (V("float32") * 0.01f).DType);
        Assert.Equal(DType.Float64, (V("float64") * 0.01f).DType);
        Assert.Equal(DType.Float64, (V("float32") * T.Shared(0.0)).DType);
    }

    [Fact]
    public void The_tutorials_regularizer_keeps_float32()
    {
        // 1./num_examples * reg_lambda/2 * (…): C# numbers, so the loss stays float32 where Theano's becomes float64.
        Shared w = T.Shared(new float[2, 3], "W");
        Expr loss = 1.0 / 200 * 0.01 / 2 * T.Sum(T.Sqr(w)) + T.Mean(w);
        Expr update = w - (0.01 * T.Grad(loss, w));

        Assert.Equal(DType.Float32, loss.DType);
        Assert.Equal(DType.Float32, update.DType);
    }

    [Theory]
    [InlineData("int8", "float64")]
    [InlineData("int64", "float64")]
    [InlineData("uint8", "float64")]
    [InlineData("bool", "float64")]
    [InlineData("float32", "float32")]
    public void True_division(string x, string result) => Assert.Equal(result, (V(x) / V(x)).DType.Name());

    [Theory]
    [InlineData("bool", "float32")]
    [InlineData("int8", "float32")]
    [InlineData("uint16", "float32")]
    [InlineData("int32", "float64")]
    [InlineData("int64", "float64")]
    [InlineData("float32", "float32")]
    [InlineData("float64", "float64")]
    public void Functions_of_reals(string x, string result)
    {
        Assert.Equal(result, T.Exp(V(x)).DType.Name());
        Assert.Equal(result, T.Tanh(V(x)).DType.Name());
        Assert.Equal(result, T.Sqrt(V(x)).DType.Name());
    }

    [Theory]
    [InlineData("bool", "int64", "int64", "float64", "bool")]
    [InlineData("int8", "int64", "int64", "float64", "int8")]
    [InlineData("int32", "int64", "int64", "float64", "int32")]
    [InlineData("uint8", "uint64", "uint64", "float64", "uint8")]
    [InlineData("float32", "float32", "float32", "float32", "float32")]
    [InlineData("float64", "float64", "float64", "float64", "float64")]
    public void Reductions(string x, string sum, string prod, string mean, string max)
    {
        Assert.Equal(sum, T.Sum(V(x)).DType.Name());
        Assert.Equal(prod, T.Prod(V(x)).DType.Name());
        Assert.Equal(mean, T.Mean(V(x)).DType.Name());
        Assert.Equal(max, T.Max(V(x)).DType.Name());
        Assert.Equal("int64", T.Argmax(V(x)).DType.Name());
    }

    [Fact]
    public void Sums_of_float32_accumulate_in_float64()
    {
        Expr x = T.FVector("x");
        float[] values = [1e8f, .. Enumerable.Repeat(1f, 1000), -1e8f];

        Assert.Equal(1000f, (float)T.Sum(x).Eval((x, values)));
    }

    [Fact]
    public void Comparisons_are_bool()
    {
        Assert.Equal(DType.Bool, (V("int8") > 1).DType);
        Assert.Equal(DType.Bool, T.Eq(V("float32"), V("float64")).DType);
        Assert.Equal(DType.Bool, ((V("int8") > 1) & (V("int8") < 5)).DType);
        Assert.Equal(DType.Bool, (~(V("int8") > 1)).DType);
    }

    [Fact]
    public void FloatX_is_the_dtype_of_unprefixed_constructors()
    {
        Assert.Equal("TensorType(float64, matrix)", $"{T.Matrix("x").Type}");
        using IDisposable options = Options.Use(Options.Current with { FloatX = DType.Float32 });

        Assert.Equal("TensorType(float32, matrix)", $"{T.Matrix("x").Type}");
        Assert.Equal("TensorType(float32, scalar)", $"{T.Scalar("x").Type}");
        Assert.Equal("TensorType(float64, matrix)", $"{T.DMatrix("x").Type}");
        Assert.Equal(DType.Float64, T.Shared(0.0).DType);
        Assert.Equal(DType.Float32, T.Zeros([2]).DType);
        Assert.Equal(DType.Float32, (V("int8") / V("int8")).DType);
        Assert.Equal(DType.Float32, (V("float32") * V("int32")).DType);
        Assert.Equal(DType.Float32, (V("float32") * V("int64")).DType);
        Assert.Equal(DType.Float64, (V("float64") * V("int64")).DType);
    }

    [Fact]
    public void Strict_mode_forbids_silent_float64()
    {
        using IDisposable options = Options.Use(Options.Current with { StrictFloat32 = true });
        (Expr x, Expr i) = (T.FVector("x"), T.LVector("i")); string made = Errors.Line.Here();

        Assert.Equal(
            $"""
            float32 would silently become float64, which strict mode forbids.
              Op: Mul
              Operand 0: x: TensorType(float32, vector), created at {made}
              Operand 1: i: TensorType(int64, vector), created at {made}
              Fix: cast an operand with T.Cast, or set Options.Current with StrictFloat32 = false.
            """,
            Errors.Line.Raised<DTypeException>(() => _ = x * i));
        Assert.Throws<DTypeException>(() => T.Dot(x, V("float64")));
        Assert.Throws<DTypeException>(() => T.Switch(x > 0, x, V("float64")));
        Assert.Throws<DTypeException>(() => T.Concatenate([x, V("float64")]));
        Assert.Equal(DType.Float32, (x * T.Cast(i, "float32")).DType);
        Assert.Equal(DType.Float32, (x * 2.5).DType);
    }
}
