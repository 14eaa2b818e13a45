using Hypatia.Random.Laws;

namespace Hypatia.Random;

/// <content>Laws of real numbers.</content>
public sealed partial class RandomState
{
    /// <summary>Exponential of mean 1: −log(1 − U).</summary>
    public double StandardExponential() => Draw<double, StandardExponentialLaw>(default);

    /// <inheritdoc cref="StandardExponential()"/>
    public double[] StandardExponential(int size) => Draw<double, StandardExponentialLaw>(default, size);

    /// <inheritdoc cref="StandardExponential()"/>
    public double[,] StandardExponential((int Rows, int Columns) size) =>
        Draw<double, StandardExponentialLaw>(default, size);

    /// <summary>Exponential of mean β, of density e^(−x/β)/β on x ≥ 0.</summary>
    /// <param name="scale">The mean β ≥ 0.</param>
    /// <exception cref="ArgumentException"><paramref name="scale"/> is negative.</exception>
    public double Exponential(double scale = 1) => Draw<double, ExponentialLaw>(new(scale));

    /// <inheritdoc cref="Exponential(double)"/>
    public double[] Exponential(double scale, int size) => Draw<double, ExponentialLaw>(new(scale), size);

    /// <inheritdoc cref="Exponential(double)"/>
    public double[,] Exponential(double scale, (int Rows, int Columns) size) =>
        Draw<double, ExponentialLaw>(new(scale), size);

    /// <summary>Γ(k, 1), of density xᵏ⁻¹e⁻ˣ/Γ(k) on x ≥ 0.</summary>
    /// <param name="shape">k ≥ 0; for 0 the draw is 0.</param>
    /// <exception cref="ArgumentException"><paramref name="shape"/> is negative.</exception>
    public double StandardGamma(double shape) => Draw<double, StandardGammaLaw>(new(shape));

    /// <inheritdoc cref="StandardGamma(double)"/>
    public double[] StandardGamma(double shape, int size) => Draw<double, StandardGammaLaw>(new(shape), size);

    /// <inheritdoc cref="StandardGamma(double)"/>
    public double[,] StandardGamma(double shape, (int Rows, int Columns) size) =>
        Draw<double, StandardGammaLaw>(new(shape), size);

    /// <summary>Γ(k, θ) = θ · Γ(k, 1), of mean kθ.</summary>
    /// <param name="shape">k ≥ 0; for 0 the draw is 0.</param>
    /// <param name="scale">θ ≥ 0.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="shape"/> or <paramref name="scale"/> is negative.
    /// </exception>
    public double Gamma(double shape, double scale = 1) => Draw<double, GammaLaw>(new(shape, scale));

    /// <inheritdoc cref="Gamma(double, double)"/>
    public double[] Gamma(double shape, double scale, int size) => Draw<double, GammaLaw>(new(shape, scale), size);

    /// <inheritdoc cref="Gamma(double, double)"/>
    public double[,] Gamma(double shape, double scale, (int Rows, int Columns) size) =>
        Draw<double, GammaLaw>(new(shape, scale), size);

    /// <summary>Of density ∝ x^(α − 1)(1 − x)^(β − 1) on [0, 1].</summary>
    /// <param name="a">The weight α &gt; 0 of 1.</param>
    /// <param name="b">The weight β &gt; 0 of 0.</param>
    /// <exception cref="ArgumentException"><paramref name="a"/> or <paramref name="b"/> is not positive.</exception>
    public double Beta(double a, double b) => Draw<double, BetaLaw>(new(a, b));

    /// <inheritdoc cref="Beta(double, double)"/>
    public double[] Beta(double a, double b, int size) => Draw<double, BetaLaw>(new(a, b), size);

    /// <inheritdoc cref="Beta(double, double)"/>
    public double[,] Beta(double a, double b, (int Rows, int Columns) size) => Draw<double, BetaLaw>(new(a, b), size);

    /// <summary>χ²(n) = 2 Γ(n/2, 1): the sum of n squared normals.</summary>
    /// <param name="df">The degrees of freedom n &gt; 0.</param>
    /// <exception cref="ArgumentException"><paramref name="df"/> is not positive.</exception>
    public double ChiSquare(double df) => Draw<double, ChiSquareLaw>(new(df));

    /// <inheritdoc cref="ChiSquare(double)"/>
    public double[] ChiSquare(double df, int size) => Draw<double, ChiSquareLaw>(new(df), size);

