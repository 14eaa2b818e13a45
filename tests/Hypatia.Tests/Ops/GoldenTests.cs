using Hypatia.Tests.Testing;

namespace Hypatia.Tests.Ops;

/// <summary>A row of Data/ops/rejected.json: an expression that Theano 1.0.5 refuses.</summary>
internal sealed record RejectedCase(string Op, string Expr, System.Text.Json.JsonElement[][] Inputs, string Error);

/// <summary>
/// Single ops against Theano 1.0.5: values, dtypes, shapes and the gradients of Σ out·w. Data/ops holds what Theano
/// computed; the tables below say what is left out, and where Hypatia differs on purpose.
/// </summary>
public sealed class GoldenTests
{
    /// <summary>Ops that are not here yet, by reason.</summary>
    private static readonly Dictionary<string, string[]> NotYet = new()
    {
        ["needs a special function"] =
        [
            "erf", "erfc", "erfcx", "erfinv", "erfcinv", "gamma", "gammaln", "psi", "tri_gamma", "j0", "j1", "i0", "i1",
            "jv", "gammainc", "gammaincc", "chi2sf",
        ],
        ["needs a matrix decomposition"] =
        [
            "det", "matrix_inverse", "cholesky", "cholesky_upper", "solve", "solve_lower_triangular", "eigh", "eig", "svd",
            "qr", "pinv", "lstsq", "logdet_expr",
        ],
        ["needs a loop"] =
        [
            "scan_cumsum", "scan_rnn", "scan_reverse", "scan_reduce", "scan_foldr", "scan_multi", "cumsum", "cumprod",
            "jacobian",
        ],
        ["needs windows"] =
        [
            "conv2d", "conv2d_transpose", "conv3d", "pool_2d", "pool_3d", "images2neibs", "bilinear_upsampling",
            "batch_normalization_train", "batch_normalization_test",
        ],
        ["needs sorting"] = ["sort", "argsort", "topk", "topk_and_argtopk", "confusion_matrix"],
        ["has a length that depends on how many elements hold"] = ["flatnonzero"],
    };

    /// <summary>Cases in which Hypatia's answer is another one on purpose: the dtype.</summary>
    private static readonly Dictionary<string, string> OtherDType = new()
    {
        ["arange_004"] = "float64",     // C#'s literals 0.0 and 2.0 alone have floatX; Theano stores them as float32
        ["elu_000"] = "float32",        // weak literals: 1.3, 0.1 and SELU's constants do not widen float32
        ["relu_alpha_000"] = "float32",
        ["selu_000"] = "float32",
        ["angle_000"] = "float32",      // a function of a float32 is one, as all others
    };

    /// <summary>Elements in which Theano's value is not the mathematically right one.</summary>
    private static readonly Dictionary<string, (int Element, double Right)[]> OtherValue = new()
    {
        ["relu_008"] = [(2, 0)],                                // max(−∞, 0), where Theano computes (−∞ + ∞)/2
        ["relu_alpha_006"] = [(2, double.NegativeInfinity)],    // as above
        ["log1pexp_006"] = [(16, 1e10)],                        // ln(1 + eˣ), where Theano's eˣ overflows
        ["nan_guard_logsigmoid_006"] = [(15, -88), (17, -1e10)],    // ln σ(x), where Theano's σ(x) underflows
    };

    /// <summary>Ops that only move elements: exact. (Gradients of those that repeat elements add, and are not.)</summary>
    private static readonly HashSet<string> Movement =
    [
        "subtensor_dyn", "take", "shape_reshape", "shape_T", "shape_dimshuffle", "shape_flatten", "shape_ravel",
        "shape_swapaxes", "shape_transpose", "shape_roll", "shape_squeeze", "shape_copy", "shape_reverse_transpose",
        "shape_compress", "shape_diagonal", "shape_tril", "shape_triu", "split", "choose", "clip", "switch",
    ];

