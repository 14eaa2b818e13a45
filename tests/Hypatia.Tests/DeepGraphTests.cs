namespace Hypatia.Tests;

/// <summary>Graphs far deeper than any stack.</summary>
public class DeepGraphTests
{
    [Fact]
    public void A_hundred_thousand_nodes_deep()
    {
        const int Depth = 100_000;
        using IDisposable options = Options.Use(Options.Current with { Origins = false });
        Expr x = T.Vector("x");
        Expr y = x;
        for (int i = 0; i < Depth / 2; i++)
        {
            y = T.Tanh(y + 0.001);
        }

        Expr cost = y.Sum();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Function f = T.Function([x], [cost, T.Grad(cost, x)]);
        Results r = f.Call(new[] { 0.1, -0.2, 0.5 });

        (double value, double slope)[] expected = [.. new[] { 0.1, -0.2, 0.5 }.Select(Chain)];
        Assert.Equal(expected.Sum(e => e.value), (double)r[0], 12);
        Assert.All(expected.Zip(r[1].ToArray<double>()), pair => Assert.Equal(pair.First.slope, pair.Second, 12));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), $"{watch.Elapsed}");

        static (double, double) Chain(double x)
        {
            double slope = 1;
            for (int i = 0; i < Depth / 2; i++)
            {
                x = Math.Tanh(x + 0.001);
                slope *= 1 - (x * x);
            }

            return (x, slope);
        }
    }
}
