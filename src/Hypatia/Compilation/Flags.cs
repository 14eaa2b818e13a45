namespace Hypatia.Compilation;

/// <summary>Reads <c>HYPATIA_FLAGS</c>: <c>name=value</c> pairs separated by commas, the rightmost winning.</summary>
internal static class Flags
{
    public const string Variable = "HYPATIA_FLAGS";

    public static Options Read(Options defaults) => Parse(Environment.GetEnvironmentVariable(Variable) ?? "", defaults);

    /// <exception cref="ArgumentException">A flag is unknown or its value can't be read.</exception>
    public static Options Parse(string text, Options options)
    {
        foreach (string pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            string value = parts.Length == 2 ? parts[1] : "true";
            options = parts[0].ToUpperInvariant() switch
            {
                "FLOATX" => options with { FloatX = ReadFloat(value) },
                "STRICT" => options with { StrictFloat32 = Truth(pair, value) },
                "ORIGINS" => options with { Origins = Truth(pair, value) },
                "REWRITE" => options with { Rewrite = Truth(pair, value) },
                "THREADS" => options with { Threads = Number(pair, value) },
                "DEBUG" => options with { Debug = Number(pair, value) },
                "DEVICE" => options with { Device = value },
                _ => throw new ArgumentException(
                    $"{Variable}: there is no flag '{parts[0]}'. Known: floatX, strict, origins, rewrite, threads, "
                    + "debug, device."),
            };
        }

        return options;
    }

    private static DType ReadFloat(string value) => value switch
    {
        "float32" => DType.Float32,
        "float64" => DType.Float64,
        _ => throw new ArgumentException($"{Variable}: floatX is float32 or float64, not '{value}'."),
    };

    private static int Number(string pair, string value) => int.TryParse(value, out int number) && number >= 0
        ? number
        : throw new ArgumentException($"{Variable}: '{pair}' needs a whole number.");

    private static bool Truth(string pair, string value) => value.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "ON" => true,
        "FALSE" or "0" or "OFF" => false,
        _ => throw new ArgumentException($"{Variable}: '{pair}' needs true or false."),
    };
}
