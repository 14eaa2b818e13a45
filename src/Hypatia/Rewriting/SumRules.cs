using Hypatia.Loops;

namespace Hypatia.Rewriting;

/// <summary>
/// Sums of several terms: like terms combine, opposite ones go, constants meet. 2x + 3x → 5x, (x + y) − x → y,
/// W − ε·(g + r·W) → (1 − εr)·W − ε·g. A sum is looked at some terms deep, so long sums stay cheap.
/// </summary>
internal static class SumRules
{
    private const int Most = 8;    // terms

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.From<Add>("like terms", Combine),
        Rule.From<Sub>("like terms in difference", Combine),
        Rule.From<Add>("constant last in sum", x =>
            Uniform.Value(x.Inputs[0]) is not null && Uniform.Value(x.Inputs[1]) is null ? x.Inputs[1] + x.Inputs[0] : null),
        Rule.From<Sub>("x - c", x =>
            x.DType.IsFloat() && Uniform.Value(x.Inputs[1]) is { } c && Uniform.Value(x.Inputs[0]) is null
                ? x.Inputs[0] + Uniform.Of(x.DType, -c.AsDouble)
                : null),
    ];

    private static Expr? Combine(Expr x)
    {
        if (!x.DType.IsFloat() && (!x.DType.IsInteger() || x.DType.IsUnsigned()))
        {
            return null;
        }

        List<Term> terms = Terms(x);
        int count = terms.Count;
        for (int k = 0; k < terms.Count; k++)
        {
            for (int other = terms.Count - 1; other > k; other--)
            {
                if (ReferenceEquals(terms[k].Of, terms[other].Of))
                {
                    ScalarValue factor = Uniform.Fold(BinaryOp.Add, terms[k].Factor, terms[other].Factor);
                    if (!Uniform.IsSafe(factor))
                    {
                        return null;
                    }

                    terms[k] = new Term(terms[k].Of, factor);
                    terms.RemoveAt(other);
                }
            }
        }

        return terms.Count < count ? Sum(terms, x.DType) : null;
    }

    // x as factor·of + …
    private static List<Term> Terms(Expr x)
    {
        List<Term> terms = [];
        List<Term> open = [new Term(x, ScalarValue.Of(x.DType, 1))];
        while (open.Count > 0)
        {
            (Expr node, ScalarValue factor) = (open[^1].Of!, open[^1].Factor);
            open.RemoveAt(open.Count - 1);
            bool more = terms.Count + open.Count + 2 <= Most;
            if (Uniform.Value(node) is { } constant)
            {
                terms.Add(new Term(null, Uniform.Fold(BinaryOp.Mul, factor, constant)));
            }
            else if (node.Op is Neg)
            {
                open.Add(new Term(node.Inputs[0], Negated(factor)));
            }
            else if (node.Op is Mul && Uniform.Value(node.Inputs[1]) is { } c
                && Uniform.Fold(BinaryOp.Mul, factor, c) is var product && Uniform.IsSafe(product))
            {
                open.Add(new Term(node.Inputs[0], product));
            }
            else if (more && node.Op is Add or Sub)
            {
                open.Add(new Term(node.Inputs[1], node.Op is Sub ? Negated(factor) : factor));
                open.Add(new Term(node.Inputs[0], factor));
            }
            else
            {
                terms.Add(new Term(node, factor));
            }
        }

        return terms;
    }

    private static ScalarValue Negated(ScalarValue x) => Uniform.Fold(BinaryOp.Sub, ScalarValue.Of(x.DType, 0), x);

    private static Expr Sum(List<Term> terms, DType dtype)
    {
        terms.RemoveAll(term => term.Factor.AsDouble == 0);
        int constant = terms.FindIndex(term => term.Of is null);
        Expr? last = constant < 0 ? null : Uniform.Of(terms[constant].Factor);
        if (constant >= 0)
        {
            terms.RemoveAt(constant);
        }

        // A term that is subtracted can't come first.
        int first = terms.FindIndex(term => term.Factor.AsDouble != -1);
        if (first > 0)
        {
            Term moved = terms[first];
            terms.RemoveAt(first);
            terms.Insert(0, moved);
        }

        Expr? sum = null;
        foreach ((Expr? of, ScalarValue factor) in terms)
        {
            double f = factor.AsDouble;
            sum = sum is null
                ? f == 1 ? of! : f == -1 ? -of! : of! * Uniform.Of(factor)
                : f == 1 ? sum + of! : f == -1 ? sum - of! : sum + (of! * Uniform.Of(factor));
        }

        return sum is null ? last ?? Uniform.Of(dtype, 0) : last is null ? sum : sum + last;
    }

    /// <summary>A constant times an expression; null stands for 1.</summary>
    private sealed record Term(Expr? Of, ScalarValue Factor);
}
