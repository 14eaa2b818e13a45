namespace Hypatia;

/// <summary>Derivatives of tensors by tensors, one reverse pass for each element.</summary>
public static partial class T
{
    /// <summary>The derivatives of each element of a vector: [m] and [..] → [m, ..]; of a scalar, its gradient.</summary>
    /// <param name="expression">A float scalar, or a vector whose length is known.</param>
    /// <param name="wrt">What it is differentiated by.</param>
    /// <param name="disconnectedInputs">What to do if an element does not depend on <paramref name="wrt"/>.</param>
    /// <exception cref="GradientException">
    /// The expression has more than one axis, or a length that is not known; or T.Grad refuses.
    /// </exception>
    public static Expr Jacobian(
        Expr expression, Expr wrt, DisconnectedInputs disconnectedInputs = DisconnectedInputs.Raise)
    {
        if (expression.Rank == 0)
        {
            return Grad(expression, wrt, disconnectedInputs: disconnectedInputs);
        }

        if (expression.Rank > 1 || expression.Type.Shape[0] is Hypatia.Shape.Unknown or 0)
        {
            throw new GradientException(
                "A Jacobian needs a vector whose length is known and not 0.\n  Given: " + expression.Describe()
                + "\n  Fix: declare its inputs with their lengths, T.Tensor(DType.Float64, [3]), or flatten it; or use T.Lop "
                + "and T.Rop, which need no lengths.");
        }

        return Stack([.. Enumerable.Range(0, (int)expression.Type.Shape[0])
            .Select(k => Grad(expression[k], wrt, disconnectedInputs: disconnectedInputs))]);
    }

    /// <summary>The second derivatives of a scalar by a vector whose length is known: [n] → [n, n].</summary>
    /// <exception cref="GradientException">The length is not known, or T.Grad refuses.</exception>
    public static Expr Hessian(Expr cost, Expr wrt, DisconnectedInputs disconnectedInputs = DisconnectedInputs.Raise) =>
        Jacobian(Grad(cost, wrt, disconnectedInputs: disconnectedInputs), wrt, DisconnectedInputs.Ignore);
}
