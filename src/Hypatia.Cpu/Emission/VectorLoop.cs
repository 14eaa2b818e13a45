using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>
/// Emits a vector loop: several vectors at a time, then one at a time, then what is left, with masks or one by one.
/// Whatever is known of the extent is decided now.
/// </summary>
internal sealed class VectorLoop
{
    private readonly ILGenerator _il;
    private readonly StatementEmitter _statements;
    private readonly For _loop;
    private readonly VectorPlan _plan;
    private readonly VectorFrame _vectors;
    private readonly VectorEmitter _bodies;
    private readonly bool _isMasked;
    private readonly Store? _streamed;

    /// <summary>A loop and how its body is emitted.</summary>
    public VectorLoop(Frame frame, StatementEmitter statements, For loop, VectorPlan plan, int vectorBits)
    {
        _il = frame.IL;
        _statements = statements;
        _loop = loop;
        _plan = plan;
        _isMasked = vectorBits == 512 && Machine.HasMasks;
        _streamed = _isMasked ? Streaming.Find(loop, plan, frame.Streamed) : null;
        _vectors = new VectorFrame(frame, statements.Scalars, plan) { Streamed = _streamed };
        _bodies = new VectorEmitter(_vectors, statements);
    }

    /// <summary>Emits the loop.</summary>
    public void Emit()
    {
        // What is needed once is only known when the bodies are emitted: it is placed last, and jumped to first.
        Label prepare = _il.DefineLabel();
        Label start = _il.DefineLabel();
        Label end = _il.DefineLabel();
        LocalBuilder? extent = null;
        if (_loop.Extent is not Literal || _streamed is not null)
        {
            extent = _il.DeclareLocal(typeof(long));
            _statements.Scalars.Push(_loop.Extent);
            _il.Emit(OpCodes.Stloc, extent);
            _il.Emit(OpCodes.Ldloc, extent);
            _il.Push(0);
            _il.Emit(OpCodes.Ble, end);
        }

        _il.Emit(OpCodes.Br, prepare);
        _il.MarkLabel(start);
        if (extent is null)
        {
            EmitKnown(((Literal)_loop.Extent).Value.AsInt64);
        }
        else
        {
            EmitUnknown(extent);
        }

        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(prepare);
        _vectors.EmitHoisted();
        _il.Emit(OpCodes.Br, start);
        _il.MarkLabel(end);
    }

    private void EmitKnown(long extent)
    {
        if (extent == 0)
        {
            return;
        }

        long perRound = (long)_plan.Copies * _plan.Lanes;
        long rounds = extent / perRound;
        int singles = (int)(extent % perRound / _plan.Lanes);
        long rest = extent % _plan.Lanes;
        bool usesVectors = extent >= _plan.Lanes || _isMasked;
        int copies = rounds > 0 ? _plan.Copies : Math.Max(1, singles);
        StartReductions(usesVectors ? copies : 0);
        if (rounds > 1)
        {
            LocalBuilder position = _il.DeclareLocal(typeof(long));
            Label body = _il.DefineLabel();
            _il.Push(0);
            _il.Emit(OpCodes.Stloc, position);
            _il.MarkLabel(body);
            EmitVectors(position, 0, _plan.Copies);
            Advance(position, perRound);
            _il.Emit(OpCodes.Ldloc, position);
            _il.Push(rounds * perRound);
            _il.Emit(OpCodes.Blt, body);
        }
        else if (rounds == 1)
        {
            EmitVectors(null, 0, _plan.Copies);
        }

        if (singles > 0)
        {
            EmitVectors(null, rounds * perRound, singles);
        }

        if (rest > 0 && _isMasked)
        {
            _vectors.LimitLanes(() => _il.Push(rest), (int)rest);
            EmitVectors(null, extent - rest, 1);
        }

        EndReductions(usesVectors);
        if (rest > 0 && !_isMasked)
        {
            EmitScalars(() => _il.Push(extent - rest), () => _il.Push(extent), runsAlways: true);
        }
    }