    /// <inheritdoc cref="ChiSquare(double)"/>
    public double[,] ChiSquare(double df, (int Rows, int Columns) size) => Draw<double, ChiSquareLaw>(new(df), size);

    /// <summary>The sum of n squared normals of variance 1, the squares of whose means sum to λ.</summary>
    /// <param name="df">The degrees of freedom n &gt; 0.</param>
    /// <param name="nonc">λ ≥ 0, the sum of the squared means.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="df"/> is not positive, or <paramref name="nonc"/> is negative.
    /// </exception>
    public double NoncentralChiSquare(double df, double nonc) => Draw<double, NoncentralChiSquareLaw>(new(df, nonc));

    /// <inheritdoc cref="NoncentralChiSquare(double, double)"/>
    public double[] NoncentralChiSquare(double df, double nonc, int size) =>
        Draw<double, NoncentralChiSquareLaw>(new(df, nonc), size);

    /// <inheritdoc cref="NoncentralChiSquare(double, double)"/>
    public double[,] NoncentralChiSquare(double df, double nonc, (int Rows, int Columns) size) =>
        Draw<double, NoncentralChiSquareLaw>(new(df, nonc), size);

    /// <summary>F(m, n) = (χ²(m)/m) / (χ²(n)/n).</summary>
    /// <param name="dfnum">m &gt; 0.</param>
    /// <param name="dfden">n &gt; 0.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="dfnum"/> or <paramref name="dfden"/> is not positive.
    /// </exception>
    public double F(double dfnum, double dfden) => Draw<double, FLaw>(new(dfnum, dfden));

    /// <inheritdoc cref="F(double, double)"/>
    public double[] F(double dfnum, double dfden, int size) => Draw<double, FLaw>(new(dfnum, dfden), size);

    /// <inheritdoc cref="F(double, double)"/>
    public double[,] F(double dfnum, double dfden, (int Rows, int Columns) size) =>
        Draw<double, FLaw>(new(dfnum, dfden), size);

    /// <summary>(χ²(m, λ)/m) / (χ²(n)/n), with a noncentral numerator.</summary>
    /// <param name="dfnum">m &gt; 0.</param>
    /// <param name="dfden">n &gt; 0.</param>
    /// <param name="nonc">λ ≥ 0 of the numerator.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="dfnum"/> or <paramref name="dfden"/> is not positive, or <paramref name="nonc"/> is negative.
    /// </exception>
    public double NoncentralF(double dfnum, double dfden, double nonc) =>
        Draw<double, NoncentralFLaw>(new(dfnum, dfden, nonc));

    /// <inheritdoc cref="NoncentralF(double, double, double)"/>
    public double[] NoncentralF(double dfnum, double dfden, double nonc, int size) =>
        Draw<double, NoncentralFLaw>(new(dfnum, dfden, nonc), size);

    /// <inheritdoc cref="NoncentralF(double, double, double)"/>
    public double[,] NoncentralF(double dfnum, double dfden, double nonc, (int Rows, int Columns) size) =>
        Draw<double, NoncentralFLaw>(new(dfnum, dfden, nonc), size);

    /// <summary>Student's t: N(0, 1)/√(χ²(n)/n).</summary>
    /// <param name="df">The degrees of freedom n &gt; 0.</param>
    /// <exception cref="ArgumentException"><paramref name="df"/> is not positive.</exception>
    public double StandardT(double df) => Draw<double, StandardTLaw>(new(df));

    /// <inheritdoc cref="StandardT(double)"/>
    public double[] StandardT(double df, int size) => Draw<double, StandardTLaw>(new(df), size);

    /// <inheritdoc cref="StandardT(double)"/>
    public double[,] StandardT(double df, (int Rows, int Columns) size) => Draw<double, StandardTLaw>(new(df), size);

    /// <summary>The ratio of two normals, of density 1/(π(1 + x²)).</summary>
    public double StandardCauchy() => Draw<double, StandardCauchyLaw>(default);

    /// <inheritdoc cref="StandardCauchy()"/>
    public double[] StandardCauchy(int size) => Draw<double, StandardCauchyLaw>(default, size);

    /// <inheritdoc cref="StandardCauchy()"/>
    public double[,] StandardCauchy((int Rows, int Columns) size) => Draw<double, StandardCauchyLaw>(default, size);

