namespace Hypatia.Scheduling;

/// <summary>Operands of matrix products as strided views of what is in memory.</summary>
internal static class MatrixOperand
{
    /// <summary>What is in memory: the operand below transposes and inserted axes.</summary>
    public static Expr Base(Expr x)
    {
        while (x.Op is Dimshuffle)
        {
            x = x.Inputs[0];
        }

        return x;
    }

    /// <summary>For each axis of the operand, the number of elements from one index to the next in its base.</summary>
    public static long[] Strides(Expr x)
    {
        if (x.Op is not Dimshuffle { Order: var order })
        {
            return x.Type.Shape.Strides();
        }

        long[] inner = Strides(x.Inputs[0]);
        return [.. order.Select(axis => axis == Dimshuffle.New ? 0 : inner[axis])];
    }
}
