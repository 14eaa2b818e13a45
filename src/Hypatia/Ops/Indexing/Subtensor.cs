namespace Hypatia;

/// <summary>
/// <c>x[…]</c> by NumPy's rules: inputs are x and the expressions in the subscripts, in the order of
/// <see cref="Pattern"/>, where each is a letter: i integer, a array, n new axis; for a slice s and e for the bounds that
/// are given, and d for its step, or k where that is an expression.
/// </summary>
internal sealed record Subtensor(string Pattern) : Composite
{
    protected override string Parameters => Pattern;

    public static Expr Of(Expr x, IReadOnlyList<Subscript> subscripts) =>
        Expr.Make(new Subtensor(Encode(subscripts)), [x, .. Operands(subscripts)]);

    /// <summary>A slice's step is part of the plan, and so are all bounds where a step is an expression.</summary>
    internal override bool IsStatic(int input)
    {
        bool boundsToo = Pattern.Contains('k', StringComparison.Ordinal);
        int next = 0;
        foreach (char letter in Pattern)
        {
            if (letter is 'i' or 'a' or 's' or 'e' or 'd' or 'k' && ++next == input)
            {
                return letter is 'd' or 'k' || (boundsToo && (letter is 's' or 'e'));
            }
        }

        return false;
    }

    public override TensorType Infer(Inputs x) => Expand(WithKnownSteps(x)).Type;

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
    [
        Expr.Make(new SubtensorUpdate(Pattern, Accumulate: true), [T.ZerosLike(x[0]), dy, .. x.List.Skip(1)]),
        .. new Expr?[x.Count - 1],
    ];

    public override Expr Expand(Inputs x) => new Selection(x[0], Decode(Pattern, x.List.Skip(1))).Read();

    /// <summary>The subscripts as text: kinds of subscripts, and which bounds of a slice are given.</summary>
    internal static string Encode(IReadOnlyList<Subscript> subscripts) => string.Join(", ", subscripts.Select(s => s.Kind switch
    {
        SubscriptKind.Integer => "i",
        SubscriptKind.Array => "a",
        SubscriptKind.NewAxis => "n",
        SubscriptKind.Ellipsis => "...",
        _ => $"{(s.Start is null ? "" : "s")}:{(s.Stop is null ? "" : "e")}:{(Lengths.Constant(s.Step!) is null ? "k" : "d")}",
    }));

    internal static IEnumerable<Expr> Operands(IReadOnlyList<Subscript> subscripts) =>
        subscripts.SelectMany(s => new[] { s.Index, s.Start, s.Stop, s.Step }).OfType<Expr>();

    internal static IReadOnlyList<Subscript> Decode(string pattern, IEnumerable<Expr> operands)
    {
        var next = new Queue<Expr>(operands);
        return [.. pattern.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select<string, Subscript>(kind => kind switch
        {
            "i" or "a" => next.Dequeue(),
            "n" => Subscript.NewAxis,
            "..." => Subscript.Ellipsis,
            _ => Subscript.Slice(
                kind.StartsWith('s') ? next.Dequeue() : null,
                kind.Contains('e', StringComparison.Ordinal) ? next.Dequeue() : null,
                next.Dequeue()),
        })];
    }

    /// <summary>Whether a bound of a slice in x[…], or in an update of one, is no constant, and all its steps are.</summary>
    internal static bool HasOpenBounds(Expr x)
    {
        (string pattern, int first) = x.Op is SubtensorUpdate update ? (update.Pattern, 2) : (((Subtensor)x.Op).Pattern, 1);
        return !pattern.Contains('k', StringComparison.Ordinal)
            && Decode(pattern, x.Inputs.List.Skip(first)).Any(s => IsOpen(s.Start) || IsOpen(s.Stop));
    }

    private static bool IsOpen(Expr? bound) => bound is not null && Lengths.Constant(bound) is null;

    /// <summary>Which inputs (the first after x being 1) are steps.</summary>
    private static IEnumerable<int> StepInputs(string pattern)
    {
        int input = 0;
        foreach (char letter in pattern)
        {
            input += letter is 'i' or 'a' or 's' or 'e' or 'd' or 'k' ? 1 : 0;
            if (letter is 'd' or 'k')
            {
                yield return input;
            }
        }
    }

