namespace Moons;

/// <summary>
/// A grid over the data and half a unit around it, as the tutorial's plot_decision_boundary lays it out:
/// numpy.arange from min − 0.5 to max + 0.5 in steps of 0.01.
/// </summary>
/// <param name="X">Abscissas.</param>
/// <param name="Y">Ordinates.</param>
public sealed record DecisionGrid(double[] X, double[] Y)
{
    private const double Margin = 0.5;
    private const double Step = 0.01;

    /// <summary>The grid over some points, [n, 2].</summary>
    public static DecisionGrid Around(double[,] points) => new(Axis(points, 0), Axis(points, 1));

    /// <summary>All points of the grid, row by row: [Y·X, 2].</summary>
    public double[,] Points()
    {
        double[,] points = new double[X.Length * Y.Length, 2];
        for (int i = 0; i < Y.Length; i++)
        {
            for (int j = 0; j < X.Length; j++)
            {
                points[i * X.Length + j, 0] = X[j];
                points[i * X.Length + j, 1] = Y[i];
            }
        }

        return points;
    }

    private static double[] Axis(double[,] points, int column)
    {
        IEnumerable<double> values = Enumerable.Range(0, points.GetLength(0)).Select(i => points[i, column]);
        double start = values.Min() - Margin, stop = values.Max() + Margin;
        double delta = start + Step - start;        // as numpy.arange rounds it
        return [.. Enumerable.Range(0, (int)Math.Ceiling((stop - start) / Step)).Select(i => start + i * delta)];
    }
}
