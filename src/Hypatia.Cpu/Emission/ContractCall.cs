using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Hypatia.Cpu.Instructions;
using Hypatia.Cpu.MatrixProducts;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>How emitted code runs a <see cref="Contract"/>.</summary>
internal static unsafe class ContractCall
{
    /// <summary>Emits the call.</summary>
    public static void Emit(Contract contract, Frame frame, ScalarEmitter scalars)
    {
        ILGenerator il = frame.IL;
        il.Emit(OpCodes.Ldarg_0);
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

        foreach (Scalar length in (Scalar[])[contract.Batch, contract.Rows, contract.Columns, contract.Depth])
        {
            scalars.Push(length);
        }

        il.Emit(contract.Accumulate ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        EpilogueCall.Push(contract.Epilogue, frame);
        PushAlike(contract, frame, scalars);
        il.Emit(OpCodes.Ldc_I4, (int)contract.C.Memory.DType);
        il.Emit(OpCodes.Call, typeof(ContractCall).GetMethod(nameof(Run), BindingFlags.NonPublic | BindingFlags.Static)!);
    }

    /// <summary>Pushes the address of what the epilogue reads with each element of C, at the same place of another array.</summary>
    private static void PushAlike(Contract contract, Frame frame, ScalarEmitter scalars)
    {
        Load[] loads = contract.Epilogue is null ? []
            : [.. contract.Epilogue.Stores.SelectMany(store => ScalarGraph.InOrder(store.Value)).OfType<Load>()];
        Load? ofC = Array.Find(loads, load => load.Memory == contract.C.Memory);
        Load? other = Array.Find(loads, load => load.Memory != contract.C.Memory && load.DType == contract.C.Memory.DType
            && ofC is not null && load.Index.Equals(ofC.Index));
        if (other is null)
        {
            frame.IL.Emit(OpCodes.Ldc_I4_0);
            frame.IL.Emit(OpCodes.Conv_I);
        }
        else
        {
            scalars.PushAddress(other.Memory, contract.C.Offset);
        }
    }

    // Every type of element is named, for the ahead-of-time compiler to find; and it is never compiled into a kernel.
    // Unsafe: the pointers are to element (0, 0, 0), and every element that lengths and strides reach is the kernel's. The job is on
    // this stack, where the collector sees its reference, until the product is complete.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run(
        KernelContext context, nint c, nint a, nint b,
        long cBatch, long cRow, long cColumn, long aBatch, long aRow, long aColumn, long bBatch, long bRow, long bColumn,
        long batch, long rows, long columns, long depth, bool accumulate,
        int epilogue, nint epilogueArguments, int epilogueArgumentCount, nint alike, DType dtype)
    {
        var shape = new MatrixProductShape(batch, rows, columns, depth,
            new(aBatch, aRow, aColumn), new(bBatch, bRow, bColumn), new(cBatch, cRow, cColumn));
        EpilogueCall.Job job = default;
        ProductEpilogue finish = default;
        if (epilogue >= 0)
        {
            job = new(context.Epilogues[epilogue], (nint*)epilogueArguments, epilogueArgumentCount);
            finish = new(&EpilogueCall.Run, Unsafe.AsPointer(ref job), (void*)alike);
        }

        switch (dtype)
        {
            case DType.Int8:
                Run<sbyte>();
                break;
            case DType.Int16:
                Run<short>();
                break;
            case DType.Int32:
                Run<int>();
                break;
            case DType.Int64:
                Run<long>();
                break;
            case DType.UInt8:
                Run<byte>();
                break;
            case DType.UInt16:
                Run<ushort>();
                break;
            case DType.UInt32:
                Run<uint>();
                break;
            case DType.UInt64:
                Run<ulong>();
                break;
            case DType.Float32:
                Run<float>();
                break;
            case DType.Float64:
                Run<double>();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "no product");
        }

        void Run<T>()
            where T : unmanaged, INumber<T> =>
            MatrixProduct.RunWithVectors(
                Math.Max(128, context.VectorBits), shape, (T*)a, (T*)b, (T*)c, shape.IsWorthSharing(sizeof(T)) ? context.Pool : null,
                accumulate, finish);
    }
}
