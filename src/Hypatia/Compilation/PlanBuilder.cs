using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Lowering;
using Hypatia.Scheduling;

namespace Hypatia.Compilation;

/// <summary>Making plans: schedule, lower, place values in memory, compile.</summary>
internal sealed partial class Plan
{
    private const long Alignment = 64;

    // Elements; fewer are computed in less time than a call of a kernel takes.
    private const long SmallGroup = 1 << 8;

    private readonly Dictionary<KernelForm, Compiled> _compiled = [];
    private Executable? _latest;

    /// <summary>Compiles outputs that are optimized, and whose lengths are all known.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="leaves">What the caller will pass, in order.</param>
    /// <param name="outputs">What the caller wants.</param>
    /// <param name="explain">Whether the schedule says why it is as it is.</param>
    public static Plan Compile(Device device, IReadOnlyList<Expr> leaves, IReadOnlyList<Expr> outputs, bool explain = false) =>
        Compile(device, leaves, Scheduler.Run(outputs, explain: explain), null);

    /// <summary>
    /// Compiles outputs with a length that each call passes; null if something in them needs to know it.
    /// </summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="leaves">What the caller will pass, in order; last the length.</param>
    /// <param name="outputs">What the caller wants.</param>
    /// <param name="runTime">The length.</param>
    /// <param name="explain">Whether the schedule says why it is as it is.</param>
    public static Plan? TryCompile(
        Device device, IReadOnlyList<Expr> leaves, IReadOnlyList<Expr> outputs, RunTimeLength runTime, bool explain)
    {
        Schedule schedule = Scheduler.Run(outputs, anyRows: true, explain);
        bool isLeading = schedule.Groups.SelectMany(group => group.Members).All(x => runTime.IsLeadingIn(x.Type.Shape));
        return isLeading ? Compile(device, leaves, schedule, runTime) : null;
    }

    private static Plan Compile(Device device, IReadOnlyList<Expr> leaves, Schedule schedule, RunTimeLength? runTime)
    {
        var plan = new Plan(device, leaves, schedule, runTime);
        plan.Build();
        return plan;
    }

    private void Build()
    {
        List<List<Group>> kernels = Kernels();
        bool whole = Schedule.IsSmall && kernels.Count <= 1;
        Dictionary<Expr, Slot> slots = PlaceValues(kernels, whole);

        // A product's operand is a view of what its transposes read, wherever these are themselves.
        HashSet<Expr> inMemory = [.. slots.Keys.Where(x => x.Op is not Dimshuffle)];
        int number = 0;
        foreach (List<Group> groups in kernels)
        {
            string name = $"k{number++}_{Label(groups)}";
            if (whole)
            {
                AddStep(Make(name, groups, slots, whole), x => slots[x]);
                continue;
            }

            var form = new KernelForm(groups, inMemory);
            if (!_compiled.TryGetValue(form, out Compiled? same))
            {
                _compiled[form] = same = Make(name, groups, slots, whole) with { Form = form };
            }

            AddStep(same, x => slots[form.Counterpart(x, same.Form!)]);
        }
    }

    // A kernel for each group; but a call costs more than a small group, so small ones that follow each other share one.
    private List<List<Group>> Kernels()
    {
        List<List<Group>> kernels = [];
        HashSet<Expr> stored = [.. Schedule.Groups.SelectMany(group => group.Members)];
        long most = CodeSize.MostPerKernel(Schedule.Groups, stored);
        bool joinable = false;
        long code = 0;
        foreach (Group group in Schedule.Groups)
        {
            bool small = Schedule.IsSmall || group.Work < SmallGroup;
            long more = CodeSize.Of(group, stored);
            if (small && joinable && code + more <= most)
            {
                kernels[^1].Add(group);
                code += more;
                if (!Schedule.IsSmall)
                {
                    Schedule.Decisions?.About(group, $"in one kernel with the group before: both compute fewer than {SmallGroup} elements");
                }
            }
            else
            {
                if (small && joinable)
                {
                    Schedule.Decisions?.About(
                        group, $"begins a kernel: with the groups before it would have about {code + more} instructions, more than {most}");
                }

                kernels.Add([group]);
                code = more;
            }

            joinable = small;
        }

        return kernels;
    }

    private static string Label(List<Group> groups) =>
        groups.Count == 1 ? groups[0].Kind.ToString().ToLowerInvariant() : "function";

    private void AddStep(Compiled kernel, Func<Expr, Slot> slotOf)
    {
        if (kernel.Executable is not null)
        {
            _steps.Add(new Step(kernel.Executable, [.. kernel.Arguments.Select(slotOf)]));
        }
    }

