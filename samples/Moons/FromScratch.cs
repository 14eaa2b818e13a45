using Hypatia.Random;

namespace Moons;

/// <summary>
/// The same training without Hypatia, as a programmer who knows the formulas writes it: plain loops over arrays that
/// are allocated once, one pass over the points a step.
/// </summary>
public sealed class FromScratch
{
    private const double Epsilon = 0.01;
    private const double RegLambda = 0.01;

    private readonly double[,] _x;
    private readonly long[] _y;
    private readonly int _hidden;
    private readonly double[] _a1;
    private readonly double[] _dW1;
    private readonly double[] _db1;
    private readonly double[] _dW2;

    /// <summary>A network with its initial parameters.</summary>
    /// <param name="x">Points, one a row.</param>
    /// <param name="y">Their classes, 0 or 1.</param>
    /// <param name="hidden">Units of the hidden layer.</param>
    /// <param name="seed">Seed of the initial parameters.</param>
    public FromScratch(double[,] x, long[] y, int hidden, int seed = 0)
    {
        (_x, _y, _hidden) = (x, y, hidden);
        var random = new RandomState(seed);
        W1 = random.Randn(2, hidden).DividedBy(Math.Sqrt(2)).Cast<double>().ToArray();
        b1 = new double[hidden];
        W2 = random.Randn(hidden, 2).DividedBy(Math.Sqrt(hidden)).Cast<double>().ToArray();
        b2 = new double[2];
        _a1 = new double[hidden];
        _dW1 = new double[2 * hidden];
        _db1 = new double[hidden];
        _dW2 = new double[2 * hidden];
    }

    /// <summary>The parameters W1 [2, hidden], by rows.</summary>
    public double[] W1 { get; }

    /// <summary>The parameters b1 [hidden].</summary>
    public double[] b1 { get; }

    /// <summary>The parameters W2 [hidden, 2], by rows.</summary>
    public double[] W2 { get; }

    /// <summary>The parameters b2 [2].</summary>
    public double[] b2 { get; }

    /// <summary>One step of gradient descent.</summary>
    public void Step()
    {
        int h = _hidden;
        double[] w1 = W1, w2 = W2, a1 = _a1, dW1 = _dW1, dW2 = _dW2, db1 = _db1;
        Array.Clear(dW1);
        Array.Clear(dW2);
        Array.Clear(db1);
        double db20 = 0, db21 = 0;
        double scale = 1.0 / _y.Length;
        for (int i = 0; i < _y.Length; i++)
        {
            double x0 = _x[i, 0], x1 = _x[i, 1];
            (double p0, double p1) = Probabilities(x0, x1);
            double delta0 = (p0 - (_y[i] == 0 ? 1 : 0)) * scale;
            double delta1 = (p1 - (_y[i] == 1 ? 1 : 0)) * scale;
            db20 += delta0;
            db21 += delta1;
            for (int j = 0; j < h; j++)
            {
                double a = a1[j];
                dW2[2 * j] += a * delta0;
                dW2[2 * j + 1] += a * delta1;
                double delta = (delta0 * w2[2 * j] + delta1 * w2[2 * j + 1]) * (1 - a * a);
                dW1[j] += x0 * delta;
                dW1[h + j] += x1 * delta;
                db1[j] += delta;
            }
        }

        for (int j = 0; j < 2 * h; j++)
        {
            w1[j] -= Epsilon * (dW1[j] + RegLambda * scale * w1[j]);
            w2[j] -= Epsilon * (dW2[j] + RegLambda * scale * w2[j]);
        }

        for (int j = 0; j < h; j++)
        {
            b1[j] -= Epsilon * db1[j];
        }

        b2[0] -= Epsilon * db20;
        b2[1] -= Epsilon * db21;
    }

    /// <summary>The loss of the training points.</summary>
    public double Loss()
    {
        double sum = 0;
        for (int i = 0; i < _y.Length; i++)
        {
            (double p0, double p1) = Probabilities(_x[i, 0], _x[i, 1]);
            sum -= Math.Log(_y[i] == 0 ? p0 : p1);
        }

        double squares = W1.Sum(w => w * w) + W2.Sum(w => w * w);
        return sum / _y.Length + RegLambda / 2 / _y.Length * squares;
    }

    /// <summary>Learns the parameters; see <see cref="Model.Build"/>.</summary>
    public void Build(int passes, Action<int, double>? printLoss = null)
    {
        for (int i = 0; i < passes; i++)
        {
            Step();
            if (printLoss is not null && i % 1000 == 0)
            {
                printLoss(i, Loss());
            }
        }
    }

    private (double P0, double P1) Probabilities(double x0, double x1)
    {
        int h = _hidden;
        double[] w1 = W1, w2 = W2, a1 = _a1, b = b1;
        double z0 = b2[0], z1 = b2[1];
        for (int j = 0; j < h; j++)
        {
            double a = Math.Tanh(x0 * w1[j] + x1 * w1[h + j] + b[j]);
            a1[j] = a;
            z0 += a * w2[2 * j];
            z1 += a * w2[2 * j + 1];
        }

        double max = Math.Max(z0, z1);
        double e0 = Math.Exp(z0 - max), e1 = Math.Exp(z1 - max);
        return (e0 / (e0 + e1), e1 / (e0 + e1));
    }
}
