namespace Moons;

/// <summary>What the command line asks for.</summary>
public sealed record Settings
{
    /// <summary>Units of the hidden layer.</summary>
    public int Hidden { get; init; } = 3;

    /// <summary>Steps of gradient descent.</summary>
    public int Passes { get; init; } = 20_000;

    /// <summary>Seed of the data and of the initial parameters.</summary>
    public int Seed { get; init; }

    /// <summary>Digits of a printed loss.</summary>
    public int Digits { get; init; } = 6;

    /// <summary>Whether to draw the decision boundary.</summary>
    public bool Plot { get; init; } = true;

    /// <summary>Whether to train in hand-written loops too, and compare.</summary>
    public bool FromScratch { get; init; }

    /// <summary>Whether to print compile times and the time to the first step.</summary>
    public bool Time { get; init; }

    /// <summary>Whether to train with gradients derived by hand, and compare them with T.Grad's.</summary>
    public bool ManualGradients { get; init; }

    /// <summary>Where the pictures go.</summary>
    public string Output { get; init; } = ".";
}
