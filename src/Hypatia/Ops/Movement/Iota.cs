using Hypatia.Loops;

namespace Hypatia;

/// <summary>0, 1, … n − 1 as an int64 vector; the input is n, an int64 scalar.</summary>
internal sealed record Iota : Op
{
    internal override bool IsStatic(int input) => true;

    public static Expr Of(Expr length) => Expr.Make(new Iota(), length);

    public override TensorType Infer(Inputs x) => new(DType.Int64, [Lengths.Known(x[0])]);

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) => Disconnected(x);

    internal override Scalar Element(Elements x, IReadOnlyList<Scalar> i) => i[0];
}

public static partial class T
{
    /// <summary>0, 1, … up to but without <paramref name="stop"/>, of its dtype if that is an integer of 64 bits, else int64.</summary>
    public static Expr Arange(Expr stop) => Arange(0, stop);

    /// <summary>
    /// start, start + step, … up to but without stop: ⌈(stop − start)/step⌉ elements, none if that is negative. The
    /// dtype is the operands' (at least int64 for integers) unless given.
    /// </summary>
    /// <exception cref="ShapeException">An operand is not a scalar.</exception>
    public static Expr Arange(Expr start, Expr stop, Expr? step = null, DType? dtype = null)
    {
        step ??= 1;
        if (new[] { start, stop, step }.FirstOrDefault(x => x.Rank != 0) is { } tensor)
        {
            throw new ShapeException("Bounds and step must be scalars.", nameof(Arange), [tensor], "index the tensor first.");
        }

        DType kind = Operands.Promote(nameof(Arange), [start, stop, step]);
        Expr count = kind.IsFloat()
            ? Cast(Ceil((Cast(stop, DType.Float64) - Cast(start, DType.Float64)) / Cast(step, DType.Float64)), DType.Int64)
            : -IntDiv(Cast(start, DType.Int64) - Cast(stop, DType.Int64), Cast(step, DType.Int64));
        Expr index = Iota.Of(Maximum(count, Lengths.Of(0)));
        DType result = dtype ?? (kind.IsFloat() ? kind : DType.Int64);
        DType inner = kind.IsFloat() ? DType.Float64 : DType.Int64;
        return Cast(Cast(start, inner) + (Cast(index, inner) * Cast(step, inner)), result);
    }

    /// <summary>n×m with ones on the k-th diagonal (above the main one for k &gt; 0) and zeros elsewhere.</summary>
    public static Expr Eye(Expr n, Expr? m = null, Expr? k = null, DType? dtype = null)
    {
        Expr rows = Dimshuffle.Insert(Iota.Of(Lengths.Int64(n)), 1);
        Expr columns = Iota.Of(Lengths.Int64(m ?? n));
        return Cast(Eq(columns - rows, Lengths.Int64(k ?? 0)), dtype ?? Options.Current.FloatX);
    }

    /// <summary>Bartlett's window of n points: 1 − |2i/(n − 1) − 1|, a triangle from 0 to 1 to 0, as float64.</summary>
    public static Expr Bartlett(Expr n)
    {
        Expr place = Cast(Iota.Of(Maximum(Lengths.Int64(n), Lengths.Of(0L))), DType.Float64);
        Expr last = Cast(Lengths.Int64(n) - 1, DType.Float64);
        return Switch(Eq(last, 0), 1, 1 - Abs((2 * place / Maximum(last, 1)) - 1));
    }

    /// <summary>Ones where columns and rows equal those of x on the main diagonal, zeros elsewhere.</summary>
    public static Expr IdentityLike(Expr x) => Eye(Lengths.Of(x, 0), Lengths.Of(x, 1), dtype: x.DType);

    /// <summary>n×m with ones at and below the k-th diagonal and zeros above.</summary>
    public static Expr Tri(Expr n, Expr? m = null, Expr? k = null, DType? dtype = null)
    {
        Expr rows = Dimshuffle.Insert(Iota.Of(Lengths.Int64(n)), 1);
        Expr columns = Iota.Of(Lengths.Int64(m ?? n));
        return Cast(Le(columns - rows, Lengths.Int64(k ?? 0)), dtype ?? Options.Current.FloatX);
    }

    /// <summary>x at and below the k-th diagonal of its last two axes, zero above.</summary>
    public static Expr Tril(Expr x, Expr? k = null) =>
        Switch(Tri(Lengths.Of(x, x.Rank - 2), Lengths.Of(x, x.Rank - 1), k, DType.Bool), x, 0);

    /// <summary>x at and above the k-th diagonal of its last two axes, zero below.</summary>
    public static Expr Triu(Expr x, Expr? k = null) =>
        Switch(Tri(Lengths.Of(x, x.Rank - 2), Lengths.Of(x, x.Rank - 1), (k ?? 0) - 1, DType.Bool), 0, x);
}
