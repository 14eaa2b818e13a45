using System.Text;

namespace Hypatia.Diagnostics;

/// <summary>Prints values in nested brackets: <c>[[1.0, 2.0], [3.0, 4.0]]</c>, long axes shortened.</summary>
internal static class ArrayPrinter
{
    private const int Shown = 8;

    public static string Print(NDArray value)
    {
        var text = new StringBuilder();
        Append(value, 0, 0, text);
        return text.ToString();
    }

    private static void Append(NDArray value, int axis, long offset, StringBuilder text)
    {
        if (axis == value.Rank)
        {
            text.Append(value.Scalar(offset));
            return;
        }

        long stride = value.Shape.Strides()[axis];
        long length = value.Shape[axis];
        text.Append('[');
        for (long i = 0; i < length; i++)
        {
            if (length > 2 * Shown && i == Shown)
            {
                text.Append(", …");
                i = length - Shown;
            }

            text.Append(i > 0 ? ", " : "");
            Append(value, axis + 1, offset + (i * stride), text);
        }

        text.Append(']');
    }
}
