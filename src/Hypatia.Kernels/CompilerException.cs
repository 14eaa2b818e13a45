namespace Hypatia;

/// <summary>A bug in Hypatia: something that every program should get past did not hold. Please report it.</summary>
public sealed class CompilerException : Exception
{
    /// <summary>No message.</summary>
    public CompilerException()
    {
    }

    /// <summary>What did not hold.</summary>
    public CompilerException(string message)
        : base(message)
    {
    }

    /// <summary>What did not hold, and what noticed it.</summary>
    public CompilerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What did not hold, and the code around the fault.</summary>
    public CompilerException(string message, string code)
        : base($"{message}\n{code}")
    {
    }
}
