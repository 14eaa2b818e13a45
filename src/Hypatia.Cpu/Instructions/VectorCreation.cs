using System.Reflection;
using System.Runtime.Intrinsics;

namespace Hypatia.Cpu.Instructions;

/// <summary>
/// The methods <c>VectorN.Create(element, element, …)</c> of the usual element types, by way of delegates. To find one
/// among the 42 overloads, the runtime would load the vector types of them all: some 20 ms in a new process.
/// </summary>
internal static class VectorCreation
{
    /// <summary>The method of a width and an element type; null if it must be looked for.</summary>
    public static MethodInfo? Method(int bits, Type element) => (bits, Type.GetTypeCode(element)) switch
    {
        (128, TypeCode.Double) => ((Func<double, double, Vector128<double>>)Vector128.Create).Method,
        (128, TypeCode.Single) => ((Func<float, float, float, float, Vector128<float>>)Vector128.Create).Method,
        (128, TypeCode.Int64) => ((Func<long, long, Vector128<long>>)Vector128.Create).Method,
        (128, TypeCode.Int32) => ((Func<int, int, int, int, Vector128<int>>)Vector128.Create).Method,
        (256, TypeCode.Double) => ((Func<double, double, double, double, Vector256<double>>)Vector256.Create).Method,
        (256, TypeCode.Single) => ((Func<
            float, float, float, float, float, float, float, float, Vector256<float>>)Vector256.Create).Method,
        (256, TypeCode.Int64) => ((Func<long, long, long, long, Vector256<long>>)Vector256.Create).Method,
        (256, TypeCode.Int32) => ((Func<
            int, int, int, int, int, int, int, int, Vector256<int>>)Vector256.Create).Method,
        (512, TypeCode.Double) => ((Func<
            double, double, double, double, double, double, double, double, Vector512<double>>)Vector512.Create).Method,
        (512, TypeCode.Single) => ((Func<
            float, float, float, float, float, float, float, float, float, float, float, float, float, float, float, float, Vector512<float>>)Vector512.Create).Method,
        (512, TypeCode.Int64) => ((Func<
            long, long, long, long, long, long, long, long, Vector512<long>>)Vector512.Create).Method,
        (512, TypeCode.Int32) => ((Func<
            int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, Vector512<int>>)Vector512.Create).Method,
        _ => null,
    };
}
