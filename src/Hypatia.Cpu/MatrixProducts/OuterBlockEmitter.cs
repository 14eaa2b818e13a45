using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Emits a block of an outer product.</summary>
internal sealed class OuterBlockEmitter : BlockEmitter
{
    private readonly int _steps;
    private readonly Outcome _outcome;
    private readonly BlockPointer _a;
    private readonly BlockPointer _b;
    private readonly BlockPointer _c;
    private readonly BlockPointer _from;
    private readonly BlockPointer _to;
    private readonly LocalBuilder _left;            // columns that are left of the row
    private readonly LocalBuilder[] _ofA;
    private readonly LocalBuilder _ofB;
    private readonly LocalBuilder _sum;

    /// <summary>An emitter of the block of some steps.</summary>
    public OuterBlockEmitter(VectorType type, Type lanes, int steps, Outcome outcome)
        : base($"outer_{steps}_{outcome}", type, lanes, 5, typeof(BlockShape))
    {
        (_steps, _outcome) = (steps, outcome);
        BlockStride vector = new(IL, type.Bits / 8);
        BlockStride bStep = Stride(nameof(BlockShape.BStep), steps - 1);
        BlockStride cRow = Stride(nameof(BlockShape.CRow), 1);
        _a = new(IL, Stride(nameof(BlockShape.ARow), 1), Stride(nameof(BlockShape.AStep), steps - 1));
        _b = new(IL, bStep, vector);
        _c = new(IL, cRow, vector);
        _from = new(IL, bStep, vector);
        _to = new(IL, cRow, vector);
        _left = IL.DeclareLocal(typeof(nint));
        _ofA = Vectors(steps);
        (_ofB, _sum) = (Vectors(1)[0], Vectors(1)[0]);
    }

    /// <summary>Emits and compiles it.</summary>
    public OuterBlock Emit()
    {
        LocalBuilder rows = IL.DeclareLocal(typeof(nint));
        IL.Emit(OpCodes.Ldarg_1);
        IL.Emit(OpCodes.Stloc, rows);
        SetToArgument(_a, 3);
        SetToArgument(_b, 4);
        SetToArgument(_c, 5);
        Repeat(rows, 1, EmitRow);
        return Compile<OuterBlock>();
    }

    private void EmitRow()
    {
        for (int step = 0; step < _steps; step++)
        {
            _a.Push(0, step);
            IL.LoadElement(Vector.Element);
            Ops.Broadcast(Vector);
            IL.Emit(OpCodes.Stloc, _ofA[step]);
        }

        _b.Push(0, 0);
        _from.Set();
        _c.Push(0, 0);
        _to.Set();
        IL.Emit(OpCodes.Ldarg_2);
        IL.Emit(OpCodes.Stloc, _left);
        if (_outcome == Outcome.StoredPast)
        {
            EmitUnaligned();
        }

        LocalBuilder vectors = IL.DeclareLocal(typeof(nint));
        IL.Emit(OpCodes.Ldloc, _left);
        PushNative(Vector.Lanes);
        IL.Emit(OpCodes.Div);
        IL.Emit(OpCodes.Stloc, vectors);
        Repeat(vectors, 1, EmitVector);

        Label none = IL.DefineLabel();
        IL.Emit(OpCodes.Ldloc, _left);
        PushNative(Vector.Lanes - 1);
        IL.Emit(OpCodes.And);
        IL.Emit(OpCodes.Stloc, _left);
        IL.Emit(OpCodes.Ldloc, _left);
        IL.Emit(OpCodes.Brfalse, none);
        EmitFirst(_left);
        IL.MarkLabel(none);
        _a.Move(1, 0);
        _c.Move(1, 0);
    }

    /// <summary>Emits what comes before the first multiple of a vector's bytes, from which on vectors can go past the caches.</summary>
    private void EmitUnaligned()
    {
        LocalBuilder first = IL.DeclareLocal(typeof(nint));
        _to.Push(0, 0);
        IL.Emit(OpCodes.Neg);
        PushNative(Vector.Bits / 8 - 1);
        IL.Emit(OpCodes.And);
        PushNative(Vector.Element.Size());
        IL.Emit(OpCodes.Div);
        IL.Emit(OpCodes.Ldloc, _left);
        IL.Call(typeof(Math), nameof(Math.Min), 2, typeof(nint));
        IL.Emit(OpCodes.Stloc, first);
        EmitFirst(first);
        foreach (BlockPointer pointer in (BlockPointer[])[_from, _to])
        {
            pointer.Push(0, 0);
            IL.Emit(OpCodes.Ldloc, first);
            PushNative(Vector.Element.Size());
            IL.Emit(OpCodes.Mul);
            IL.Emit(OpCodes.Add);
            pointer.Set();
        }

        IL.Emit(OpCodes.Ldloc, _left);
        IL.Emit(OpCodes.Ldloc, first);
        IL.Emit(OpCodes.Sub);
        IL.Emit(OpCodes.Stloc, _left);
    }

    private void EmitVector()
    {
        EmitSum(() => Load(_to, 0, 0));
        if (_outcome == Outcome.StoredPast)
        {
            IL.Emit(OpCodes.Ldloc, _sum);
            _to.Push(0, 0);
            CallLanes(nameof(ILanes<int, int>.StorePast));
        }
        else
        {
            Store(_to, 0, 0, _sum);
        }

        _from.Move(0, 1);
        _to.Move(0, 1);
    }

    /// <summary>Emits the first lanes of a vector.</summary>
    private void EmitFirst(LocalBuilder count)
    {
        EmitSum(() =>
        {
            _to.Push(0, 0);
            IL.Emit(OpCodes.Ldloc, count);
            CallLanes(nameof(ILanes<int, int>.LoadFirst));
        });
        IL.Emit(OpCodes.Ldloc, _sum);
        _to.Push(0, 0);
        IL.Emit(OpCodes.Ldloc, count);
        CallLanes(nameof(ILanes<int, int>.StoreFirst));
    }

    private void EmitSum(Action loadC)
    {
        if (_outcome == Outcome.Added)
        {
            loadC();
            IL.Emit(OpCodes.Stloc, _sum);
        }
        else
        {
            Clear(_sum);
        }

        for (int step = 0; step < _steps; step++)
        {
            Load(_from, step, 0);
            IL.Emit(OpCodes.Stloc, _ofB);
            MultiplyAdd(_ofA[step], _ofB, _sum);
        }
    }
}
