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
internal readonly record struct Slot(SlotKind Kind, int Index);

/// <summary>A kernel and the places of its arguments.</summary>
internal sealed record Step(Executable Executable, IReadOnlyList<Slot> Arguments);

/// <summary>
/// A function compiled for certain lengths: kernels in order, with a place for every argument. Immutable but for a pool of
/// temporary memory; safe to run from many threads.
/// </summary>
internal sealed partial class Plan
{
    private readonly Device _device;
    private readonly List<Step> _steps = [];
    private readonly List<Buffer> _constants = [];
    private readonly List<(long Offset, DType DType, long Count)> _temporaries = [];
    private readonly System.Collections.Concurrent.ConcurrentBag<Workspace> _workspaces = [];
    private long _arenaBytes;

    private Plan(Device device, IReadOnlyList<Expr> leaves, Schedule schedule)
    {
        _device = device;
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

    /// <summary>Bytes of temporary memory that one call uses.</summary>
    public long ArenaBytes => _arenaBytes;

    /// <summary>Runs all steps.</summary>
    /// <param name="leaves">Values of <see cref="Leaves"/>.</param>
    /// <returns>Values of <see cref="Outputs"/>, in new memory.</returns>
    public NDArray[] Run(IReadOnlyList<NDArray> leaves)
    {
        if (!_workspaces.TryTake(out Workspace? workspace))
        {
            workspace = new Workspace(this);
        }

        try
        {
            return workspace.Run(leaves);
        }
        finally
        {
            _workspaces.Add(workspace);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"plan of {_steps.Count} steps, {_arenaBytes} bytes of temporaries\n"
        + string.Join("\n", _steps.Select((step, k) =>
            $"step {k}: {step.Executable.Kernel.Name}({string.Join(", ", step.Arguments.Select(slot => $"{slot.Kind} {slot.Index}"))})"));

    /// <summary>What one call needs: temporary memory, and room for arguments.</summary>
    private sealed class Workspace
    {
        private readonly Plan _plan;
        private readonly Buffer? _arena;
        private readonly Buffer[] _temporaries;
        private readonly Buffer[][] _arguments;

        public Workspace(Plan plan)
        {
            _plan = plan;
            _arena = plan._arenaBytes == 0 ? null : plan._device.Allocate(DType.UInt8, plan._arenaBytes);
            _temporaries = [.. plan._temporaries.Select(t => _arena!.Slice(t.Offset, t.DType, t.Count))];
            _arguments = [.. plan._steps.Select(step => new Buffer[step.Arguments.Count])];
        }

        public NDArray[] Run(IReadOnlyList<NDArray> leaves)
        {
            var results = new NDArray[_plan.Outputs.Count];
            var resultBuffers = new Buffer[results.Length];
            var leafBuffers = new Buffer[leaves.Count];
            try
            {
                for (int k = 0; k < leafBuffers.Length; k++)
                {
                    leafBuffers[k] = _plan._device.Borrow(leaves[k].Elements);
                }

                for (int k = 0; k < results.Length; k++)
                {
                    results[k] = NDArray.Uninitialized(_plan.Outputs[k].Type);
                    resultBuffers[k] = _plan._device.Borrow(results[k].Elements);
                }

                for (int s = 0; s < _arguments.Length; s++)
                {
                    Step step = _plan._steps[s];
                    Buffer[] arguments = _arguments[s];
                    for (int k = 0; k < arguments.Length; k++)
                    {
                        (SlotKind kind, int index) = step.Arguments[k];
                        arguments[k] = kind switch
                        {
                            SlotKind.Leaf => leafBuffers[index],
                            SlotKind.Constant => _plan._constants[index],
                            SlotKind.Result => resultBuffers[index],
                            _ => _temporaries[index],
                        };
                    }

                    step.Executable.Run(arguments);
                }
            }
            finally
            {
                foreach (Buffer? buffer in leafBuffers.Concat(resultBuffers))
                {
                    buffer?.Dispose();
                }
            }

            return results;
        }
    }
}