    private void EmitUnknown(LocalBuilder extent)
    {
        LocalBuilder position = _il.DeclareLocal(typeof(long));
        _il.Push(0);
        _il.Emit(OpCodes.Stloc, position);
        StartReductions(_plan.Copies);
        if (_streamed is not null)
        {
            EmitUntilAligned(_streamed, position, extent);
        }

        EmitWhileRoom(position, extent, _plan.Copies);
        if (_plan.Copies > 1)
        {
            EmitWhileRoom(position, extent, 1);
        }

        if (_isMasked)
        {
            LocalBuilder rest = _il.DeclareLocal(typeof(long));
            _il.Emit(OpCodes.Ldloc, extent);
            _il.Emit(OpCodes.Ldloc, position);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Stloc, rest);
            EmitSome(position, rest);
        }

        EndReductions(true);
        if (!_isMasked)
        {
            EmitScalars(
                () => _il.Emit(OpCodes.Ldloc, position), () => _il.Emit(OpCodes.Ldloc, extent), runsAlways: false);
        }
    }

    /// <summary>The first iterations, fewer than a vector has lanes, up to where the vectors of a store are aligned.</summary>
    private void EmitUntilAligned(Store store, LocalBuilder position, LocalBuilder extent)
    {
        LocalBuilder count = _il.DeclareLocal(typeof(long));
        _bodies.PushElementsToAlignment(store);
        _il.Emit(OpCodes.Ldloc, extent);
        _statements.Scalars.Apply(BinaryOp.Min, DType.Int64);
        _il.Emit(OpCodes.Stloc, count);
        EmitSome(position, count);
        _vectors.UseAllLanes();
        _il.Emit(OpCodes.Ldloc, count);
        _il.Emit(OpCodes.Stloc, position);
    }

    /// <summary>Some iterations, fewer than a vector has lanes, in one vector; or none.</summary>
    private void EmitSome(LocalBuilder position, LocalBuilder count)
    {
        Label none = _il.DefineLabel();
        _il.Emit(OpCodes.Ldloc, count);
        _il.Push(0);
        _il.Emit(OpCodes.Ble, none);
        _vectors.LimitLanes(() => _il.Emit(OpCodes.Ldloc, count), null);
        EmitVectors(position, 0, 1);
        _il.MarkLabel(none);
    }

    /// <summary>Some vectors at a time as long as there are that many iterations left.</summary>
    private void EmitWhileRoom(LocalBuilder position, LocalBuilder extent, int copies)
    {
        Label body = _il.DefineLabel();
        Label test = _il.DefineLabel();
        LocalBuilder last = _il.DeclareLocal(typeof(long));
        _il.Emit(OpCodes.Ldloc, extent);
        _il.Plus(-(long)copies * _plan.Lanes);
        _il.Emit(OpCodes.Stloc, last);
        _il.Emit(OpCodes.Br, test);
        _il.MarkLabel(body);
        EmitVectors(position, 0, copies);
        Advance(position, (long)copies * _plan.Lanes);
        _il.MarkLabel(test);
        _il.Emit(OpCodes.Ldloc, position);
        _il.Emit(OpCodes.Ldloc, last);
        _il.Emit(OpCodes.Ble, body);
    }

    private void EmitVectors(LocalBuilder? position, long start, int copies) =>
        _bodies.EmitBody(_loop.Body, position, start, copies);

    private void EmitScalars(Action pushStart, Action pushEnd, bool runsAlways) =>
        _statements.EmitLoop(_loop.Index, pushStart, pushEnd, runsAlways, () => _statements.Emit(_loop.Body));

    private void StartReductions(int copies)
    {
        if (copies == 0)
        {
            return;
        }

        foreach (Accumulate reduction in _plan.Reductions)
        {
            _bodies.Reductions.Start(reduction, copies);
        }
    }

    private void EndReductions(bool usesVectors)
    {
        if (!usesVectors)
        {
            return;
        }

        foreach (Accumulate reduction in _plan.Reductions)
        {
            _bodies.Reductions.End(reduction);
        }
    }

    private void Advance(LocalBuilder position, long by)
    {
        _il.Emit(OpCodes.Ldloc, position);
        _il.Plus(by);
        _il.Emit(OpCodes.Stloc, position);
    }
}
