namespace Hypatia.Loops;

/// <summary>
/// Simplification of int64 index arithmetic, by the ranges that loop indices are known to have.
/// Sound because indices never come near the limits of int64.
/// </summary>
internal static class IndexMath
{
    /// <summary>The inclusive range of an index expression, or null if it is not known.</summary>
    public static (long Min, long Max)? Range(Scalar x)
    {
        switch (x)
        {
            case Literal { Value: var value }:
                return (value.AsInt64, value.AsInt64);
            case Variable { Extent: > 0 } variable:
                return (0, variable.Extent - 1);
            case Binary binary when Range(binary.X) is var (a, b) && Range(binary.Y) is var (c, d):
                return binary.Op switch
                {
                    BinaryOp.Add => (a + c, b + d),
                    BinaryOp.Sub => (a - d, b - c),
                    BinaryOp.Mul when a >= 0 && c >= 0 => (a * c, b * d),
                    BinaryOp.Mul when c == d && c < 0 => (b * c, a * c),
                    BinaryOp.FloorDiv when a >= 0 && c > 0 => (a / d, b / c),
                    BinaryOp.Mod when c > 0 && a >= 0 && b < c => (a, b),
                    BinaryOp.Mod when c > 0 => (0, d - 1),
                    BinaryOp.Min => (Math.Min(a, c), Math.Min(b, d)),
                    BinaryOp.Max => (Math.Max(a, c), Math.Max(b, d)),
                    _ => null,
                };
            case Binary { Op: BinaryOp.Mod, Y: Literal { Value: var modulus } } when modulus.AsInt64 > 0:
                return (0, modulus.AsInt64 - 1);
            default:
                return null;
        }
    }

    /// <summary>A simpler form of an int64 operation, or null.</summary>
    public static Scalar? Simplify(BinaryOp op, Scalar x, Scalar y) => op switch
    {
        BinaryOp.Add => Add(x, y),
        BinaryOp.Sub when IsConstant(y, 0) => x,
        BinaryOp.Sub when x.Equals(y) => Scalar.Int(0),
        BinaryOp.Sub when y is Literal c => Scalar.Apply(BinaryOp.Add, x, Scalar.Int(-c.Value.AsInt64)),
        BinaryOp.Mul => Mul(x, y),
        BinaryOp.FloorDiv when y is Literal d => Divide(x, d.Value.AsInt64),
        BinaryOp.Mod when y is Literal m => Modulo(x, m.Value.AsInt64),
        BinaryOp.Lt or BinaryOp.Le or BinaryOp.Eq or BinaryOp.Ne => Compare(op, x, y),
        BinaryOp.Min when Range(x) is var (_, max) && Range(y) is var (min, _) && max <= min => x,
        BinaryOp.Min when Range(y) is var (_, max) && Range(x) is var (min, _) && max <= min => y,
        BinaryOp.Max when Range(x) is var (min, _) && Range(y) is var (_, max) && min >= max => x,
        BinaryOp.Max when Range(y) is var (min, _) && Range(x) is var (_, max) && min >= max => y,
        _ => null,
    };

    private static Scalar? Add(Scalar x, Scalar y)
    {
        if (IsConstant(x, 0))
        {
            return y;
        }

        if (IsConstant(y, 0))
        {
            return x;
        }

        if (x is Literal)
        {
            return Scalar.Apply(BinaryOp.Add, y, x);    // constants to the right
        }

        if (y is Literal && x is Binary { Op: BinaryOp.Add, Y: Literal } sum)
        {
            return sum.X + (sum.Y + y);
        }

        if (y is Binary { Op: BinaryOp.Add, Y: Literal } shifted)
        {
            return x + shifted.X + shifted.Y;
        }

        // … + (q / c)·c·s + (q % c)·s = … + q·s
        (Scalar low, long scale) = Scaled(y);
        if (low is Binary { Op: BinaryOp.Mod, Y: Literal modulus } remainder)
        {
            Scalar[] terms = [.. Terms(x)];
            int high = Array.FindIndex(terms, term => Scaled(term) is (Binary { Op: BinaryOp.FloorDiv, Y: Literal divisor } quotient, var s)
                && divisor.Value == modulus.Value && quotient.X.Equals(remainder.X) && s == scale * modulus.Value.AsInt64);
            if (high >= 0)
            {
                terms[high] = remainder.X * Scalar.Int(scale);
                return terms.Aggregate((sum, term) => sum + term);
            }
        }

        return null;
    }

