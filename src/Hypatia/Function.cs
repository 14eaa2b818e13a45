using System.Collections;
using Hypatia.Compilation;
using Hypatia.Diagnostics;
using Hypatia.Rewriting;

namespace Hypatia;

/// <summary>
/// A compiled function: call it with values, get values. Code is made at the first call with new lengths, and kept.
/// Safe to call from many threads; a call that updates shared variables stores all of them at once.
/// </summary>
public sealed class Function
{
    private readonly In[] _inputs;
    private readonly Shared[] _shared;
    private readonly Shared[] _updated;
    private readonly Program _program;
    private readonly int _outputs;
    private readonly bool _allowInputDowncast;

    internal Function(
        IReadOnlyList<In> inputs, IReadOnlyList<Expr> outputs, IReadOnlyList<(Shared Variable, Expr Value)> updates,
        bool allowInputDowncast, string? name)
    {
        _inputs = [.. inputs];
        _outputs = outputs.Count;
        _allowInputDowncast = allowInputDowncast;
        Name = name;
        _updated = [.. updates.Select(update => update.Variable)];
        Expr[] results = [.. outputs, .. updates.Select(update => update.Value)];
        _shared = [.. Traversal.Sort(results).OfType<Shared>().Union(_updated).OrderBy(variable => variable.Id)];
        _program = new Program([.. _inputs.Select(input => input.Variable), .. _shared], results);
    }

    /// <summary>Name in errors and profiles.</summary>
    public string? Name { get; }

    /// <summary>Time spent so far on making code for the lengths that were met.</summary>
    public TimeSpan CompileTime => _program.CompileTime;

    /// <summary>Guards reading and storing the states of shared variables, so that nobody sees half an update.</summary>
    internal static Lock Commit { get; } = new();

    /// <summary>Plans made so far, one for each set of lengths.</summary>
    internal IEnumerable<Plan> Plans => _program.Plans;

    /// <summary>
    /// Computes the outputs, then stores the updates. Arguments are given in the order of the inputs, or by name
    /// (<c>new("y", 2)</c>); inputs with a default may be left out.
    /// </summary>
    /// <exception cref="FunctionException">An argument is missing, given twice, or one too many.</exception>
    /// <exception cref="DTypeException">An argument's dtype does not convert without loss.</exception>
    /// <exception cref="ShapeException">An argument's rank is wrong, or lengths do not fit together.</exception>
    /// <exception cref="IndexException">An index or class label is out of bounds.</exception>
    public Results Call(params ReadOnlySpan<Argument> arguments)
    {
        var values = new NDArray[_inputs.Length + _shared.Length];
        Bind(arguments, values);
        int locked = 0;
        try
        {
            foreach (Shared variable in _updated.OrderBy(variable => variable.Id))
            {
                variable.Updating.Enter();
                locked++;
            }

            lock (Commit)
            {
                for (int k = 0; k < _shared.Length; k++)
                {
                    values[_inputs.Length + k] = _shared[k].State;
                }
            }

            NDArray[] results = _program.Run(values);
            if (_updated.Length > 0)
            {
                lock (Commit)
                {
                    for (int k = 0; k < _updated.Length; k++)
                    {
                        _updated[k].State = results[_outputs + k];
                    }
                }
            }

            return new Results(results[.._outputs]);
        }
        finally
        {
            foreach (Shared variable in _updated.OrderBy(variable => variable.Id).Take(locked))
            {
                variable.Updating.Exit();
            }
        }
    }

    /// <summary>The graph as it is compiled, simplified, as text: one line per expression.</summary>
    public override string ToString()
    {
        using (Origin.Use(null))
        {
            return Printer.Tree(Passes.Simplify(_program.Outputs));
        }
    }

