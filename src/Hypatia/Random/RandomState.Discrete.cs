using Hypatia.Random.Laws;

namespace Hypatia.Random;

/// <content>Laws of counts.</content>
public sealed partial class RandomState
{
    /// <summary>Successes in n trials: k of probability C(n, k)pᵏ(1 − p)ⁿ⁻ᵏ.</summary>
    /// <param name="n">Trials, ≥ 0.</param>
    /// <param name="p">The probability of success, in [0, 1].</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="n"/> is negative, or <paramref name="p"/> is not in [0, 1].
    /// </exception>
    public long Binomial(long n, double p) => Draw<long, BinomialLaw>(BinomialLaw.Checked(n, p));

    /// <inheritdoc cref="Binomial(long, double)"/>
    public long[] Binomial(long n, double p, int size) => Draw<long, BinomialLaw>(BinomialLaw.Checked(n, p), size);

    /// <inheritdoc cref="Binomial(long, double)"/>
    public long[,] Binomial(long n, double p, (int Rows, int Columns) size) =>
        Draw<long, BinomialLaw>(BinomialLaw.Checked(n, p), size);

    /// <summary>Failures before the n-th success.</summary>
    /// <param name="n">Successes waited for, &gt; 0; any real.</param>
    /// <param name="p">The probability of success, in [0, 1].</param>
    /// <remarks>A mean too large for 64 bits gives −2⁶³, as NumPy.</remarks>
    /// <exception cref="ArgumentException">
    /// <paramref name="n"/> is not positive, or <paramref name="p"/> is not in [0, 1].
    /// </exception>
    public long NegativeBinomial(double n, double p) => Draw<long, NegativeBinomialLaw>(new(n, p));

    /// <inheritdoc cref="NegativeBinomial(double, double)"/>
    public long[] NegativeBinomial(double n, double p, int size) => Draw<long, NegativeBinomialLaw>(new(n, p), size);

    /// <inheritdoc cref="NegativeBinomial(double, double)"/>
    public long[,] NegativeBinomial(double n, double p, (int Rows, int Columns) size) =>
        Draw<long, NegativeBinomialLaw>(new(n, p), size);

    /// <summary>k of probability λᵏe^(−λ)/k!.</summary>
    /// <param name="lam">The mean λ, 0 … 2⁶³ − 10·2³¹·⁵.</param>
    /// <exception cref="ArgumentException"><paramref name="lam"/> is negative, NaN or too large.</exception>
    public long Poisson(double lam = 1) => Draw<long, PoissonLaw>(PoissonLaw.Checked(lam));

    /// <inheritdoc cref="Poisson(double)"/>
    public long[] Poisson(double lam, int size) => Draw<long, PoissonLaw>(PoissonLaw.Checked(lam), size);

    /// <inheritdoc cref="Poisson(double)"/>
    public long[,] Poisson(double lam, (int Rows, int Columns) size) =>
        Draw<long, PoissonLaw>(PoissonLaw.Checked(lam), size);

    /// <summary>Trials up to the first success, at least 1: k of probability (1 − p)ᵏ⁻¹p.</summary>
    /// <param name="p">The probability of success, in (0, 1].</param>
    /// <remarks>When 1 − p rounds to 1 the draw is −2⁶³, as NumPy.</remarks>
    /// <exception cref="ArgumentException"><paramref name="p"/> is not in (0, 1].</exception>
    public long Geometric(double p) => Draw<long, GeometricLaw>(new(p));

    /// <inheritdoc cref="Geometric(double)"/>
    public long[] Geometric(double p, int size) => Draw<long, GeometricLaw>(new(p), size);

    /// <inheritdoc cref="Geometric(double)"/>
    public long[,] Geometric(double p, (int Rows, int Columns) size) => Draw<long, GeometricLaw>(new(p), size);

    /// <summary>Good things among those taken from good and bad ones, without putting any back.</summary>
    /// <param name="ngood">Good things, ≥ 0.</param>
    /// <param name="nbad">Bad things, ≥ 0.</param>
    /// <param name="nsample">Things taken, 1 … ngood + nbad.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public long Hypergeometric(long ngood, long nbad, long nsample) =>
        Draw<long, HypergeometricLaw>(new(ngood, nbad, nsample));

    /// <inheritdoc cref="Hypergeometric(long, long, long)"/>
    public long[] Hypergeometric(long ngood, long nbad, long nsample, int size) =>
        Draw<long, HypergeometricLaw>(new(ngood, nbad, nsample), size);

    /// <inheritdoc cref="Hypergeometric(long, long, long)"/>
    public long[,] Hypergeometric(long ngood, long nbad, long nsample, (int Rows, int Columns) size) =>
        Draw<long, HypergeometricLaw>(new(ngood, nbad, nsample), size);

    /// <summary>k ≥ 1 of probability −pᵏ/(k log(1 − p)).</summary>
    /// <param name="p">In [0, 1).</param>
    /// <exception cref="ArgumentException"><paramref name="p"/> is not in [0, 1).</exception>
    public long LogSeries(double p) => Draw<long, LogSeriesLaw>(new(p));

    /// <inheritdoc cref="LogSeries(double)"/>
    public long[] LogSeries(double p, int size) => Draw<long, LogSeriesLaw>(new(p), size);

    /// <inheritdoc cref="LogSeries(double)"/>
    public long[,] LogSeries(double p, (int Rows, int Columns) size) => Draw<long, LogSeriesLaw>(new(p), size);

    /// <summary>k ≥ 1 of probability k⁻ᵃ/ζ(a), up to 2⁶³ − 1.</summary>
    /// <param name="a">The exponent a &gt; 1.</param>
    /// <remarks>From a = 1025 the draw is 1 at once, where NumPy 1.24 does not end.</remarks>
    /// <exception cref="ArgumentException"><paramref name="a"/> is not above 1.</exception>
    public long Zipf(double a) => Draw<long, ZipfLaw>(new(a));

    /// <inheritdoc cref="Zipf(double)"/>
    public long[] Zipf(double a, int size) => Draw<long, ZipfLaw>(new(a), size);

    /// <inheritdoc cref="Zipf(double)"/>
    public long[,] Zipf(double a, (int Rows, int Columns) size) => Draw<long, ZipfLaw>(new(a), size);
}
