namespace Moons;

/// <summary>Arithmetic on C# arrays.</summary>
internal static class Matrices
{
    /// <summary>The entries divided by a number, in place.</summary>
    public static double[,] DividedBy(this double[,] matrix, double divisor)
    {
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++)
            {
                matrix[i, j] /= divisor;
            }
        }

        return matrix;
    }
}
