using System.Collections;
using System.Runtime.CompilerServices;

namespace Hypatia;

/// <summary>
/// The lengths of a tensor's axes, each known or not, in row-major (C) order. The rank is always known.
/// <c>default</c> is the shape of a scalar.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<long>
{
    /// <summary>The length of an axis that is not known until run time.</summary>
    public const long Unknown = -1;

    private readonly long[]? _lengths;

    /// <summary>A shape of the given lengths.</summary>
    /// <exception cref="ArgumentException">A length is negative, and not <see cref="Unknown"/>.</exception>
    public Shape(params ReadOnlySpan<long> lengths)
    {
        foreach (long length in lengths)
        {
            if (length < Unknown)
            {
                throw new ArgumentException($"A length can't be {length}.", nameof(lengths));
            }
        }

        _lengths = lengths.IsEmpty ? null : lengths.ToArray();
    }

    // Of an array that nobody else has.
    private Shape(long[] own) => _lengths = own.Length == 0 ? null : own;

    /// <summary>The number of axes.</summary>
    public int Rank => _lengths?.Length ?? 0;

    /// <summary>Whether every length is known.</summary>
    public bool IsKnown
    {
        get
        {
            foreach (long length in AsSpan())
            {
                if (length == Unknown)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The number of elements, if every length is known.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (long length in AsSpan())
            {
                count *= length;
            }

            return count;
        }
    }

    int IReadOnlyCollection<long>.Count => Rank;

    /// <summary>The length of an axis, or <see cref="Unknown"/>.</summary>
    public long this[int axis] => _lengths![axis];

    /// <summary>For each axis, the number of elements from one index to the next in row-major order.</summary>
    public long[] Strides()
    {
        long[] strides = new long[Rank];
        long stride = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= this[axis];
        }

        return strides;
    }

    /// <summary>A shape of the given lengths.</summary>
    public static Shape Create(ReadOnlySpan<long> lengths) => new(lengths);

    /// <summary>A shape of <paramref name="rank"/> unknown lengths.</summary>
    public static Shape UnknownOf(int rank) => Of(rank, Unknown);

    /// <summary>The lengths of a C# array.</summary>
    internal static Shape Of(Array array)
    {
        var lengths = new long[array.Rank];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = array.GetLength(axis);
        }

        return new Shape(lengths);
    }

    /// <summary>A shape of <paramref name="rank"/> equal lengths.</summary>
    internal static Shape Of(int rank, long length)
    {
        var lengths = new long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            lengths[axis] = length;
        }

        return new Shape(lengths);
    }

    /// <summary>The lengths.</summary>
    public ReadOnlySpan<long> AsSpan() => _lengths;

    // What LINQ has, without its generic code: that is compiled anew for numbers in every process.

    /// <summary>The lengths of some axes.</summary>
    internal Shape At(params ReadOnlySpan<int> axes)
    {
        var lengths = new long[axes.Length];
        for (int k = 0; k < lengths.Length; k++)
        {
            lengths[k] = this[axes[k]];
        }

        return new Shape(lengths);
    }

    /// <summary>The lengths of all axes but the first few.</summary>
    internal Shape Skip(int axes) => new(AsSpan()[Math.Min(axes, Rank)..]);

    /// <summary>The lengths for which a condition on length and axis holds.</summary>
    internal Shape Where(Func<long, int, bool> condition)
    {
        var kept = new long[Rank];
        int count = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (condition(this[axis], axis))
            {
                kept[count++] = this[axis];
            }
        }

        return new Shape(kept.AsSpan(0, count));
    }

    /// <summary>Objects, one for each length and axis.</summary>
    internal T[] Select<T>(Func<long, int, T> selector)
        where T : class
    {
        var selected = new T[Rank];
        for (int axis = 0; axis < selected.Length; axis++)
        {
            selected[axis] = selector(this[axis], axis);
        }

        return selected;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => _lengths == other._lengths || AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (long length in AsSpan())
        {
            hash.Add(length);
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether two shapes have the same lengths.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ in a length.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)(_lengths ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As Python writes a tuple: <c>(2, ?)</c>, <c>(3,)</c>, <c>()</c>.</summary>
    public override string ToString() =>
        Rank == 1
            ? $"({Text(this[0])},)"
            : $"({string.Join(", ", this.Select(Text))})";

    private static string Text(long length) => length == Unknown ? "?" : length.ToString();
}