    private void Bind(ReadOnlySpan<Argument> arguments, NDArray[] values)
    {
        int position = 0;
        foreach (Argument argument in arguments)
        {
            int k = argument.Name is null ? position++ : Array.FindIndex(_inputs, input => input.Name == argument.Name);
            if (k < 0 || k >= _inputs.Length)
            {
                throw new FunctionException(argument.Name is null
                    ? $"{Title()} takes {_inputs.Length} arguments, and got {arguments.Length}.\n  Inputs: {Signature()}"
                    : $"{Title()} has no input named '{argument.Name}'.\n  Inputs: {Signature()}");
            }

            if (values[k] is not null)
            {
                throw new FunctionException($"{Title()} was given the input '{_inputs[k].Name}' twice.");
            }

            values[k] = Arguments.Convert(
                NDArray.From(argument.Value),
                argument.Value,
                _inputs[k].Variable.Type,
                _allowInputDowncast,
                $"Bad argument {k} ({_inputs[k].Name ?? "without a name"}, created at {_inputs[k].Variable.Origin?.ToString() ?? "an unknown place"}) of {Title()}");
        }

        for (int k = 0; k < _inputs.Length; k++)
        {
            values[k] ??= _inputs[k].Value ?? throw new FunctionException(
                $"Missing required input: {_inputs[k].Variable.Describe()}\n  Function: {Title()}\n  Inputs: {Signature()}\n"
                + "  Fix: pass a value for it, or give it a default with new In(variable, value).");
        }
    }

    private string Title() => Name is null ? "the function" : $"function '{Name}'";

    private string Signature() => string.Join(", ", _inputs.Select(input => $"{input.Variable}: {input.Variable.Type}"));
}

/// <summary>An input of a function: a variable, optionally with another name and a default value.</summary>
public sealed class In
{
    /// <summary>An input.</summary>
    /// <param name="variable">What stands for it in the graph.</param>
    /// <param name="value">What is used if no argument is given; null if one must be.</param>
    /// <param name="name">The name to pass it by; the variable's, unless given.</param>
    /// <exception cref="DTypeException">The default does not convert to the variable's dtype without loss.</exception>
    /// <exception cref="ShapeException">The default does not have the variable's rank.</exception>
    public In(Expr variable, object? value = null, string? name = null)
    {
        Variable = variable;
        Name = name ?? variable.Name;
        Value = value is null
            ? null
            : Arguments.Convert(NDArray.From(value), value, variable.Type, allowDowncast: false, $"Default of input {Name}");
    }

    /// <summary>What stands for it in the graph.</summary>
    public Expr Variable { get; }

    /// <summary>The name to pass it by.</summary>
    public string? Name { get; }

    /// <summary>What is used if no argument is given.</summary>
    public NDArray? Value { get; }

    /// <summary>An input without a default.</summary>
    public static implicit operator In(Expr variable) => new(variable);
}

/// <summary>An argument of a call: a value, and the name of the input if it is not given by position.</summary>
public readonly struct Argument
{
    /// <summary>An argument by position.</summary>
    public Argument(object value)
        : this(null, value)
    {
    }

    /// <summary>An argument by name.</summary>
    public Argument(string? name, object value)
    {
        Name = name;
        Value = value ?? throw new ArgumentNullException(nameof(value));
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

    /// <summary>An array of any rank, or nested arrays.</summary>
    public static implicit operator Argument(Array value) => new(value);

    /// <summary>A value that a function returned, or a shared variable held.</summary>
    public static implicit operator Argument(NDArray value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(System.Numerics.Tensors.Tensor<double> value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(System.Numerics.Tensors.Tensor<float> value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(System.Numerics.Tensors.Tensor<long> value) => new(value);

    /// <summary>A tensor.</summary>
    public static implicit operator Argument(System.Numerics.Tensors.Tensor<int> value) => new(value);
}

/// <summary>What a call returned: one value for each output. A single one converts to a value or a number.</summary>
public sealed class Results : IReadOnlyList<NDArray>
{
    private readonly NDArray[] _values;

    internal Results(NDArray[] values) => _values = values;

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public NDArray this[int index] => _values[index];

    /// <summary>The only output.</summary>
    /// <exception cref="FunctionException">There are several, or none.</exception>
    public NDArray Single => _values.Length == 1
        ? _values[0]
        : throw new FunctionException($"The function has {_values.Length} outputs; choose one by its index.");

    /// <summary>The only output.</summary>
    public static implicit operator NDArray(Results results) => results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator double(Results results) => (double)results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator float(Results results) => (float)results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator long(Results results) => (long)results.Single;

    /// <summary>The only output, a scalar.</summary>
    public static explicit operator bool(Results results) => (bool)results.Single;

    /// <inheritdoc/>
    public IEnumerator<NDArray> GetEnumerator() => ((IEnumerable<NDArray>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The values, one a line.</summary>
    public override string ToString() => string.Join("\n", _values.Select(value => value.ToString()));
}
