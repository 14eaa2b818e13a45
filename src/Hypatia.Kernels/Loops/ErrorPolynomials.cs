namespace Hypatia.Loops;

/// <summary>The error function of float64: x + x·p(x²) for small x, 1 − e^(x·q(x) − x) for larger ones.</summary>
internal static class ErrorPolynomials
{
    /// <summary>What is small.</summary>
    public const double Small = 0.95;

    /// <summary>From here on it is 1.</summary>
    public const double One = 6;

    /// <summary>p.</summary>
    public static readonly double[] Near =
    [
        0.12837916709551256, -0.3761263890318352, 0.11283791670944185, -0.026866170643111375, 0.00522397760611762,
        -0.0008548325929271576, 0.00012055293575585293, -1.492471227639966e-05, 1.644713125315939e-06,
        -1.6206311317613116e-07, 1.3710969859773255e-08, -7.77944891324782e-10,
    ];

    /// <summary>q.</summary>
    public static readonly double[] Far =
    [
        -0.12837914203877604, -0.6366199646627144, -0.10277206163013519, 0.019128225368294654, 0.00020609410504925812,
        -0.001684679530114038, 0.0005666402733712694, 7.252964373236688e-06, -9.933885160902394e-05,
        5.7901498596217536e-05, -2.106137843982401e-05, 5.597282794835265e-06, -1.1271397445981426e-06,
        1.7160824050209972e-07, -1.9231023276937772e-08, 1.499676959194611e-09, -7.274117152656955e-11,
        1.6524541247813738e-12,
    ];

    /// <summary>erf x: 1.2 ulp.</summary>
    public static double Erf(double x)
    {
        double y = Math.Min(Math.Abs(x), One);
        double value = y < Small
            ? (y * Horner(y * y, Near)) + y
            : 1 - Math.Exp((y * Horner(y, Far)) - y);
        return Math.CopySign(value, x);
    }

    private static double Horner(double x, double[] coefficients)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
