namespace Hypatia.Random.Laws;

/// <summary>The singular values and right singular vectors of a square matrix: A = U diag(σ) Vᵀ.</summary>
/// <remarks>
/// By Householder reflections to an upper bidiagonal and implicit QR steps on it, every choice of sign made as in
/// LAPACK's DGESDD (3.10), because a normal vector with the sign of a column of V turned is another draw. Equal to it
/// up to rounding for up to 25 rows; above, DGESDD divides and conquers, and signs may differ. Source: Golub and
/// Kahan, 1965; Demmel and Kahan, "Accurate singular values of bidiagonal matrices", 1990; LAPACK's routine names are
/// given at each step.
/// </remarks>
internal sealed partial class SingularValues
{
    private const double Epsilon = 1.1102230246251565e-16; // 2⁻⁵³
    private const double SafeMinimum = 2.2250738585072014e-308;

    private readonly int _n;
    private readonly double[] _d;
    private readonly double[] _e;
    private readonly double[,] _vt;

    private SingularValues(double[,] matrix)
    {
        _n = matrix.GetLength(0);
        _d = new double[_n];
        _e = new double[Math.Max(_n - 1, 0)];
        _vt = new double[_n, _n];
        for (var i = 0; i < _n; i++)
        {
            _vt[i, i] = 1;
        }

        var reflections = Bidiagonalize((double[,])matrix.Clone());
        Diagonalize();
        Sort();
        ApplyReflections(reflections);
    }

    /// <summary>σ, falling: [n].</summary>
    public ReadOnlySpan<double> Values => _d;

    /// <summary>Vᵀ, a right singular vector in each row: [n, n].</summary>
    public double[,] Rows => _vt;

    /// <summary>Decomposes A: [n, n].</summary>
    public static SingularValues Of(double[,] matrix) => new(matrix);

    // DGEBD2: A = Q B Pᵀ. Gives the reflections of P: vectors over columns i + 1 …, and factors.
    private (double[,] Vectors, double[] Factors) Bidiagonalize(double[,] a)
    {
        var factors = new double[_n];
        for (var i = 0; i < _n; i++)
        {
            var tau = Reflect(_n - i, k => a[i + k, i], (k, x) => a[i + k, i] = x, out _d[i]);
            a[i, i] = 1;
            for (var j = i + 1; j < _n; j++)
            {
                var sum = 0.0;
                for (var k = i; k < _n; k++)
                {
                    sum += a[k, j] * a[k, i];
                }

                for (var k = i; k < _n; k++)
                {
                    a[k, j] -= tau * sum * a[k, i];
                }
            }

            if (i + 1 == _n)
            {
                break;
            }

            factors[i] = Reflect(_n - i - 1, k => a[i, i + 1 + k], (k, x) => a[i, i + 1 + k] = x, out _e[i]);
            a[i, i + 1] = 1;
            for (var j = i + 1; j < _n; j++)
            {
                var sum = 0.0;
                for (var k = i + 1; k < _n; k++)
                {
                    sum += a[j, k] * a[i, k];
                }

                for (var k = i + 1; k < _n; k++)
                {
                    a[j, k] -= factors[i] * sum * a[i, k];
                }
            }
        }

        return (a, factors);
    }

    // DLARFG: the factor τ and, in place, the vector v (of first entry 1) with (1 − τvvᵀ)x = (beta, 0 …).
    private static double Reflect(int n, Func<int, double> get, Action<int, double> set, out double beta)
    {
        var alpha = get(0);
        var square = 0.0;
        for (var k = 1; k < n; k++)
        {
            square += get(k) * get(k);
        }

        beta = alpha;
        if (square == 0)
        {
            return 0;
        }

        beta = -Math.CopySign(Length(alpha, Math.Sqrt(square)), alpha);
        for (var k = 1; k < n; k++)
        {
            set(k, get(k) * (1 / (alpha - beta)));
        }

        return (beta - alpha) / beta;
    }

    // DORMBR: Vᵀ ← Vᵀ Pᵀ.
    private void ApplyReflections((double[,] Vectors, double[] Factors) p)
    {
        for (var i = _n - 2; i >= 0; i--)
        {
            for (var row = 0; row < _n; row++)
            {
                var sum = 0.0;
                for (var k = i + 1; k < _n; k++)
                {
                    sum += _vt[row, k] * p.Vectors[i, k];
                }

                for (var k = i + 1; k < _n; k++)
                {
                    _vt[row, k] -= p.Factors[i] * sum * p.Vectors[i, k];
                }
            }
        }
    }

    // Positive values, falling, by exchanges.
    private void Sort()
    {
        for (var i = 0; i < _n; i++)
        {
            if (_d[i] < 0)
            {
                _d[i] = -_d[i];
                for (var k = 0; k < _n; k++)
                {
                    _vt[i, k] = -_vt[i, k];
                }
            }
        }

        for (var end = _n - 1; end > 0; end--)
        {
            var least = 0;
            for (var i = 1; i <= end; i++)
            {
                least = _d[i] <= _d[least] ? i : least;
            }

            (_d[least], _d[end]) = (_d[end], _d[least]);
            for (var k = 0; k < _n && least != end; k++)
            {
                (_vt[least, k], _vt[end, k]) = (_vt[end, k], _vt[least, k]);
            }
        }
    }
}
