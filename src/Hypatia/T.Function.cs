namespace Hypatia;

/// <summary>What to do about an input that no output or update depends on.</summary>
public enum OnUnusedInput
{
    /// <summary>An error.</summary>
    Raise,

    /// <summary>A line on standard error.</summary>
    Warn,

    /// <summary>Nothing.</summary>
    Ignore,
}

/// <summary>Compiling functions.</summary>
public static partial class T
{
    /// <summary>A function with one output.</summary>
    /// <inheritdoc cref="Function(IReadOnlyList{In}, IReadOnlyList{Expr}?, IReadOnlyList{ValueTuple{Shared, Expr}}?, IReadOnlyList{ValueTuple{Expr, Expr}}?, OnUnusedInput, bool, string?)"/>
    public static Function Function(
        IReadOnlyList<In> inputs,
        Expr output,
        IReadOnlyList<(Shared Variable, Expr Value)>? updates = null,
        IReadOnlyList<(Expr Variable, Expr Value)>? givens = null,
        OnUnusedInput onUnusedInput = OnUnusedInput.Raise,
        bool allowInputDowncast = false,
        string? name = null) =>
        Compile(inputs, [output], updates ?? [], givens ?? [], onUnusedInput, allowInputDowncast, name);

    /// <summary>A function whose outputs have names: <c>f.Call(x)["loss"]</c>.</summary>
    /// <inheritdoc cref="Function(IReadOnlyList{In}, IReadOnlyList{Expr}?, IReadOnlyList{ValueTuple{Shared, Expr}}?, IReadOnlyList{ValueTuple{Expr, Expr}}?, OnUnusedInput, bool, string?)"/>
    public static Function Function(
        IReadOnlyList<In> inputs,
        IReadOnlyDictionary<string, Expr> outputs,
        IReadOnlyList<(Shared Variable, Expr Value)>? updates = null,
        IReadOnlyList<(Expr Variable, Expr Value)>? givens = null,
        OnUnusedInput onUnusedInput = OnUnusedInput.Raise,
        bool allowInputDowncast = false,
        string? name = null) =>
        Compile(inputs, [.. outputs.Values], updates ?? [], givens ?? [], onUnusedInput, allowInputDowncast, name, [.. outputs.Keys]);

    /// <summary>Compiles expressions into a function that can be called.</summary>
    /// <param name="inputs">Variables that arguments are passed for; with <see cref="In"/>, with defaults.</param>
    /// <param name="outputs">What is returned.</param>
    /// <param name="updates">New values of shared variables, all computed from the old ones, then stored together.</param>
    /// <param name="givens">Replacements of expressions by others, made before compiling.</param>
    /// <param name="onUnusedInput">What to do about an input that nothing depends on.</param>
    /// <param name="allowInputDowncast">Whether arguments may lose precision when converted to their input's dtype.</param>
    /// <param name="name">Name in errors and profiles.</param>
    /// <exception cref="FunctionException">
    /// An output depends on a variable that is no input; an input is given twice, is no variable, or is unused; a
    /// variable has two updates, or one of another dtype or rank; an expression is replaced twice, or by one of another
    /// dtype or rank.
    /// </exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]    // an Expr[] converts to a constant, too
    public static Function Function(
        IReadOnlyList<In> inputs,
        IReadOnlyList<Expr>? outputs = null,
        IReadOnlyList<(Shared Variable, Expr Value)>? updates = null,
        IReadOnlyList<(Expr Variable, Expr Value)>? givens = null,
        OnUnusedInput onUnusedInput = OnUnusedInput.Raise,
        bool allowInputDowncast = false,
        string? name = null) =>
        Compile(inputs, outputs ?? [], updates ?? [], givens ?? [], onUnusedInput, allowInputDowncast, name);

