using Hypatia.Loops;

namespace Hypatia.Rewriting;

/// <summary>Rules of arithmetic: constants fold, neutral and absorbing elements go, like terms combine.</summary>
internal static class AlgebraRules
{
    /// <summary>Equations between elementwise functions.</summary>
    public static IReadOnlyList<Equation> Equations { get; } =
    [
        Rule.Of("x+0", x => (x + 0, x), integers: true),
        Rule.Of("x-0", x => (x - 0, x), integers: true),
        Rule.Of("0-x", x => (0 - x, -x), integers: true),
        Rule.Of("x-x", x => (x - x, 0), integers: true),
        Rule.Of("x*1", x => (x * 1, x), integers: true),
        Rule.Of("x*0", x => (x * 0, 0), integers: true),
        Rule.Of("x*-1", x => (x * -1, -x), integers: true),
        Rule.Of("x/1", x => (x / 1, x)),
        Rule.Of("x/-1", x => (x / -1, -x)),
        Rule.Of("0/x", x => (0 / x, 0), low: 0),
        Rule.Of("x/x", x => (x / x, 1), low: 0),
        Rule.Of("--x", x => (-(-x), x), integers: true),
        Rule.Of("x+-y", (x, y) => (x + -y, x - y), integers: true),
        Rule.Of("x--y", (x, y) => (x - -y, x + y), integers: true),
        Rule.Of("-(x-y)", (x, y) => (-(x - y), y - x), integers: true),
        Rule.Of("(-x)(-y)", (x, y) => (-x * -y, x * y), integers: true),
        Rule.Of("(-x)/(-y)", (x, y) => (-x / -y, x / y)),
        Rule.Of("x*x", x => (x * x, T.Sqr(x)), integers: true),
        Rule.Of("sqr(-x)", x => (T.Sqr(-x), T.Sqr(x)), integers: true),
        Rule.Of("sqr|x|", x => (T.Sqr(T.Abs(x)), T.Sqr(x)), integers: true),
        Rule.Of("sqrt(sqr)", x => (T.Sqrt(T.Sqr(x)), T.Abs(x))),
        Rule.Of("sqr(sqrt)", x => (T.Sqr(T.Sqrt(x)), x), low: 0),
        Rule.Of("||x||", x => (T.Abs(T.Abs(x)), T.Abs(x)), integers: true),
        Rule.Of("|-x|", x => (T.Abs(-x), T.Abs(x)), integers: true),
        Rule.Of("|x|*|y|", (x, y) => (T.Abs(x) * T.Abs(y), T.Abs(x * y)), integers: true),
        Rule.Of("1/(1/x)", x => (1 / (1 / x), x), low: 0),
        Rule.Of("exp(log)", x => (T.Exp(T.Log(x)), x), low: 0),
        Rule.Of("(x*y)/y", (x, y) => (x * y / y, x), low: 0),
        Rule.Of("(x*y)/x", (x, y) => (x * y / x, y), low: 0),
        Rule.Of("(x+y)-y", (x, y) => (x + y - y, x), integers: true),
        Rule.Of("(x+y)-x", (x, y) => (x + y - x, y), integers: true),
        Rule.Of("(x-y)+y", (x, y) => (x - y + y, x), integers: true),
        Rule.Of("x//1", x => (T.IntDiv(x, 1), T.Floor(x)), integers: true),
        Rule.Of("floor(floor)", x => (T.Floor(T.Floor(x)), T.Floor(x))),
        Rule.Of("cosh(arccosh)", x => (T.Cosh(T.Arccosh(x)), x), low: 1),
        Rule.Of("sinh(arcsinh)", x => (T.Sinh(T.Arcsinh(x)), x)),
        Rule.Of("tanh(arctanh)", x => (T.Tanh(T.Arctanh(x)), x), low: -1, high: 1),
        Rule.Of("max(x,x)", x => (T.Maximum(x, x), x), integers: true),
        Rule.Of("min(x,x)", x => (T.Minimum(x, x), x), integers: true),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Elementwise>("constant folding", FoldScalar),
        .. Equations,
        Rule.From<Pow>("power", Power),
        Rule.From<Add>("constants in sum", ConstantsInSum),
        Rule.From<Sub>("constants in difference", x =>
            Uniform.Value(x.Inputs[1]) is { } c && Uniform.Value(x.Inputs[0]) is null && x.DType.IsFloat()
                ? x.Inputs[0] + Uniform.Like(x.Inputs[1], -c.AsDouble)
                : null),
        Rule.From<Mul>("constants in product", ConstantsInProduct),
        Rule.From<TrueDiv>("division by constant", x =>
            Uniform.Value(x.Inputs[1]) is { AsDouble: var c } && IsPowerOfTwo(c)
                ? x.Inputs[0] * Uniform.Like(x.Inputs[1], 1 / c)
                : null),
        Rule.From<Add>("like terms", x => LikeTerms(x, subtract: false)),
        Rule.From<Sub>("like terms in difference", x => LikeTerms(x, subtract: true)),
        Rule.From<Neg>("-(c*x)", x =>
            x.Inputs[0] is { Op: Mul } product && Uniform.Value(product.Inputs[1]) is { } c && c.DType.IsFloat()
                ? product.Inputs[0] * Uniform.Like(product.Inputs[1], -c.AsDouble)
                : null),
        Rule.From<Switch>("decided switch", DecidedSwitch),
        Rule.From<CastTo>("cast of cast", CastOfCast),
        Rule.From<Elementwise>("comparison with itself", x =>
            x.Op is Eq or Le or Lt or Neq && ReferenceEquals(x.Inputs[0], x.Inputs[1]) && !x.Inputs[0].DType.IsFloat()
                ? T.Constant(x.Op is Eq or Le)
                : null),
    ];

