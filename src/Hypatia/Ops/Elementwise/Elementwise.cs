using Hypatia.Loops;

namespace Hypatia;

/// <summary>
/// A family of ops that compute each element from the elements of the inputs at the same index. All inputs have one
/// rank; an axis of length 1 is repeated where another input is longer, as in NumPy, also when lengths become known
/// only at run time. Gradient rules may return gradients of the result's shape: <see cref="Autodiff"/> sums them.
/// </summary>
internal abstract record Elementwise : Op
{
    /// <summary>The dtype of the result.</summary>
    protected virtual DType ResultDType(Inputs x) => x[0].DType;

    /// <summary>The element of the result, from the elements of the inputs.</summary>
    internal abstract Scalar Element(Scalar[] x);

    public sealed override TensorType Infer(Inputs x) => new(ResultDType(x), BroadcastShape(x));

    internal sealed override Scalar Element(Elements x, IReadOnlyList<Scalar> i) => throw new CompilerException(
        "Elementwise ops are lowered through their scalar rule.");

    /// <summary>Applies an op to inputs of any ranks: shorter ones get axes of length 1 in front.</summary>
    public static Expr Apply(Elementwise op, params Expr[] x)
    {
        int rank = 0;
        foreach (Expr input in x)
        {
            rank = Math.Max(rank, input.Rank);
        }

        using (Expr.MakeAsOne())
        {
            var padded = new Expr[x.Length];
            for (int k = 0; k < padded.Length; k++)
            {
                padded[k] = Dimshuffle.PadLeft(x[k], rank);
            }

            return Expr.Make(op, padded);
        }
    }

    private Shape BroadcastShape(Inputs x)
    {
        long[] lengths = new long[x[0].Rank];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = 1;
            bool unknown = false;
            for (int k = 0; k < x.Count; k++)
            {
                long length = x[k].Type.Shape[axis];
                unknown |= length == Shape.Unknown;
                if (length is Shape.Unknown or 1)
                {
                    continue;
                }

                lengths[axis] = lengths[axis] == 1 || lengths[axis] == length ? length : throw Mismatch(x, axis);
            }

            lengths[axis] = lengths[axis] == 1 && unknown ? Shape.Unknown : lengths[axis];
        }

        return new Shape(lengths);
    }

    private ShapeException Mismatch(Inputs x, int axis) => new(
        $"Input dimension mis-match on axis {axis}: lengths "
        + string.Join(" and ", x.List.Select(input => input.Type.Shape[axis]).Distinct().Where(n => n != 1))
        + " are neither equal nor 1.",
        ToString(),
        x.List,
        MismatchFix(x));

    // The newcomer's mistake: one value per row, which would have to be a column.
    private static string MismatchFix(Inputs x)
    {
        foreach (Expr operand in x.List)
        {
            Expr written = Dimshuffle.WithoutPadding(operand);
            if (written.Rank == 1 && x[0].Rank == 2 && written.Type.Shape[0] is var n and not Shape.Unknown
                && x.List.Any(other => other.Type.Shape[0] == n))
            {
                return $"lengths are compared from the last axis on; for one value per row, write {written.Label()}.Dimshuffle(0, \"x\").";
            }
        }

        return "make the lengths equal, or insert an axis with Dimshuffle so that the right axes meet.";
    }
}

/// <summary>A family of elementwise functions of one operand with the operand's dtype.</summary>
internal abstract record UnaryElementwise(UnaryOp Scalar) : Elementwise
{
    protected override DType ResultDType(Inputs x) => Scalar.IsPredicate() ? DType.Bool : x[0].DType;

    internal override Scalar Element(Scalar[] x) => Loops.Scalar.Apply(Scalar, x[0]);

    /// <summary>The op on floats: integers are converted first.</summary>
    public static Expr OfFloat(UnaryElementwise op, Expr x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Apply(op, T.Cast(x, Promotion.ToFloat(x.DType)));
    }

    // The type says which function it is.
    public virtual bool Equals(UnaryElementwise? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>A family of elementwise functions of two operands of one dtype.</summary>
internal abstract record BinaryElementwise(BinaryOp Scalar) : Elementwise
{
    protected override DType ResultDType(Inputs x) => Scalar.IsComparison() ? DType.Bool : x[0].DType;

    internal override Scalar Element(Scalar[] x) => Loops.Scalar.Apply(Scalar, x[0], x[1]);

    /// <summary>The op on operands promoted to one dtype.</summary>
    public static Expr Of(BinaryElementwise op, Expr x, Expr y)
    {
        DType dtype = Operands.Promote(op.Name, x, y);
        using (Expr.MakeAsOne())
        {
            return Apply(op, T.Cast(x, dtype), T.Cast(y, dtype));
        }
    }

    // The type says which function it is.
    public virtual bool Equals(BinaryElementwise? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>Brings operands to one dtype.</summary>
internal static class Operands
{
    /// <summary>The dtype of an operation on two operands, by <see cref="Promotion"/>.</summary>
    /// <exception cref="DTypeException">In strict mode: a float32 operand would become float64.</exception>
    public static DType Promote(string op, Expr x, Expr y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        DType dtype = (x.Op, y.Op) switch
        {
            (Constant { IsWeak: true }, Constant { IsWeak: true }) => Promotion.Of(x.DType, y.DType),
            (Constant { IsWeak: true } weak, _) => Promotion.OfWeak(y.DType, x.DType, weak.Value.Scalar(0).AsDouble),
            (_, Constant { IsWeak: true } weak) => Promotion.OfWeak(x.DType, y.DType, weak.Value.Scalar(0).AsDouble),
            _ => Promotion.Of(x.DType, y.DType),
        };
        Check(op, dtype, x, y);
        return dtype;
    }

    /// <summary>The dtype of an operation on several operands.</summary>
    public static DType Promote(string op, IReadOnlyList<Expr> x)
    {
        DType dtype = x.Select(operand => operand.DType).Aggregate(Promotion.Of);
        Check(op, dtype, [.. x]);
        return dtype;
    }

    private static void Check(string op, DType dtype, params Expr[] x)
    {
        if (Options.Current.StrictFloat32 && dtype == DType.Float64 && x.Any(operand => operand.DType == DType.Float32))
        {
            throw new DTypeException(
                "float32 would silently become float64, which strict mode forbids.",
                op,
                x,
                "cast an operand with T.Cast, or set Options.Current with StrictFloat32 = false.");
        }
    }
}
