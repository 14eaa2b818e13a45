using System.Numerics;

namespace Hypatia.Tests.Loops.Decompositions;

/// <summary>Numbers n / 2¹¹⁵² and functions of them, exact for any double's purpose.</summary>
internal readonly struct Precise(BigInteger units)
{
    private const int Bits = 1152;
    private static readonly BigInteger One = BigInteger.One << Bits;
    private static readonly BigInteger Log2 = 2 * InverseArcTanh(3);
    private static readonly BigInteger Pi = 4 * ((4 * InverseArcTan(5)) - InverseArcTan(239));

    private readonly BigInteger _units = units;

    public static Precise Of(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        int shift = Bits - 1075 + Math.Max(exponent, 1);
        BigInteger size = shift >= 0 ? mantissa << shift : mantissa >> -shift;
        return new(x < 0 ? -size : size);
    }

    public static Precise operator +(Precise x, Precise y) => new(x._units + y._units);

    public static Precise operator -(Precise x, Precise y) => new(x._units - y._units);

    public static Precise operator *(Precise x, Precise y) => new((x._units * y._units) >> Bits);

    public static Precise operator /(Precise x, Precise y) => new((x._units << Bits) / y._units);

    public static Precise Exp(Precise x)
    {
        const int halvings = 32;
        BigInteger n = BigInteger.Divide(x._units, Log2);
        BigInteger r = (x._units - (n * Log2)) >> halvings;
        BigInteger sum = One;
        BigInteger term = One;
        for (int k = 1; !term.IsZero; k++)
        {
            term = ((term * r) >> Bits) / k;
            sum += term;
        }

        for (int i = 0; i < halvings; i++)
        {
            sum = (sum * sum) >> Bits;
        }

        return new(n >= 0 ? sum << (int)n : sum >> -(int)n);
    }

    /// <summary>The error function by its power series, for |x| ≤ 7: 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)).</summary>
    public static Precise Erf(Precise x)
    {
        Precise square = x * x;
        Precise term = x;
        BigInteger sum = 0;
        for (int n = 0; !term._units.IsZero; n++)
        {
            sum += term._units / ((2 * n) + 1);
            term = new(-(term * square)._units / (n + 1));
        }

        return Of(2) * new Precise(sum) / Sqrt(new Precise(Pi));
    }

    /// <summary>Newton's method from a double that is nearly the logarithm.</summary>
    public static Precise Log(Precise x, double guess)
    {
        Precise y = Of(guess);
        for (int i = 0; i < 2; i++)
        {
            Precise e = Exp(y);
            Precise step = (x - e) / (x + e);
            y = y + step + step;
        }

        return y;
    }

    public static Precise Log2Of(Precise x, double guess) => Log(x, guess * Math.Log(2)) / new Precise(Log2);

    public static Precise Exp2(Precise x) => Exp(x * new Precise(Log2));

    public static Precise Sin(Precise x)
    {
        BigInteger turns = BigInteger.Divide(x._units, Pi);
        BigInteger r = x._units - (turns * Pi);
        BigInteger sum = r;
        BigInteger term = r;
        BigInteger square = (r * r) >> Bits;
        for (int k = 1; !term.IsZero; k++)
        {
            term = -((term * square) >> Bits) / (2 * k * ((2 * k) + 1));
            sum += term;
        }

        return new(turns.IsEven ? sum : -sum);
    }

    /// <summary>Newton's method from a double that is nearly the root.</summary>
    public static Precise Sqrt(Precise x)
    {
        Precise half = Of(0.5);
        Precise y = Of(Math.Sqrt(x.ToDouble()));
        for (int i = 0; i < 6; i++)
        {
            y = y._units.IsZero ? y : (y + (x / y)) * half;
        }

        return y;
    }

    public static Precise Cos(Precise x) => Sin(x + new Precise(Pi / 2));

    /// <summary>The angle of the point (x, y), from a double that is nearly it: it is turned back by that, until little is left.</summary>
    public static Precise Angle(Precise y, Precise x, double guess)
    {
        Precise angle = Of(guess);
        for (int i = 0; i < 2; i++)
        {
            Precise sin = Sin(angle), cos = Cos(angle);
            angle += ((y * cos) - (x * sin)) / ((x * cos) + (y * sin));
        }

        return angle;
    }

    /// <summary>How far a double is from this number, in the units in the last place of this number as a double.</summary>
    public double UlpsFrom(double x)
    {
        double size = Math.Abs(ToDouble());
        double ulp = size < double.MaxValue ? Math.BitIncrement(size) - size : Math.Pow(2, 971);
        BigInteger error = BigInteger.Abs(_units - Of(x)._units);
        return (double)((error << 20) / Of(ulp)._units) / (1 << 20);
    }

    private double ToDouble()
    {
        int shift = Math.Max(0, (int)BigInteger.Abs(_units).GetBitLength() - 64);
        return Math.ScaleB((double)(_units >> shift), shift - Bits);
    }

    // artanh 1/n
    private static BigInteger InverseArcTanh(int n) => Series(n, 1);

    private static BigInteger InverseArcTan(int n) => Series(n, -1);

    private static BigInteger Series(int n, int sign)
    {
        BigInteger power = One / n;
        BigInteger sum = power;
        for (int k = 3; !power.IsZero; k += 2)
        {
            power = sign * power / (n * n);
            sum += power / k;
        }

        return sum;
    }
}
