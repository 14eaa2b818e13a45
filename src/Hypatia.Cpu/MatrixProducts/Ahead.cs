namespace Hypatia.Cpu.MatrixProducts;

/// <summary>
/// Memory that will be read soon, asked for little by little while register blocks are computed: all at once, it would
/// delay what they read themselves. Steps are bytes for each step of k.
/// </summary>
internal unsafe struct Ahead
{
    /// <summary>What comes next of A.</summary>
    public byte* A;

    /// <summary>Bytes of A for each step of k; 0 to ask for none.</summary>
    public nint StepA;

    /// <summary>What comes next of B.</summary>
    public byte* B;

    /// <summary>Bytes of B for each step of k.</summary>
    public nint StepB;

    /// <summary>Bytes from where one register block begins to ask in B to where the next does.</summary>
    public nint TurnB;

    /// <summary>Where to ask during the next register block: in A if it is its turn and there is anything, else in B.</summary>
    public byte* Next(bool inA, nint steps, out nint step)
    {
        if (inA && StepA > 0)
        {
            step = StepA;
            A += steps * step;
            return A - (steps * step);
        }

        step = StepB;
        B += TurnB;
        return B - TurnB;
    }
}