    internal static Function Compile(
        IReadOnlyList<In> inputs,
        IReadOnlyList<Expr> outputs,
        IReadOnlyList<(Shared Variable, Expr Value)> updates,
        IReadOnlyList<(Expr Variable, Expr Value)> givens,
        OnUnusedInput onUnusedInput,
        bool allowInputDowncast,
        string? name,
        IReadOnlyList<string?>? outputNames = null,
        string missingFix = "add it to the function's inputs, or replace it through givens.")
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (Expr? output in outputs)
        {
            ArgumentNullException.ThrowIfNull(output, nameof(outputs));
        }

        outputNames ??= [.. outputs.Select(output => output.Name)];
        Shared?[] defaults = [.. inputs.Select(input => input.Value is null ? null : new Shared(input.Value, input.Name, borrow: false))];
        List<Update> all = CheckedUpdates(updates);
        for (int k = 0; k < defaults.Length; k++)
        {
            if (inputs[k].Update is { } update)
            {
                all.Add(new Update(defaults[k]!, CheckedUpdate(inputs[k].Variable, update, "input")));
            }
        }

        Expr[] results = Replaced([.. outputs, .. all.Select(update => update.Value)], givens);
        CheckInputs(inputs, results, onUnusedInput, missingFix);
        return new Function(
            inputs,
            results[..outputs.Count],
            [.. all.Select((update, k) => update with { Value = results[outputs.Count + k] })],
            defaults,
            outputNames,
            allowInputDowncast,
            name);
    }

    private static Expr[] Replaced(Expr[] results, IReadOnlyList<(Expr Variable, Expr Value)> givens)
    {
        Dictionary<Expr, Expr> replacements = [];
        for (int k = 0; k < givens.Count; k++)
        {
            (Expr variable, Expr value) = givens[k];
            ArgumentNullException.ThrowIfNull(variable, nameof(givens));
            ArgumentNullException.ThrowIfNull(value, nameof(givens));
            if (!replacements.TryAdd(variable, Replacement(variable, value)))
            {
                throw new FunctionException($"An expression is replaced twice: {variable.Describe()}\n  Fix: give one replacement for it.");
            }
        }

        return replacements.Count == 0 ? results : Traversal.Replace(results, replacements);
    }

    private static Expr Replacement(Expr variable, Expr given)
    {
        Expr value = given.DType == variable.DType ? given
            : IsFree(given, variable.DType) ? Cast(given, variable.DType)
            : throw new FunctionException(
                $"A given of dtype {given.DType.Name()} can't replace an expression of {variable.DType.Name()}.\n"
                + $"  Replaced: {variable.Describe()}\n  By: {given.Describe()}\n"
                + $"  Fix: cast the replacement, T.Cast(…, \"{variable.DType.Name()}\").");
        return value.Rank == variable.Rank
            ? value
            : throw new FunctionException(
                $"A given of {value.Rank} axes can't replace an expression of {variable.Rank}.\n"
                + $"  Replaced: {variable.Describe()}\n  By: {given.Describe()}\n  Fix: use an expression of the same rank.");
    }

    // Whether an expression takes another dtype without being told to.
    private static bool IsFree(Expr x, DType dtype) =>
        x.Op is Constant { IsWeak: true } ? dtype.IsFloat() || !x.DType.IsFloat() : Promotion.IsSafe(x.DType, dtype);

    private static List<Update> CheckedUpdates(IReadOnlyList<(Shared Variable, Expr Value)> updates)
    {
        HashSet<Shared> seen = [];
        List<Update> all = [];
        for (int k = 0; k < updates.Count; k++)
        {
            (Shared variable, Expr given) = updates[k];
            ArgumentNullException.ThrowIfNull(variable, nameof(updates));
            ArgumentNullException.ThrowIfNull(given, nameof(updates));
            if (!seen.Add(variable))
            {
                throw new FunctionException(
                    $"This shared variable already has an update expression: {variable.Describe()}\n"
                    + $"  Second update: {given.Describe()}\n"
                    + "  Fix: give one update per variable; combine the expressions into one.");
            }

            all.Add(new Update(variable, CheckedUpdate(variable, given, "shared variable")));
        }

        return all;
    }

    private static Expr CheckedUpdate(Expr variable, Expr given, string kind)
    {
        Expr value = IsFree(given, variable.DType) ? Cast(given, variable.DType) : given;
        return value.DType == variable.DType && value.Rank == variable.Rank
            ? value
            : throw new FunctionException(
                $"An update must have the same type as the original {kind}.\n"
                + $"  Variable: {variable.Describe()}\n  Update: {given.Describe()}\n"
                + (given.Rank == variable.Rank
                    ? $"  Fix: cast the update, T.Cast(…, \"{variable.DType.Name()}\"), or make the variable {given.DType.Name()}."
                    : "  Fix: reduce or reshape the update to the variable's rank."));
    }

    private static void CheckInputs(IReadOnlyList<In> inputs, Expr[] results, OnUnusedInput onUnusedInput, string missingFix)
    {
        HashSet<Expr> given = [];
        foreach (In input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
            if (input.Variable.Op is not Input)
            {
                throw new FunctionException(
                    $"An input must be a variable, such as T.Matrix makes: {input.Variable.Describe()}\n"
                    + "  Fix: use givens to replace other expressions; shared variables need not be passed.");
            }

            if (!given.Add(input.Variable))
            {
                throw new FunctionException($"An input is given twice: {input.Variable.Describe()}\n  Fix: list it once.");
            }
        }

        List<Expr> order = Traversal.Sort(results);
        HashSet<Expr> used = [.. order.Where(x => x.Op is Input)];
        if (order.Find(x => x.Op is Input && !given.Contains(x)) is { } missing)
        {
            Expr? user = order.Find(x => x.Inputs.List.Contains(missing));
            throw new FunctionException(
                $"An input of the graph was not provided and not given a value: {missing.Describe()}\n"
                + (user is null ? "" : $"  Used by: {user.Describe()}\n") + $"  Fix: {missingFix}");
        }

        foreach (In input in inputs.Where(input => !used.Contains(input.Variable)))
        {
            string message = $"An input is not used to compute the outputs or updates: {input.Variable.Describe()}\n"
                + "  Fix: leave it out, or pass onUnusedInput: OnUnusedInput.Ignore (or Warn) to T.Function.";
            if (onUnusedInput == OnUnusedInput.Raise)
            {
                throw new FunctionException(message);
            }

            if (onUnusedInput == OnUnusedInput.Warn)
            {
                Console.Error.WriteLine("Hypatia: " + message);
            }
        }
    }
}

