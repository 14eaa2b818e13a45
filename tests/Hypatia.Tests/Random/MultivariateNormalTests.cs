using System.Text.Json;
using Hypatia.Random;

namespace Hypatia.Tests.Random;

/// <summary>Normal vectors against numpy-multivariate.json (written by numpy-multivariate.py).</summary>
public sealed class MultivariateNormalTests
{
    [Fact]
    public void Draws_are_those_of_NumPy_up_to_rounding()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Data", "numpy-multivariate.json");
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        foreach (var fact in json.RootElement.EnumerateArray())
        {
            var mean = Row(fact[1]);
            var expected = Matrix(fact[3]);
            var actual = new RandomState(fact[0].GetInt64()).MultivariateNormal(mean, Matrix(fact[2]), 2);
            var scale = 1 + expected.Cast<double>().Max(Math.Abs);
            for (var i = 0; i < 2; i++)
            {
                for (var j = 0; j < mean.Length; j++)
                {
                    var difference = Math.Abs(expected[i, j] - actual[i, j]);
                    Assert.True(difference <= 1e-13 * scale, $"{fact[2]}: {expected[i, j]} {actual[i, j]}");
                }
            }
        }
    }

    [Fact]
    public void One_vector_is_the_first_row_of_several()
    {
        var cov = new double[,] { { 2, 1 }, { 1, 3 } };
        var rows = new RandomState(3).MultivariateNormal([1, 2], cov, 4);
        Assert.Equal([rows[0, 0], rows[0, 1]], new RandomState(3).MultivariateNormal([1, 2], cov));
    }

    private static double[] Row(JsonElement row) => [.. row.EnumerateArray().Select(x => x.GetDouble())];

    private static double[,] Matrix(JsonElement rows)
    {
        var all = rows.EnumerateArray().Select(Row).ToArray();
        var result = new double[all.Length, all[0].Length];
        for (var i = 0; i < all.Length; i++)
        {
            for (var j = 0; j < all[i].Length; j++)
            {
                result[i, j] = all[i][j];
            }
        }

        return result;
    }
}
