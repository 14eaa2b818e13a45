using Hypatia.Random.Laws;

namespace Hypatia.Random;

/// <content>Laws whose draws are vectors.</content>
public sealed partial class RandomState
{
    /// <summary>How often each of k outcomes came up in n trials: [k] → [k].</summary>
    /// <param name="n">How many trials, ≥ 0.</param>
    /// <param name="pvals">The probabilities of the outcomes; the last is taken as what the others leave.</param>
    /// <remarks>One binomial after the other, each among the trials left over.</remarks>
    /// <exception cref="ArgumentException">
    /// <paramref name="n"/> is negative, a probability is not in [0, 1], or all but the last sum to more than 1.
    /// </exception>
    public long[] Multinomial(long n, double[] pvals)
    {
        CheckMultinomial(n, pvals);
        var result = new long[pvals.Length];
        FillMultinomial(result, n, pvals);
        return result;
    }

    /// <inheritdoc cref="Multinomial(long, double[])"/>
    /// <summary>As often as wanted, a draw in each row: [k] → [size, k].</summary>
    public long[,] Multinomial(long n, double[] pvals, int size)
    {
        CheckMultinomial(n, pvals);
        var result = new long[Extent(size), pvals.Length];
        for (var i = 0; i < size; i++)
        {
            FillMultinomial(Elements<long>(result).Slice(i * pvals.Length, pvals.Length), n, pvals);
        }

        return result;
    }

    /// <summary>Positive parts of sum 1, of density ∝ Πᵢ xᵢ^(αᵢ − 1): [k] → [k].</summary>
    /// <param name="alpha">The concentrations, all positive.</param>
    /// <remarks>Gammas of shapes αᵢ over their sum.</remarks>
    /// <exception cref="ArgumentException">A concentration is not positive.</exception>
    public double[] Dirichlet(double[] alpha)
    {
        CheckDirichlet(alpha);
        var result = new double[alpha.Length];
        FillDirichlet(result, alpha);
        return result;
    }

    /// <inheritdoc cref="Dirichlet(double[])"/>
    /// <summary>As often as wanted, a draw in each row: [k] → [size, k].</summary>
    public double[,] Dirichlet(double[] alpha, int size)
    {
        CheckDirichlet(alpha);
        var result = new double[Extent(size), alpha.Length];
        for (var i = 0; i < size; i++)
        {
            FillDirichlet(Elements<double>(result).Slice(i * alpha.Length, alpha.Length), alpha);
        }

        return result;
    }

    /// <summary>A normal vector of given means and covariances: [k], [k, k] → [k].</summary>
    /// <param name="mean">The means.</param>
    /// <param name="cov">The covariances, symmetric and positive semidefinite.</param>
    /// <remarks>
    /// μ + √σ Vᵀ applied to independent normals, with the singular value decomposition cov = U diag(σ) Vᵀ. For up to
    /// 25 variables with distinct σ these are NumPy's draws up to rounding; beyond, signs may differ.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The lengths differ, or <paramref name="cov"/> is not symmetric positive semidefinite within 10⁻⁸.
    /// </exception>
    public double[] MultivariateNormal(double[] mean, double[,] cov)
    {
        var rows = MultivariateNormal(mean, cov, 1);
        return Elements<double>(rows).ToArray();
    }

    /// <inheritdoc cref="MultivariateNormal(double[], double[,])"/>
    /// <summary>Normal vectors, one in each row: [k], [k, k] → [size, k].</summary>
    public double[,] MultivariateNormal(double[] mean, double[,] cov, int size)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(cov);
        var length = mean.Length;
        if (cov.GetLength(0) != cov.GetLength(1))
        {
            throw new ArgumentException("cov must be 2 dimensional and square", nameof(cov));
        }

        if (length != cov.GetLength(0))
        {
            throw new ArgumentException("mean and cov must have same length", nameof(mean));
        }

        var root = CovarianceRoot(cov);
        var normals = StandardNormal((size, length));
        var result = new double[size, length];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < length; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < length; k++)
                {
                    sum = Math.FusedMultiplyAdd(normals[i, k], root[k, j], sum); // as NumPy's matrix product
                }

                result[i, j] = sum + mean[j];
            }
        }

        return result;
    }

    // A with AᵀA = cov: row k is √σₖ times right singular vector k.
    private static double[,] CovarianceRoot(double[,] cov)
    {
        var length = cov.GetLength(0);
        if (length == 0)
        {
            return cov;
        }

        if (cov.Cast<double>().Any(x => !double.IsFinite(x)))
        {
            throw new ArgumentException("cov contains NaN or infinity", nameof(cov));
        }

        var svd = SingularValues.Of(cov);
        for (var i = 0; i < length; i++)
        {
            for (var j = 0; j < length; j++)
            {
                var restored = 0.0;
                for (var k = 0; k < length; k++)
                {
                    restored += svd.Rows[k, i] * svd.Values[k] * svd.Rows[k, j];
                }

                if (!(Math.Abs(restored - cov[i, j]) <= 1e-8 + (1e-8 * Math.Abs(cov[i, j]))))
                {
                    throw new ArgumentException("covariance is not symmetric positive-semidefinite", nameof(cov));
                }
            }
        }

        var root = new double[length, length];
        for (var k = 0; k < length; k++)
        {
            for (var j = 0; j < length; j++)
            {
                root[k, j] = Math.Sqrt(svd.Values[k]) * svd.Rows[k, j];
            }
        }

        return root;
    }

    private static void CheckMultinomial(long n, double[] pvals)
    {
        ArgumentNullException.ThrowIfNull(pvals);
        if (Array.Exists(pvals, p => !(p is >= 0 and <= 1)))
        {
            throw new ArgumentException("pvals < 0, pvals > 1 or pvals contains NaNs", nameof(pvals));
        }

        if (pvals.Length > 0 && CompensatedSum(pvals.AsSpan()[..^1]) > 1.0 + 1e-12)
        {
            throw new ArgumentException("sum(pvals[:-1]) > 1.0", nameof(pvals));
        }

        _ = Require.NonNegative(n);
    }

    private void FillMultinomial(Span<long> counts, long n, double[] pvals)
    {
        var trials = n;
        var probability = 1.0;
        for (var j = 0; j < pvals.Length - 1 && trials > 0; j++)
        {
            var p = pvals[j] / probability;
            counts[j] = p == 0 ? 0 : new BinomialLaw(trials, p).Next(this);
            trials -= counts[j];
            probability -= pvals[j];
        }

        if (trials > 0 && pvals.Length > 0)
        {
            counts[^1] = trials;
        }
    }

    private static void CheckDirichlet(double[] alpha)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        if (Array.Exists(alpha, a => a <= 0))
        {
            throw new ArgumentException("alpha <= 0", nameof(alpha));
        }
    }

    private void FillDirichlet(Span<double> parts, double[] alpha)
    {
        var sum = 0.0;
        for (var j = 0; j < parts.Length; j++)
        {
            parts[j] = StandardGammaLaw.Next(this, alpha[j]);
            sum += parts[j];
        }

        var inverse = 1 / sum;
        foreach (ref var part in parts)
        {
            part *= inverse;
        }
    }
}
