using System.Collections;
using System.Runtime.CompilerServices;

namespace Hypatia;

/// <summary>An immutable list of axes, compared by content: <c>axis: 1</c> or <c>axis: [0, 2]</c>; −1 is the last one.</summary>
[CollectionBuilder(typeof(Axes), nameof(Create))]
public readonly struct Axes : IEquatable<Axes>, IReadOnlyList<int>
{
    private readonly int[]? _items;

    private Axes(int[] items) => _items = items;

    private int[] Items => _items ?? [];

    /// <summary>How many there are.</summary>
    public int Count => Items.Length;

    /// <summary>One of them.</summary>
    public int this[int index] => Items[index];

    /// <summary>The axes.</summary>
    internal ReadOnlySpan<int> AsSpan() => _items;

    /// <summary>A list of axes.</summary>
    public static Axes Create(ReadOnlySpan<int> axes) => new(axes.ToArray());

    /// <summary>0, 1, …, <paramref name="rank"/> − 1.</summary>
    public static Axes All(int rank)
    {
        var axes = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            axes[axis] = axis;
        }

        return new Axes(axes);
    }

    /// <summary>One axis.</summary>
    public static implicit operator Axes(int axis) => new([axis]);

    /// <summary>Several axes.</summary>
    public static implicit operator Axes(int[] axes) => new([.. axes]);

    /// <inheritdoc/>
    public bool Equals(Axes other)
    {
        if (Count != other.Count)
        {
            return false;
        }

        for (int k = 0; k < Count; k++)
        {
            if (this[k] != other[k])
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Axes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int axis in Items)
        {
            hash.Add(axis);
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether two lists are the same.</summary>
    public static bool operator ==(Axes left, Axes right) => left.Equals(right);

    /// <summary>Whether two lists differ.</summary>
    public static bool operator !=(Axes left, Axes right) => !left.Equals(right);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As Python writes a tuple: <c>(0, 1)</c>, <c>(1,)</c>.</summary>
    public override string ToString() => Count == 1 ? $"({this[0]},)" : $"({string.Join(", ", Items)})";

    // What LINQ has, without its generic code: that is compiled anew for numbers in every process.

    /// <summary>Whether an axis is among these.</summary>
    internal bool Contains(int axis) => IndexOf(axis) >= 0;

    /// <summary>Whether these are 0, 1, …, <paramref name="rank"/> − 1.</summary>
    internal bool IsAll(int rank)
    {
        for (int k = 0; k < Count; k++)
        {
            if (this[k] != k)
            {
                return false;
            }
        }

        return Count == rank;
    }

    /// <summary>Whether a tensor of <paramref name="rank"/> axes has all of these.</summary>
    internal bool AreWithin(int rank)
    {
        foreach (int axis in Items)
        {
            if (axis < 0 || axis >= rank)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether no axis is named twice.</summary>
    internal bool AreDistinct
    {
        get
        {
            for (int k = 0; k < Count; k++)
            {
                if (IndexOf(this[k]) != k)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The last place of an axis in the list; −1 if it is none of them.</summary>
    internal int IndexOf(int axis)
    {
        int k = Count - 1;
        while (k >= 0 && this[k] != axis)
        {
            k--;
        }

        return k;
    }

    /// <summary>Whether a condition holds for one of these.</summary>
    internal bool Any(Func<int, bool> condition) => !All(axis => !condition(axis));

    /// <summary>Whether a condition holds for all of these.</summary>
    internal bool All(Func<int, bool> condition)
    {
        foreach (int axis in Items)
        {
            if (!condition(axis))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Those for which a condition holds, in this order.</summary>
    internal Axes Where(Func<int, bool> condition)
    {
        List<int> found = [];
        foreach (int axis in Items)
        {
            if (condition(axis))
            {
                found.Add(axis);
            }
        }

        return new Axes(found.ToArray());
    }

    /// <summary>Other axes, one for each.</summary>
    internal Axes Select(Func<int, int> selector)
    {
        var selected = new int[Count];
        for (int k = 0; k < selected.Length; k++)
        {
            selected[k] = selector(Items[k]);
        }

        return new Axes(selected);
    }

    /// <summary>Lengths, one for each.</summary>
    internal long[] Select(Func<int, long> selector)
    {
        var selected = new long[Count];
        for (int k = 0; k < selected.Length; k++)
        {
            selected[k] = selector(Items[k]);
        }

        return selected;
    }

    /// <summary>Objects, one for each.</summary>
    internal T[] Select<T>(Func<int, T> selector)
        where T : class
    {
        var selected = new T[Count];
        for (int k = 0; k < selected.Length; k++)
        {
            selected[k] = selector(Items[k]);
        }

        return selected;
    }

    /// <summary>These axes in ascending order.</summary>
    internal Axes Order()
    {
        int[] ordered = [.. Items];
        Array.Sort(ordered);
        return new Axes(ordered);
    }

    /// <summary>Whether these are the same axes in the same order.</summary>
    internal bool SequenceEqual(Axes other) => Equals(other);

    /// <summary>These axes counted from the front, sorted; all of them if null.</summary>
    /// <exception cref="ShapeException">One is not an axis of a tensor of this rank, or is named twice.</exception>
    internal static Axes Normalize(Axes? axes, int rank, string op, Expr operand)
    {
        if (axes is not { } given)
        {
            return All(rank);
        }

        Axes normal = given.Select(axis => Normalize(axis, rank, op, operand)).Order();
        return normal.AreDistinct
            ? normal
            : throw new ShapeException($"Axes {given} name an axis twice.", op, [operand], "name each axis once.");
    }

    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="ShapeException">It is not an axis of a tensor of this rank.</exception>
    internal static int Normalize(int axis, int rank, string op, Expr operand) =>
        axis >= -rank && axis < rank
            ? axis < 0 ? axis + rank : axis
            : throw new ShapeException(
                $"Axis {axis} does not exist: the operand has {rank} axes.",
                op,
                [operand],
                rank == 0 ? "a scalar has no axes; leave the axis out." : $"use {-rank} … {rank - 1}.");
}
