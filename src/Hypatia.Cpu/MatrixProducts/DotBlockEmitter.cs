using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Hypatia.Cpu.Instructions;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Emits a block of dot products: a vector of partial sums for each element of C.</summary>
internal sealed class DotBlockEmitter : BlockEmitter
{
    /// <summary>Multiply-adds of a round, about: several vectors of k, where a vector has few of them.</summary>
    private const int RoundMultiplyAdds = 16;

    /// <summary>Sums whose lanes are added up together.</summary>
    private const int Together = 4;

    private readonly int _rows;
    private readonly int _columns;
    private readonly BlockPointer _a;
    private readonly BlockPointer _soon;
    private readonly BlockPointer _b;
    private readonly BlockPointer _c;
    private readonly LocalBuilder _ofA;
    private readonly LocalBuilder[] _ofB;
    private readonly LocalBuilder[] _sums;          // row after row

    /// <summary>An emitter of the block of some rows and columns.</summary>
    public DotBlockEmitter(VectorType type, Type lanes, int rows, int columns)
        : base($"dots_{rows}_{columns}", type, lanes, 4, typeof(DotShape))
    {
        (_rows, _columns) = (rows, columns);
        BlockStride vector = new(IL, type.Bits / 8);
        BlockStride aRow = Stride(nameof(DotShape.ARow), rows - 1);
        _a = new(IL, aRow, vector);
        _soon = new(IL, aRow, Stride(nameof(DotShape.SoonStep), 1));
        _b = new(IL, Stride(nameof(DotShape.BColumn), columns - 1), vector);
        _c = new(IL, Stride(nameof(DotShape.CRow), rows - 1), Stride(nameof(DotShape.CColumn), columns - 1));
        _ofA = Vectors(1)[0];
        _ofB = Vectors(columns);
        _sums = Sums((rows * columns + Together - 1) / Together * Together);
    }

    /// <summary>Emits and compiles it.</summary>
    public DotBlock Emit()
    {
        SetToArgument(_a, 1);
        SetToArgument(_soon, 2);
        SetToArgument(_b, 3);
        SetToArgument(_c, 4);

        int round = Math.Max(1, RoundMultiplyAdds / _sums.Length);          // of 4, 8, 12 … sums: a power of two
        InRounds(() => PushField(nameof(DotShape.Vectors)), round, EmitVectors);
        EmitRest();
        EmitSums();
        EmitResult();
        return Compile<DotBlock>();
    }

    private void EmitVectors(int count)
    {
        for (int vector = 0; vector < count; vector++)
        {
            EmitMultiplyAdds((pointer, row) => Load(pointer, row, vector), asks: _columns > DotBlocks.FewColumns);
        }

        _a.Move(0, count);
        _b.Move(0, count);
    }

    /// <summary>Emits what is less than a vector of k.</summary>
    private void EmitRest()
    {
        Label none = IL.DefineLabel();
        PushField(nameof(DotShape.Rest));
        IL.Emit(OpCodes.Brfalse, none);
        EmitMultiplyAdds((pointer, row) => LoadFirst(pointer, row, 0, nameof(DotShape.Rest)), asks: false);
        IL.MarkLabel(none);
    }

    /// <summary>Emits the products of a vector of each row with one of each column.</summary>
    private void EmitMultiplyAdds(Action<BlockPointer, int> load, bool asks)
    {
        for (int column = 0; column < _columns; column++)
        {
            load(_b, column);
            IL.Emit(OpCodes.Stloc, _ofB[column]);
        }

        for (int row = 0; row < _rows; row++)
        {
            if (asks)
            {
                _soon.Push(row, 0);
                Prefetch(nameof(Sse.Prefetch0));
            }

            load(_a, row);
            IL.Emit(OpCodes.Stloc, _ofA);
            for (int column = 0; column < _columns; column++)
            {
                MultiplyAdd(_ofA, _ofB[column], _sums[row * _columns + column]);
            }
        }

        if (asks)
        {
            _soon.Move(0, 1);
        }
    }

    /// <summary>Emits the sums of lanes.</summary>
    private void EmitSums()
    {
        for (int first = 0; first < _sums.Length; first += Together)
        {
            for (int i = first; i < first + Together; i++)
            {
                IL.Emit(OpCodes.Ldloc, _sums[i]);
            }

            PushSum(first);
            CallLanes(nameof(ILanes<int, int>.Sums));
        }
    }

    private void EmitResult()
    {
        Label store = IL.DefineLabel();
        PushField(nameof(DotShape.Accumulate));
        IL.Emit(OpCodes.Brfalse, store);
        for (int sum = 0; sum < _rows * _columns; sum++)
        {
            PushSum(sum);
            PushSum(sum);
            IL.LoadElement(Vector.Element);
            PushElementOfC(sum);
            IL.LoadElement(Vector.Element);
            IL.Emit(OpCodes.Add);
            IL.StoreElement(Vector.Element);
        }

        IL.MarkLabel(store);
        for (int sum = 0; sum < _rows * _columns; sum++)
        {
            PushElementOfC(sum);
            PushSum(sum);
            IL.LoadElement(Vector.Element);
            IL.StoreElement(Vector.Element);
        }
    }

    private void PushElementOfC(int sum) => _c.Push(sum / _columns, sum % _columns);

    /// <summary>Pushes the address of a sum.</summary>
    private void PushSum(int sum)
    {
        PushShape();
        IL.Emit(OpCodes.Ldflda, typeof(DotShape).GetField(nameof(DotShape.Sums))!);
        IL.Emit(OpCodes.Conv_U);
        IL.Plus(sum * Vector.Element.Size(), asAddress: true);
    }
}
