namespace Hypatia.Tests.Ops;

/// <summary>Every op, a row each. A new op is one file and one row here.</summary>
internal static class OpTable
{
    private static readonly DType[] Integers = [DType.Int8, DType.UInt8, DType.Int32, DType.Int64];

    /// <summary>All rows by name.</summary>
    public static IReadOnlyDictionary<string, OpRow> Rows { get; } =
        Elementwise().Concat(Reductions()).Concat(Movement()).Concat(Others()).ToDictionary(row => row.Name);

    // Type rules.
    private static DType Same(DType x) => x;

    private static DType Bool(DType x) => DType.Bool;

    private static DType Long(DType x) => DType.Int64;

    private static DType Float(DType x) => x is DType.Int8 or DType.UInt8 or DType.Bool or DType.Float32 ? DType.Float32 : DType.Float64;

    private static DType Quotient(DType x) => x == DType.Float32 ? x : DType.Float64;

    private static DType Wide(DType x) => x.IsFloat() ? x : x.IsUnsigned() ? DType.UInt64 : DType.Int64;

    // By Simpson's rule.
    private static double IntegralOfGauss(double x)
    {
        const int n = 2000;
        double h = Math.Clamp(x, -7, 7) / n;
        return 2 / Math.Sqrt(Math.PI) * h / 3 * Enumerable.Range(0, n + 1).Sum(k =>
            Math.Exp(-h * k * h * k) * (k is 0 or n ? 1 : k % 2 == 0 ? 2 : 4));
    }

