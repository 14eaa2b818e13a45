using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypatia.Compilation;
using Hypatia.Diagnostics;
using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// A tensor's value on the host: a dtype, known lengths, and the elements in row-major order. What functions return
/// and shared variables hold. Made from scalars, C# arrays of any rank, nested arrays and <see cref="Tensor{T}"/>.
/// </summary>
public sealed class NDArray
{
    private int _readers;

    private NDArray(Array elements, DType dtype, Shape shape, bool isPinned = false)
    {
        Elements = elements;
        DType = dtype;
        Shape = shape;
        IsPinned = isPinned;
    }

    /// <summary>Type of each element.</summary>
    public DType DType { get; }

    /// <summary>Lengths of the axes, all known.</summary>
    public Shape Shape { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public long Count => Shape.Count;

    /// <summary>The type of this value: its dtype and its lengths.</summary>
    public TensorType Type => new(DType, Shape);

    /// <summary>The elements in row-major order: a C# array of this dtype, of any rank. Not a copy.</summary>
    internal Array Elements { get; }

    /// <summary>Whether the collector never moves the elements. Shared variables' are such: calls then need not pin them.</summary>
    internal bool IsPinned { get; }

    /// <summary>Wraps elements that are in row-major order already, without copying.</summary>
    /// <exception cref="ShapeException">The number of elements is not the product of the lengths.</exception>
    public static NDArray Wrap(Array elements, params ReadOnlySpan<long> lengths)
    {
        var shape = new Shape(lengths);
        return elements.LongLength == shape.Count
            ? new NDArray(elements, DTypes.Of(elements.GetType().GetElementType()!), shape)
            : throw new ShapeException($"{elements.LongLength} elements do not fill a tensor of shape {shape}.");
    }

    /// <summary>A tensor of zeros.</summary>
    public static NDArray Zeros(DType dtype, Shape shape) => new(Allocate(dtype, shape.Count, zeroed: true), dtype, shape);

    /// <summary>A tensor whose elements are to be written before they are read.</summary>
    internal static NDArray Uninitialized(TensorType type) =>
        new(Allocate(type.DType, type.Shape.Count, zeroed: false), type.DType, type.Shape);

    /// <summary>The same, pinned if it is small: for few tensors that live long.</summary>
    internal static NDArray UninitializedPinned(TensorType type) =>
        type.Shape.Count * type.DType.Size() < RecycledArrays.LeastBytes
            ? new(Allocate(type.DType, type.Shape.Count, zeroed: false, isPinned: true), type.DType, type.Shape, isPinned: true)
            : Uninitialized(type);

    /// <summary>A scalar.</summary>
    internal static NDArray Of(ScalarValue value)
    {
        NDArray scalar = Zeros(value.DType, default);
        scalar.Set(0, value);
        return scalar;
    }

    /// <summary>
    /// The value of a scalar, a C# array of any rank, nested arrays of equal lengths, a <see cref="Tensor{T}"/> or an
    /// <see cref="NDArray"/>. A one- or multi-dimensional array is not copied.
    /// </summary>
    /// <exception cref="DTypeException">The elements are of no known dtype.</exception>
    /// <exception cref="ShapeException">Nested arrays are ragged.</exception>
    public static NDArray From(object value)
    {
        switch (value)
        {
            case NDArray array:
                return array;
            case Array array when DTypes.TryOf(array.GetType().GetElementType()!) is { } dtype:
                return new NDArray(array, dtype, Shape.Of(array));
            case Array nested:
                return FromNested([.. nested], Shape.Of(nested).AsSpan());
            case ValueType when DTypes.TryOf(value.GetType()) is { } dtype:
                return FromScalar(value, dtype);
            case Tensor<double> t: return FromTensor(t);
            case Tensor<float> t: return FromTensor(t);
            case Tensor<long> t: return FromTensor(t);
            case Tensor<int> t: return FromTensor(t);
            case Tensor<bool> t: return FromTensor(t);
            case Tensor<sbyte> t: return FromTensor(t);
            case Tensor<short> t: return FromTensor(t);
            case Tensor<byte> t: return FromTensor(t);
            case Tensor<ushort> t: return FromTensor(t);
            case Tensor<uint> t: return FromTensor(t);
            case Tensor<ulong> t: return FromTensor(t);
            case Results results: return results.Single;
            case System.Collections.IList list: return FromNested([.. list], [list.Count]);
            case Expr expr:
                throw new DTypeException(
                    $"An expression is not a value: {expr.Describe()}\n  Fix: pass data, or compute it with Eval first.");
            default:
                throw new DTypeException(
                    $"{(value is null ? "null" : $"A value of type {value.GetType().Name}")} is not a tensor.\n  Fix: pass a number or bool, an array"
                    + " or list of them (of any rank, or nested), a Tensor<T>, or an NDArray.");
        }
    }

    /// <summary>This value's elements as a <see cref="Tensor{T}"/>, which is a copy.</summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the dtype.</exception>
    public Tensor<T> ToTensor<T>()
        where T : unmanaged => Tensor.Create(ToArray<T>(), [.. Shape.Select(length => (nint)length)]);

    /// <summary>The elements in row-major order, copied.</summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the dtype.</exception>
    public T[] ToArray<T>()
        where T : unmanaged => AsSpan<T>().ToArray();

    /// <summary>The elements of a matrix, copied.</summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the dtype.</exception>
    /// <exception cref="ShapeException">This is not a matrix.</exception>
    public T[,] ToMatrix<T>()
        where T : unmanaged
    {
        if (Rank != 2)
        {
            throw new ShapeException($"A value of shape {Shape} is not a matrix.");
        }

        var matrix = new T[Shape[0], Shape[1]];
        AsSpan<T>().CopyTo(MemoryMarshal.CreateSpan(
            ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(matrix)), matrix.Length));
        return matrix;
    }

