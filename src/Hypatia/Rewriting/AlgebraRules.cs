using Hypatia.Loops;

namespace Hypatia.Rewriting;

/// <summary>Rules of elementwise arithmetic on one or two operands; see <see cref="SumRules"/> and <see cref="ProductRules"/> for more.</summary>
internal static class AlgebraRules
{
    private const string NotFinite = "x infinite or NaN: NaN turns into a number, as in Theano";
    private const string NotFiniteOrZero = "x zero, infinite or NaN: NaN turns into a number, as in Theano";
    private const string NaNOutside = "outside the domain the left side is NaN, as Theano also ignores";

    /// <summary>Equations between elementwise functions.</summary>
    public static IReadOnlyList<Equation> Equations { get; } =
    [
        Rule.Of("x+0", x => (x + 0, x), integers: true),
        Rule.Of("x-0", x => (x - 0, x), integers: true),
        Rule.Of("0-x", x => (0 - x, -x), integers: true),
        Rule.Of("x-x", x => (x - x, 0), integers: true, except: NotFinite),
        Rule.Of("x*1", x => (x * 1, x), integers: true),
        Rule.Of("x*0", x => (x * 0, 0), integers: true, except: NotFinite),
        Rule.Of("x*-1", x => (x * -1, -x), integers: true),
        Rule.Of("x/1", x => (x / 1, x)),
        Rule.Of("x/-1", x => (x / -1, -x)),
        Rule.Of("0/x", x => (0 / x, 0), low: 0, except: NotFiniteOrZero),
        Rule.Of("x/x", x => (x / x, 1), low: 0, except: NotFiniteOrZero),
        Rule.Of("--x", x => (-(-x), x), integers: true),
        Rule.Of("x+-y", (x, y) => (x + -y, x - y), integers: true),
        Rule.Of("x--y", (x, y) => (x - -y, x + y), integers: true),
        Rule.Of("-x-y", (x, y) => (-x - y, -(x + y)), integers: true),
        Rule.Of("-(x-y)", (x, y) => (-(x - y), y - x), integers: true),
        Rule.Of("(-x)*y", (x, y) => (-x * y, -(x * y)), integers: true),
        Rule.Of("(-x)/y", (x, y) => (-x / y, -(x / y))),
        Rule.Of("x/(-y)", (x, y) => (x / -y, -(x / y))),
        Rule.Of("x*x", x => (x * x, T.Sqr(x)), integers: true),
        Rule.Of("sqr(-x)", x => (T.Sqr(-x), T.Sqr(x)), integers: true),
        Rule.Of("sqr|x|", x => (T.Sqr(T.Abs(x)), T.Sqr(x)), integers: true),
        Rule.Of("|sqr|", x => (T.Abs(T.Sqr(x)), T.Sqr(x))),
        Rule.Of("sqrt(sqr)", x => (T.Sqrt(T.Sqr(x)), T.Abs(x)), except: "squares that overflow or vanish: the right side is exact"),
        Rule.Of("sqr(sqrt)", x => (T.Sqr(T.Sqrt(x)), T.Switch(T.Ge(x, 0), x, double.NaN))),
        Rule.Of("||x||", x => (T.Abs(T.Abs(x)), T.Abs(x)), integers: true),
        Rule.Of("|-x|", x => (T.Abs(-x), T.Abs(x))),
        Rule.Of("|x|*|y|", (x, y) => (T.Abs(x) * T.Abs(y), T.Abs(x * y))),
        Rule.Of("|x|/|y|", (x, y) => (T.Abs(x) / T.Abs(y), T.Abs(x / y))),
        Rule.Of("(x+|x|)/2", x => ((x + T.Abs(x)) * 0.5, NNet.Relu(x)), except: "-inf gives 0, not NaN; a sum that overflows is exact"),
        Rule.Of("1/(1/x)", x => (1 / (1 / x), x), low: 0, except: "x so small that its inverse overflows: the right side is exact"),
        Rule.Of("exp(log)", x => (T.Exp(T.Log(x)), T.Switch(T.Ge(x, 0), x, double.NaN))),
        Rule.Of("floor(floor)", x => (T.Floor(T.Floor(x)), T.Floor(x))),
        Rule.Of("ceil(ceil)", x => (T.Ceil(T.Ceil(x)), T.Ceil(x))),
        Rule.Of("cosh(arccosh)", x => (T.Cosh(T.Arccosh(x)), x), low: 1, except: NaNOutside),
        Rule.Of("sinh(arcsinh)", x => (T.Sinh(T.Arcsinh(x)), x)),
        Rule.Of("arcsinh(sinh)", x => (T.Arcsinh(T.Sinh(x)), x), except: "a sinh that overflows: the right side is exact"),
        Rule.Of("tanh(arctanh)", x => (T.Tanh(T.Arctanh(x)), x), low: -1, high: 1, except: NaNOutside),
        Rule.Of("max(x,x)", x => (T.Maximum(x, x), x), integers: true),
        Rule.Of("min(x,x)", x => (T.Minimum(x, x), x), integers: true),
        Rule.Of("max(max(x,y),y)", (x, y) => (T.Maximum(T.Maximum(x, y), y), T.Maximum(x, y)), integers: true),
        Rule.Of("min(min(x,y),y)", (x, y) => (T.Minimum(T.Minimum(x, y), y), T.Minimum(x, y)), integers: true),
        Rule.Of("max(-x,-y)", (x, y) => (T.Maximum(-x, -y), -T.Minimum(x, y))),
        Rule.Of("min(-x,-y)", (x, y) => (T.Minimum(-x, -y), -T.Maximum(x, y))),
        Rule.Of("x<x", x => (T.Lt(x, x), false), integers: true),
        Rule.Of("x//1", x => (T.IntDiv(x, 1), T.Floor(x)), integers: true),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Equations,
        .. ProductRules.All,
        .. SumRules.All,
        Rule.From<Switch>("decided switch", DecidedSwitch),
        Rule.From<Switch>("switch(c*x, 0)", ConstantOut),
        Rule.From<CastTo>("cast of switch", CastOfSwitch),
        Rule.From<Mul>("x*switch", x => IntoSwitch(x, 0, 1) ?? IntoSwitch(x, 1, 0)),
        Rule.From<TrueDiv>("switch/x", x => IntoSwitch(x, 0, 1)),
        Rule.From<Add>("switch+switch", SameCondition),
        Rule.From<Sub>("switch-switch", SameCondition),
        Rule.From<Mul>("switch*switch", SameCondition),
        Rule.From<CastTo>("cast of cast", CastOfCast),
        Rule.From<Invert>("~~x", x => x.Inputs[0].Op is Invert ? x.Inputs[0].Inputs[0] : null),
        Rule.From<And>("x&true", x => Decided(x, 0) ?? Decided(x, 1)),
        Rule.From<Or>("x|false", x => Decided(x, 0) ?? Decided(x, 1)),
        Rule.From<Elementwise>("rounding of integers", x =>
            x.Op is Floor or Ceil or Trunc or RoundHalfToEven or RoundHalfAwayFromZero && !x.DType.IsFloat() ? x.Inputs[0] : null),
        Rule.From<Mod>("x%1", x => !x.DType.IsFloat() && Uniform.Is(x.Inputs[1], 1) ? Uniform.Of(x.DType, 0) : null),
        Rule.From<Elementwise>("comparison with itself", x =>
            x.Op is Eq or Le or Neq && ReferenceEquals(x.Inputs[0], x.Inputs[1]) && !x.Inputs[0].DType.IsFloat()
                ? T.Constant(x.Op is not Neq)
                : null),
        Rule.From<Le>("0 <= length", x =>
            Uniform.Is(x.Inputs[0], 0) && ShapeFacts.IsNonNegative(x.Inputs[1]) ? T.Constant(true) : null),
        Rule.From<Lt>("length < 0", x =>
            Uniform.Is(x.Inputs[1], 0) && ShapeFacts.IsNonNegative(x.Inputs[0]) ? T.Constant(false) : null),
        Rule.From<Maximum>("max(length, 0)", x =>
            Uniform.Is(x.Inputs[1], 0) && ShapeFacts.IsNonNegative(x.Inputs[0]) ? x.Inputs[0]
            : Uniform.Is(x.Inputs[0], 0) && ShapeFacts.IsNonNegative(x.Inputs[1]) ? x.Inputs[1]
            : null),
    ];

