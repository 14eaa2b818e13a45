using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>
/// Operations on one element that emitted code calls. The overload is chosen by the type that the element has on the
/// evaluation stack; each equals what <see cref="ScalarMath"/> defines.
/// </summary>
internal static class ElementMath
{
    public static int Abs(int x) => x < 0 ? -x : x;

    public static long Abs(long x) => x < 0 ? -x : x;

    public static int Sign(int x) => (x >> 31) | (int)((uint)-x >> 31);

    public static long Sign(long x) => (x >> 63) | (long)((ulong)-x >> 63);

    public static float Sign(float x) => x > 0 ? 1 : x < 0 ? -1 : Math.Abs(x);

    public static double Sign(double x) => x > 0 ? 1 : x < 0 ? -1 : Math.Abs(x);

    public static double Exp2(double x) => Math.Pow(2, x);

    public static double Expm1(double x) => Unary(UnaryOp.Expm1, x);

    public static double Log1p(double x) => Unary(UnaryOp.Log1p, x);

    public static double Erf(double x) => Unary(UnaryOp.Erf, x);

    public static float Exp2(float x) => (float)Math.Pow(2, x);

    public static float Expm1(float x) => (float)Unary(UnaryOp.Expm1, x);

    public static float Log1p(float x) => (float)Unary(UnaryOp.Log1p, x);

    public static float Erf(float x) => (float)Unary(UnaryOp.Erf, x);

    public static double FloorDiv(double x, double y) => Math.Floor(x / y);

    public static float FloorDiv(float x, float y) => (float)Math.Floor((double)x / y);

    public static int FloorDiv(int x, int y) => (int)FloorDiv((long)x, y);

    public static long FloorDiv(long x, long y)
    {
        if (y is 0 or -1)
        {
            return y == 0 ? 0 : -x;
        }

        long q = x / y;
        return q * y != x && (x < 0) != (y < 0) ? q - 1 : q;
    }

    public static uint FloorDiv(uint x, uint y) => y == 0 ? 0 : x / y;

    public static ulong FloorDiv(ulong x, ulong y) => y == 0 ? 0 : x / y;

    public static double Mod(double x, double y)
    {
        double r = x % y;
        return r == 0 ? Math.CopySign(0, y) : (r < 0) != (y < 0) ? r + y : r;
    }

    public static float Mod(float x, float y) => (float)Mod((double)x, y);

    public static int Mod(int x, int y) => (int)Mod((long)x, y);

    public static long Mod(long x, long y)
    {
        if (y is 0 or -1)
        {
            return 0;
        }

        long r = x % y;
        return r != 0 && (r < 0) != (y < 0) ? r + y : r;
    }

    public static uint Mod(uint x, uint y) => y == 0 ? 0 : x % y;

    public static ulong Mod(ulong x, ulong y) => y == 0 ? 0 : x % y;

    public static int Pow(int x, int y) => (int)Pow((long)x, y);

    public static uint Pow(uint x, uint y) => (uint)Pow(x, (long)y);

    public static ulong Pow(ulong x, ulong y) => (ulong)Pow((long)x, (long)y);

    public static long Pow(long x, long y) =>
        ScalarMath.Apply(BinaryOp.Pow, ScalarValue.Of(DType.Int64, x), ScalarValue.Of(DType.Int64, y)).AsInt64;

    private static double Unary(UnaryOp op, double x) =>
        ScalarMath.Apply(op, ScalarValue.Of(DType.Float64, x)).AsDouble;
}