    /// <summary>The only element.</summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the dtype.</exception>
    /// <exception cref="ShapeException">There is more than one element, or none.</exception>
    public T ToScalar<T>()
        where T : unmanaged =>
        Count == 1 ? AsSpan<T>()[0] : throw new ShapeException($"A value of shape {Shape} is not a scalar.");

    /// <summary>The elements in row-major order, not copied.</summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the dtype.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged => Writable<T>();

    /// <summary>The element at an index, as a double.</summary>
    public double this[params ReadOnlySpan<long> index]
    {
        get
        {
            if (index.Length != Rank)
            {
                throw new ShapeException($"A value of shape {Shape} needs {Rank} indices, not {index.Length}.");
            }

            long offset = 0;
            long[] strides = Shape.Strides();
            for (int axis = 0; axis < Rank; axis++)
            {
                if (index[axis] < 0 || index[axis] >= Shape[axis])
                {
                    throw new IndexException($"Index {index[axis]} is outside axis {axis} of shape {Shape}.");
                }

                offset += index[axis] * strides[axis];
            }

            return Scalar(offset).AsDouble;
        }
    }

    /// <summary>This value with its elements converted: floats to integers truncate, integers wrap.</summary>
    public NDArray Cast(DType dtype)
    {
        if (dtype == DType)
        {
            return this;
        }

        NDArray result = Zeros(dtype, Shape);
        for (long i = 0; i < Count; i++)
        {
            result.Set(i, Scalar(i).To(dtype));
        }

        return result;
    }

    /// <summary>The same elements under other lengths.</summary>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public NDArray Reshape(params ReadOnlySpan<long> lengths) => Wrap(Elements, lengths);

    /// <summary>A copy whose elements are a new one-dimensional array.</summary>
    public NDArray Copy() => CopyInto(Uninitialized(Type));

    /// <summary>The same, pinned if it is small.</summary>
    internal NDArray CopyPinned() => CopyInto(UninitializedPinned(Type));

    /// <summary>Whether somebody may read this value, so that it must not be written to. Under <see cref="States.Sync"/>.</summary>
    internal bool HasReaders => _readers > 0;

