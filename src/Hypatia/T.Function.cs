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
        Function(inputs, [output], updates, givens, onUnusedInput, allowInputDowncast, name);

    /// <summary>Compiles expressions into a function that can be called.</summary>
    /// <param name="inputs">Variables that arguments are passed for; with <see cref="In"/>, with defaults.</param>
    /// <param name="outputs">What is returned.</param>
    /// <param name="updates">New values of shared variables, all computed from the old ones, then stored together.</param>
    /// <param name="givens">Replacements of expressions by others, made before compiling.</param>
    /// <param name="onUnusedInput">What to do about an input that nothing depends on.</param>
    /// <param name="allowInputDowncast">Whether arguments may lose precision when converted to their input's dtype.</param>
    /// <param name="name">Name in errors and profiles.</param>
    /// <exception cref="FunctionException">
    /// An output depends on a variable that is no input; an input is given twice, is no variable, or is unused; a shared
    /// variable has two updates, or one of another dtype or rank.
    /// </exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]    // an Expr[] converts to a constant, too
    public static Function Function(
        IReadOnlyList<In> inputs,
        IReadOnlyList<Expr>? outputs = null,
        IReadOnlyList<(Shared Variable, Expr Value)>? updates = null,
        IReadOnlyList<(Expr Variable, Expr Value)>? givens = null,
        OnUnusedInput onUnusedInput = OnUnusedInput.Raise,
        bool allowInputDowncast = false,
        string? name = null)
    {
        outputs ??= [];
        updates = CheckedUpdates(updates ?? []);
        if (givens is { Count: > 0 })
        {
            Dictionary<Expr, Expr> replacements = givens.ToDictionary(given => given.Variable, Replacement);
            Expr[] replaced = Traversal.Replace([.. outputs, .. updates.Select(update => update.Value)], replacements);
            updates = [.. updates.Select((update, k) => (update.Variable, replaced[outputs.Count + k]))];
            outputs = replaced[..outputs.Count];
        }

        CheckInputs(inputs, [.. outputs, .. updates.Select(update => update.Value)], onUnusedInput);
        return new Function(inputs, outputs, updates, allowInputDowncast, name);
    }

    private static Expr Replacement((Expr Variable, Expr Value) given)
    {
        Expr value = given.Value.DType == given.Variable.DType
            ? given.Value
            : Promotion.IsSafe(given.Value.DType, given.Variable.DType) || given.Value.Op is Constant { IsWeak: true }
                ? Cast(given.Value, given.Variable.DType)
                : throw new FunctionException(
                    $"A given of dtype {given.Value.DType.Name()} can't replace an expression of {given.Variable.DType.Name()}.\n"
                    + $"  Replaced: {given.Variable.Describe()}\n  By: {given.Value.Describe()}\n  Fix: cast the replacement.");
        return value.Rank == given.Variable.Rank
            ? value
            : throw new FunctionException(
                $"A given of {value.Rank} axes can't replace an expression of {given.Variable.Rank}.\n"
                + $"  Replaced: {given.Variable.Describe()}\n  By: {value.Describe()}\n  Fix: use an expression of the same rank.");
    }

    private static IReadOnlyList<(Shared Variable, Expr Value)> CheckedUpdates(
        IReadOnlyList<(Shared Variable, Expr Value)> updates)
    {
        HashSet<Shared> seen = [];
        List<(Shared, Expr)> all = [];
        foreach ((Shared variable, Expr given) in updates)
        {
            if (!seen.Add(variable))
            {
                throw new FunctionException(
                    $"This shared variable already has an update expression: {variable.Describe()}\n"
                    + "  Fix: give one update per variable; combine the expressions into one.");
            }

            Expr value = given.Op is Constant { IsWeak: true } || Promotion.IsSafe(given.DType, variable.DType)
                ? Cast(given, variable.DType)
                : given;
            if (value.DType != variable.DType || value.Rank != variable.Rank)
            {
                throw new FunctionException(
                    "An update must have the same type as the original shared variable.\n"
                    + $"  Variable: {variable.Describe()}\n  Update: {given.Describe()}\n"
                    + (given.Rank == variable.Rank
                        ? $"  Fix: cast the update, T.Cast(…, \"{variable.DType.Name()}\"), or make the variable {given.DType.Name()}."
                        : "  Fix: reduce or reshape the update to the variable's rank."));
            }

            all.Add((variable, value));
        }

        return all;
    }

    private static void CheckInputs(IReadOnlyList<In> inputs, Expr[] results, OnUnusedInput onUnusedInput)
    {
        HashSet<Expr> given = [];
        foreach (In input in inputs)
        {
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

        HashSet<Expr> used = [.. Traversal.Sort(results).Where(x => x.Op is Input)];
        if (used.FirstOrDefault(x => !given.Contains(x)) is { } missing)
        {
            throw new FunctionException(
                $"An input of the graph was not provided and not given a value: {missing.Describe()}\n"
                + "  Fix: add it to the function's inputs, or replace it through givens.");
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
    private (Expr[] Inputs, Function Function)? _evaluator;

    /// <summary>
    /// The value of this expression for values of the variables that it depends on: <c>(X * 2).Eval((X, data))</c>. The
    /// function that is compiled for it is kept, so a second call is fast.
    /// </summary>
    /// <exception cref="FunctionException">A variable that the expression depends on is not given.</exception>
    public NDArray Eval(params ReadOnlySpan<(Expr Variable, object Value)> givens)
    {
        Expr[] inputs = [.. givens.ToArray().Select(given => given.Variable)];
        if (_evaluator is not var (known, function) || !known.SequenceEqual(inputs))
        {
            function = Hypatia.T.Function(
                [.. inputs.Select(input => new In(input))], this, onUnusedInput: OnUnusedInput.Ignore, name: "Eval");
            _evaluator = (inputs, function);
        }

        return function.Call([.. givens.ToArray().Select(given => new Argument(given.Value))]);
    }
}
