using System.Diagnostics;

namespace Hypatia.Tests;

/// <summary>Compiling takes time in proportion to the graph.</summary>
public class LargeGraphTests
{
    [Fact]
    public void Four_times_the_layers_take_about_four_times_the_work()
    {
        Compile(20);
        (TimeSpan time, long bytes) = Compile(400);
        (TimeSpan longer, long more) = Compile(1600);
        Assert.InRange(more / (double)bytes, 3, 5.5);                       // the same in every run
        Assert.True(longer < 10 * time, $"400 layers: {time}, 1600: {longer}");   // 16 if it were quadratic
    }

    private static (TimeSpan Time, long Bytes) Compile(int layers)
    {
        const int width = 8;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        Expr x = T.Matrix("x");
        Expr a = x;
        List<Shared> parameters = [];
        for (int k = 0; k < layers; k++)
        {
            Shared w = T.Shared(new double[width, width], $"W{k}"), b = T.Shared(new double[width], $"b{k}");
            a = T.Tanh(a.Dot(w) + b);
            parameters.AddRange([w, b]);
        }

        Expr loss = T.Sum(T.Sqr(a));
        Expr[] gradients = T.Grad(loss, parameters);
        T.Function([x], loss, [.. parameters.Select((p, k) => (p, p - (0.01 * gradients[k])))]).Call(new double[16, width]);
        return (watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }
}