    /// <summary>Notes that somebody reads this value. Under <see cref="States.Sync"/>.</summary>
    internal void AddReader() => _readers++;

    /// <summary>Notes that somebody has read this value. Under <see cref="States.Sync"/>.</summary>
    internal void RemoveReader() => _readers--;

    /// <summary>The same elements, which the caller keeps: they are never written to.</summary>
    internal NDArray Lent()
    {
        NDArray lent = new(Elements, DType, Shape);
        lent.AddReader();
        return lent;
    }

    /// <summary>Copies all elements to a value of the same type.</summary>
    internal void CopyTo(NDArray destination) => Bytes().CopyTo(destination.Bytes());

    /// <summary>The elements of a C# array of any rank, not copied.</summary>
    public static implicit operator NDArray(Array array) => From(array);

    /// <summary>The only element, converted.</summary>
    public static explicit operator double(NDArray value) => value.Only().AsDouble;

    /// <summary>The only element, converted.</summary>
    public static explicit operator float(NDArray value) => (float)value.Only().AsDouble;

    /// <summary>The only element, converted.</summary>
    public static explicit operator long(NDArray value) => value.Only().To(DType.Int64).AsInt64;

    /// <summary>The only element, converted.</summary>
    public static explicit operator int(NDArray value) => (int)value.Only().To(DType.Int64).AsInt64;

    /// <summary>The only element, converted.</summary>
    public static explicit operator bool(NDArray value) => value.Only().AsBool;

    /// <summary>The elements in nested brackets, as NumPy prints them.</summary>
    public override string ToString() => ArrayPrinter.Print(this);

    /// <summary>The element at a place in row-major order.</summary>
    internal ScalarValue Scalar(long offset) => DType switch
    {
        DType.Float64 => ScalarValue.Of(DType, AsSpan<double>()[(int)offset]),
        DType.Float32 => ScalarValue.Of(DType, AsSpan<float>()[(int)offset]),
        DType.Int64 => ScalarValue.Of(DType, AsSpan<long>()[(int)offset]),
        DType.Int32 => ScalarValue.Of(DType, (long)AsSpan<int>()[(int)offset]),
        DType.Int16 => ScalarValue.Of(DType, (long)AsSpan<short>()[(int)offset]),
        DType.Int8 => ScalarValue.Of(DType, (long)AsSpan<sbyte>()[(int)offset]),
        DType.UInt64 => ScalarValue.Of(DType, (long)AsSpan<ulong>()[(int)offset]),
        DType.UInt32 => ScalarValue.Of(DType, (long)AsSpan<uint>()[(int)offset]),
        DType.UInt16 => ScalarValue.Of(DType, (long)AsSpan<ushort>()[(int)offset]),
        DType.UInt8 => ScalarValue.Of(DType, (long)AsSpan<byte>()[(int)offset]),
        _ => ScalarValue.Of(AsSpan<bool>()[(int)offset]),
    };

    /// <summary>Stores an element at a place in row-major order. Only for values not yet handed out.</summary>
    internal void Set(long offset, ScalarValue value)
    {
        int i = (int)offset;
        switch (DType)
        {
            case DType.Float64: Writable<double>()[i] = value.AsDouble; break;
            case DType.Float32: Writable<float>()[i] = (float)value.AsDouble; break;
            case DType.Int64: Writable<long>()[i] = value.AsInt64; break;
            case DType.Int32: Writable<int>()[i] = (int)value.AsInt64; break;
            case DType.Int16: Writable<short>()[i] = (short)value.AsInt64; break;
            case DType.Int8: Writable<sbyte>()[i] = (sbyte)value.AsInt64; break;
            case DType.UInt64: Writable<ulong>()[i] = (ulong)value.AsInt64; break;
            case DType.UInt32: Writable<uint>()[i] = (uint)value.AsInt64; break;
            case DType.UInt16: Writable<ushort>()[i] = (ushort)value.AsInt64; break;
            case DType.UInt8: Writable<byte>()[i] = (byte)value.AsInt64; break;
            default: Writable<bool>()[i] = value.AsBool; break;
        }
    }

