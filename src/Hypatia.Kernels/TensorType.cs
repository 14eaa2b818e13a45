namespace Hypatia;

/// <summary>What is known of a tensor before it has a value: its element type, its rank, and some of its lengths.</summary>
/// <param name="DType">Type of each element.</param>
/// <param name="Shape">Lengths of the axes, known or not.</param>
public readonly record struct TensorType(DType DType, Shape Shape)
{
    /// <summary>A type by Theano's pattern: true for an axis of length 1, false for one of any length.</summary>
    public static TensorType Of(DType dtype, params bool[] broadcastable) =>
        new(dtype, new Shape([.. broadcastable.Select(one => one ? 1 : Shape.Unknown)]));

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>A type of <paramref name="rank"/> axes of unknown length.</summary>
    public static TensorType OfRank(DType dtype, int rank) => new(dtype, Shape.UnknownOf(rank));

    /// <summary>Whether each axis is known to have length 1: Theano's <c>broadcastable</c>.</summary>
    public bool[] Broadcastable => [.. Shape.Select(length => length == 1)];

    /// <summary>Whether a value of dtype and lengths like <paramref name="value"/> is of this type.</summary>
    public bool Accepts(TensorType value)
    {
        if (value.DType != DType || value.Rank != Rank)
        {
            return false;
        }

        for (int axis = 0; axis < Rank; axis++)
        {
            if (Shape[axis] != Shape.Unknown && Shape[axis] != value.Shape[axis])
            {
                return false;
            }
        }

        return true;
    }

    // Written out, as are those of ops that every program has: what the compiler would make of enums and structs needs the JIT in each process.

    /// <inheritdoc/>
    public bool Equals(TensorType other) => other.DType == DType && other.Shape == Shape;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine((int)DType, Shape.GetHashCode());

    /// <summary>
    /// As Theano prints it where Theano has a word for the shape (<c>TensorType(float64, matrix)</c>), otherwise with
    /// the lengths (<c>TensorType(float64, (2, ?))</c>).
    /// </summary>
    public override string ToString() => $"TensorType({DType.Name()}, {ShapeWord()})";

    private string ShapeWord()
    {
        ReadOnlySpan<long> lengths = Shape.AsSpan();
        return lengths switch
        {
            [] => "scalar",
            [Shape.Unknown] => "vector",
            [Shape.Unknown, Shape.Unknown] => "matrix",
            [1, Shape.Unknown] => "row",
            [Shape.Unknown, 1] => "col",
            _ when lengths.ContainsAnyExcept(Shape.Unknown) => Shape.ToString(),
            _ => $"{Rank}D",
        };
    }
}
