using System.Numerics;
using System.Reflection.Emit;
using Hypatia.Cpu.Instructions;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>The distance of rows or steps, in bytes. Odd multiples are kept in locals; others are those, scaled.</summary>
internal sealed class BlockStride
{
    private readonly ILGenerator _il;
    private readonly int _constant;
    private readonly LocalBuilder?[] _odd = new LocalBuilder?[8];

    /// <summary>A distance that is known.</summary>
    public BlockStride(ILGenerator il, int constant) => (_il, _constant) = (il, constant);

    /// <summary>A distance that is pushed when the block runs, up to a multiple of it.</summary>
    public BlockStride(ILGenerator il, Action push, int largest)
    {
        _il = il;
        for (int multiple = 1; multiple <= largest; multiple += 2)
        {
            LocalBuilder local = il.DeclareLocal(typeof(nint));
            push();
            Scale(multiple);
            il.Emit(OpCodes.Stloc, local);
            _odd[multiple] = local;
        }
    }

    /// <summary>Whether it is known when the block is emitted.</summary>
    public bool IsConstant => _constant != 0;

    /// <summary>Adds a multiple to the address on the stack.</summary>
    public void Add(int multiple)
    {
        if (multiple == 0)
        {
            return;
        }

        if (IsConstant)
        {
            _il.Plus(multiple * _constant, asAddress: true);
            return;
        }

        int shift = BitOperations.TrailingZeroCount(multiple);
        _il.Emit(OpCodes.Ldloc, _odd[multiple >> shift]!);
        Scale(1 << shift);
        _il.Emit(OpCodes.Add);
    }

    private void Scale(int factor)
    {
        if (factor > 1)
        {
            _il.Emit(OpCodes.Ldc_I4, factor);
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Mul);
        }
    }
}