    /// <summary>A one-dimensional array.</summary>
    internal static Array Allocate(DType dtype, long count, bool zeroed, bool isPinned = false) => dtype switch
    {
        DType.Bool => New<bool>(count, zeroed, isPinned),
        DType.Int8 => New<sbyte>(count, zeroed, isPinned),
        DType.Int16 => New<short>(count, zeroed, isPinned),
        DType.Int32 => New<int>(count, zeroed, isPinned),
        DType.Int64 => New<long>(count, zeroed, isPinned),
        DType.UInt8 => New<byte>(count, zeroed, isPinned),
        DType.UInt16 => New<ushort>(count, zeroed, isPinned),
        DType.UInt32 => New<uint>(count, zeroed, isPinned),
        DType.UInt64 => New<ulong>(count, zeroed, isPinned),
        DType.Float32 => New<float>(count, zeroed, isPinned),
        _ => New<double>(count, zeroed, isPinned),
    };

    private static T[] New<T>(long count, bool zeroed, bool isPinned)
        where T : unmanaged =>
        count > Array.MaxLength
            ? throw new ShapeException(
                $"A tensor of {count} elements is too large: at most {Array.MaxLength} fit.\n  Fix: check the lengths, or work on parts.")
        : zeroed ? new T[(int)count]
        : count * Unsafe.SizeOf<T>() >= RecycledArrays.LeastBytes ? RecycledArrays.Rent<T>((int)count)
        : GC.AllocateUninitializedArray<T>((int)count, isPinned);

    private static NDArray FromNested(object?[] items, ReadOnlySpan<long> lengths)
    {
        NDArray[] parts = [.. items.Select(item => From(item
            ?? throw new DTypeException("A nested array contains null.\n  Fix: fill all rows before passing it.")))];
        if (parts.Length == 0)
        {
            return Zeros(Options.Current.FloatX, new Shape(lengths));
        }

        int other = Array.FindIndex(parts, part => part.Shape != parts[0].Shape);
        if (other >= 0)
        {
            throw new ShapeException(
                $"Nested arrays must have equal lengths: element 0 has shape {parts[0].Shape}, element {other} has {parts[other].Shape}.\n"
                + "  Fix: make all rows equally long, for example by padding the short ones.");
        }

        DType dtype = parts.Select(part => part.DType).Aggregate(Promotion.Of);
        Shape shape = [.. lengths, .. parts[0].Shape];
        NDArray result = Zeros(dtype, shape);
        long offset = 0;
        foreach (NDArray part in parts)
        {
            for (long i = 0; i < part.Count; i++)
            {
                result.Set(offset++, part.Scalar(i).To(dtype));
            }
        }

        return result;
    }

    private static NDArray FromScalar(object value, DType dtype)
    {
        Array one = Allocate(dtype, 1, zeroed: false);
        one.SetValue(value, 0);
        return new NDArray(one, dtype, default);
    }

    private static NDArray FromTensor<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        var elements = (T[])Allocate(DTypes.Of<T>(), (long)tensor.FlattenedLength, zeroed: false);
        tensor.FlattenTo(elements);
        return new NDArray(elements, DTypes.Of<T>(), new Shape([.. tensor.Lengths.ToArray().Select(n => (long)n)]));
    }

    private NDArray CopyInto(NDArray copy)
    {
        CopyTo(copy);
        return copy;
    }

    private ScalarValue Only() =>
        Count == 1 ? Scalar(0) : throw new ShapeException($"A value of shape {Shape} is not a scalar.");

    private Span<T> Writable<T>()
        where T : unmanaged
    {
        if (DTypes.TryOf(typeof(T)) != DType)
        {
            throw new DTypeException($"The elements are {DType.Name()}, not {typeof(T).Name}; cast first.");
        }

        return MemoryMarshal.CreateSpan(
            ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(Elements)), Elements.Length);
    }

    private Span<byte> Bytes() => MemoryMarshal.CreateSpan(
        ref MemoryMarshal.GetArrayDataReference(Elements), checked((int)(Count * DType.Size())));
}
