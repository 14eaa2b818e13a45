using Hypatia.Tests.Testing;

namespace Hypatia.Tests.Acceptance;

/// <summary>
/// The tutorial's program for a GPU, 5000×2 → 1000 → 2 in float32 with one-hot labels as shared variables, on the CPU:
/// against Theano's float32 and NumPy's float64 in tutorial-large-float32.npz.
/// </summary>
public sealed class LargeFloat32Tests
{
    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void Losses_gradients_and_parameters_are_those_of_Theano(int steps)
    {
        var expected = Npz.Read(Path.Combine(AppContext.BaseDirectory, "Data", "tutorial-large-float32.npz"));
        float[,] trainX = Matrix(expected["train_X"], 5000, 2);
        long[] trainY = [.. expected["train_y"].As<int>().Select(label => (long)label)];
        float[,] oneHot = new float[5000, 2];
        for (int i = 0; i < trainY.Length; i++)
        {
            oneHot[i, trainY[i]] = 1;
        }

        const int numExamples = 5000;
        const float epsilon = 0.01f;
        const float regLambda = 0.01f;
        Shared X = T.Shared(trainX, name: "X");
        Shared y = T.Shared(oneHot, name: "y");
        Shared W1 = T.Shared(Matrix(expected["init_W1"], 2, 1000), name: "W1");
        Shared b1 = T.Shared(expected["init_b1"].As<float>(), name: "b1");
        Shared W2 = T.Shared(Matrix(expected["init_W2"], 1000, 2), name: "W2");
        Shared b2 = T.Shared(expected["init_b2"].As<float>(), name: "b2");

        Expr z1 = X.Dot(W1) + b1;
        Expr a1 = T.Tanh(z1);
        Expr z2 = a1.Dot(W2) + b2;
        Expr yHat = NNet.Softmax(z2);
        Expr lossReg = 1.0 / numExamples * regLambda / 2 * (T.Sum(T.Sqr(W1)) + T.Sum(T.Sqr(W2)));
        Expr loss = NNet.CategoricalCrossentropy(yHat, y).Mean() + lossReg;
        Expr dW2 = T.Grad(loss, W2);
        Expr db2 = T.Grad(loss, b2);
        Expr dW1 = T.Grad(loss, W1);
        Expr db1 = T.Grad(loss, b1);
        Function forwardProp = T.Function([], yHat);
        Function calculateLoss = T.Function([], loss);
        Function gradients = T.Function([], [dW1, db1, dW2, db2]);
        Function gradientStep = T.Function(
            [],
            updates:
            [
                (W2, W2 - epsilon * dW2),
                (W1, W1 - epsilon * dW1),
                (b2, b2 - epsilon * db2),
                (b1, b1 - epsilon * db1),
            ]);

        Assert.Equal(DType.Float32, dW1.DType);
        foreach (var (name, gradient) in ((string[])["W1", "b1", "W2", "b2"]).Zip(gradients.Call()))
        {
            Near(expected["grad0_" + name].As<float>(), gradient, 2e-6f);
        }

        double[] losses = expected["losses_f32"].As<double>();
        double[] precise = expected["losses_f64"].As<double>();
        for (int step = 0; step <= steps; step++)
        {
            if (step > 0)
            {
                gradientStep.Call();
            }

            if (step is 0 or 1 or 2 or 10 or 50 or 100)
            {
                double actual = (double)calculateLoss.Call();
                Assert.Equal(1, actual / losses[step], 1e-4);
                Assert.Equal(1, actual / precise[step], 1e-4);
            }
        }

        if (steps < 100)
        {
            return;
        }

        Near(expected["final100_W1"].As<float>(), W1.GetValue(), 1e-4f);
        Near(expected["final100_b1"].As<float>(), b1.GetValue(), 1e-4f);
        Near(expected["final100_W2"].As<float>(), W2.GetValue(), 1e-4f);
        Near(expected["final100_b2"].As<float>(), b2.GetValue(), 1e-4f);
        Near(expected["fwd_final"].As<float>(), forwardProp.Call(), 1e-4f);
    }

    private static float[,] Matrix(NpyArray array, int rows, int columns)
    {
        float[,] matrix = new float[rows, columns];
        Buffer.BlockCopy(array.As<float>(), 0, matrix, 0, rows * columns * sizeof(float));
        return matrix;
    }

    private static void Near(float[] expected, NDArray actual, float tolerance)
    {
        float[] values = actual.ToArray<float>();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
