using Hypatia.Compilation;

namespace Hypatia;

/// <summary>An input of a function: a variable, optionally with another name, a default value, and an update of that.</summary>
public sealed class In
{
    /// <summary>An input.</summary>
    /// <param name="variable">What stands for it in the graph.</param>
    /// <param name="value">What is used if no argument is given; null if one must be. Each function has its own copy.</param>
    /// <param name="name">The name to pass it by; the variable's, unless given.</param>
    /// <param name="update">The default after each call, computed from what the inputs were in it; null to keep it.</param>
    /// <exception cref="ArgumentException">There is an update, but no value to start from.</exception>
    /// <exception cref="DTypeException">The default does not convert to the variable's dtype without loss.</exception>
    /// <exception cref="ShapeException">The default does not have the variable's rank.</exception>
    public In(Expr variable, object? value = null, string? name = null, Expr? update = null)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (update is not null && value is null)
        {
            throw new ArgumentException($"Input {name ?? variable.ToString()} has an update, so it needs a value to start from.", nameof(value));
        }

        Variable = variable;
        Name = name ?? variable.Name;
        Update = update;
        Value = value is null
            ? null
            : Arguments.Convert(value, allowDowncast: false, new Recipient(() => $"Default of input '{Name}'", variable));
    }

    /// <summary>What stands for it in the graph.</summary>
    public Expr Variable { get; }

    /// <summary>The name to pass it by.</summary>
    public string? Name { get; }

    /// <summary>What is used if no argument is given.</summary>
    public NDArray? Value { get; }

    /// <summary>The default after each call.</summary>
    public Expr? Update { get; }

    /// <summary>An input without a default.</summary>
    public static implicit operator In(Expr variable) => new(variable);
}
