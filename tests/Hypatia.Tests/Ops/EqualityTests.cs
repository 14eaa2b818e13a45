namespace Hypatia.Tests.Ops;

/// <summary>Ops, and types, are compared by value, also where that is written out.</summary>
public class EqualityTests
{
    private static readonly Func<object>[] Different =
    [
        () => new Tanh(), () => new Exp(), () => new Add(), () => new Mul(), () => new Maximum(),
        () => new Sum(0), () => new Sum(1), () => new Sum(Axes.All(2)), () => new Sum(0, InFloat32: true), () => new Max(0), () => new Prod(0),
        () => new Dimshuffle(Axes.All(2)), () => new Dimshuffle(new[] { 1, 0 }), () => new Dimshuffle(new[] { 0, Dimshuffle.New }),
        () => new CastTo(DType.Float32), () => new CastTo(DType.Float64),
        () => TensorType.OfRank(DType.Float32, 2), () => TensorType.OfRank(DType.Float64, 2), () => TensorType.OfRank(DType.Float64, 1),
        () => new TensorType(DType.Float64, new Shape(2, 3)), () => new TensorType(DType.Float64, new Shape(3, 2)),
    ];

    [Fact]
    public void Only_what_is_alike_is_equal()
    {
        for (int i = 0; i < Different.Length; i++)
        {
            object x = Different[i]();
            for (int k = 0; k < Different.Length; k++)
            {
                object y = Different[k]();
                Assert.True(x.Equals(y) == (i == k), $"{x} and {y}");
                Assert.True(i != k || x.GetHashCode() == y.GetHashCode(), $"{x}");
            }
        }
    }
}
