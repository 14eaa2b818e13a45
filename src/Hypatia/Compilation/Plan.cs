using System.Diagnostics;
using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Lowering;
using Hypatia.Rewriting;
using Hypatia.Scheduling;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Compilation;

/// <summary>Where a step finds one of its arguments when the plan runs.</summary>
internal enum SlotKind
{
    /// <summary>A value that the caller passes: an input or a shared variable's state.</summary>
    Leaf,

    /// <summary>A constant, on the device since the plan was made.</summary>
    Constant,

    /// <summary>A result, which the caller keeps.</summary>
    Result,

    /// <summary>Memory that is used again by later steps, and by later calls.</summary>
    Temporary,
}

/// <summary>A place for one expression's value.</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Index">Which leaf, constant, result, or temporary.</param>
internal sealed record Slot(SlotKind Kind, int Index);

/// <summary>Where a temporary is in the memory of a call.</summary>
internal sealed record Temporary(long Offset, DType DType, long Count);

/// <summary>A kernel and the places of its arguments.</summary>
internal sealed record Step(Executable Executable, IReadOnlyList<Slot> Arguments);

/// <summary>
/// A function compiled for certain lengths: kernels in order, with a place for every argument. Immutable but for a pool of
/// temporary memory; safe to run from many threads.
/// </summary>
internal sealed partial class Plan
{
    private readonly Device _device;
    private readonly RunTimeLength? _runTime;
    private readonly List<Step> _steps = [];
    private readonly List<Buffer> _constants = [];
    private readonly List<Temporary> _temporaries = [];
    private readonly Pool<Workspace> _workspaces = new();
    private long _arenaBytes;

    private Plan(Device device, IReadOnlyList<Expr> leaves, Schedule schedule, RunTimeLength? runTime)
    {
        _device = device;
        _runTime = runTime;
        Leaves = leaves;
        Schedule = schedule;
    }

    /// <summary>What the caller passes, in order.</summary>
    public IReadOnlyList<Expr> Leaves { get; }

    /// <summary>What the caller gets, in order: as the schedule computes it.</summary>
    public IReadOnlyList<Expr> Outputs => Schedule.Outputs;

    /// <summary>What the steps were made from.</summary>
    public Schedule Schedule { get; }

    /// <summary>Kernels in order.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Values that steps read and nothing changes.</summary>
    public IReadOnlyList<Buffer> Constants => _constants;

    /// <summary>Where temporaries are in the memory of a call.</summary>
    public IReadOnlyList<Temporary> Temporaries => _temporaries;

    /// <summary>Bytes of temporary memory that one call uses.</summary>
    public long ArenaBytes => _arenaBytes;

    /// <summary>Whether another plan, made for another capacity, has the same code: then no code depends on that.</summary>
    public bool IsSameCodeAs(Plan other) =>
        _steps.Count == other._steps.Count
        && _steps.Zip(other._steps).All(pair => SameCode.Of(pair.First.Executable.Kernel, pair.Second.Executable.Kernel));

    /// <summary>Values of the outputs, in new memory.</summary>
    public NDArray[] Run(ReadOnlySpan<NDArray> leaves)
    {
        Workspace workspace = Rent();
        for (int k = 0; k < Outputs.Count; k++)
        {
            workspace.Results[k] = NDArray.Uninitialized(Outputs[k].Type);
        }

        workspace.Run(leaves);
        return workspace.Results;
    }

    /// <summary>Takes what one call needs: from an earlier call if one is done with it.</summary>
    public Workspace Rent() => _workspaces.TryTake() ?? new Workspace(this, _device);

    /// <summary>Gives back what a call needed.</summary>
    public void Return(Workspace workspace) => _workspaces.Add(workspace);

    /// <inheritdoc/>
    public override string ToString() =>
        $"plan of {_steps.Count} steps, {_arenaBytes} bytes of temporaries\n"
        + string.Join("\n", _steps.Select((step, k) =>
            $"step {k}: {step.Executable.Kernel.Name}({string.Join(", ", step.Arguments.Select(slot => $"{slot.Kind} {slot.Index}"))})"));
}