    private static Scalar? Mul(Scalar x, Scalar y)
    {
        if (x is Literal && y is not Literal)
        {
            return Scalar.Apply(BinaryOp.Mul, y, x);
        }

        if (y is not Literal literal)
        {
            return null;
        }

        return literal.Value.AsInt64 switch
        {
            0 => y,
            1 => x,
            _ when x is Binary { Op: BinaryOp.Mul, Y: Literal } product => product.X * (product.Y * y),
            _ when x is Binary { Op: BinaryOp.Add } sum && (sum.Y is Literal || Terms(x).Any(IsQuotient)) => (sum.X * y) + (sum.Y * y),
            _ => null,
        };
    }

    // ⌊(a·c·s + b) / c⌋ = a·s + ⌊b / c⌋ where 0 ≤ b.
    private static Scalar? Divide(Scalar x, long divisor)
    {
        if (divisor == 1)
        {
            return x;
        }

        if (divisor > 1 && Range(x) is var (min, max) && min >= 0 && max < divisor)
        {
            return Scalar.Int(0);
        }

        if (divisor > 1 && SplitMultiple(x, divisor) is var (multiple, rest))
        {
            return rest is null ? multiple : multiple + (rest / Scalar.Int(divisor));
        }

        // ⌊(a·s + b) / (c·s)⌋ = ⌊a / c⌋ where 0 ≤ b < s.
        foreach (Scalar term in Terms(x))
        {
            long scale = Gcd(Scaled(term).Scale, divisor);
            if (scale > 1 && scale < divisor && SplitMultiple(x, scale) is var (high, low)
                && (low is null || Range(low) is (>= 0, var last) && last < scale))
            {
                return high / Scalar.Int(divisor / scale);
            }
        }

        // (q / a) / b = q / (a·b)
        return divisor > 1 && x is Binary { Op: BinaryOp.FloorDiv, Y: Literal { Value: var inner } } nested
            && inner.AsInt64 > 0
            ? nested.X / Scalar.Int(inner.AsInt64 * divisor)
            : null;
    }

    private static Scalar? Modulo(Scalar x, long modulus)
    {
        if (modulus == 1)
        {
            return Scalar.Int(0);
        }

        if (modulus > 1 && Range(x) is var (min, max) && min >= 0 && max < modulus)
        {
            return x;
        }

        return modulus > 1 && SplitMultiple(x, modulus) is var (_, rest)
            ? rest is null ? Scalar.Int(0) : rest % Scalar.Int(modulus)
            : null;
    }

    private static Scalar? Compare(BinaryOp op, Scalar x, Scalar y)
    {
        if (Range(x) is not var (a, b) || Range(y) is not var (c, d))
        {
            return null;
        }

        return op switch
        {
            BinaryOp.Lt when b < c => Scalar.Bool(true),
            BinaryOp.Lt when a >= d => Scalar.Bool(false),
            BinaryOp.Le when b <= c => Scalar.Bool(true),
            BinaryOp.Le when a > d => Scalar.Bool(false),
            BinaryOp.Eq when b < c || a > d => Scalar.Bool(false),
            BinaryOp.Ne when b < c || a > d => Scalar.Bool(true),
            _ => null,
        };
    }

    /// <summary>x as (multiple of d, divided by d) + (rest ≥ 0), or null. The rest is null if there is none.</summary>
    private static (Scalar Multiple, Scalar? Remainder)? SplitMultiple(Scalar x, long d)
    {
        Scalar? multiple = null;
        Scalar? rest = null;
        foreach (Scalar term in Terms(x))
        {
            (Scalar factor, long scale) = Scaled(term);
            if (term is Literal { Value: var value })
            {
                (factor, scale) = (Scalar.Int(1), value.AsInt64);
            }

            if (scale % d == 0)
            {
                Scalar part = factor * Scalar.Int(scale / d);
                multiple = multiple is null ? part : multiple + part;
            }
            else
            {
                rest = rest is null ? term : rest + term;
            }
        }

        return multiple is null || (rest is not null && !(Range(rest) is var (min, _) && min >= 0))
            ? null
            : (multiple, rest);
    }

    private static long Gcd(long x, long y) => y == 0 ? Math.Abs(x) : Gcd(y, x % y);

    private static IEnumerable<Scalar> Terms(Scalar x) =>
        x is Binary { Op: BinaryOp.Add } sum ? Terms(sum.X).Concat(Terms(sum.Y)) : [x];

    private static (Scalar Factor, long Scale) Scaled(Scalar x) =>
        x is Binary { Op: BinaryOp.Mul, Y: Literal { Value: var scale } } product ? (product.X, scale.AsInt64) : (x, 1);

    private static bool IsQuotient(Scalar term) => Scaled(term).Factor is Binary { Op: BinaryOp.FloorDiv };

    private static bool IsConstant(Scalar x, long value) => x is Literal { Value: var v } && v.AsInt64 == value;
}