    private static Expr? FoldScalar(Expr x)
    {
        var operands = new Scalar[x.Inputs.Count];
        for (int k = 0; k < operands.Length; k++)
        {
            if (Uniform.Value(x.Inputs[k]) is not { } value)
            {
                return null;
            }

            operands[k] = new Literal(value);
        }

        return ((Elementwise)x.Op).Element(operands) is Literal literal
            ? BroadcastTo.Of(Constant.Of(NDArray.Of(literal.Value)), Lengths.Of(x))
            : null;
    }

    private static Expr? Power(Expr x)
    {
        Expr a = x.Inputs[0];
        if (Uniform.Value(x.Inputs[1]) is not { } exponent)
        {
            return null;
        }

        double power = exponent.AsDouble;
        return power switch
        {
            0 => T.Cast(1, x.DType),
            1 => a,
            2 => T.Sqr(a),
            0.5 when a.DType.IsFloat() => RootAsPower(a),
            -0.5 when a.DType.IsFloat() => 1 / RootAsPower(a),
            < 0 and >= -16 when a.DType.IsFloat() && double.IsInteger(power) => 1 / T.Pow(a, -power),
            > 2 and <= 16 when double.IsInteger(power) => Repeated(a, (int)power),
            _ => null,
        };
    }

    // IEEE 754: √−0 is −0 and √−∞ is NaN, but (−0)^½ is 0 and (−∞)^½ is ∞.
    private static Expr RootAsPower(Expr a) =>
        T.Abs(T.Sqrt(T.Switch(T.Eq(a, double.NegativeInfinity), double.PositiveInfinity, a)));

    private static Expr Repeated(Expr a, int power) =>
        power == 1 ? a : power % 2 == 0 ? T.Sqr(Repeated(a, power / 2)) : T.Sqr(Repeated(a, power / 2)) * a;

    // Constants go to the right and meet there: (x + 1) + 2 → x + 3, 1 + x → x + 1, (x + 1) + y → (x + y) + 1.
    private static Expr? ConstantsInSum(Expr x)
    {
        (Expr a, Expr b) = (x.Inputs[0], x.Inputs[1]);
        if (Uniform.Value(a) is not null)
        {
            return b + a;
        }

        bool hasConstant = a.Op is Add && Uniform.Value(a.Inputs[1]) is not null;
        return hasConstant && Uniform.Value(b) is not null ? a.Inputs[0] + (a.Inputs[1] + b) : null;
    }

    private static Expr? ConstantsInProduct(Expr x)
    {
        (Expr a, Expr b) = (x.Inputs[0], x.Inputs[1]);
        if (Uniform.Value(a) is not null)
        {
            return b * a;
        }

        bool isConstant = Uniform.Value(b) is not null;
        if (a.Op is Mul && Uniform.Value(a.Inputs[1]) is not null)
        {
            return isConstant ? a.Inputs[0] * (a.Inputs[1] * b) : a.Inputs[0] * b * a.Inputs[1];
        }

        return isConstant && a.Op is Neg && x.DType.IsFloat() ? a.Inputs[0] * -b
            : b.Op is Mul && Uniform.Value(b.Inputs[1]) is not null ? a * b.Inputs[0] * b.Inputs[1]
            : isConstant && a.Op is TrueDiv && Uniform.Value(a.Inputs[0]) is not null ? a.Inputs[0] * b / a.Inputs[1]
            : null;
    }

    // 2x + 3x → 5x, x + 2x → 3x, x + x → 2x, 2x − x → x.
    private static Expr? LikeTerms(Expr x, bool subtract)
    {
        if (!x.DType.IsFloat() && !x.DType.IsInteger())
        {
            return null;
        }

        (Expr a, double m) = Scaled(x.Inputs[0]);
        (Expr b, double n) = Scaled(x.Inputs[1]);
        return ReferenceEquals(a, b) && Uniform.Value(a) is null ? a * (subtract ? m - n : m + n) : null;
    }

    private static (Expr Term, double Factor) Scaled(Expr x) =>
        x.Op is Mul && Uniform.Value(x.Inputs[1]) is { } c ? (x.Inputs[0], c.AsDouble)
        : x.Op is Neg ? (x.Inputs[0], -1)
        : (x, 1);

    private static Expr? DecidedSwitch(Expr x)
    {
        (Expr condition, Expr a, Expr b) = (x.Inputs[0], x.Inputs[1], x.Inputs[2]);
        return Uniform.Value(condition) is { } value ? (value.AsBool ? a : b)
            : ReferenceEquals(a, b) ? a
            : condition.Op is Invert ? T.Switch(condition.Inputs[0], b, a)
            : null;
    }

    private static Expr? CastOfCast(Expr x)
    {
        Expr inner = x.Inputs[0];
        return inner.DType == x.DType ? inner
            : inner.Op is CastTo && Promotion.IsSafe(inner.Inputs[0].DType, inner.DType) ? T.Cast(inner.Inputs[0], x.DType)
            : null;
    }

    private static bool IsPowerOfTwo(double c) =>
        double.IsNormal(c) && double.IsNormal(1 / c) && Math.Abs(c) is var a && Math.Pow(2, Math.Round(Math.Log2(a))) == a;
}