    private static Expr? DecidedSwitch(Expr x)
    {
        (Expr condition, Expr a, Expr b) = (x.Inputs[0], x.Inputs[1], x.Inputs[2]);
        return Uniform.Value(condition) is { } value ? (value.AsBool ? a : b)
            : ReferenceEquals(a, b) ? a
            : condition.Op is Invert ? T.Switch(condition.Inputs[0], b, a)
            : a.Op is Switch && ReferenceEquals(a.Inputs[0], condition) ? T.Switch(condition, a.Inputs[1], b)
            : b.Op is Switch && ReferenceEquals(b.Inputs[0], condition) ? T.Switch(condition, a, b.Inputs[2])
            : null;
    }

    // x * (c ? a : 0) → c ? x * a : 0: where nothing is chosen nothing is multiplied, not even NaN.
    private static Expr? IntoSwitch(Expr x, int operand, int other)
    {
        Expr choice = x.Inputs[operand];
        if (choice.Op is not Switch || Uniform.Value(x.Inputs[other]) is not null)
        {
            return null;
        }

        (Expr condition, Expr a, Expr b) = (choice.Inputs[0], choice.Inputs[1], choice.Inputs[2]);
        return Uniform.Is(b, 0) ? T.Switch(condition, Combined(a), b)
            : Uniform.Is(a, 0) ? T.Switch(condition, a, Combined(b))
            : null;

        Expr Combined(Expr branch) =>
            x.Op is TrueDiv ? branch / x.Inputs[other] : Uniform.Is(branch, 1) ? x.Inputs[other] : branch * x.Inputs[other];
    }

