using System.Reflection.Emit;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>
/// A pointer of a register block that is emitted, into rows and steps. Addresses near it are what the machine adds up by itself:
/// the pointer, a stride times 1, 2, 4 or 8, and a constant.
/// </summary>
internal sealed class BlockPointer
{
    private readonly ILGenerator _il;
    private readonly LocalBuilder _pointer;
    private readonly BlockStride _row;
    private readonly BlockStride _step;

    /// <summary>A pointer that is not set yet.</summary>
    public BlockPointer(ILGenerator il, BlockStride row, BlockStride step)
    {
        (_il, _row, _step) = (il, row, step);
        _pointer = il.DeclareLocal(typeof(nint));
    }

    /// <summary>Pushes the address some rows and steps further.</summary>
    public void Push(int rows, int steps)
    {
        _il.Emit(OpCodes.Ldloc, _pointer);
        bool stepIsLast = !_row.IsConstant;
        (stepIsLast ? _row : _step).Add(stepIsLast ? rows : steps);
        (stepIsLast ? _step : _row).Add(stepIsLast ? steps : rows);
    }

    /// <summary>Sets it to the address on the stack.</summary>
    public void Set() => _il.Emit(OpCodes.Stloc, _pointer);

    /// <summary>Moves it.</summary>
    public void Move(int rows, int steps)
    {
        Push(rows, steps);
        Set();
    }
}
