using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Emits a block that streams.</summary>
internal sealed class StreamBlockEmitter : BlockEmitter
{
    /// <summary>Multiply-adds of a round, at most, if it has several vectors.</summary>
    private const int RoundMultiplyAdds = 8;

    private readonly int _rows;
    private readonly int _steps;
    private readonly bool _accumulate;
    private readonly BlockPointer _a;
    private readonly BlockPointer _b;
    private readonly BlockPointer _c;
    private readonly LocalBuilder[] _ofA;           // row after row
    private readonly LocalBuilder[] _ofB;
    private readonly LocalBuilder _sum;

    /// <summary>An emitter of the block of some rows and steps, whose product is added to C or replaces it.</summary>
    public StreamBlockEmitter(VectorType type, Type lanes, int rows, int steps, bool accumulate)
        : base($"stream_{rows}_{steps}", type, lanes, 4, typeof(BlockShape))
    {
        (_rows, _steps, _accumulate) = (rows, steps, accumulate);
        BlockStride vector = new(IL, type.Bits / 8);
        _a = new(IL, Stride(nameof(BlockShape.ARow), rows - 1), Stride(nameof(BlockShape.AStep), steps - 1));
        _b = new(IL, Stride(nameof(BlockShape.BStep), steps - 1), vector);
        _c = new(IL, Stride(nameof(BlockShape.CRow), rows - 1), vector);
        _ofA = Vectors(rows * steps);
        _ofB = Vectors(steps);
        _sum = Vectors(1)[0];
    }

    /// <summary>Emits and compiles it.</summary>
    public StreamBlock Emit()
    {
        SetToArgument(_a, 2);
        SetToArgument(_b, 3);
        SetToArgument(_c, 4);
        for (int i = 0; i < _ofA.Length; i++)
        {
            _a.Push(i / _steps, i % _steps);
            IL.LoadElement(Vector.Element);
            Ops.Broadcast(Vector);
            IL.Emit(OpCodes.Stloc, _ofA[i]);
        }

        int round = 2 * _rows * _steps <= RoundMultiplyAdds ? 2 : 1;
        InRounds(() => IL.Emit(OpCodes.Ldarg_1), round, EmitVectors);
        return Compile<StreamBlock>();
    }

    private void EmitVectors(int count)
    {
        for (int vector = 0; vector < count; vector++)
        {
            for (int step = 0; step < _steps; step++)
            {
                Load(_b, step, vector);
                IL.Emit(OpCodes.Stloc, _ofB[step]);
            }

            for (int row = 0; row < _rows; row++)
            {
                if (_accumulate)
                {
                    Load(_c, row, vector);
                    IL.Emit(OpCodes.Stloc, _sum);
                }
                else
                {
                    Clear(_sum);
                }

                for (int step = 0; step < _steps; step++)
                {
                    MultiplyAdd(_ofA[row * _steps + step], _ofB[step], _sum);
                }

                Store(_c, row, vector, _sum);
            }
        }

        _b.Move(0, count);
        _c.Move(0, count);
    }
}
