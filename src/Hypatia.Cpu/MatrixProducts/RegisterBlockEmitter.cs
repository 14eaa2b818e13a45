using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Emits a register block.</summary>
/// <remarks>
/// Single steps of k come first, each of which asks for a row of C, or of what the epilogue reads with it: a burst of misses would
/// delay what the block reads itself. The others go in rounds of several, where a step has so few multiply-adds that to find its
/// operands, to walk and to count would take the processor longer.
/// </remarks>
internal sealed class RegisterBlockEmitter : BlockEmitter
{
    /// <summary>Steps of a round.</summary>
    public const int RoundSteps = 4;

    /// <summary>Multiply-adds of a step up to which steps go in rounds.</summary>
    private const int FewMultiplyAdds = 12;

    /// <summary>Rows of A that are reached from one pointer.</summary>
    private const int PointerRows = 8;

    private readonly int _rows;
    private readonly int _vectors;
    private readonly bool _isPartial;
    private readonly int _roundSteps;
    private readonly bool _aheadByRound;
    private readonly BlockPointer[] _a;             // for each PointerRows
    private readonly BlockPointer _b;
    private readonly BlockPointer _c;
    private readonly BlockPointer _ahead;
    private readonly BlockPointer _soon;
    private readonly LocalBuilder _ofA;
    private readonly LocalBuilder[] _ofB;
    private readonly LocalBuilder[] _sums;          // row after row

    /// <summary>An emitter of the block of some rows and vectors, the last one perhaps in part, which asks ahead at each step, or at each round.</summary>
    public RegisterBlockEmitter(VectorType type, Type lanes, int rows, int vectors, bool isPartial, Adjoining adjoining, bool aheadByRound)
        : base($"block_{rows}_{vectors}_{adjoining}", type, lanes, 4, typeof(BlockShape))
    {
        (_rows, _vectors, _isPartial, _aheadByRound) = (rows, vectors, isPartial, aheadByRound);
        _roundSteps = rows * vectors <= FewMultiplyAdds && adjoining != Adjoining.Nothing ? RoundSteps : 1;

        BlockStride element = new(IL, type.Element.Size());
        BlockStride vector = new(IL, type.Bits / 8);
        BlockStride aRow = adjoining == Adjoining.Columns ? element : Stride(nameof(BlockShape.ARow), Math.Min(rows, PointerRows));
        BlockStride aStep = adjoining == Adjoining.Rows ? element : Stride(nameof(BlockShape.AStep), _roundSteps);
        BlockStride cRow = Stride(nameof(BlockShape.CRow), 1);
        _a = [.. Enumerable.Range(0, (rows + PointerRows - 1) / PointerRows).Select(_ => new BlockPointer(IL, aRow, aStep))];
        _b = new(IL, vector, Stride(nameof(BlockShape.BStep), _roundSteps));
        _c = new(IL, cRow, vector);
        _ahead = new(IL, vector, Stride(nameof(BlockShape.AheadStep), 1));
        _soon = new(IL, cRow, vector);
        _ofA = Vectors(1)[0];
        _ofB = Vectors(vectors);
        _sums = Sums(rows * vectors);
    }

    /// <summary>Emits and compiles it.</summary>
    public RegisterBlock Emit()
    {
        SetToArgument(_a[0], 1);
        for (int i = 1; i < _a.Length; i++)
        {
            _a[i - 1].Push(PointerRows, 0);
            _a[i].Set();
        }

        SetToArgument(_b, 2);
        SetToArgument(_c, 3);
        SetToArgument(_ahead, 4);

        LocalBuilder singles = IL.DeclareLocal(typeof(nint));
        LocalBuilder rest = IL.DeclareLocal(typeof(nint));
        CallShape(nameof(BlockShape.SingleSteps), () => PushNative(_rows), _vectors, _roundSteps);
        IL.Emit(OpCodes.Stloc, singles);
        PushField(nameof(BlockShape.Steps));
        IL.Emit(OpCodes.Stloc, rest);
        Subtract(rest, singles);

        EmitSingleSteps(singles);
        Repeat(rest, _roundSteps, () => EmitSteps(_roundSteps, asks: false));
        EmitResult();
        return Compile<RegisterBlock>();
    }

