using Hypatia.Compilation;
using Hypatia.Diagnostics;
using Hypatia.Rewriting;

namespace Hypatia;

/// <summary>A shared variable, and what it becomes.</summary>
internal sealed record Update(Shared Variable, Expr Value);

/// <summary>
/// A compiled function: call it with values, get values. Code is made at the first call with new lengths, and kept.
/// Safe to call from many threads; a call that updates shared variables stores all of them at once.
/// </summary>
public sealed partial class Function
{
    private readonly In[] _inputs;
    private readonly Recipient[] _recipients;
    private readonly Shared?[] _defaults;       // for each input, what is used where no argument is given
    private readonly string?[] _outputs;
    private readonly Shared[] _shared;
    private readonly Shared[] _updated;         // in the order of the results that follow the outputs
    private readonly Program _program;
    private readonly bool _allowInputDowncast;
    private readonly bool _hasState;            // whether anything is read or stored but arguments and results
    private readonly Pool<Frame> _frames = new();

    internal Function(
        IReadOnlyList<In> inputs, IReadOnlyList<Expr> outputs, IReadOnlyList<Update> updates,
        IReadOnlyList<Shared?> defaults, IReadOnlyList<string?> outputNames, bool allowInputDowncast, string? name)
    {
        _inputs = [.. inputs];
        _defaults = [.. defaults];
        _outputs = [.. outputNames];
        _allowInputDowncast = allowInputDowncast;
        Name = name;
        Origin = Origin.Capture();
        _recipients = [.. _inputs.Select((input, k) => new Recipient(
            () => $"Bad argument {k} of {Title()}", input.Variable, "pass allowInputDowncast: true to T.Function"))];
        _updated = [.. updates.Select(update => update.Variable)];
        Expr[] results = [.. outputs, .. updates.Select(update => update.Value)];
        _shared = [.. Traversal.Sort(results).OfType<Shared>()];
        Array.Sort(_shared, (a, b) => a.Id.CompareTo(b.Id));
        _hasState = _shared.Length + _updated.Length > 0 || Array.Exists(_defaults, value => value is not null);
        _program = new Program([.. _inputs.Select(input => input.Variable), .. _shared], results);
    }

    /// <summary>Name in errors and profiles.</summary>
    public string? Name { get; }

    /// <summary>Where the user's code compiled it; null if unknown.</summary>
    public Origin? Origin { get; }

    /// <summary>Time spent so far on making code for the lengths that were met.</summary>
    public TimeSpan CompileTime => _program.CompileTime;

    /// <summary>Plans made so far, one for each set of lengths.</summary>
    internal IEnumerable<Plan> Plans => _program.Plans;

    /// <summary>The value that an input has where no argument is given for it: its default, which its update may have changed.</summary>
    /// <exception cref="FunctionException">There is no such input, or it has no default.</exception>
    /// <exception cref="DTypeException">A new value does not convert to the input's dtype without loss.</exception>
    /// <exception cref="ShapeException">A new value has not the input's rank.</exception>
    public NDArray this[string input]
    {
        get => Default(input).GetValue();
        set => Default(input).SetValue(value);
    }

    /// <summary>
    /// Computes the outputs, then stores the updates. Arguments are given in the order of the inputs, or by name
    /// (<c>new("y", 2)</c>); inputs with a default may be left out. If anything fails, nothing is stored.
    /// </summary>
    /// <exception cref="FunctionException">An argument is missing, given twice, or one too many.</exception>
    /// <exception cref="DTypeException">An argument's dtype does not convert without loss.</exception>
    /// <exception cref="ShapeException">An argument's rank is wrong, or lengths do not fit together.</exception>
    /// <exception cref="IndexException">An index or class label is out of bounds.</exception>
    public Results Call(params ReadOnlySpan<Argument> arguments)
    {
        Frame frame = Rent();
        try
        {
            Bind(arguments, frame.Values);
            Run(frame);
            return new Results(frame.Results[.._outputs.Length]!, _outputs);
        }
        finally
        {
            Return(frame);
        }
    }

    /// <summary>
    /// As <see cref="Call"/>, with the outputs written to arrays of the caller's: <c>f.CallInto([result], x)</c>. Nothing
    /// large is allocated then. An array may also be an argument; it is read before it is written.
    /// </summary>
    /// <param name="outputs">
    /// One array for each output, of its dtype and lengths. If the call fails they may have been written to.
    /// </param>
    /// <param name="arguments">As for <see cref="Call"/>.</param>
    /// <exception cref="FunctionException">As for <see cref="Call"/>; or there are more or fewer arrays than outputs.</exception>
    /// <exception cref="DTypeException">As for <see cref="Call"/>; or an array is not of its output's dtype.</exception>
    /// <exception cref="ShapeException">As for <see cref="Call"/>; or an array has not its output's lengths.</exception>
    /// <exception cref="IndexException">An index or class label is out of bounds.</exception>
    public void CallInto(ReadOnlySpan<NDArray> outputs, params ReadOnlySpan<Argument> arguments)
    {
        if (outputs.Length != _outputs.Length)
        {
            throw new FunctionException(
                $"{outputs.Length} arrays were given for the {_outputs.Length} outputs of {Title()}.\n  Fix: give one for each.");
        }

        Frame frame = Rent();
        try
        {
            Bind(arguments, frame.Values);
            for (int k = 0; k < outputs.Length; k++)
            {
                frame.Give(k, outputs[k]);
            }

            Run(frame);
        }
        finally
        {
            Return(frame);
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

    private void Bind(ReadOnlySpan<Argument> arguments, NDArray?[] values)
    {
        int position = 0;
        foreach (Argument argument in arguments)
        {
            int k = argument.Name is null ? position++ : Array.FindIndex(_inputs, input => input.Name == argument.Name);
            if (k < 0 || k >= _inputs.Length)
            {
                throw new FunctionException(argument.Name is null
                    ? $"Too many arguments: {Title()} takes {_inputs.Length}, and got {arguments.Length}.\n{Signature()}"
                        + "  Fix: leave the others out; an array of rows is one argument."
                    : $"No input '{argument.Name}': {Title()} has none of that name.\n{Signature()}  Fix: use one of these names.");
            }

            if (values[k] is not null)
            {
                throw new FunctionException(
                    $"Input given twice: {_inputs[k].Variable.Describe()}\n  Function: {Title()}\n"
                    + "  Fix: pass it by position or by name, not both.");
            }

            values[k] = Value(k, argument.Value);
        }

        for (int k = 0; k < _inputs.Length; k++)
        {
            if (values[k] is null && _defaults[k] is null)
            {
                throw new FunctionException(
                    $"Missing required input: {_inputs[k].Variable.Describe()}\n  Function: {Title()}\n{Signature()}"
                    + "  Fix: pass a value for it, or give it a default with new In(variable, value).");
            }
        }
    }

    private Shared Default(string name)
    {
        int k = Array.FindIndex(_inputs, input => input.Name == name);
        return k < 0
            ? throw new FunctionException($"No input '{name}': {Title()} has none of that name.\n{Signature()}  Fix: use one of these names.")
            : _defaults[k] ?? throw new FunctionException(
                $"No value: input '{name}' of {Title()} has no default.\n{Signature()}  Fix: give it one with new In(variable, value).");
    }

    private string Title() => Name is not null ? $"function '{Name}'"
        : Origin is not null ? $"the function compiled at {Origin}"
        : "the function";

    private string Signature() =>
        $"  Inputs: {(_inputs.Length == 0 ? "none" : string.Join(", ", _inputs.Select(input => $"{input.Name ?? input.Variable.ToString()}: {input.Variable.Type}")))}\n";
}
