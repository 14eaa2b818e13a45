using Hypatia.Devices;
using Hypatia.Loops;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Compilation;

/// <summary>What one call of a plan needs: temporary memory, and windows for what is passed and returned.</summary>
internal sealed class Workspace
{
    private readonly Plan _plan;
    private readonly Executable[] _executables;
    private readonly Buffer[][] _arguments;         // for each executable
    private readonly Window?[] _leaves;             // null where no step uses the value
    private readonly Window?[] _results;
    private readonly NDArray?[] _own;

    /// <summary>Memory for a plan's temporaries, in one piece.</summary>
    public Workspace(Plan plan, Device device)
    {
        _plan = plan;
        Buffer? arena = plan.ArenaBytes == 0 ? null : device.Allocate(DType.UInt8, plan.ArenaBytes);
        Buffer[] temporaries = [.. plan.Temporaries.Select(t => arena!.Slice(t.Offset, t.DType, t.Count))];
        _leaves = new Window?[plan.Leaves.Count];
        _results = new Window?[plan.Outputs.Count];
        _own = new NDArray?[plan.Outputs.Count];
        Results = new NDArray[plan.Outputs.Count];
        _executables = [.. plan.Steps.Select(step => step.Executable)];
        _arguments = [.. plan.Steps.Select(step => step.Arguments.Select(slot => slot.Kind switch
        {
            SlotKind.Leaf => (_leaves[slot.Index] ??= device.Window(plan.Leaves[slot.Index].DType)).Buffer,
            SlotKind.Result => (_results[slot.Index] ??= device.Window(plan.Outputs[slot.Index].DType)).Buffer,
            SlotKind.Constant => plan.Constants[slot.Index],
            _ => temporaries[slot.Index],
        }).ToArray())];
    }

    /// <summary>Where the next run stores the plan's outputs; filled by the caller, and cleared by <see cref="Clear"/>.</summary>
    public NDArray[] Results { get; }

    /// <summary>The length that was given to the last run.</summary>
    public NDArray Length { get; } = NDArray.Zeros(DType.Int64, default);

    /// <summary>A place for an output that does not leave the plan.</summary>
    public NDArray Own(int output) => _own[output] ??= NDArray.Uninitialized(_plan.Outputs[output].Type);

    /// <summary>Runs all steps, from values of the plan's leaves to <see cref="Results"/>.</summary>
    /// <param name="leaves">The values; without the length, if that is one.</param>
    /// <param name="length">The length that is only known now, if there is one.</param>
    public void Run(ReadOnlySpan<NDArray> leaves, long length = 0)
    {
        try
        {
            Open(_leaves.AsSpan(0, leaves.Length), leaves);
            if (leaves.Length < _leaves.Length)
            {
                Length.Set(0, ScalarValue.Of(DType.Int64, length));
                _leaves[^1]?.Open(Length.Elements);
            }

            Open(_results, Results);
            for (int s = 0; s < _arguments.Length; s++)
            {
                _executables[s].Run(_arguments[s]);
            }
        }
        finally
        {
            Close(_leaves);
            Close(_results);
        }
    }

    /// <summary>Forgets where results were stored.</summary>
    public void Clear() => Array.Clear(Results);

    private static void Open(ReadOnlySpan<Window?> windows, ReadOnlySpan<NDArray> values)
    {
        for (int k = 0; k < windows.Length; k++)
        {
            windows[k]?.Open(values[k].Elements, values[k].IsPinned);
        }
    }

    private static void Close(Window?[] windows)
    {
        foreach (Window? window in windows)
        {
            window?.Close();
        }
    }
}