    /// <summary>Emits steps that ask for C, by parts of a step for each row.</summary>
    private void EmitSingleSteps(LocalBuilder singles)
    {
        LocalBuilder part = IL.DeclareLocal(typeof(nint));
        LocalBuilder steps = IL.DeclareLocal(typeof(nint));
        Label next = IL.DefineLabel();
        Label end = IL.DefineLabel();
        PushNative(0);
        IL.Emit(OpCodes.Stloc, part);
        IL.MarkLabel(next);
        IL.Emit(OpCodes.Ldloc, singles);
        IL.Emit(OpCodes.Brfalse, end);

        _c.Push(0, 0);
        CallShape(nameof(BlockShape.SoonOfPart), () => IL.Emit(OpCodes.Ldloc, part), _vectors, Vector.Bits / 8);
        IL.Emit(OpCodes.Add);
        _soon.Set();
        IL.Emit(OpCodes.Ldloc, part);
        IL.Plus(1, asAddress: true);
        IL.Emit(OpCodes.Stloc, part);

        IL.Emit(OpCodes.Ldloc, singles);
        PushNative(_rows);
        IL.Call(typeof(Math), nameof(Math.Min), 2, typeof(nint));
        IL.Emit(OpCodes.Stloc, steps);
        Subtract(singles, steps);
        Repeat(steps, 1, () => EmitSteps(1, asks: true));
        IL.Emit(OpCodes.Br, next);
        IL.MarkLabel(end);
    }

    /// <summary>Emits some steps of k.</summary>
    private void EmitSteps(int steps, bool asks)
    {
        for (int step = 0; step < steps; step++)
        {
            for (int v = 0; v < _vectors; v++)
            {
                LoadVector(_b, v, v, step);
                IL.Emit(OpCodes.Stloc, _ofB[v]);
            }

            if (!_aheadByRound || step == 0)
            {
                _ahead.Push(0, 0);
                Prefetch(nameof(Sse.Prefetch1));
                _ahead.Move(0, _aheadByRound ? steps : 1);
            }

            if (asks)
            {
                _soon.Push(0, 0);
                Prefetch(nameof(Sse.Prefetch0));
                _soon.Move(1, 0);
            }

            for (int r = 0; r < _rows; r++)
            {
                _a[r / PointerRows].Push(r % PointerRows, step);
                IL.LoadElement(Vector.Element);
                Ops.Broadcast(Vector);
                IL.Emit(OpCodes.Stloc, _ofA);
                for (int v = 0; v < _vectors; v++)
                {
                    MultiplyAdd(_ofA, _ofB[v], Sum(r, v));
                }
            }
        }

        foreach (BlockPointer pointer in (BlockPointer[])[.. _a, _b])
        {
            pointer.Move(0, steps);
        }
    }

    /// <summary>Emits what is done with the sums. All loads are before any store: a store delays loads that are a multiple of 4 KiB away.</summary>
    private void EmitResult()
    {
        Label store = IL.DefineLabel();
        PushField(nameof(BlockShape.Accumulate));
        IL.Emit(OpCodes.Brfalse, store);
        ForEachSum((r, v) =>
        {
            LoadVector(_c, v, 0, v);
            IL.Emit(OpCodes.Ldloc, Sum(r, v));
            Ops.TryApply(BinaryOp.Add, Vector);
            IL.Emit(OpCodes.Stloc, Sum(r, v));
        });

        IL.MarkLabel(store);
        ForEachSum((r, v) =>
        {
            if (IsPart(v))
            {
                StoreFirst(_c, 0, v, Sum(r, v), nameof(BlockShape.Rest));
            }
            else
            {
                Store(_c, 0, v, Sum(r, v));
            }
        });
    }

    /// <summary>Emits code for each sum, with <see cref="_c"/> at its row.</summary>
    private void ForEachSum(Action<int, int> emit)
    {
        SetToArgument(_c, 3);
        for (int r = 0; r < _rows; r++)
        {
            for (int v = 0; v < _vectors; v++)
            {
                emit(r, v);
            }

            _c.Move(1, 0);
        }
    }

    private bool IsPart(int vector) => _isPartial && vector == _vectors - 1;

    private void LoadVector(BlockPointer pointer, int vector, int rows, int steps)
    {
        if (IsPart(vector))
        {
            LoadFirst(pointer, rows, steps, nameof(BlockShape.Rest));
        }
        else
        {
            Load(pointer, rows, steps);
        }
    }

    private LocalBuilder Sum(int row, int vector) => _sums[row * _vectors + vector];

    /// <summary>Calls a method of the shape whose three parameters are native integers.</summary>
    private void CallShape(string name, Action pushFirst, int second, int third)
    {
        PushShape();
        pushFirst();
        PushNative(second);
        PushNative(third);
        IL.Emit(OpCodes.Call, typeof(BlockShape).GetMethod(name)!);
    }

    private void Subtract(LocalBuilder from, LocalBuilder number)
    {
        IL.Emit(OpCodes.Ldloc, from);
        IL.Emit(OpCodes.Ldloc, number);
        IL.Emit(OpCodes.Sub);
        IL.Emit(OpCodes.Stloc, from);
    }
}
