using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>
/// Emits the body of a vector loop for several vectors of iterations at once: each statement for all of them before the
/// next statement.
/// </summary>
internal sealed class VectorEmitter
{
    private readonly VectorFrame _frame;
    private readonly ILGenerator _il;
    private readonly StatementEmitter _statements;
    private readonly VectorPlan _plan;
    private readonly VectorValues _values;
    private readonly VectorMemory _memory;

    /// <summary>An emitter of one loop's body.</summary>
    public VectorEmitter(VectorFrame frame, StatementEmitter statements)
    {
        _frame = frame;
        _il = frame.IL;
        _statements = statements;
        _plan = frame.Plan;
        _values = new VectorValues(frame);
        _memory = _values.Memory;
        Reductions = new VectorReductions(frame, _values);
    }

    /// <summary>Emits what combines lanes.</summary>
    public VectorReductions Reductions { get; }

    /// <summary>Emits the body for some vectors, from an index on.</summary>
    public void EmitBody(Block body, LocalBuilder? position, long start, int copies)
    {
        _frame.Position = position;
        _frame.Start = start;
        _frame.Copies = copies;
        Emit(body);
    }

    /// <summary>Pushes how many iterations it takes until the vectors of a store are aligned.</summary>
    public void PushElementsToAlignment(Store store)
    {
        _frame.Position = null;
        _frame.Start = 0;
        _frame.Copies = 1;
        _memory.PushElementsToAlignment(store);
    }

    private void Emit(Statement statement)
    {
        _frame.Broadcasts.Clear();
        switch (statement)
        {
            case Block block:
                foreach (Statement child in block.Statements)
                {
                    Emit(child);
                }

                break;
            case Let let when _plan.IsUniform(let.Value):
                _statements.Emit(let);
                break;
            case Let let when _plan.Of(let.Value) == Dependence.Varying:
                VectorType type = _frame.TypeOf(let.Value);
                _frame.ForEachCopy(
                    _frame.Declare(let.Variable, type, _frame.Copies), copy => _values.Push(let.Value, type, copy));
                break;
            case Let:
                break;                                      // start + step · index, computed where it is used
            case Store { Memory.Scope: MemoryScope.Register } store:
                _frame.ForEachCopy(_frame.Vectors[store.Memory],
                    copy => _values.Push(store.Value, _frame.RegisterType(store.Memory), copy));
                break;
            case Store store:
                for (int copy = 0; copy < _frame.Copies; copy++)
                {
                    int current = copy;
                    _memory.EmitStore(store.Memory, store.Index, copy, () => _values.PushElements(store.Value, current));
                }

                break;
            case Accumulate update:
                Emit(update);
                break;
            case Prefetch prefetch:
                for (int copy = 0; copy < _frame.Copies; copy++)
                {
                    _memory.EmitPrefetch(prefetch, copy);
                }

                break;
            case Allocate { Memory: var memory }:
                _frame.Declare(memory, _frame.RegisterType(memory), _frame.Copies);
                break;
            case If choice:
                Label end = _il.DefineLabel();
                _frame.Scalars.Push(choice.Condition);
                _il.Emit(OpCodes.Brfalse, end);
                _frame.Conditions++;
                Emit(choice.Then);
                _frame.Conditions--;
                _il.MarkLabel(end);
                break;
            case For loop:
                bool runsAlways = loop.Extent is Literal { Value.AsInt64: > 0 };
                _frame.Conditions += runsAlways ? 0 : 1;
                _statements.EmitLoop(loop.Index, () => _il.Push(0), () => _frame.Scalars.Push(loop.Extent), runsAlways,
                    () => Emit(loop.Body));
                _frame.Conditions -= runsAlways ? 0 : 1;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType(), "no vector form");
        }

        _frame.Broadcasts.Clear();
    }

    private void Emit(Accumulate update)
    {
        if (_plan.IsInner(update.Memory))
        {
            LocalBuilder[] registers = _frame.Vectors[update.Memory];
            _frame.ForEachCopy(registers,
                copy => Reductions.PushUpdated(update, copy, () => _il.Emit(OpCodes.Ldloc, registers[copy])));
        }
        else if (_plan.IsUniform(update.Index))
        {
            Reductions.Emit(update);
        }
        else
        {
            for (int copy = 0; copy < _frame.Copies; copy++)
            {
                int current = copy;
                _memory.EmitStore(update.Memory, update.Index, copy, () => PushUpdatedElements(update, current));
            }
        }
    }

    /// <summary>Pushes the elements, as they are in memory, after an update.</summary>
    private void PushUpdatedElements(Accumulate update, int copy)
    {
        var old = new Load(update.Memory, update.Index);
        VectorType type = _frame.RegisterType(update.Memory);
        Reductions.PushUpdated(update, copy, () =>
        {
            if (update.Memory.DType == DType.Bool)
            {
                _values.PushLoadedMask(old, copy, type.Element.Size());
            }
            else
            {
                _memory.PushLoad(old, copy);
            }
        });
        if (update.Memory.DType == DType.Bool)
        {
            _values.MaskToElements(type.Element.Size());
        }
    }
}
