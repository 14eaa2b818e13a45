using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>How emitted code runs a <see cref="Contract"/>.</summary>
internal static unsafe class ContractCall
{
    /// <summary>Emits the call.</summary>
    public static void Emit(Contract contract, Frame frame, ScalarEmitter scalars)
    {
        ILGenerator il = frame.IL;
        foreach (MatrixView view in (MatrixView[])[contract.C, contract.A, contract.B])
        {
            scalars.PushAddress(view.Memory, view.Offset);
        }

        foreach (MatrixView view in (MatrixView[])[contract.C, contract.A, contract.B])
        {
            il.Push(view.BatchStride);
            il.Push(view.RowStride);
            il.Push(view.ColumnStride);
        }

        il.Push(contract.Batch);
        il.Push(contract.Rows);
        il.Push(contract.Columns);
        il.Push(contract.Depth);
        il.Emit(contract.Accumulate ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        MethodInfo run = typeof(ContractCall).GetMethod(nameof(Run), BindingFlags.NonPublic | BindingFlags.Static)!;
        il.Emit(OpCodes.Call, run.MakeGenericMethod(contract.C.Memory.DType.ClrType()));
    }

    // Unsafe: the pointers are to element (0, 0, 0), and every element that lengths and strides reach is the kernel's.
    private static void Run<T>(
        nint c, nint a, nint b,
        long cBatch, long cRow, long cColumn, long aBatch, long aRow, long aColumn, long bBatch, long bRow, long bColumn,
        long batch, long rows, long columns, long depth, bool accumulate)
        where T : unmanaged, INumber<T>
    {
        for (long n = 0; n < batch; n++)
        {
            for (long i = 0; i < rows; i++)
            {
                for (long j = 0; j < columns; j++)
                {
                    T* to = (T*)c + (n * cBatch) + (i * cRow) + (j * cColumn);
                    T sum = accumulate ? *to : T.Zero;
                    for (long k = 0; k < depth; k++)
                    {
                        sum += ((T*)a)[(n * aBatch) + (i * aRow) + (k * aColumn)]
                            * ((T*)b)[(n * bBatch) + (k * bRow) + (j * bColumn)];
                    }

                    *to = sum;
                }
            }
        }
    }
}
