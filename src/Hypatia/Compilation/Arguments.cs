using Hypatia.Loops;

namespace Hypatia.Compilation;

/// <summary>Checks and converts the values that functions and shared variables are given.</summary>
internal static class Arguments
{
    /// <summary>A value as a type accepts it.</summary>
    /// <param name="given">The value.</param>
    /// <param name="original">What the user passed: a C# scalar or a nested list of literals is converted more freely.</param>
    /// <param name="type">What is wanted.</param>
    /// <param name="allowDowncast">Whether a conversion may lose precision.</param>
    /// <param name="subject">What the value is for, in messages.</param>
    /// <exception cref="DTypeException">The dtype does not convert without loss.</exception>
    /// <exception cref="ShapeException">The rank, or a length that the type fixes, is another.</exception>
    public static NDArray Convert(NDArray given, object original, TensorType type, bool allowDowncast, string subject)
    {
        if (given.Rank != type.Rank)
        {
            throw new ShapeException(
                $"{subject}: wrong number of dimensions: expected {type.Rank}, got {given.Rank} with shape {given.Shape}.\n"
                + $"  Expected: {type}\n  Fix: reshape the value, or declare the variable with {given.Rank} axes.");
        }

        if (given.DType != type.DType && !allowDowncast && !Promotion.IsSafe(given.DType, type.DType)
            && !IsLossless(given, original, type.DType))
        {
            throw new DTypeException(
                $"{subject}: {type} cannot store a value of dtype {given.DType.Name()} without risking loss of precision.\n"
                + $"  Given: {given.DType.Name()}, shape {given.Shape}\n"
                + $"  Fix: convert the data to {type.DType.Name()}, or pass allowInputDowncast: true to T.Function.");
        }

        NDArray value = given.Cast(type.DType);
        return type.Accepts(value.Type)
            ? value
            : throw new ShapeException(
                $"{subject}: expected {type}, got shape {given.Shape}.\n"
                + "  Fix: pass data of the declared lengths, or declare the variable with unknown ones.");
    }

    // C# literals have no say in their dtype: 1 and 2.5 convert to any dtype that holds their values.
    private static bool IsLossless(NDArray given, object original, DType dtype)
    {
        bool literal = original is int or long or double || (original is Array array && array.GetType().GetElementType() == typeof(int));
        if (!literal && !(original is Array { Rank: 1 } && given.DType is DType.Int32))
        {
            return original is double && dtype == DType.Float32;
        }

        for (long i = 0; i < given.Count; i++)
        {
            ScalarValue value = given.Scalar(i);
            ScalarValue converted = value.To(dtype);
            bool same = given.DType.IsFloat() && dtype == DType.Float32 || converted.To(given.DType) == value;
            if (!same)
            {
                return false;
            }
        }

        return true;
    }
}
