using Hypatia.Random.Laws;

namespace Hypatia.Random;

/// <content>Uniform and normal draws, of up to four axes.</content>
public sealed partial class RandomState
{
    /// <summary>Uniform on [0, 1), of the shape that the arguments give; see <see cref="RandomSample()"/>.</summary>
    public double Rand() => RandomSample();

    /// <inheritdoc cref="Rand()"/>
    public double[] Rand(int n) => RandomSample(n);

    /// <inheritdoc cref="Rand()"/>
    public double[,] Rand(int rows, int columns) => RandomSample((rows, columns));

    /// <inheritdoc cref="Rand()"/>
    public double[,,] Rand(int d0, int d1, int d2) => RandomSample((d0, d1, d2));

    /// <inheritdoc cref="Rand()"/>
    public double[,,,] Rand(int d0, int d1, int d2, int d3) => RandomSample((d0, d1, d2, d3));

    /// <summary>N(0, 1), of the shape that the arguments give; see <see cref="StandardNormal()"/>.</summary>
    public double Randn() => StandardNormal();

    /// <inheritdoc cref="Randn()"/>
    public double[] Randn(int n) => StandardNormal(n);

    /// <inheritdoc cref="Randn()"/>
    public double[,] Randn(int rows, int columns) => StandardNormal((rows, columns));

    /// <inheritdoc cref="Randn()"/>
    public double[,,] Randn(int d0, int d1, int d2) => StandardNormal((d0, d1, d2));

    /// <inheritdoc cref="Randn()"/>
    public double[,,,] Randn(int d0, int d1, int d2, int d3) => StandardNormal((d0, d1, d2, d3));

    /// <summary>Uniform on [0, 1): a multiple of 2⁻⁵³ from 53 random bits.</summary>
    public double RandomSample() => Draw<double, StandardUniformLaw>(default);

    /// <inheritdoc cref="RandomSample()"/>
    public double[] RandomSample(int size) => Draw<double, StandardUniformLaw>(default, size);

    /// <inheritdoc cref="RandomSample()"/>
    public double[,] RandomSample((int Rows, int Columns) size) => Draw<double, StandardUniformLaw>(default, size);

    /// <inheritdoc cref="RandomSample()"/>
    public double[,,] RandomSample((int, int, int) size) => Draw<double, StandardUniformLaw>(default, size);

    /// <inheritdoc cref="RandomSample()"/>
    public double[,,,] RandomSample((int, int, int, int) size) => Draw<double, StandardUniformLaw>(default, size);

    /// <summary>N(0, 1), of density e^(−x²/2)/√(2π).</summary>
    /// <remarks>By the polar method, which makes two draws at a time; the second is kept for the next call.</remarks>
    public double StandardNormal() => Draw<double, StandardNormalLaw>(default);

    /// <inheritdoc cref="StandardNormal()"/>
    public double[] StandardNormal(int size) => Draw<double, StandardNormalLaw>(default, size);

    /// <inheritdoc cref="StandardNormal()"/>
    public double[,] StandardNormal((int Rows, int Columns) size) => Draw<double, StandardNormalLaw>(default, size);

    /// <inheritdoc cref="StandardNormal()"/>
    public double[,,] StandardNormal((int, int, int) size) => Draw<double, StandardNormalLaw>(default, size);

    /// <inheritdoc cref="StandardNormal()"/>
    public double[,,,] StandardNormal((int, int, int, int) size) => Draw<double, StandardNormalLaw>(default, size);

    /// <summary>N(μ, σ²) = μ + σ · N(0, 1).</summary>
    /// <param name="loc">The mean μ.</param>
    /// <param name="scale">The standard deviation σ ≥ 0.</param>
    /// <exception cref="ArgumentException"><paramref name="scale"/> is negative.</exception>
    public double Normal(double loc = 0, double scale = 1) => Draw<double, NormalLaw>(new(loc, scale));

    /// <inheritdoc cref="Normal(double, double)"/>
    public double[] Normal(double loc, double scale, int size) => Draw<double, NormalLaw>(new(loc, scale), size);

    /// <inheritdoc cref="Normal(double, double)"/>
    public double[,] Normal(double loc, double scale, (int Rows, int Columns) size) =>
        Draw<double, NormalLaw>(new(loc, scale), size);

    /// <inheritdoc cref="Normal(double, double)"/>
    public double[,,] Normal(double loc, double scale, (int, int, int) size) =>
        Draw<double, NormalLaw>(new(loc, scale), size);

    /// <inheritdoc cref="Normal(double, double)"/>
    public double[,,,] Normal(double loc, double scale, (int, int, int, int) size) =>
        Draw<double, NormalLaw>(new(loc, scale), size);

    /// <summary>Uniform on [low, high): low + (high − low) · U.</summary>
    /// <param name="low">The end that can be drawn.</param>
    /// <param name="high">The end that, but for rounding, cannot; it may lie below.</param>
    /// <exception cref="ArgumentException">high − low is not finite.</exception>
    public double Uniform(double low = 0, double high = 1) => Draw<double, UniformLaw>(new(low, high));

    /// <inheritdoc cref="Uniform(double, double)"/>
    public double[] Uniform(double low, double high, int size) => Draw<double, UniformLaw>(new(low, high), size);

    /// <inheritdoc cref="Uniform(double, double)"/>
    public double[,] Uniform(double low, double high, (int Rows, int Columns) size) =>
        Draw<double, UniformLaw>(new(low, high), size);

    /// <inheritdoc cref="Uniform(double, double)"/>
    public double[,,] Uniform(double low, double high, (int, int, int) size) =>
        Draw<double, UniformLaw>(new(low, high), size);

    /// <inheritdoc cref="Uniform(double, double)"/>
    public double[,,,] Uniform(double low, double high, (int, int, int, int) size) =>
        Draw<double, UniformLaw>(new(low, high), size);
}
