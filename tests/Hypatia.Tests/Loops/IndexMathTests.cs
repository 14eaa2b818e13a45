using Hypatia.Loops;

namespace Hypatia.Tests.Loops;

public class IndexMathTests
{
    private static readonly BinaryOp[] Ops =
    [
        BinaryOp.Add, BinaryOp.Add, BinaryOp.Mul, BinaryOp.Mul, BinaryOp.Sub, BinaryOp.FloorDiv, BinaryOp.Mod,
        BinaryOp.Min, BinaryOp.Max, BinaryOp.Lt, BinaryOp.Le, BinaryOp.Eq, BinaryOp.Ne,
    ];

    private static readonly Variable I = Variable.Index("i", 5);
    private static readonly Variable J = Variable.Index("j", 3);
    private static readonly Variable N = new("n", DType.Int64);

    [Fact]
    public void Simplified_indices_have_the_value_and_the_range_of_what_they_were_built_from()
    {
        for (int seed = 0; seed < 4_000; seed++)
        {
            var random = new System.Random(seed);
            (Scalar raw, Scalar simple) = Expression(random, 4);
            (long Min, long Max)? range = raw.DType == DType.Int64 ? IndexMath.Range(simple) : null;
            for (long i = 0; i < 5; i++)
            {
                for (long j = 0; j < 3; j++)
                {
                    foreach (long n in (long[])[-7, 0, 2, 1000])
                    {
                        long expected = Value(raw, i, j, n);
                        long actual = Value(simple, i, j, n);
                        if (expected != actual || (range is var (min, max) && (actual < min || actual > max)))
                        {
                            Assert.Fail($"seed {seed}: {raw} = {expected} at i = {i}, j = {j}, n = {n}, "
                                + $"but {simple} = {actual}, with range {range}");
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Flattening_and_splitting_an_index_cancel()
    {
        Variable k = Variable.Index("k", 15);
        Scalar flat = (I * Scalar.Int(3)) + J;
        Assert.Equal("i", (flat / Scalar.Int(3)).ToString());
        Assert.Equal("j", (flat % Scalar.Int(3)).ToString());
        Assert.Equal("k", ((k / Scalar.Int(3) * Scalar.Int(3)) + (k % Scalar.Int(3))).ToString());
        Assert.Equal("k * 4", ((k / Scalar.Int(3) * Scalar.Int(12)) + (k % Scalar.Int(3) * Scalar.Int(4))).ToString());
        Assert.Equal("k // 4", (((k * Scalar.Int(6)) + (I + Scalar.Int(1))) / Scalar.Int(24)).ToString());
        Assert.Equal("(k * 6 + i + 2) // 24", (((k * Scalar.Int(6)) + (I + Scalar.Int(2))) / Scalar.Int(24)).ToString());
        Assert.Equal("true", Scalar.Less(k, Scalar.Int(15)).ToString());
    }

    private static (Scalar Raw, Scalar Simple) Expression(System.Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0)
        {
            Scalar leaf = random.Next(4) switch
            {
                0 => I,
                1 => J,
                2 when random.Next(3) == 0 => N,
                _ => Scalar.Int(random.Next(-3, 13)),
            };
            return (leaf, leaf);
        }

        BinaryOp op = Ops[random.Next(depth == 4 ? Ops.Length : 9)];
        (Scalar Raw, Scalar Simple) x = Expression(random, depth - 1);
        (Scalar Raw, Scalar Simple) y = Expression(random, depth - 1);
        return (new Binary(op, x.Raw, y.Raw), Scalar.Apply(op, x.Simple, y.Simple));
    }

    private static long Value(Scalar x, long i, long j, long n) => x switch
    {
        Literal literal => literal.Value.AsInt64,
        Variable variable => variable == I ? i : variable == J ? j : n,
        Binary binary => ScalarMath.Apply(binary.Op,
            ScalarValue.Of(DType.Int64, Value(binary.X, i, j, n)),
            ScalarValue.Of(DType.Int64, Value(binary.Y, i, j, n))).AsInt64,
        _ => throw new ArgumentOutOfRangeException(nameof(x), x, null),
    };
}
