using System.Numerics.Tensors;

namespace Hypatia;

/// <summary>An argument of a call: a value, and the name of the input if it is not given by position.</summary>
public readonly struct Argument
{
    /// <summary>An argument by position.</summary>
    /// <param name="value">A number, bool, array, nested array or list, <c>Tensor&lt;T&gt;</c> or <see cref="NDArray"/>.</param>
    public Argument(object value)
        : this(null, value)
    {
    }

    /// <summary>An argument by name.</summary>
    /// <param name="name">The name of the input.</param>
    /// <param name="value">A number, bool, array, nested array or list, <c>Tensor&lt;T&gt;</c> or <see cref="NDArray"/>.</param>
    public Argument(string? name, object value)
    {
        Name = name;
        Value = value ?? throw new ArgumentNullException(nameof(value), "An argument is null; leave it out to use the input's default.");
    }

    internal string? Name { get; }

    internal object Value { get; }

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(double value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(float value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(int value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(long value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(bool value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(sbyte value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(short value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(byte value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(ushort value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(uint value) => new(value);

    /// <summary>A scalar.</summary>
    public static implicit operator Argument(ulong value) => new(value);

    /// <summary>An array of any rank, or nested arrays.</summary>
    public static implicit operator Argument(Array value) => new(value);

    /// <summary>A value that a function returned, or a shared variable held.</summary>
    public static implicit operator Argument(NDArray value) => new(value);

    /// <summary>The only output of another call.</summary>
    public static implicit operator Argument(Results value) => new(value.Single);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(Tensor<double> value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(Tensor<float> value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(Tensor<long> value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(Tensor<int> value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(Tensor<bool> value) => new(value);
}
