using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypatia.Benchmarks.Measuring;

/// <summary>What a figure was measured on.</summary>
internal static class Machine
{
    /// <summary>Vendor, model, number of cores, instruction set and runtime; never a name of the host.</summary>
    public static string Description => string.Join(", ",
        Processor(), $"{Environment.ProcessorCount} cores", InstructionSet(), RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSArchitecture.ToString());

    private static string InstructionSet() =>
        Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Vector128.IsHardwareAccelerated ? "128-bit vectors" : "no vectors";

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        if (!File.Exists(file))
        {
            return "unknown processor";
        }

        ILookup<string, string> fields = File.ReadLines(file).Select(line => line.Split(':', 2)).Where(part => part.Length == 2)
            .ToLookup(part => part[0].Trim(), part => part[1].Trim());
        string Field(string name) => fields[name].FirstOrDefault() ?? "?";
        return $"{Field("model name")} ({Field("vendor_id")} family {Field("cpu family")} model {Field("model")})";
    }
}