    /// <summary>exp N(μ, σ²).</summary>
    /// <param name="mean">The mean μ of the logarithm.</param>
    /// <param name="sigma">Its standard deviation σ ≥ 0.</param>
    /// <exception cref="ArgumentException"><paramref name="sigma"/> is negative.</exception>
    public double LogNormal(double mean = 0, double sigma = 1) => Draw<double, LogNormalLaw>(new(mean, sigma));

    /// <inheritdoc cref="LogNormal(double, double)"/>
    public double[] LogNormal(double mean, double sigma, int size) =>
        Draw<double, LogNormalLaw>(new(mean, sigma), size);

    /// <inheritdoc cref="LogNormal(double, double)"/>
    public double[,] LogNormal(double mean, double sigma, (int Rows, int Columns) size) =>
        Draw<double, LogNormalLaw>(new(mean, sigma), size);

    /// <summary>The inverse Gaussian, of density √(λ/(2πx³)) e^(−λ(x − μ)²/(2μ²x)) on x &gt; 0.</summary>
    /// <param name="mean">μ &gt; 0.</param>
    /// <param name="scale">λ &gt; 0.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="mean"/> or <paramref name="scale"/> is not positive.
    /// </exception>
    public double Wald(double mean, double scale) => Draw<double, WaldLaw>(new(mean, scale));

    /// <inheritdoc cref="Wald(double, double)"/>
    public double[] Wald(double mean, double scale, int size) => Draw<double, WaldLaw>(new(mean, scale), size);

    /// <inheritdoc cref="Wald(double, double)"/>
    public double[,] Wald(double mean, double scale, (int Rows, int Columns) size) =>
        Draw<double, WaldLaw>(new(mean, scale), size);

    /// <summary>Of density e^(−|x − μ|/λ)/(2λ).</summary>
    /// <param name="loc">The mean μ.</param>
    /// <param name="scale">λ ≥ 0.</param>
    /// <exception cref="ArgumentException"><paramref name="scale"/> is negative.</exception>
    public double Laplace(double loc = 0, double scale = 1) => Draw<double, LaplaceLaw>(new(loc, scale));

    /// <inheritdoc cref="Laplace(double, double)"/>
    public double[] Laplace(double loc, double scale, int size) => Draw<double, LaplaceLaw>(new(loc, scale), size);

    /// <inheritdoc cref="Laplace(double, double)"/>
    public double[,] Laplace(double loc, double scale, (int Rows, int Columns) size) =>
        Draw<double, LaplaceLaw>(new(loc, scale), size);

    /// <summary>μ + s log(U/(1 − U)), of distribution function 1/(1 + e^(−(x − μ)/s)).</summary>
    /// <param name="loc">The mean μ.</param>
    /// <param name="scale">s ≥ 0.</param>
    /// <exception cref="ArgumentException"><paramref name="scale"/> is negative.</exception>
    public double Logistic(double loc = 0, double scale = 1) => Draw<double, LogisticLaw>(new(loc, scale));

    /// <inheritdoc cref="Logistic(double, double)"/>
    public double[] Logistic(double loc, double scale, int size) => Draw<double, LogisticLaw>(new(loc, scale), size);

    /// <inheritdoc cref="Logistic(double, double)"/>
    public double[,] Logistic(double loc, double scale, (int Rows, int Columns) size) =>
        Draw<double, LogisticLaw>(new(loc, scale), size);

    /// <summary>μ − β log(−log(1 − U)), of distribution function exp(−e^(−(x − μ)/β)).</summary>
    /// <param name="loc">The mode μ.</param>
    /// <param name="scale">β ≥ 0.</param>
    /// <exception cref="ArgumentException"><paramref name="scale"/> is negative.</exception>
    public double Gumbel(double loc = 0, double scale = 1) => Draw<double, GumbelLaw>(new(loc, scale));

    /// <inheritdoc cref="Gumbel(double, double)"/>
    public double[] Gumbel(double loc, double scale, int size) => Draw<double, GumbelLaw>(new(loc, scale), size);

    /// <inheritdoc cref="Gumbel(double, double)"/>
    public double[,] Gumbel(double loc, double scale, (int Rows, int Columns) size) =>
        Draw<double, GumbelLaw>(new(loc, scale), size);

    /// <summary>σ√(−2 log(1 − U)): the length of a vector of two normals.</summary>
    /// <param name="scale">The mode σ ≥ 0.</param>
    /// <exception cref="ArgumentException"><paramref name="scale"/> is negative.</exception>
    public double Rayleigh(double scale = 1) => Draw<double, RayleighLaw>(new(scale));

