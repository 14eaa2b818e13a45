using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>Emits statements.</summary>
internal sealed class StatementEmitter(Frame frame, int vectorBits)
{
    private readonly ILGenerator _il = frame.IL;

    /// <summary>How scalars are emitted.</summary>
    public ScalarEmitter Scalars { get; } = new(frame);

    /// <summary>
    /// The body of a kernel: of a parallel loop, the iterations that the method is called with, after the values that it needs.
    /// </summary>
    public void EmitBody(Block body)
    {
        if (body.Statements is not [.. var before, For { Kind: LoopKind.Parallel } loop])
        {
            Emit(body);
            return;
        }

        foreach (Statement statement in before)
        {
            Emit(statement);
        }

        void PushEnd()
        {
            _il.Emit(OpCodes.Ldarg_3);
            if (loop.Extent is not Literal)
            {
                Scalars.Push(loop.Extent);
                Scalars.Apply(BinaryOp.Min, DType.Int64);
            }
        }

        EmitLoop(loop.Index, () => _il.Emit(OpCodes.Ldarg_2), PushEnd, runsAlways: false, () => Emit(loop.Body));
    }

    /// <summary>Emits one statement.</summary>
    public void Emit(Statement statement)
    {
        switch (statement)
        {
            case Block block:
                foreach (Statement child in block.Statements)
                {
                    Emit(child);
                }

                break;
            case For loop:
                Emit(loop);
                break;
            case Let let:
                Scalars.Push(let.Value);
                _il.Emit(OpCodes.Stloc, frame.Declare(let.Variable));
                break;
            case Store { Memory.Scope: MemoryScope.Register } store:
                Scalars.Push(store.Value);
                _il.Emit(OpCodes.Stloc, frame[store.Memory]);
                break;
            case Store store:
                Scalars.PushAddress(store.Memory, store.Index);
                Scalars.Push(store.Value);
                _il.StoreElement(store.Memory.DType);
                break;
            case Accumulate update:
                Emit(update);
                break;
            case If choice:
                Label end = _il.DefineLabel();
                Scalars.Push(choice.Condition);
                _il.Emit(OpCodes.Brfalse, end);
                Emit(choice.Then);
                _il.MarkLabel(end);
                break;
            case Allocate { Memory.Scope: MemoryScope.Register } allocate:
                frame.Declare(allocate.Memory);
                break;
            case Prefetch:
                break;                                      // loops over scalars leave memory time enough
            case Allocate:
                break;                                      // reserved at the start of the method
            case Contract contract:
                ContractCall.Emit(contract, frame, Scalars);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType(), "unknown statement");
        }
    }

    /// <summary><c>for index in start … end − 1</c>. If it runs at least once, the first test is left out.</summary>
    public void EmitLoop(Variable index, Action pushStart, Action pushEnd, bool runsAlways, Action emitBody)
    {
        LocalBuilder i = frame.Declare(index);
        LocalBuilder end = _il.DeclareLocal(typeof(long));
        Label body = _il.DefineLabel();
        Label test = _il.DefineLabel();
        pushStart();
        _il.Emit(OpCodes.Stloc, i);
        pushEnd();
        _il.Emit(OpCodes.Stloc, end);
        if (!runsAlways)
        {
            _il.Emit(OpCodes.Br, test);
        }

        _il.MarkLabel(body);
        emitBody();
        _il.Emit(OpCodes.Ldloc, i);
        _il.Plus(1);
        _il.Emit(OpCodes.Stloc, i);
        _il.MarkLabel(test);
        _il.Emit(OpCodes.Ldloc, i);
        _il.Emit(OpCodes.Ldloc, end);
        _il.Emit(OpCodes.Blt, body);
    }

    private void Emit(For loop)
    {
        if (loop.Kind == LoopKind.Vector && VectorPlan.TryMake(loop, vectorBits) is { } plan)
        {
            new VectorLoop(frame, this, loop, plan, vectorBits).Emit();
            return;
        }

        bool runsAlways = loop.Extent is Literal { Value.AsInt64: > 0 };
        EmitLoop(loop.Index, () => _il.Push(0), () => Scalars.Push(loop.Extent), runsAlways, () => Emit(loop.Body));
    }

    private void Emit(Accumulate update)
    {
        Memory memory = update.Memory;
        if (memory.Scope == MemoryScope.Register)
        {
            var old = new Load(memory, update.Index);
            Scalars.Push(new Binary(update.Op, old, update.Value));
            _il.Emit(OpCodes.Stloc, frame[memory]);
            return;
        }

        Scalars.PushAddress(memory, update.Index);
        _il.Emit(OpCodes.Dup);
        _il.LoadElement(memory.DType);
        if (update is { Op: BinaryOp.Add, Value: Binary { Op: BinaryOp.Mul } product } && memory.DType.IsFloat())
        {
            LocalBuilder old = _il.DeclareLocal(Frame.StackType(memory.DType));
            _il.Emit(OpCodes.Stloc, old);
            Scalars.Push(product.X);
            Scalars.Push(product.Y);
            _il.Emit(OpCodes.Ldloc, old);
            Type type = Frame.StackType(memory.DType);
            _il.Call(type, nameof(double.MultiplyAddEstimate), 3, type);
        }
        else
        {
            Scalars.Push(update.Value);
            Scalars.Apply(update.Op, memory.DType);
        }

        _il.StoreElement(memory.DType);
    }
}
