using Hypatia;
using Hypatia.Random;

namespace Moons;

/// <summary>
/// A network of one hidden layer that tells two classes of points apart, as
/// "Speeding up your Neural Network with Theano and the GPU" defines and trains it, line by line.
/// </summary>
public sealed class Model
{
    private const int InputDim = 2;         // input layer dimensionality
    private const int OutputDim = 2;        // output layer dimensionality
    private const double Epsilon = 0.01;    // learning rate for gradient descent
    private const double RegLambda = 0.01;  // regularization strength

    private readonly double[,] _trainX;
    private readonly long[] _trainY;
    private readonly int _hidden;
    private readonly int _seed;

    /// <summary>Defines the network's expressions and functions.</summary>
    /// <param name="trainX">Points, one a row.</param>
    /// <param name="trainY">Their classes, 0 or 1.</param>
    /// <param name="hidden">Units of the hidden layer.</param>
    /// <param name="seed">Seed of the initial parameters.</param>
    /// <param name="manualGradients">Whether to descend along gradients derived by hand.</param>
    public Model(double[,] trainX, long[] trainY, int hidden, int seed = 0, bool manualGradients = false)
    {
        (_trainX, _trainY, _hidden, _seed) = (trainX, trainY, hidden, seed);
        int numExamples = trainY.Length;
        var random = new RandomState(seed);

        // Our data vectors
        Expr X = T.Matrix("X");     // matrix of doubles
        Expr y = T.LVector("y");    // vector of int64

        // Shared variables with initial values. We need to learn these.
        W1 = T.Shared(random.Randn(InputDim, hidden), name: "W1");
        b1 = T.Shared(new double[hidden], name: "b1");
        W2 = T.Shared(random.Randn(hidden, OutputDim), name: "W2");
        b2 = T.Shared(new double[OutputDim], name: "b2");

        // Forward propagation
        // Note: We are just defining the expressions, nothing is evaluated here!
        Expr z1 = X.Dot(W1) + b1;
        Expr a1 = T.Tanh(z1);
        Expr z2 = a1.Dot(W2) + b2;
        Expr yHat = NNet.Softmax(z2);   // output probabilities

        // The regularization term (optional)
        Expr lossReg = 1.0 / numExamples * RegLambda / 2 * (T.Sum(T.Sqr(W1)) + T.Sum(T.Sqr(W2)));

        // the loss function we want to optimize
        Expr loss = NNet.CategoricalCrossentropy(yHat, y).Mean() + lossReg;

        // Returns a class prediction
        Expr prediction = T.Argmax(yHat, axis: 1);

        // Functions that can be called from our C# code
        ForwardProp = T.Function([X], yHat, name: "forward_prop");
        CalculateLoss = T.Function([X, y], loss, name: "calculate_loss");
        Predict = T.Function([X], prediction, name: "predict");

        // Easy: Let Hypatia calculate the derivatives for us!
        Expr dW2 = T.Grad(loss, W2);
        Expr db2 = T.Grad(loss, b2);
        Expr dW1 = T.Grad(loss, W1);
        Expr db1 = T.Grad(loss, b1);

        if (manualGradients)
        {
            // Backpropagation (Manual)
            // The lines that the tutorial comments out are not quite the gradients of its loss: they lack the 1/N of
            // the mean, and multiply by (1 + λ) where the regularization term adds λ/N·W. Put right, they are:
            Expr yOneHot = T.Eye(2)[y];
            Expr delta3 = (yHat - yOneHot) / numExamples;
            Expr manualW2 = a1.T.Dot(delta3) + RegLambda / numExamples * W2;
            Expr manualB2 = T.Sum(delta3, axis: 0);
            Expr delta2 = delta3.Dot(W2.T) * (1.0 - T.Sqr(a1));
            Expr manualW1 = T.Dot(X.T, delta2) + RegLambda / numExamples * W1;
            Expr manualB1 = T.Sum(delta2, axis: 0);

            GradientDifference = T.Function(
                [X, y],
                [
                    T.Max(T.Abs(dW1 - manualW1)), T.Max(T.Abs(db1 - manualB1)),
                    T.Max(T.Abs(dW2 - manualW2)), T.Max(T.Abs(db2 - manualB2)),
                ],
                name: "gradient_difference");
            (dW1, db1, dW2, db2) = (manualW1, manualB1, manualW2, manualB2);
        }

        // A single gradient descent step. Note that we don't need to explicitly do a forward propagation here.
        GradientStep = T.Function(
            [X, y],
            updates:
            [
                (W2, W2 - Epsilon * dW2),
                (W1, W1 - Epsilon * dW1),
                (b2, b2 - Epsilon * db2),
                (b1, b1 - Epsilon * db1),
            ],
            name: "gradient_step");
    }

    /// <summary>The parameters W1 [2, hidden].</summary>
    public Shared W1 { get; }

    /// <summary>The parameters b1 [hidden].</summary>
    public Shared b1 { get; }

    /// <summary>The parameters W2 [hidden, 2].</summary>
    public Shared W2 { get; }

    /// <summary>The parameters b2 [2].</summary>
    public Shared b2 { get; }

    /// <summary>Probabilities of the classes, [n, 2] → [n, 2].</summary>
    public Function ForwardProp { get; }

    /// <summary>The loss of points and their classes, [n, 2] and [n] → a scalar.</summary>
    public Function CalculateLoss { get; }

    /// <summary>Classes, [n, 2] → [n].</summary>
    public Function Predict { get; }

    /// <summary>One step of gradient descent, given points and classes.</summary>
    public Function GradientStep { get; }

    /// <summary>The largest difference of each gradient from the one by hand; null unless these were asked for.</summary>
    public Function? GradientDifference { get; }

    /// <summary>All functions, by name.</summary>
    public IEnumerable<Function> Functions =>
        ((Function?[])[ForwardProp, CalculateLoss, Predict, GradientStep, GradientDifference]).OfType<Function>();

    /// <summary>Initial parameters: what a new training starts from.</summary>
    public void Initialize()
    {
        var random = new RandomState(_seed);
        W1.SetValue(random.Randn(InputDim, _hidden).DividedBy(Math.Sqrt(InputDim)));
        b1.SetValue(new double[_hidden]);
        W2.SetValue(random.Randn(_hidden, OutputDim).DividedBy(Math.Sqrt(_hidden)));
        b2.SetValue(new double[OutputDim]);
    }

    /// <summary>Learns the parameters of the network.</summary>
    /// <param name="passes">Number of passes through the training data for gradient descent.</param>
    /// <param name="printLoss">Told the loss every 1000 iterations.</param>
    /// <param name="stepped">Told that an iteration is done.</param>
    public void Build(int passes = 20_000, Action<int, double>? printLoss = null, Action<int>? stepped = null)
    {
        // Re-Initialize the parameters to random values. We need to learn these.
        Initialize();

        // Gradient descent. For each batch...
        for (int i = 0; i < passes; i++)
        {
            // This will update our parameters W2, b2, W1 and b1!
            GradientStep.Call(_trainX, _trainY);
            stepped?.Invoke(i);

            // Optionally print the loss.
            // This is expensive because it uses the whole dataset, so we don't want to do it too often.
            if (printLoss is not null && i % 1000 == 0)
            {
                printLoss(i, (double)CalculateLoss.Call(_trainX, _trainY));
            }
        }
    }

    /// <summary>The part of the training points whose class is predicted.</summary>
    public double Accuracy()
    {
        long[] predicted = Predict.Call(_trainX).Single.ToArray<long>();
        return predicted.Zip(_trainY).Count(pair => pair.First == pair.Second) / (double)_trainY.Length;
    }
}