/// <summary>Evaluating expressions at once.</summary>
public partial class Expr
{
    private Evaluator? _evaluator;

    /// <summary>
    /// The value of this expression for values of the variables that it depends on: <c>(X * 2).Eval((X, data))</c>. The
    /// function that is compiled for it is kept, so a second call is fast.
    /// </summary>
    /// <exception cref="FunctionException">A variable that the expression depends on is not given.</exception>
    public NDArray Eval(params ReadOnlySpan<(Expr Variable, object Value)> givens)
    {
        var inputs = new Expr[givens.Length];
        var arguments = new Argument[givens.Length];
        for (int k = 0; k < inputs.Length; k++)
        {
            inputs[k] = givens[k].Variable;
            arguments[k] = new Argument(givens[k].Value);
        }

        Evaluator? evaluator = _evaluator;
        if (evaluator is null || !evaluator.Inputs.AsSpan().SequenceEqual(inputs))
        {
            evaluator = new Evaluator(inputs, Hypatia.T.Compile(
                [.. inputs.Select(input => new In(input))],
                [this],
                updates: [],
                givens: [],
                OnUnusedInput.Ignore,
                allowInputDowncast: false,
                "Eval",
                missingFix: "pass its value: Eval((variable, value))."));
            _evaluator = evaluator;
        }

        return evaluator.Function.Call(arguments);
    }

    /// <summary>What the last call of Eval compiled. An object, so that threads see both parts of one call.</summary>
    private sealed record Evaluator(Expr[] Inputs, Function Function);
}
