namespace Hypatia.Compilation;

/// <summary>
/// Order among calls that read and store states of shared variables: nobody sees half an update, and a call that updates variables
/// has them to itself from reading to storing.
/// </summary>
/// <remarks>One lock for all, held for some ten nanoseconds twice in a call, costs less than one for each variable.</remarks>
internal static class States
{
    private static int _waiting;

    /// <summary>Held while states are read or stored, not while anything is computed.</summary>
    public static object Sync { get; } = new();

    /// <summary>Waits until no call is computing new values of these variables. Under <see cref="Sync"/>, which others get meanwhile.</summary>
    public static void AwaitTurn(params ReadOnlySpan<Shared> variables)
    {
        while (IsAnyUpdating(variables))
        {
            _waiting++;
            try
            {
                Monitor.Wait(Sync);
            }
            finally
            {
                _waiting--;
            }
        }
    }

    /// <summary>Tells those who wait that some variables are no longer updated. Under <see cref="Sync"/>.</summary>
    public static void EndTurn()
    {
        if (_waiting > 0)
        {
            Monitor.PulseAll(Sync);
        }
    }

    /// <summary>Takes <see cref="Sync"/> also if the thread is interrupted, which is then still to be noticed: others wait for what follows.</summary>
    public static void EnterToEnd()
    {
        bool isEntered = false, isInterrupted = false;
        while (!isEntered)
        {
            try
            {
                Monitor.Enter(Sync, ref isEntered);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    private static bool IsAnyUpdating(ReadOnlySpan<Shared> variables)
    {
        foreach (Shared variable in variables)
        {
            if (variable.IsUpdating)
            {
                return true;
            }
        }

        return false;
    }
}
