using Hypatia.Loops;

namespace Hypatia.Compilation;

/// <summary>What a value is given for, in error messages.</summary>
/// <param name="Title">The first words; made only when needed.</param>
/// <param name="Variable">The input or shared variable.</param>
/// <param name="Leave">What allows a loss of precision, if anything does.</param>
internal sealed record Recipient(Func<string> Title, Expr Variable, string? Leave = null);

/// <summary>Checks and converts the values that functions and shared variables are given.</summary>
internal static class Arguments
{
    /// <summary>A value as a type accepts it.</summary>
    /// <param name="original">
    /// What the user passed. C# literals are converted more freely than the dtype says: a scalar, or an array of
    /// <c>int</c>, fits wherever its values do.
    /// </param>
    /// <param name="allowDowncast">Whether a conversion may lose precision.</param>
    /// <param name="recipient">What the value is for.</param>
    /// <param name="keepDType">Whether a value whose dtype converts without loss may stay as it is.</param>
    /// <exception cref="DTypeException">The dtype does not convert without loss.</exception>
    /// <exception cref="ShapeException">The rank, or a length that the type fixes, is another.</exception>
    public static NDArray Convert(object original, bool allowDowncast, Recipient recipient, bool keepDType = false)
    {
        TensorType type = recipient.Variable.Type;
        NDArray given = From(original, recipient);
        if (type.Accepts(given.Type))
        {
            return given;
        }

        if (given.Rank != type.Rank)
        {
            throw new ShapeException(Describe(
                recipient,
                given,
                $"wrong number of dimensions: expected {type.Rank}, got {given.Rank} with shape {given.Shape}.",
                given.Rank < type.Rank
                    ? $"pass data of {type.Rank} axes, such as one row of a batch as {{ {{ … }} }}, or declare the variable with {given.Rank}."
                    : $"pass data of {type.Rank} axes, or declare the variable with {given.Rank}."));
        }

        bool isSafe = given.DType == type.DType || Promotion.IsSafe(given.DType, type.DType);
        if (!isSafe && !allowDowncast && !IsLiteral(original, given, type.DType))
        {
            throw new DTypeException(Describe(
                recipient,
                given,
                $"{type} cannot store a value of dtype {given.DType.Name()} without risking loss of precision.",
                $"convert the data to {type.DType.Name()}" + (recipient.Leave is null ? "." : $", or {recipient.Leave}.")));
        }

        return type.Accepts(new TensorType(type.DType, given.Shape))
            ? keepDType && isSafe ? given : given.Cast(type.DType)
            : throw new ShapeException(Describe(
                recipient,
                given,
                $"expected lengths {type.Shape}, got {given.Shape}.",
                "pass data of the declared lengths, or declare the variable with unknown ones."));
    }

    private static NDArray From(object value, Recipient recipient)
    {
        try
        {
            return NDArray.From(value);
        }
        catch (DTypeException e)
        {
            throw new DTypeException($"{recipient.Title()}: {e.Message}\n  For: {recipient.Variable.Describe()}");
        }
        catch (ShapeException e)
        {
            throw new ShapeException($"{recipient.Title()}: {e.Message}\n  For: {recipient.Variable.Describe()}");
        }
    }

    private static string Describe(Recipient recipient, NDArray given, string problem, string fix) =>
        $"{recipient.Title()}: {problem}\n  For: {recipient.Variable.Describe()}\n"
        + $"  Given: {given.DType.Name()} of shape {given.Shape}\n  Fix: {fix}";

    private static bool IsLiteral(object original, NDArray given, DType dtype)
    {
        if (!(original is int or long or double || ElementType(original.GetType()) == typeof(int)))
        {
            return false;
        }

        if (given.DType.IsFloat() && dtype.IsFloat())
        {
            return true;    // 0.1 is no float32, but means the nearest one
        }

        for (long i = 0; i < given.Count; i++)
        {
            ScalarValue value = given.Scalar(i);
            if (value.To(dtype).To(given.DType) != value)
            {
                return false;
            }
        }

        return true;
    }

    private static Type? ElementType(Type type)
    {
        Type? element = type.GetElementType();
        while (element is { IsArray: true })
        {
            element = element.GetElementType();
        }

        return element;
    }
}
