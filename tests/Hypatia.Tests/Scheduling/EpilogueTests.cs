using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Random;

namespace Hypatia.Tests.Scheduling;

public class EpilogueTests
{
    [Theory]
    [InlineData("x·W + b, relu")]
    [InlineData("several maps of one product")]
    [InlineData("an update of a weight")]
    [InlineData("a product that is read elsewhere")]
    [InlineData("a product that is an output")]
    [InlineData("a map of two products")]
    [InlineData("a transposed read")]
    [InlineData("a batch of products")]
    [InlineData("a bool of a product")]
    public void Products_with_maps_are_those_of_the_plain_program(string name)
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            Function expected = Program(name, dtype, new Options { Rewrite = false, CustomDevice = new ReferenceDevice() });
            Function actual = Program(name, dtype, new Options { CustomDevice = new CpuDevice() });
            Results plain = expected.Call(), fused = actual.Call();
            double tolerance = dtype == DType.Float64 ? 1e-12 : 2e-5;
            for (int k = 0; k < plain.Count; k++)
            {
                for (int i = 0; i < plain[k].Count; i++)
                {
                    double value = plain[k].Scalar(i).AsDouble;
                    Assert.Equal(value, fused[k].Scalar(i).AsDouble, tolerance * Math.Max(1, Math.Abs(value)));
                }
            }

            string schedule = actual.Plans.Single().Schedule.ToString();
            Assert.Contains("Contract", schedule, StringComparison.Ordinal);
            if (name is not ("a transposed read" or "a product that is an output"))
            {
                Assert.DoesNotContain("Map", schedule, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_dense_layer_is_one_kernel_that_stores_only_its_result()
    {
        Function layer = Program("x·W + b, relu", DType.Float32, new Options { CustomDevice = new CpuDevice() });
        layer.Call();
        Assert.Equal("Contract (40, 130): MatMul (kept in cache), Relu", layer.Plans.Single().Schedule.Groups.Single().ToString());
        Assert.Equal(0, layer.Plans.Single().ArenaBytes);
    }

    [Fact]
    public void The_bits_are_the_same_for_any_number_of_threads()
    {
        float[][] results = [.. new[] { 1, 2, 4, 8 }.Select(threads =>
        {
            var options = new Options { CustomDevice = new CpuDevice(new CpuOptions { Threads = threads }) };
            using IDisposable scope = Options.Use(options);
            var random = new RandomState(2);
            Shared x = T.Shared(NDArray.Wrap(random.Randn(300 * 410), [300, 410]).Cast(DType.Float32));
            Shared w = T.Shared(NDArray.Wrap(random.Randn(410 * 333), [410, 333]).Cast(DType.Float32));
            Expr hidden = NNet.Relu(x.Dot(w) + 0.25f);
            return T.Function([], [w - 0.5f * T.Grad(T.Sqr(hidden).Sum(), w)]).Call()[0].ToArray<float>();
        })];
        Assert.All(results.Skip(1), other => Assert.Equal(results[0], other));
    }

    private static Function Program(string name, DType dtype, Options options)
    {
        using IDisposable scope = Options.Use(options);
        var random = new RandomState(1);
        Shared Draw(params long[] shape) => T.Shared(
            NDArray.Wrap(random.Uniform(-0.3, 0.3, (int)shape.Aggregate(1L, (a, b) => a * b)), shape).Cast(dtype));
        Shared x = Draw(40, 150), w = Draw(150, 130), bias = Draw(130), other = Draw(40, 130), square = Draw(130, 40);
        Expr product = T.Dot(x, w);
        Expr[] outputs = name switch
        {
            "x·W + b, relu" => [NNet.Relu(product + bias)],
            "several maps of one product" => [T.Tanh(product), product * other, T.Sqr(product + bias) - other],
            "an update of a weight" => [other - 0.1f * (product + 0.5f * other)],
            "a product that is read elsewhere" => [product + bias, T.Sum(product * other, axis: 1)],
            "a product that is an output" => [product, T.Exp(product)],
            "a map of two products" => [T.Tanh(product + bias) * T.Dot(square.T, T.Dot(square, other))],
            "a transposed read" => [product + T.Dot(square, x).T.Sum(), product + square.T, product.T * square],
            "a batch of products" => [Batch(Draw(3, 40, 50), Draw(3, 50, 60), Draw(3, 40, 60), Draw(60))],
            "a bool of a product" => [T.Gt(product, other)],
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown program"),
        };
        return T.Function([], outputs);
    }

    private static Expr Batch(Expr a, Expr b, Expr other, Expr bias) => NNet.Relu(T.BatchedDot(a, b) + bias) * other;
}