    private static IEnumerable<OpRow> Elementwise() =>
    [
        Unary<Abs>(T.Abs, Math.Abs, Same) with { Integers = Integers },
        Unary<Neg>(T.Neg, x => -x, Same) with { Integers = [DType.Int8, DType.Int32, DType.Int64] },
        Unary<Sgn>(T.Sgn, x => x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : double.NaN, Same) with { Integers = Integers },
        Unary<Ceil>(T.Ceil, Math.Ceiling, Same),
        Unary<Floor>(T.Floor, Math.Floor, Same),
        Unary<Trunc>(T.Trunc, Math.Truncate, Same),
        Unary<RoundHalfToEven>(x => T.Round(x), x => Math.Round(x, MidpointRounding.ToEven), Same),
        Unary<RoundHalfAwayFromZero>(
            x => T.Round(x, "half_away_from_zero"), x => Math.Round(x, MidpointRounding.AwayFromZero), Same),
        Unary<Sqr>(T.Sqr, x => x * x, Same) with { Integers = Integers },
        Unary<Sqrt>(T.Sqrt, Math.Sqrt, Float, 0.1, 4) with { Integers = Integers },
        Unary<Exp>(T.Exp, Math.Exp, Float) with { Integers = Integers },
        Unary<Exp2>(T.Exp2, x => Math.Pow(2, x), Float) with { Integers = Integers },
        Unary<Expm1>(T.Expm1, x => Math.Exp(x) - 1, Float) with { Integers = Integers },
        Unary<Log>(T.Log, Math.Log, Float, 0.1, 4) with { Integers = Integers },
        Unary<Log2>(T.Log2, Math.Log2, Float, 0.1, 4) with { Integers = Integers },
        Unary<Log10>(T.Log10, Math.Log10, Float, 0.1, 4) with { Integers = Integers },
        Unary<Log1p>(T.Log1p, x => Math.Log(1 + x), Float, -0.5, 4) with { Integers = Integers },
        Unary<Sin>(T.Sin, Math.Sin, Float) with { Integers = Integers },
        Unary<Cos>(T.Cos, Math.Cos, Float) with { Integers = Integers },
        Unary<Tan>(T.Tan, Math.Tan, Float, -1, 1) with { Integers = Integers },
        Unary<Arcsin>(T.Arcsin, Math.Asin, Float, -0.9, 0.9) with { Integers = Integers },
        Unary<Arccos>(T.Arccos, Math.Acos, Float, -0.9, 0.9) with { Integers = Integers },
        Unary<Arctan>(T.Arctan, Math.Atan, Float) with { Integers = Integers },
        Unary<Sinh>(T.Sinh, Math.Sinh, Float) with { Integers = Integers },
        Unary<Cosh>(T.Cosh, Math.Cosh, Float) with { Integers = Integers },
        Unary<Tanh>(T.Tanh, Math.Tanh, Float) with { Integers = Integers },
        Unary<Erf>(T.Erf, IntegralOfGauss, Float) with { Integers = Integers },
        Unary<Arcsinh>(T.Arcsinh, Math.Asinh, Float) with { Integers = Integers },
        Unary<Arccosh>(T.Arccosh, Math.Acosh, Float, 1.2, 4) with { Integers = Integers },
        Unary<Arctanh>(T.Arctanh, Math.Atanh, Float, -0.9, 0.9) with { Integers = Integers },
        Unary<Sigmoid>(NNet.Sigmoid, x => 1 / (1 + Math.Exp(-x)), Float) with { Integers = Integers },
        Unary<Softplus>(NNet.Softplus, x => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x)), Float)
            with { Integers = Integers },
        Unary<Relu>(x => NNet.Relu(x), x => Math.Max(x, 0), Float) with { Integers = Integers },
        Unary<IsNan>(T.IsNan, x => double.IsNaN(x) ? 1 : 0, Bool) with { Smooth = false },
        Unary<IsInf>(T.IsInf, x => double.IsInfinity(x) ? 1 : 0, Bool) with { Smooth = false },
        Unary<CastTo>(x => T.Cast(x, DType.Float64), x => x, _ => DType.Float64)
            with { Integers = Integers, Text = "Cast{float64}(x0)" },
        Unary<DisconnectedGradient>(T.DisconnectedGrad, x => x, Same) with { Integers = Integers, Smooth = false },
        Unary<ZeroGradient>(T.ZeroGrad, x => x, Same) with { Integers = Integers, Smooth = false },
        Unary<ClippedGradient>(x => T.GradClip(x, -9, 9), x => x, Same) with { Integers = Integers },
        Unary<ScaledGradient>(x => T.GradScale(x, 1), x => x, Same) with { Integers = Integers },
        Unary<Invert>(x => ~x, x => -x - 1, Same) with { Integers = [DType.Int8, DType.Int64], Floats = false },

        Binary<Add>((x, y) => x + y, (x, y) => x + y, Same) with { Integers = Integers },
        Binary<Sub>((x, y) => x - y, (x, y) => x - y, Same) with { Integers = [DType.Int8, DType.Int32, DType.Int64] },
        Binary<Mul>((x, y) => x * y, (x, y) => x * y, Same) with { Integers = Integers },
        Binary<TrueDiv>((x, y) => x / y, (x, y) => x / y, Quotient, 0.5, 3) with { Integers = Integers },
        Binary<IntDiv>(T.IntDiv, (x, y) => Math.Floor(x / y), Same, 1, 7) with { Integers = Integers },
        Binary<Mod>((x, y) => x % y, Remainder, Same, 1, 7) with { Integers = Integers },
        Binary<Pow>(T.Pow, Math.Pow, Same, 0.5, 3) with { Integers = Integers },
        Binary<Maximum>(T.Maximum, Math.Max, Same) with { Integers = Integers },
        Binary<Minimum>(T.Minimum, Math.Min, Same) with { Integers = Integers },
        Binary<Arctan2>(T.Arctan2, Math.Atan2, Float, 0.5, 3) with { Integers = Integers },
        Binary<Eq>(T.Eq, (x, y) => x == y ? 1 : 0, Bool) with { Integers = Integers, Smooth = false },
        Binary<Neq>(T.Neq, (x, y) => x != y ? 1 : 0, Bool) with { Integers = Integers, Smooth = false },
        Binary<Lt>(T.Lt, (x, y) => x < y ? 1 : 0, Bool) with { Integers = Integers, Smooth = false },
        Binary<Le>(T.Le, (x, y) => x <= y ? 1 : 0, Bool) with { Integers = Integers, Smooth = false },
        Binary<And>((x, y) => x & y, (x, y) => (long)x & (long)y, Same) with { Integers = Integers, Floats = false },
        Binary<Or>((x, y) => x | y, (x, y) => (long)x | (long)y, Same) with { Integers = Integers, Floats = false },
        Binary<Xor>((x, y) => x ^ y, (x, y) => (long)x ^ (long)y, Same) with { Integers = Integers, Floats = false },
        Row<Switch>(
            x => T.Switch(x[0], x[1], x[2]),
            (double[] x) => x[0] != 0 ? x[1] : x[2],
            Same,
            [new([3, 4], 0, 2, DType.Bool), new([3, 4]), new([4])]) with { Integers = Integers, Text = "Switch(x0, x1, Dimshuffle.0)" },
    ];

    private static IEnumerable<OpRow> Reductions() =>
    [
        Reduced<Sum>(x => T.Sum(x, 0), 0, x => x.Sum(), Wide, "Sum{axis=(0,)}(x0)"),
        Reduced<Prod>(x => T.Prod(x, 1), 1, x => x.Aggregate(1.0, (a, b) => a * b), Wide, "Prod{axis=(1,)}(x0)"),
        Tensor<ProdOfOthers>(
            x => Expr.Make(new ProdOfOthers([1]), x[0]),
            x => Dense.Of(x[0].Shape, i => Enumerable.Range(0, x[0].Shape[1])
                .Where(j => j != i[1]).Aggregate(1.0, (product, j) => product * x[0][i[0], j])),
            Same,
            "ProdOfOthers{axis=(1,)}(x0)",
            new Arg([3, 4])) with { Special = false, Edges = [[[0, 4]], [[3, 0]], [[3, 1]]] },
        Reduced<Max>(x => T.Max(x, 0), 0, x => x.Aggregate(Math.Max), Same, "Max{axis=(0,)}(x0)")
            with { Edges = [[[1, 3]], [[3, 1]], [[2, 0]]] },
        Reduced<Min>(x => T.Min(x, 1), 1, x => x.Aggregate(Math.Min), Same, "Min{axis=(1,)}(x0)")
            with { Edges = [[[1, 3]], [[3, 1]], [[0, 2]]] },
        Reduced<All>(x => T.All(x, 0), 0, x => x.All(e => e != 0) ? 1 : 0, Bool, "All{axis=(0,)}(Cast{bool}.0)") with { Smooth = false },
        Reduced<Any>(x => T.Any(x, 1), 1, x => x.Any(e => e != 0) ? 1 : 0, Bool, "Any{axis=(1,)}(Cast{bool}.0)") with { Smooth = false },
        Reduced<ArgExtreme>(x => T.Argmax(x, 1), 1, First, Long, "Argmax{axis=1}(x0)")
            with { Smooth = false, Edges = [[[1, 3]], [[3, 1]], [[0, 2]]] },
        Reduced<LogSumExp>(x => T.LogSumExp(x, 1), 1, x => Math.Log(x.Sum(Math.Exp)), Float, "LogSumExp{axis=(1,)}(x0)")
            with { Special = false, Edges = [[[1, 3]], [[3, 1]], [[0, 2]]] },
        Tensor<Softmax>(
            x => NNet.Softmax(x[0]),
            x => Dense.Of(x[0].Shape, i => Math.Exp(x[0][i]) / Enumerable.Range(0, x[0].Shape[1]).Sum(j => Math.Exp(x[0][i[0], j]))),
            Float,
            "Softmax{axis=1}(x0)",
            new Arg([3, 4])) with { Special = false, Edges = [[[0, 4]], [[3, 1]], [[1, 1]]] },
        Tensor<LogSoftmax>(
            x => NNet.LogSoftmax(x[0]),
            x => Dense.Of(x[0].Shape, i => -Math.Log(Enumerable.Range(0, x[0].Shape[1]).Sum(j => Math.Exp(x[0][i[0], j] - x[0][i])))),
            Float,
            "LogSoftmax{axis=1}(x0)",
            new Arg([3, 4])) with { Special = false, Edges = [[[0, 4]], [[3, 1]], [[1, 1]]] },
    ];

    private static IEnumerable<OpRow> Movement() =>
    [
        Tensor<Dimshuffle>(
            x => x[0].Dimshuffle(1, "x", 0),
            x => Dense.Of([x[0].Shape[1], 1, x[0].Shape[0]], i => x[0][i[2], i[0]]),
            Same,
            "Dimshuffle{1,x,0}(x0)",
            new Arg([3, 4])) with { Integers = Integers, Edges = [[[0, 4]], [[1, 1]]] },
        Tensor<Reshape>(
            x => x[0].Reshape(2, -1),
            x => new Dense([2, x[0].Values.Length / 2], x[0].Values),
            Same,
            "Reshape(x0, Constant{2}, IntDiv.0)",
            new Arg([3, 4])) with { Integers = Integers, Edges = [[[0, 4]], [[1, 2]]] },
        Tensor<BroadcastTo>(
            x => T.Alloc(x[0], 2, 3, 4),
            x => Dense.Of([2, 3, 4], x[0].Repeated),
            Same,
            "BroadcastTo(Dimshuffle.0, Constant{2}, Constant{3}, Constant{4})",
            new Arg([3, 4])) with { Integers = Integers, Edges = [[[1, 4]], [[1, 1]]] },
        Tensor<SumTo>(
            x => Expr.Make(new SumTo(), [x[0], .. Lengths.Of(x[1])]),
            x => Dense.Of(x[1].Shape, i => x[0].Indices()
                .Where(k => i.Select((at, axis) => x[1].Shape[axis] == 1 || k[axis] == at).All(b => b)).Sum(k => x[0][k])),
            Same,
            "SumTo(x0, Length.0, Length.0)",
            new Arg([3, 4]),
            new Arg([1, 4])) with { Special = false, Edges = [[[0, 4], [1, 4]], [[3, 4], [1, 1]], [[3, 4], [3, 4]]] },
        Tensor<SpecifyShape>(
            x => T.SpecifyShape(x[0], 3, null),
            x => x[0],
            Same,
            "SpecifyShape{axis=(0,)}(x0, Constant{3})",
            new Arg([3, 4])) with { Integers = Integers, Edges = [[[3, 0]], [[3, 1]]] },
        Tensor<Concatenate>(
            x => T.Concatenate([x[0], x[1]], 1),
            x => Dense.Of(
                [x[0].Shape[0], x[0].Shape[1] + x[1].Shape[1]],
                i => i[1] < x[0].Shape[1] ? x[0][i] : x[1][i[0], i[1] - x[0].Shape[1]]),
            Same,
            "Concatenate{axis=1}(x0, x1)",
            new Arg([3, 4]),
            new Arg([3, 2])) with { Integers = Integers, Edges = [[[3, 0], [3, 2]], [[0, 1], [0, 1]], [[1, 1], [1, 1]]] },
        Tensor<LengthOf>(
            x => T.Shape(x[0])[1], x => new Dense([], [x[0].Shape[1]]), Long, "Subtensor{i}(Concatenate.0, Constant{1})", new Arg([3, 4]))
            with { Integers = Integers, Smooth = false, Edges = [[[3, 0]], [[1, 1]]] },
        Tensor<Iota>(
            x => T.Arange(Lengths.Of(x[0], 0)),
            x => Dense.Of([x[0].Shape[0]], i => i[0]),
            Long,
            "Add(Dimshuffle.0, Mul.0)",
            new Arg([3, 4])) with { Integers = Integers, Smooth = false, Edges = [[[0, 4]], [[1, 4]]] },
        Tensor<Slice>(
            x => Expr.Make(new Slice(0, -2), x[0], Lengths.Of(4L), Lengths.Of(2L)),
            x => Dense.Of([2, x[0].Shape[1]], i => x[0][4 - (2 * i[0]), i[1]]),
            Same,
            "Slice{axis=0, step=-2}(x0, Constant{4}, Constant{2})",
            new Arg([5, 2])) with { Integers = Integers, Edges = [[[5, 0]], [[5, 1]]] },
        Tensor<PlaceSlice>(
            x => Expr.Make(new PlaceSlice(0, 2), x[0], Lengths.Of(1L), Lengths.Of(9L)),
            x => Dense.Of([9, x[0].Shape[1]], i => i[0] % 2 == 1 && i[0] / 2 < x[0].Shape[0] ? x[0][i[0] / 2, i[1]] : 0),
            Same,
            "PlaceSlice{axis=0, step=2}(x0, Constant{1}, Constant{9})",
            new Arg([4, 3])) with { Integers = Integers, Edges = [[[0, 3]], [[1, 1]]] },
        Tensor<Subtensor>(
            x => x[0][1.., (.., -1)],
            x => Dense.Of([Math.Max(x[0].Shape[0] - 1, 0), x[0].Shape[1]], i => x[0][i[0] + 1, x[0].Shape[1] - 1 - i[1]]),
            Same,
            "Subtensor{s::d, ::d}(x0, Constant{1}, Constant{1}, Constant{-1})",
            new Arg([3, 4])) with { Integers = Integers, Edges = [[[0, 4]], [[1, 1]], [[2, 1]]] },
        Tensor<SubtensorUpdate>(
            x => T.IncSubtensor(x[0][1.., ^1], x[1]),
            x => Dense.Of(x[0].Shape, i => x[0][i] + (i[0] > 0 && i[1] == x[0].Shape[1] - 1 ? x[1][i[0] - 1] : 0)),
            Same,
            "IncSubtensor{s::d, i}(x0, x1, Constant{1}, Constant{1}, Constant{-1})",
            new Arg([3, 4]),
            new Arg([2])) with { Integers = Integers, Edges = [[[1, 4], [0]], [[2, 1], [1]]] },
    ];

    private static IEnumerable<OpRow> Others() =>
    [
        Tensor<Gather>(
            x => x[0][x[1]],
            x => Dense.Of([x[1].Shape[0], x[0].Shape[1]], i => x[0][((int)x[1][i[0]] + x[0].Shape[0]) % x[0].Shape[0], i[1]]),
            Same,
            "Subtensor{a}(x0, x1)",
            new Arg([3, 4]),
            new Arg([5], -3, 3, DType.Int64)) with { Integers = Integers, Edges = [[[3, 4], [0]], [[3, 0], [2]], [[3, 1], [1]]] },
        Tensor<Scatter>(
            x => T.IncSubtensor(x[0][x[2]], x[1]),
            x => Dense.Of(x[0].Shape, i => x[0][i] + Enumerable.Range(0, x[2].Shape[0])
                .Where(k => (x[2][k] + x[0].Shape[0]) % x[0].Shape[0] == i[0]).Sum(k => x[1][k, i[1]])),
            Same,
            "IncSubtensor{a}(x0, x1, x2)",
            new Arg([3, 4]),
            new Arg([5, 4]),
            new Arg([5], -3, 3, DType.Int64)) with { Integers = Integers, Edges = [[[3, 4], [0, 4], [0]], [[3, 0], [2, 0], [2]]] },
        Tensor<MatMul>(
            x => T.Dot(x[0], x[1]),
            x => Dense.Of(
                [x[0].Shape[0], x[1].Shape[1]],
                i => Enumerable.Range(0, x[0].Shape[1]).Sum(k => x[0][i[0], k] * x[1][k, i[1]])),
            Same,
            "MatMul(x0, x1)",
            new Arg([3, 4]),
            new Arg([4, 2])) with
        {
            Integers = [DType.Int32, DType.Int64],
            Edges = [[[0, 4], [4, 2]], [[3, 0], [0, 2]], [[1, 1], [1, 1]], [[3, 1], [1, 2]], [[3, 4], [4, 0]]],
        },
        Tensor<CrossentropyCategorical1Hot>(
            x => NNet.CategoricalCrossentropy(x[0], x[1]),
            x => Dense.Of(x[1].Shape, i => -Math.Log(x[0][i[0], (int)x[1][i]])),
            Float,
            "CrossentropyCategorical1Hot(x0, x1)",
            new Arg([3, 4], 0.1, 1),
            new Arg([3], 0, 4, DType.Int64)) with { Edges = [[[0, 4], [0]], [[1, 4], [1]]] },
    ];

    // Python's remainder has the sign of y.
    private static double Remainder(double x, double y)
    {
        double remainder = x % y;
        return remainder != 0 && remainder < 0 != y < 0 ? remainder + y : remainder;
    }

    private static double First(double[] x)
    {
        int best = 0;
        for (int k = 1; k < x.Length; k++)
        {
            best = !double.IsNaN(x[best]) && (x[k] > x[best] || double.IsNaN(x[k])) ? k : best;
        }

        return best;
    }

    private static OpRow Unary<TOp>(
        Func<Expr, Expr> build, Func<double, double> formula, Func<DType, DType> result, double low = -2, double high = 2) =>
        Row<TOp>(x => build(x[0]), (double[] x) => formula(x[0]), result, [new([3, 5], low, high)]) with
        {
            Text = $"{typeof(TOp).Name}(x0)",
            Edges = [[[0, 3]], [[1, 1]], [[]], [[2, 0, 4]]],
        };

    private static OpRow Binary<TOp>(
        Func<Expr, Expr, Expr> build,
        Func<double, double, double> formula,
        Func<DType, DType> result,
        double low = -2,
        double high = 2) =>
        Row<TOp>(
            x => build(x[0], x[1]), (double[] x) => formula(x[0], x[1]), result, [new([3, 4], low, high), new([3, 1], low, high)]) with
        {
            Text = $"{typeof(TOp).Name}(x0, x1)",
            Edges = [[[0, 3], [1, 3]], [[1, 1], [1, 1]], [[], []], [[2, 1, 4], [3, 1]], [[], [3]], [[3, 4], [3, 4]]],
        };

    private static OpRow Row<TOp>(Func<Expr[], Expr> build, Func<double[], double> formula, Func<DType, DType> result, Arg[] args) =>
        new(
            typeof(TOp),
            typeof(TOp).Name,
            build,
            x => Dense.Of(Dense.Common(x), i => formula([.. x.Select(one => one.Repeated(i))])),
            result,
            args) { Text = "" };

    private static OpRow Reduced<TOp>(
        Func<Expr, Expr> build, int axis, Func<double[], double> formula, Func<DType, DType> result, string text) =>
        new(typeof(TOp), typeof(TOp).Name, x => build(x[0]), x => x[0].Over(axis, formula), result, [new([3, 5])])
        {
            Text = text,
            Integers = Integers,
            Edges = [[[0, 3]], [[1, 3]], [[3, 1]], [[3, 0]], [[1, 1]]],
        };

    private static OpRow Tensor<TOp>(
        Func<Expr[], Expr> build, Func<Dense[], Dense> formula, Func<DType, DType> result, string text, params Arg[] args) =>
        new(typeof(TOp), typeof(TOp).Name, build, formula, result, args) { Text = text };
}
