using Hypatia.Loops;

namespace Hypatia.Lowering;

/// <summary>
/// A length that is known only when a plan runs: that of leading axes. In shapes its capacity stands for it, a prime of which no
/// other length is a multiple: so a multiple is one of the length. In code, a value that each call passes stands for it.
/// </summary>
/// <param name="Capacity">What shapes say: more than the length ever is.</param>
/// <param name="Leaf">The length as an expression, which a plan reads from memory.</param>
internal sealed record RunTimeLength(long Capacity, Expr Leaf)
{
    /// <summary>A length that is known only when a plan runs. Its capacity is the largest prime up to a number, which is 3 at least.</summary>
    public static RunTimeLength AtMost(long most)
    {
        long capacity = (most - 1) | 1;
        while (!IsPrime(capacity))
        {
            capacity -= 2;
        }

        return new RunTimeLength(capacity, Expr.Leaf(Input.New(), new TensorType(DType.Int64, default), "n"));
    }

    /// <summary>How many times this length is in the length of an axis; 0 if that is a number.</summary>
    public long TimesIn(long length) => length % Capacity == 0 ? length / Capacity : 0;

    /// <summary>Whether axes have this length, or a multiple of it.</summary>
    public bool IsIn(Shape shape) => shape.Any(n => TimesIn(n) > 0);

    /// <summary>Whether that is at most the first axis.</summary>
    public bool IsLeadingIn(Shape shape) => !IsIn([.. shape.Skip(1)]);

    /// <summary>A shape with the length as it is in a call.</summary>
    public Shape At(Shape shape, long length) => [.. shape.Select(n => At(n, length))];

    /// <summary>Whether a shape is another one with the length as it is in a call.</summary>
    public bool IsAt(Shape shape, long length, Shape actual)
    {
        if (actual.Rank != shape.Rank)
        {
            return false;
        }

        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (actual[axis] != At(shape[axis], length))
            {
                return false;
            }
        }

        return true;
    }

    private long At(long n, long length) => TimesIn(n) is > 0 and var times ? times * length : n;

    private static bool IsPrime(long n)
    {
        for (long factor = 3; factor * factor <= n; factor += 2)
        {
            if (n % factor == 0)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Lengths as code: literals, but for the one that is known only when a plan runs.</summary>
internal sealed class Extents(RunTimeLength? runTime, Func<Expr, Memory?> memoryOf)
{
    /// <summary>All lengths are known.</summary>
    public static Extents Known { get; } = new(null, _ => null);

    /// <summary>The length of an axis.</summary>
    public Scalar Of(long length) => runTime?.TimesIn(length) is > 0 and var times
        ? new Load(memoryOf(runTime.Leaf)!, Scalar.Int(0)) * Scalar.Int(times)
        : Scalar.Int(length);

    /// <summary>The number of elements.</summary>
    public Scalar Of(Shape shape)
    {
        Scalar count = Scalar.Int(1);
        foreach (long length in shape)
        {
            count *= Of(length);
        }

        return count;
    }
}
