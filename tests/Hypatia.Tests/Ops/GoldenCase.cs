using System.Text.Json;
using System.Text.Json.Serialization;
using Hypatia.Tests.Testing;

namespace Hypatia.Tests.Ops;

/// <summary>An input or output of a case.</summary>
/// <param name="Name">Its name in the expression; null for outputs.</param>
/// <param name="DType">The dtype at run time.</param>
/// <param name="Shape">Lengths at run time.</param>
/// <param name="SymbolicDType">The dtype when the expression is built; null for inputs.</param>
/// <param name="Broadcastable">Which lengths are known to be 1 when the expression is built.</param>
internal sealed record GoldenTensor(
    string? Name,
    [property: JsonPropertyName("dtype")] string DType,
    long[] Shape,
    [property: JsonPropertyName("symbolic_dtype")] string? SymbolicDType,
    bool[] Broadcastable);

/// <summary>An expression with values that Theano 1.0.5 computed: a row of Data/ops/index.json.</summary>
internal sealed record GoldenCase(
    string Id,
    string Op,
    string Expr,
    GoldenTensor[] Inputs,
    GoldenTensor[] Outputs,
    string File,
    [property: JsonPropertyName("grad_status")] string GradStatus,
    string[]? Weights,
    string[]? Grads)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "ops");
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, IReadOnlyDictionary<string, NpyArray>> Files = new();

    /// <summary>All cases by name.</summary>
    public static IReadOnlyDictionary<string, GoldenCase> All { get; } = Read<GoldenCase[]>("index.json").ToDictionary(c => c.Id);

    /// <summary>A file of the data's folder.</summary>
    public static TValue Read<TValue>(string file) =>
        JsonSerializer.Deserialize<TValue>(System.IO.File.ReadAllText(Path.Combine(Folder, file)), Json)!;

    /// <summary>An array of this case: x0, out0, w0, grad_x0.</summary>
    public NDArray Value(string name)
    {
        NpyArray array = Files.GetOrAdd(File, file => Npz.Read(Path.Combine(Folder, file)))[$"{Id}.{name}"];
        return NDArray.Wrap(array.Data!, [.. array.Shape.Select(length => (long)length)]);
    }
}
