using System.Runtime.CompilerServices;
using static Hypatia.Tests.Errors.Line;

namespace Hypatia.Tests.Diagnostics;

/// <summary>Every expression knows the line of the user's code that made it, also in optimized code.</summary>
public class OriginTests
{
    [Fact]
    public void Named_functions_methods_operators_and_constants()
    {
        Expr x = T.Matrix("x"); string atX = Here();
        Expr sum = x + 1; string atSum = Here();
        Expr mean = sum.Mean(); string atMean = Here();
        Expr tanh = T.Tanh(mean); string atTanh = Here();
        Shared shared = T.Shared(1.0); string atShared = Here();
        Expr slice = x[1..]; string atSlice = Here();
        Expr literal = 2; string atLiteral = Here();

        Assert.Equal(atX, $"{x.Origin}");
        Assert.Equal(atSum, $"{sum.Origin}");
        Assert.Equal(atMean, $"{mean.Origin}");
        Assert.Equal(atTanh, $"{tanh.Origin}");
        Assert.Equal(atShared, $"{shared.Origin}");
        Assert.Equal(atSlice, $"{slice.Origin}");
        Assert.Equal(atLiteral, $"{literal.Origin}");
    }

    [Fact]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void In_optimized_code()
    {
        Expr x = T.Matrix("x"); string atX = Here();
        Expr y = x;
        string atY = "";
        for (int i = 0; i < 3; i++)
        {
            y = T.Tanh(y) + x; atY = Here();
        }

        Expr z = y.Sum(0); string atZ = Here();

        Assert.Equal(atX, $"{x.Origin}");
        Assert.Equal(atY, $"{y.Origin}");
        Assert.Equal(atZ, $"{z.Origin}");
    }

    [Fact]
    public void In_code_that_has_become_hot()
    {
        for (int i = 0; i < 200; i++)
        {
            (Expr made, string place) = Hot();
            Assert.Equal(place, $"{made.Origin}");
            Thread.Sleep(i % 50 == 49 ? 150 : 0);      // tiers change in the background
        }
    }

    [Fact]
    public void In_lambdas_and_local_functions()
    {
        Func<(Expr, string)> lambda = () => (T.Vector("x"), Here());
        (Expr x, string atX) = lambda();
        (Expr y, string atY) = Local();
        Expr sum = new[] { x, y }.Aggregate((a, b) => a + b); string atSum = Here();

        Assert.Equal(atX, $"{x.Origin}");
        Assert.Equal(atY.Replace(nameof(In_lambdas_and_local_functions), nameof(Local), StringComparison.Ordinal), $"{y.Origin}");
        Assert.Equal(atSum, $"{sum.Origin}");

        static (Expr, string) Local() => (T.Vector("y"), Here());
    }

    [Fact]
    public async Task In_async_methods_and_iterators()
    {
        Expr before = T.Vector("x"); string atBefore = Here();
        await Task.Yield();
        Expr after = T.Vector("x"); string atAfter = Here();
        (Expr iterated, string atIterated) = Iterator().Last();

        Assert.Equal(atBefore, $"{before.Origin}");
        Assert.Equal(atAfter, $"{after.Origin}");
        Assert.Equal(atIterated, $"{iterated.Origin}");
    }

    [Fact]
    public void Linq_inside_the_library_is_not_the_users()
    {
        Expr x = T.Matrix("x");
        Expr size = x.Size; string atSize = Here();
        Expr stack = T.Stack([x, x]); string atStack = Here();

        Assert.Equal(atSize, $"{size.Origin}");
        Assert.Equal(atStack, $"{stack.Origin}");
    }

    [Fact]
    public void Gradients_have_the_origin_of_what_they_are_gradients_of()
    {
        Expr x = T.Scalar("x");
        Expr cost = T.Exp(x); string atCost = Here();

        Assert.Equal(atCost, $"{T.Grad(cost, x).Origin}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Expr Made, string Place) Hot()
    {
        Expr x = T.Scalar("x");
        Expr y = x * 2; string place = Here();
        return (y, place);
    }

    private static IEnumerable<(Expr Made, string Place)> Iterator()
    {
        yield return (T.Vector("x"), Here());
        yield return (T.Vector("y"), Here());
    }
}
