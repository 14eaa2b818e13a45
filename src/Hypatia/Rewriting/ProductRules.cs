using Hypatia.Loops;

namespace Hypatia.Rewriting;

/// <summary>
/// Products and quotients of several factors: equal factors above and below go, constants meet and move outward, where
/// they meet others. a·b·c/(a·b) → c, 2·x·3 → 6x, (c·x)·y → c·(x·y). A product is looked at some factors deep.
/// </summary>
internal static class ProductRules
{
    private const int Most = 8;    // factors

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Mul>("common factors", Reduce),
        Rule.From<TrueDiv>("common factors in quotient", Reduce),
        Rule.From<Mul>("constant last in product", x =>
            Uniform.Value(x.Inputs[0]) is not null && Uniform.Value(x.Inputs[1]) is null ? x.Inputs[1] * x.Inputs[0] : null),
        Rule.From<Mul>("(c*x)*y", x => ConstantOutward(x, 0) ?? ConstantOutward(x, 1)),
        Rule.From<TrueDiv>("(c*x)/y", x => ConstantOutward(x, 0)),
        Rule.From<Neg>("-(c*x)", x =>
            x.Inputs[0] is { Op: Mul } product && Uniform.Value(product.Inputs[1]) is not null
                ? product.Inputs[0] * -product.Inputs[1]
                : null),
        Rule.From<TrueDiv>("x/2ⁿ", x =>
            Uniform.Value(x.Inputs[1]) is { AsDouble: var c } && IsPowerOfTwo(c)
                ? x.Inputs[0] * Uniform.Of(x.DType, 1 / c)
                : null),
        Rule.From<Pow>("power", Power),
    ];

    private static Expr? Reduce(Expr x)
    {
        if (!x.DType.IsFloat() && !(x.Op is Mul && x.DType.IsInteger()))
        {
            return null;
        }

        ScalarValue? constant = null;
        int constants = 0;
        bool timesOne = false;
        bool cancels = false;
        List<(Expr Of, int Power)> factors = [];
        List<(Expr Of, int Power)> open = [(x, 1)];
        while (open.Count > 0)
        {
            (Expr node, int power) = open[^1];
            open.RemoveAt(open.Count - 1);
            bool more = factors.Count + open.Count + 2 <= Most;
            int known = factors.FindIndex(factor => ReferenceEquals(factor.Of, node));
            if (Uniform.Value(node) is { } c && power is 1 or -1)
            {
                constants++;
                timesOne |= c.AsDouble == 1 && power == 1;
                ScalarValue before = constant ?? ScalarValue.Of(x.DType, 1);
                constant = Uniform.Fold(power > 0 ? BinaryOp.Mul : BinaryOp.Div, before, c);
            }
            else if (known >= 0)
            {
                cancels |= factors[known].Power > 0 != power > 0;
                factors[known] = (node, factors[known].Power + power);
            }
            else if (more && (node.Op is Mul || (node.Op is TrueDiv && x.DType.IsFloat())))
            {
                open.Add((node.Inputs[1], node.Op is TrueDiv ? -power : power));
                open.Add((node.Inputs[0], power));
            }
            else if (node.Op is Sqr && Math.Abs(power) == 1 && x.DType.IsFloat())
            {
                open.Add((node.Inputs[0], 2 * power));
            }
            else
            {
                factors.Add((node, power));
            }
        }

        bool vanishes = timesOne && factors.Exists(factor => factor.Power > 0);    // x·(1/y) → x/y
        bool folds = (constants > 1 || vanishes) && Uniform.IsSafe(constant!.Value) && constant.Value.AsDouble != 0;
        return cancels && (constants == 0 || Uniform.IsSafe(constant!.Value)) || folds
            ? Product(factors, constant, x)
            : null;
    }

    private static Expr? Product(List<(Expr Of, int Power)> factors, ScalarValue? constant, Expr x)
    {
        Expr? above = null;
        Expr? below = null;
        foreach ((Expr of, int power) in factors)
        {
            if (power > 0)
            {
                above = above is null ? Repeated(of, power) : above * Repeated(of, power);
            }
            else if (power < 0)
            {
                below = below is null ? Repeated(of, -power) : below * Repeated(of, -power);
            }
        }

        Expr? factor = constant is null || constant.Value.AsDouble == 1 ? null : Uniform.Of(constant.Value);
        Expr result = below is null ? above ?? Uniform.Of(x.DType, 1) : (above ?? factor ?? Uniform.Of(x.DType, 1)) / below;
        bool used = factor is null || (above is null && below is not null);
        return used ? result : above is null ? factor : result * factor!;
    }

    // Not where the constant would multiply more elements than before.
    private static Expr? ConstantOutward(Expr x, int operand)
    {
        Expr scaled = x.Inputs[operand];
        if (scaled.Op is not Mul || Uniform.Value(scaled.Inputs[1]) is null || Uniform.Value(x.Inputs[1 - operand]) is not null
            || !ShapeFacts.SameShape(scaled, x))
        {
            return null;
        }

        Expr bare = x.Op is Mul ? scaled.Inputs[0] * x.Inputs[1 - operand] : scaled.Inputs[0] / x.Inputs[1];
        return bare * scaled.Inputs[1];
    }

    private static Expr? Power(Expr x)
    {
        Expr a = x.Inputs[0];
        if (Uniform.Value(x.Inputs[1]) is not { AsDouble: var power })
        {
            return null;
        }

        return power switch
        {
            0 => Uniform.Of(x.DType, 1),
            0.5 => RootAsPower(a),
            -0.5 => 1 / RootAsPower(a),
            < 0 and >= -16 when a.DType.IsFloat() && double.IsInteger(power) => 1 / Repeated(a, -(int)power),
            > 0 and <= 16 when double.IsInteger(power) => Repeated(a, (int)power),
            _ => null,
        };
    }

    // IEEE 754: √−0 is −0 and √−∞ is NaN, but (−0)^½ is 0 and (−∞)^½ is ∞.
    private static Expr RootAsPower(Expr a) =>
        T.Abs(T.Sqrt(T.Switch(T.Eq(a, double.NegativeInfinity), double.PositiveInfinity, a)));

    private static Expr Repeated(Expr a, int power) =>
        power == 1 ? a : power % 2 == 0 ? T.Sqr(Repeated(a, power / 2)) : Repeated(a, power - 1) * a;

    private static bool IsPowerOfTwo(double c) =>
        double.IsNormal(c) && double.IsNormal(1 / c) && Math.Abs(c) is var a && Math.Pow(2, Math.Round(Math.Log2(a))) == a;
}