    /// <summary>Cases by name.</summary>
    public static TheoryData<string> InScope => [.. GoldenCase.All.Values.Where(IsInScope).Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(InScope))]
    public void Agrees_with_Theano(string id)
    {
        GoldenCase golden = GoldenCase.All[id];
        Dictionary<string, Expr> inputs = golden.Inputs.ToDictionary(x => x.Name!, Variable);
        Expr[] outputs = TheanoText.Read(golden.Expr, inputs);
        Assert.Equal(golden.Outputs.Length, outputs.Length);
        string[] wrt = [.. golden.GradStatus == "ok" ? golden.Grads!.Select(name => name["grad_".Length..]) : []];
        Expr[] gradients = Gradients(golden, outputs, [.. wrt.Select(name => inputs[name])]);

        Function function = T.Function(
            [.. inputs.Values.Select(x => new In(x))], [.. outputs, .. gradients], onUnusedInput: OnUnusedInput.Ignore);
        NDArray[] values = [.. function.Call([.. inputs.Keys.Select(name => new Argument(golden.Value(name)))])];

        for (int k = 0; k < outputs.Length; k++)
        {
            GoldenTensor expected = golden.Outputs[k];
            string dtype = OtherDType.GetValueOrDefault(id, expected.DType);
            Assert.Equal(dtype, outputs[k].DType.ToString().ToLowerInvariant());
            Assert.Equal(dtype, values[k].DType.ToString().ToLowerInvariant());
            Assert.Equal(expected.Shape, values[k].Shape);
            Assert.True(outputs[k].Type.Accepts(values[k].Type), $"{outputs[k].Type} promised, {values[k].Type} came");
            KnownOnes(expected, outputs[k]);
            Close(golden.Value($"out{k}"), values[k], OtherValue.GetValueOrDefault(id, []), Moves(golden), golden);
        }

        for (int k = 0; k < wrt.Length; k++)
        {
            NDArray gradient = values[outputs.Length + k];
            Assert.Equal(inputs[wrt[k]].DType, gradient.DType);
            Close(golden.Value($"grad_{wrt[k]}"), gradient, [], exact: false, golden);
        }
    }

    /// <summary>Cases in float64 with a gradient.</summary>
    public static TheoryData<string> Differentiable =>
        [.. GoldenCase.All.Values.Where(c => IsInScope(c) && c.GradStatus == "ok" && c.Inputs.All(x => x.DType != "float32")
            && c.Expr != "T.cast(x0,'float32')").Select(c => c.Id)];     // which has steps that differences see

    // Theano's values end at the first order: the second is checked against differences of the first.
    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Second_gradients_are_those_of_finite_differences(string id)
    {
        GoldenCase golden = GoldenCase.All[id];
        int wrt = Array.FindIndex(golden.Inputs, x => x.DType == "float64");
        T.VerifyGrad(
            x =>
            {
                Dictionary<string, Expr> named = golden.Inputs.Zip(x).ToDictionary(pair => pair.First.Name!, pair => pair.Second);
                Expr output = TheanoText.Read(golden.Expr, named)[0];
                return T.Grad(
                    T.Sum(T.Sqr(T.Cast(output, DType.Float64))), x[wrt], disconnectedInputs: DisconnectedInputs.Ignore);
            },
            [.. golden.Inputs.Select(x => golden.Value(x.Name!))],
            tests: 1,
            absTol: 1e-5,
            relTol: 1e-5);
    }

    /// <summary>What Theano refuses and Hypatia does not, and why.</summary>
    private static readonly Dictionary<string, string> Accepted = new()
    {
        ["x0&x1"] = "a bool promotes to an integer, as in NumPy",
        ["x0^x1"] = "as above",
        ["x0*True"] = "a C# bool is a constant of dtype bool, as in NumPy",
        ["x0+True"] = "as above",
        ["x0/True"] = "as above",
        ["T.set_subtensor(x0[None],x1)"] = "a new axis in a subscript is removed again, as in NumPy",
        ["x0[:,None]"] = "as above",
        ["T.inc_subtensor(x0[:,None],x1)"] = "as above",
    };

    /// <summary>Numbers of rows of rejected.json.</summary>
    public static TheoryData<int> Rejected =>
        [.. Enumerable.Range(0, GoldenCase.Read<RejectedCase[]>("rejected.json").Length)];

    [Theory]
    [MemberData(nameof(Rejected))]
    public void Refuses_what_Theano_refuses(int row)
    {
        RejectedCase rejected = GoldenCase.Read<RejectedCase[]>("rejected.json")[row];
        Dictionary<string, Expr> inputs = [];
        foreach (System.Text.Json.JsonElement[] input in rejected.Inputs)
        {
            var dtype = Enum.Parse<DType>(input[0].GetString()!, ignoreCase: true);
            inputs[$"x{inputs.Count}"] = T.Tensor(dtype, Shape.UnknownOf(input[1].GetArrayLength()), $"x{inputs.Count}");
        }

        if (!Accepted.ContainsKey(rejected.Expr))
        {
            Assert.ThrowsAny<HypatiaException>(() => TheanoText.Read(rejected.Expr, inputs));
            return;
        }

        Expr accepted = Assert.Single(TheanoText.Read(rejected.Expr, inputs));
        (Expr, object)[] zeros = [.. inputs.Values.Zip(rejected.Inputs, (x, input) => (x, (object)NDArray.Zeros(
            x.DType, [.. input[1].EnumerateArray().Select(length => length.GetInt64())])))];
        Assert.Equal(accepted.DType, accepted.Eval(zeros).DType);
    }

    [Fact]
    public void Every_excluded_op_has_cases() =>
        Assert.All(NotYet.SelectMany(pair => pair.Value), op => Assert.Contains(GoldenCase.All.Values, c => c.Op == op));

    private static bool IsInScope(GoldenCase golden) =>
        !NotYet.Any(pair => pair.Value.Contains(golden.Op)) && !UsesComplex(golden) && !UsesMask(golden);

    // Bools as an index: how many elements they select is known only at run time.
    private static bool UsesMask(GoldenCase golden) =>
        (golden.Op.Contains("advanced", StringComparison.Ordinal) && golden.Inputs[1].DType == "bool")
        || golden.Expr.Contains("[x0>0]", StringComparison.Ordinal);

    // There are no complex numbers yet.
    private static bool UsesComplex(GoldenCase golden) =>
        golden.Inputs.Concat(golden.Outputs).Any(x => x.DType.StartsWith("complex", StringComparison.Ordinal));

    private static Expr Variable(GoldenTensor x) => T.Tensor(
        Enum.Parse<DType>(x.DType, ignoreCase: true),
        [.. x.Broadcastable.Select(one => one ? 1 : Shape.Unknown)],
        x.Name);

    private static Expr[] Gradients(GoldenCase golden, Expr[] outputs, Expr[] wrt)
    {
        if (wrt.Length == 0)
        {
            return [];
        }

        IEnumerable<Expr> terms = outputs
            .Select((output, k) => (output, Name: $"w{k}"))
            .Where(term => golden.Weights!.Contains(term.Name))
            .Select(term => T.Sum(term.output * T.Constant(golden.Value(term.Name))));
        return T.Grad(terms.Aggregate((a, b) => a + b), wrt, disconnectedInputs: DisconnectedInputs.Ignore);
    }

    private static void KnownOnes(GoldenTensor expected, Expr output)
    {
        for (int axis = 0; axis < expected.Broadcastable.Length; axis++)
        {
            Assert.True(
                !expected.Broadcastable[axis] || output.Type.Shape[axis] == 1,
                $"axis {axis} is known to have length 1, but the type is {output.Type}");
        }
    }

    private static void Close(NDArray expected, NDArray actual, (int Element, double Right)[] other, bool exact, GoldenCase golden)
    {
        double[] right = Doubles(expected);
        foreach ((int element, double value) in other)
        {
            right[element] = value;
        }

        double[] given = Doubles(actual);
        Assert.Equal(right.Length, given.Length);
        double largest = right.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        double tolerance = exact ? 0 : Tolerance(expected.DType, actual.DType, golden) * largest;
        for (int k = 0; k < right.Length; k++)
        {
            bool close = right[k].Equals(given[k]) || right[k] == given[k] || Math.Abs(right[k] - given[k]) <= tolerance;
            Assert.True(close, $"{golden.Expr}: element {k} is {given[k]:R}, not {right[k]:R}\n{expected}\n{actual}");
        }
    }

    private static bool Moves(GoldenCase golden) =>
        Movement.Contains(golden.Op)
        || golden.Op is "subtensor" or "set_subtensor" or "advanced_subtensor" or "advanced_set_subtensor";

    private static double Tolerance(DType expected, DType actual, GoldenCase golden) =>
        !actual.IsFloat() ? 0
        : expected == DType.Float32 || actual == DType.Float32 || golden.Inputs.Any(x => x.DType == "float32") ? 2e-6
        : 1e-12;

    private static double[] Doubles(NDArray array) =>
        [.. Enumerable.Range(0, (int)array.Count).Select(k => array.Scalar(k).AsDouble)];
}