    /// <inheritdoc cref="Rayleigh(double)"/>
    public double[] Rayleigh(double scale, int size) => Draw<double, RayleighLaw>(new(scale), size);

    /// <inheritdoc cref="Rayleigh(double)"/>
    public double[,] Rayleigh(double scale, (int Rows, int Columns) size) =>
        Draw<double, RayleighLaw>(new(scale), size);

    /// <summary>E^(1/a) of an exponential E, of density a·xᵃ⁻¹e^(−xᵃ) on x ≥ 0.</summary>
    /// <param name="a">The shape a ≥ 0; for 0 the draw is 0.</param>
    /// <exception cref="ArgumentException"><paramref name="a"/> is negative.</exception>
    public double Weibull(double a) => Draw<double, WeibullLaw>(new(a));

    /// <inheritdoc cref="Weibull(double)"/>
    public double[] Weibull(double a, int size) => Draw<double, WeibullLaw>(new(a), size);

    /// <inheritdoc cref="Weibull(double)"/>
    public double[,] Weibull(double a, (int Rows, int Columns) size) => Draw<double, WeibullLaw>(new(a), size);

    /// <summary>Of density a·xᵃ⁻¹ on [0, 1].</summary>
    /// <param name="a">a &gt; 0.</param>
    /// <exception cref="ArgumentException"><paramref name="a"/> is not positive.</exception>
    public double Power(double a) => Draw<double, PowerLaw>(new(a));

    /// <inheritdoc cref="Power(double)"/>
    public double[] Power(double a, int size) => Draw<double, PowerLaw>(new(a), size);

    /// <inheritdoc cref="Power(double)"/>
    public double[,] Power(double a, (int Rows, int Columns) size) => Draw<double, PowerLaw>(new(a), size);

    /// <summary>Pareto II (Lomax): e^(E/a) − 1 of an exponential E, of density a/(1 + x)ᵃ⁺¹ on x ≥ 0.</summary>
    /// <param name="a">The shape a &gt; 0.</param>
    /// <exception cref="ArgumentException"><paramref name="a"/> is not positive.</exception>
    public double Pareto(double a) => Draw<double, ParetoLaw>(new(a));

    /// <inheritdoc cref="Pareto(double)"/>
    public double[] Pareto(double a, int size) => Draw<double, ParetoLaw>(new(a), size);

    /// <inheritdoc cref="Pareto(double)"/>
    public double[,] Pareto(double a, (int Rows, int Columns) size) => Draw<double, ParetoLaw>(new(a), size);

    /// <summary>Of a density that rises in a line from left to mode and falls in a line to right.</summary>
    /// <param name="left">Where the density begins.</param>
    /// <param name="mode">Where it is greatest.</param>
    /// <param name="right">Where it ends.</param>
    /// <exception cref="ArgumentException">Not left ≤ mode ≤ right, or left = right.</exception>
    public double Triangular(double left, double mode, double right) =>
        Draw<double, TriangularLaw>(new(left, mode, right));

    /// <inheritdoc cref="Triangular(double, double, double)"/>
    public double[] Triangular(double left, double mode, double right, int size) =>
        Draw<double, TriangularLaw>(new(left, mode, right), size);

    /// <inheritdoc cref="Triangular(double, double, double)"/>
    public double[,] Triangular(double left, double mode, double right, (int Rows, int Columns) size) =>
        Draw<double, TriangularLaw>(new(left, mode, right), size);

    /// <summary>An angle in [−π, π], of density ∝ exp(κ cos(x − μ)).</summary>
    /// <param name="mu">The angle μ of greatest density.</param>
    /// <param name="kappa">
    /// The concentration κ ≥ 0; for κ &lt; 10⁻⁸ all angles are taken to be as likely, whatever μ.
    /// </param>
    /// <exception cref="ArgumentException">
    /// <paramref name="kappa"/> is negative, or so large (about 10¹⁶) that the method would not end.
    /// </exception>
    public double VonMises(double mu, double kappa) => Draw<double, VonMisesLaw>(new(mu, kappa));

    /// <inheritdoc cref="VonMises(double, double)"/>
    public double[] VonMises(double mu, double kappa, int size) => Draw<double, VonMisesLaw>(new(mu, kappa), size);

    /// <inheritdoc cref="VonMises(double, double)"/>
    public double[,] VonMises(double mu, double kappa, (int Rows, int Columns) size) =>
        Draw<double, VonMisesLaw>(new(mu, kappa), size);
}