    // A constant factor moves outward, where it meets others.
    private static Expr? ConstantOut(Expr x)
    {
        for (int k = 1; k < 3; k++)
        {
            (Expr scaled, Expr zero) = (x.Inputs[k], x.Inputs[3 - k]);
            if (scaled.Op is Mul && Uniform.Value(scaled.Inputs[1]) is { } c && Uniform.Is(zero, 0))
            {
                Expr bare = scaled.Inputs[0];
                return (k == 1 ? T.Switch(x.Inputs[0], bare, zero) : T.Switch(x.Inputs[0], zero, bare)) * Uniform.Of(c);
            }
        }

        return null;
    }

    // Constants are converted when compiling.
    private static Expr? CastOfSwitch(Expr x)
    {
        Expr choice = x.Inputs[0];
        return choice.Op is Switch && (Uniform.Value(choice.Inputs[1]) is not null || Uniform.Value(choice.Inputs[2]) is not null)
            ? T.Switch(choice.Inputs[0], T.Cast(choice.Inputs[1], x.DType), T.Cast(choice.Inputs[2], x.DType))
            : null;
    }

    private static Expr? SameCondition(Expr x)
    {
        (Expr a, Expr b) = (x.Inputs[0], x.Inputs[1]);
        return a.Op is Switch && b.Op is Switch && ReferenceEquals(a.Inputs[0], b.Inputs[0])
            ? T.Switch(
                a.Inputs[0],
                Elementwise.Apply((Elementwise)x.Op, a.Inputs[1], b.Inputs[1]),
                Elementwise.Apply((Elementwise)x.Op, a.Inputs[2], b.Inputs[2]))
            : null;
    }

    private static Expr? Decided(Expr x, int operand)
    {
        if (x.DType != DType.Bool || Uniform.Value(x.Inputs[operand]) is not { } value)
        {
            return ReferenceEquals(x.Inputs[0], x.Inputs[1]) ? x.Inputs[0] : null;
        }

        return value.AsBool == x.Op is And ? x.Inputs[1 - operand] : x.Inputs[operand];
    }

    // A cast that loses nothing may be left out before another one.
    private static Expr? CastOfCast(Expr x)
    {
        Expr inner = x.Inputs[0];
        if (inner.DType == x.DType)
        {
            return inner;
        }

        if (inner.Op is not CastTo)
        {
            return null;
        }

        DType from = inner.Inputs[0].DType;
        bool exact = from == DType.Bool
            || (from.IsFloat() == inner.DType.IsFloat() ? Promotion.IsSafe(from, inner.DType) : from.Size() <= 2 && inner.DType.IsFloat());
        return exact && (from.IsFloat() || x.DType.IsFloat() || inner.DType.IsInteger()) ? T.Cast(inner.Inputs[0], x.DType) : null;
    }
}