    private Compiled Make(string name, List<Group> groups, Dictionary<Expr, Slot> slots, bool whole)
    {
        Dictionary<Expr, Memory> memories = [];
        List<Parameter> parameters = [];
        List<Expr> arguments = [];
        List<Statement> body = [];
        HashSet<Expr> written = [.. groups.SelectMany(group => group.Outputs)];

        Memory? MemoryOf(Expr x)
        {
            if (memories.TryGetValue(x, out Memory? memory))
            {
                return memory;
            }

            if (!slots.TryGetValue(x, out Slot? slot))
            {
                return null;
            }

            bool scratch = whole && slot.Kind == SlotKind.Temporary;
            string prefix = slot.Kind switch { SlotKind.Leaf => "x", SlotKind.Constant => "c", SlotKind.Result => "y", _ => "t" };
            memory = new Memory(
                x == _runTime?.Leaf ? "n" : $"{prefix}{slot.Index}", x.DType, Math.Max(x.Type.Shape.Count, 1), scratch ? MemoryScope.Scratch : MemoryScope.Global);
            memories[x] = memory;
            if (scratch)
            {
                body.Insert(0, new Allocate(memory));
            }
            else
            {
                bool isShorter = _runTime?.IsIn(x.Type.Shape) == true;
                parameters.Add(new Parameter(memory, written.Contains(x), isShorter));
                arguments.Add(x);
            }

            return memory;
        }

        var lowerer = new Lowerer(MemoryOf, mayShare: groups.Count == 1 && !Schedule.IsSmall, _runTime);
        foreach (Group group in groups)
        {
            body.AddRange(lowerer.Lower(group));
        }

        if (!body.Exists(statement => statement is not Allocate))
        {
            return new Compiled(null, arguments);
        }

        _latest?.Prepare();             // not the last one: there would be nothing to do meanwhile
        _latest = _device.Compile(new Kernel(name, [.. parameters], new Block(body)));
        return new Compiled(_latest, arguments);
    }

    private Dictionary<Expr, Slot> PlaceValues(List<List<Group>> kernels, bool whole)
    {
        Dictionary<Expr, Slot> slots = [];
        for (int k = 0; k < Leaves.Count; k++)
        {
            slots[Leaves[k]] = new Slot(SlotKind.Leaf, k);
        }

        List<Expr> order = Traversal.Sort(Outputs);
        foreach (Expr view in order.Where(x => x.Op is LeafOp and not Constant && !slots.ContainsKey(x)))
        {
            slots[view] = slots[Leaves.First(leaf => leaf.Op == view.Op)];
        }

        foreach (Expr constant in order.Where(x => x.Op is Constant { Value.Count: not 1 }))
        {
            slots[constant] = new Slot(SlotKind.Constant, _constants.Count);
            NDArray value = ((Constant)constant.Op).Value;
            Devices.Buffer buffer = _device.Allocate(value.DType, value.Count);
            buffer.CopyFrom(value.Elements);
            _constants.Add(buffer);
        }

        for (int k = 0; k < Outputs.Count; k++)
        {
            if (Outputs[k].Op is not LeafOp)
            {
                slots.TryAdd(Outputs[k], new Slot(SlotKind.Result, k));
            }
        }

        PlaceTemporaries(kernels, slots, whole);
        return slots;
    }

    // First fit by order of steps: a temporary's bytes are free again after the last kernel that reads it.
    private void PlaceTemporaries(List<List<Group>> kernels, Dictionary<Expr, Slot> slots, bool whole)
    {
        Dictionary<Expr, int> lastUse = [];
        HashSet<Expr> stored = [.. Schedule.Groups.SelectMany(group => group.Outputs)];
        for (int k = 0; k < kernels.Count; k++)
        {
            foreach (Expr output in kernels[k].SelectMany(group => group.Outputs))
            {
                lastUse[output] = k;
                foreach (Expr read in Traversal.Sort(output.Inputs.List, stored).Where(stored.Contains))
                {
                    lastUse[read] = k;
                }
            }
        }

        List<Live> live = [];
        for (int k = 0; k < kernels.Count; k++)
        {
            live.RemoveAll(block => block.LastUse < k);
            foreach (Expr output in kernels[k].SelectMany(group => group.Outputs).Where(x => !slots.ContainsKey(x)))
            {
                long bytes = Math.Max(output.Type.Shape.Count, 1) * output.DType.Size();
                bytes = (bytes + Alignment - 1) / Alignment * Alignment;
                slots[output] = new Slot(SlotKind.Temporary, slots.Count);
                if (whole)
                {
                    continue;       // scratch of the only kernel
                }

                (int place, long start) = Fit(live, bytes);
                live.Insert(place, new Live(start, start + bytes, lastUse[output]));
                slots[output] = new Slot(SlotKind.Temporary, _temporaries.Count);
                _temporaries.Add(new Temporary(start, output.DType, output.Type.Shape.Count));
                _arenaBytes = Math.Max(_arenaBytes, start + bytes);
            }
        }
    }

    // The first gap among blocks in order of their starts: where to insert, and the start.
    private static (int Place, long Start) Fit(List<Live> live, long bytes)
    {
        long start = 0;
        int place = 0;
        for (; place < live.Count && start + bytes > live[place].Start; place++)
        {
            start = live[place].End;
        }

        return (place, start);
    }

    /// <summary>A kernel; null if there was nothing to do.</summary>
    private sealed record Compiled(Executable? Executable, IReadOnlyList<Expr> Arguments, KernelForm? Form = null);

    /// <summary>Bytes in use until after a step.</summary>
    private sealed record Live(long Start, long End, int LastUse);
}