    /// <summary>For the type rule: where a step is not known, neither is the length.</summary>
    private Inputs WithKnownSteps(Inputs x)
    {
        Expr[] known = [.. x.List];
        foreach (int step in StepInputs(Pattern).Where(step => Lengths.Constant(known[step]) is null))
        {
            known[step] = Lengths.Of(1L);
            for (int bound = step - 1; bound > 0 && !StepInputs(Pattern).Contains(bound); bound--)
            {
                known[bound] = Expr.Leaf(Input.New(), new TensorType(DType.Int64, default), name: null);
            }
        }

        return new Inputs(known);
    }
}

/// <summary>x with the elements <c>x[…]</c> replaced or incremented by v: inputs are x, v and those of <see cref="Subtensor"/>.</summary>
internal sealed record SubtensorUpdate(string Pattern, bool Accumulate) : Composite
{
    public override string Name => Accumulate ? "IncSubtensor" : "SetSubtensor";

    protected override string Parameters => Pattern;

    public static Expr Of(Expr selected, Expr value, bool accumulate) =>
        selected.Op is Subtensor subtensor
            ? Expr.Make(
                new SubtensorUpdate(subtensor.Pattern, accumulate),
                [selected.Inputs[0], Converted(selected, value, accumulate), .. selected.Inputs.List.Skip(1)])
            : throw new ShapeException(
                "Only elements selected by x[…] can be set or incremented.",
                accumulate ? "IncSubtensor" : "SetSubtensor",
                [selected],
                "write T.SetSubtensor(x[1..3], value).");

    internal override bool IsStatic(int input) => input > 1 && new Subtensor(Pattern).IsStatic(input - 1);

    public override TensorType Infer(Inputs x)
    {
        Shape selected = new Subtensor(Pattern).Infer(new Inputs([x[0], .. x.List.Skip(2)])).Shape;
        Shape value = x[1].Type.Shape;
        int missing = selected.Rank - value.Rank;
        bool fits = missing >= 0 && Axes.All(value.Rank).All(axis =>
            value[axis] is 1 or Shape.Unknown || selected[axis + missing] == Shape.Unknown || value[axis] == selected[axis + missing]);
        return fits ? x[0].Type : throw new ShapeException(
            $"A value of shape {value} does not fit the selected elements, of shape {selected}.",
            Name,
            [x[0], x[1]],
            "give a value for each selected element, or one that broadcasts to them.");
    }

    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy)
    {
        Expr selected = Expr.Make(new Subtensor(Pattern), [dy, .. x.List.Skip(2)]);
        Expr dx = Accumulate ? dy : Expr.Make(this, [dy, T.Cast(0, dy.DType), .. x.List.Skip(2)]);
        return [dx, SumTo.ShapeOf(Leading(selected, x[1].Rank), x[1]), .. new Expr?[x.Count - 2]];
    }

    public override Expr Expand(Inputs x) =>
        new Selection(x[0], Subtensor.Decode(Pattern, x.List.Skip(2))).Write(x[1], Accumulate);

    /// <summary>x summed over its leading axes down to a rank.</summary>
    private static Expr Leading(Expr x, int rank) =>
        x.Rank > rank ? T.Sum(x, Enumerable.Range(0, x.Rank - rank).ToArray()) : x;

    private static Expr Converted(Expr selected, Expr value, bool accumulate) =>
        value.Op is Constant { IsWeak: true } || Promotion.IsSafe(value.DType, selected.DType)
            ? T.Cast(value, selected.DType)
            : throw new DTypeException(
                $"A {value.DType.Name()} value does not fit into {selected.DType.Name()} elements without loss.",
                accumulate ? "IncSubtensor" : "SetSubtensor",
                [selected, value],
                "cast the value with T.Cast.");
}

public static partial class T
{
    /// <summary>
    /// x with the elements that <paramref name="selected"/> (an <c>x[…]</c>) selects replaced by a value that
    /// broadcasts to their shape. x itself is unchanged. Where an index array repeats an index, the last value counts.
    /// </summary>
    /// <exception cref="ShapeException"><paramref name="selected"/> is no selection, or the value does not fit.</exception>
    public static Expr SetSubtensor(Expr selected, Expr value) => SubtensorUpdate.Of(selected, value, accumulate: false);

    /// <summary>
    /// x with the elements that <paramref name="selected"/> (an <c>x[…]</c>) selects incremented by a value that
    /// broadcasts to their shape. Where an index array repeats an index, all its values are added.
    /// </summary>
    /// <exception cref="ShapeException"><paramref name="selected"/> is no selection, or the value does not fit.</exception>
    public static Expr IncSubtensor(Expr selected, Expr value) => SubtensorUpdate.Of(selected, value, accumulate: true);
}
