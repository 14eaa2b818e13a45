using System.Collections;

namespace Hypatia;

/// <summary>
/// What a call returned: one value for each output, by position or by the output's name. A single one converts to a
/// value or a number; several can be taken apart: <c>var (loss, accuracy) = f.Call(x)</c>.
/// </summary>
public sealed class Results : IReadOnlyList<NDArray>
{
    private readonly NDArray[] _values;
    private readonly string?[] _names;

    internal Results(NDArray[] values, string?[] names)
    {
        _values = values;
        _names = names;
    }

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <summary>The output at a position.</summary>
    /// <exception cref="FunctionException">There are not so many.</exception>
    public NDArray this[int index] => index >= 0 && index < Count
        ? _values[index]
        : throw new FunctionException($"There is no output {index}: the function has {Outputs()}.");

    /// <summary>The output of a name: its expression's, or its key if outputs were given as a dictionary.</summary>
    /// <exception cref="FunctionException">There is none.</exception>
    public NDArray this[string name] => Array.IndexOf(_names, name) is var k and >= 0
        ? _values[k]
        : throw new FunctionException(
            $"There is no output '{name}': the function has {Outputs()}.\n  Fix: name the output, x.Named(\"{name}\"), or use its index.");

    /// <summary>The only output.</summary>
    /// <exception cref="FunctionException">There are several, or none.</exception>
    public NDArray Single => _values.Length == 1
        ? _values[0]
        : throw new FunctionException(
            $"The function has {Outputs()}, so its result is no single value.\n  Fix: choose one by its index.");

    /// <summary>The only output.</summary>
    public static implicit operator NDArray(Results results) => results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator double(Results results) => (double)results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator float(Results results) => (float)results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator long(Results results) => (long)results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator int(Results results) => (int)results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator bool(Results results) => (bool)results.Single;

    /// <summary>The first two outputs.</summary>
    public void Deconstruct(out NDArray first, out NDArray second) => (first, second) = (this[0], this[1]);

    /// <summary>The first three outputs.</summary>
    public void Deconstruct(out NDArray first, out NDArray second, out NDArray third) =>
        (first, second, third) = (this[0], this[1], this[2]);

    /// <summary>The first four outputs.</summary>
    public void Deconstruct(out NDArray first, out NDArray second, out NDArray third, out NDArray fourth) =>
        (first, second, third, fourth) = (this[0], this[1], this[2], this[3]);

    /// <inheritdoc/>
    public IEnumerator<NDArray> GetEnumerator() => ((IEnumerable<NDArray>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The values, one a line.</summary>
    public override string ToString() => string.Join("\n", _values.Select(value => value.ToString()));

    private string Outputs()
    {
        string names = string.Join(", ", _names.Select((name, k) => name ?? $"#{k}"));
        return Count switch { 0 => "no outputs", 1 => $"one output ({names})", _ => $"{Count} outputs ({names})" };
    }
}
