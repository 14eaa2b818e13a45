using System.Text;
using Hypatia.Diagnostics;

namespace Hypatia;

/// <summary>
/// A mistake in the user's program or data. The message says what went wrong, the op, what was given, where each
/// operand was made, and what to do. Not for our own bugs (<see cref="CompilerException"/>) or the device's failures.
/// </summary>
public abstract class HypatiaException : Exception
{
    private protected HypatiaException(string message)
        : base(message)
    {
    }

    /// <summary>
    /// Composes a message: the rule that was broken, the op and its operands with their origins, where the op was
    /// applied if that is not where the error is raised, and the fix.
    /// </summary>
    internal static string Compose(string problem, string? op, IEnumerable<Expr> operands, string fix, Origin? appliedAt = null)
    {
        var text = new StringBuilder(problem);
        if (op is not null)
        {
            text.Append("\n  Op: ").Append(op);
        }

        int index = 0;
        foreach (Expr operand in operands)
        {
            text.Append($"\n  Operand {index++}: {Dimshuffle.WithoutPadding(operand).Describe()}");
        }

        if (appliedAt is not null)
        {
            text.Append("\n  Applied at: ").Append(appliedAt);
        }

        return text.Append("\n  Fix: ").Append(fix).ToString();
    }
}

/// <summary>Ranks or lengths do not fit together.</summary>
public sealed class ShapeException : HypatiaException
{
    private readonly Func<Origin, string>? _appliedAt;

    internal ShapeException(string message)
        : base(message)
    {
    }

    internal ShapeException(string problem, string op, IReadOnlyList<Expr> operands, string fix)
        : base(Compose(problem, op, operands, fix)) =>
        _appliedAt = origin => Compose(problem, op, operands, fix, origin);

    /// <summary>The same mistake, found only when the op that was applied at a place met values.</summary>
    internal ShapeException AppliedAt(Origin? origin) =>
        origin is null ? this : new(_appliedAt?.Invoke(origin) ?? $"{Message}\n  Applied at: {origin}");
}

/// <summary>A dtype is not what an op, an input or a shared variable needs.</summary>
public sealed class DTypeException : HypatiaException
{
    internal DTypeException(string message)
        : base(message)
    {
    }

    internal DTypeException(string problem, string op, IEnumerable<Expr> operands, string fix)
        : base(Compose(problem, op, operands, fix))
    {
    }
}

/// <summary>An index or a class label is outside the axis that it selects from.</summary>
public sealed class IndexException : HypatiaException
{
    internal IndexException(string message)
        : base(message)
    {
    }
}

/// <summary>A function's inputs, outputs, updates or arguments do not fit together.</summary>
public sealed class FunctionException : HypatiaException
{
    internal FunctionException(string message)
        : base(message)
    {
    }
}

/// <summary>A gradient was asked for that does not exist, or that a numeric check contradicts.</summary>
public sealed class GradientException : HypatiaException
{
    internal GradientException(string message)
        : base(message)
    {
    }
}
