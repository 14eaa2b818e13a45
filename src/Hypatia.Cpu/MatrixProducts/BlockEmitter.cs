using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Emits a block of a product that is held in registers, as a delegate whose last argument is a pointer to what it needs to know.</summary>
internal abstract class BlockEmitter
{
    private readonly DynamicMethod _method;
    private readonly Type _lanes;
    private readonly Type _shape;
    private readonly byte _shapeArgument;

    /// <summary>
    /// An emitter of a delegate of some addresses and a pointer to a struct, for vectors as an <see cref="ILanes{T, TVector}"/> knows them.
    /// </summary>
    protected BlockEmitter(string name, VectorType vector, Type lanes, int addresses, Type shape)
    {
        (Vector, _lanes, _shape, _shapeArgument) = (vector, lanes, shape, (byte)(addresses + 1));
        _method = new DynamicMethod(
            name, typeof(void), [typeof(object), .. Enumerable.Repeat(typeof(nint), addresses), shape.MakePointerType()],
            typeof(BlockEmitter).Module, skipVisibility: true)
        {
            InitLocals = false,
        };
        IL = _method.GetILGenerator();
        Ops = new VectorOps(IL);
    }

    /// <summary>The type of the vectors.</summary>
    protected VectorType Vector { get; }

    /// <summary>The code. Locals are not cleared.</summary>
    protected ILGenerator IL { get; }

    /// <summary>Operations on vectors in it.</summary>
    protected VectorOps Ops { get; }

    /// <summary>Compiles what was emitted.</summary>
    protected TDelegate Compile<TDelegate>()
        where TDelegate : Delegate
    {
        IL.Emit(OpCodes.Ret);
        return _method.CreateDelegate<TDelegate>(string.Empty);         // of an object: a call needs no thunk
    }

    /// <summary>Locals for vectors.</summary>
    protected LocalBuilder[] Vectors(int count)
    {
        LocalBuilder[] locals = new LocalBuilder[count];
        for (int i = 0; i < count; i++)
        {
            locals[i] = IL.DeclareLocal(Vector.ClrType);
        }

        return locals;
    }

    /// <summary>Locals for sums of vectors, which are 0 from here on.</summary>
    /// <remarks>Were they left to the runtime, it would clear them on the stack, and 24 of 32 registers would stay there.</remarks>
    protected LocalBuilder[] Sums(int count)
    {
        LocalBuilder[] sums = Vectors(count);
        Array.ForEach(sums, Clear);
        return sums;
    }

    /// <summary>A stride that is a field of the shape, for multiples up to one.</summary>
    protected BlockStride Stride(string field, int largest) => new(IL, () => PushField(field), largest);

    /// <summary>Sets a pointer to one of the addresses that are given.</summary>
    protected void SetToArgument(BlockPointer pointer, int argument)
    {
        IL.Emit(OpCodes.Ldarg_S, (byte)argument);
        pointer.Set();
    }

    /// <summary>Pushes the pointer to the shape.</summary>
    protected void PushShape() => IL.Emit(OpCodes.Ldarg_S, _shapeArgument);

    /// <summary>Pushes a field of the shape.</summary>
    protected void PushField(string name)
    {
        PushShape();
        IL.Emit(OpCodes.Ldfld, _shape.GetField(name)!);
    }

    /// <summary>Pushes the vector at an address.</summary>
    protected void Load(BlockPointer pointer, int rows, int steps)
    {
        pointer.Push(rows, steps);
        IL.Emit(OpCodes.Unaligned, (byte)1);
        IL.Emit(OpCodes.Ldobj, Vector.ClrType);
    }

    /// <summary>Pushes the vector at an address of which the first lanes are read, as many as a field of the shape says; the others are 0.</summary>
    protected void LoadFirst(BlockPointer pointer, int rows, int steps, string count)
    {
        pointer.Push(rows, steps);
        PushField(count);
        CallLanes(nameof(ILanes<int, int>.LoadFirst));
    }

    /// <summary>Stores a vector at an address.</summary>
    protected void Store(BlockPointer pointer, int rows, int steps, LocalBuilder vector)
    {
        pointer.Push(rows, steps);
        IL.Emit(OpCodes.Ldloc, vector);
        IL.Emit(OpCodes.Unaligned, (byte)1);
        IL.Emit(OpCodes.Stobj, Vector.ClrType);
    }

    /// <summary>Stores the first lanes of a vector at an address, as many as a field of the shape says.</summary>
    protected void StoreFirst(BlockPointer pointer, int rows, int steps, LocalBuilder vector, string count)
    {
        IL.Emit(OpCodes.Ldloc, vector);
        pointer.Push(rows, steps);
        PushField(count);
        CallLanes(nameof(ILanes<int, int>.StoreFirst));
    }

    /// <summary>Calls a method of <see cref="ILanes{T, TVector}"/>.</summary>
    protected void CallLanes(string name) => IL.Emit(OpCodes.Call, _lanes.GetMethod(name)!);

    /// <summary>Asks for the line at the address on the stack.</summary>
    protected void Prefetch(string name)
    {
        if (Sse.IsSupported)
        {
            IL.Instruction(typeof(Sse), name, typeof(void*));
        }
        else
        {
            IL.Emit(OpCodes.Pop);
        }
    }

    /// <summary>Makes every lane 0.</summary>
    protected void Clear(LocalBuilder vector)
    {
        IL.Emit(OpCodes.Call, Vector.ClrType.GetProperty(nameof(Vector128<int>.Zero))!.GetMethod!);
        IL.Emit(OpCodes.Stloc, vector);
    }

    /// <summary>sum += x · y, of vectors.</summary>
    protected void MultiplyAdd(LocalBuilder x, LocalBuilder y, LocalBuilder sum)
    {
        IL.Emit(OpCodes.Ldloc, x);
        IL.Emit(OpCodes.Ldloc, y);
        if (Vector.Element.IsFloat())
        {
            IL.Emit(OpCodes.Ldloc, sum);
            Ops.MultiplyAdd(Vector);
        }
        else
        {
            Ops.TryApply(BinaryOp.Mul, Vector);
            IL.Emit(OpCodes.Ldloc, sum);
            Ops.TryApply(BinaryOp.Add, Vector);
        }

        IL.Emit(OpCodes.Stloc, sum);
    }

    /// <summary>While count is not 0: body, then count −= step.</summary>
    protected void Repeat(LocalBuilder count, int step, Action body)
    {
        Label again = IL.DefineLabel();
        Label end = IL.DefineLabel();
        IL.Emit(OpCodes.Ldloc, count);
        IL.Emit(OpCodes.Brfalse, end);
        IL.MarkLabel(again);
        body();
        IL.Emit(OpCodes.Ldloc, count);
        IL.Plus(-step, asAddress: true);
        IL.Emit(OpCodes.Stloc, count);
        IL.Emit(OpCodes.Ldloc, count);
        IL.Emit(OpCodes.Brtrue, again);
        IL.MarkLabel(end);
    }

    /// <summary>Rounds of several, a power of two, and then what is left of the count one by one; the body is told how many.</summary>
    protected void InRounds(Action pushCount, int round, Action<int> body)
    {
        LocalBuilder count = IL.DeclareLocal(typeof(nint));
        if (round > 1)
        {
            pushCount();
            PushNative(-round);
            IL.Emit(OpCodes.And);
            IL.Emit(OpCodes.Stloc, count);
            Repeat(count, round, () => body(round));
        }

        pushCount();
        if (round > 1)
        {
            PushNative(round - 1);
            IL.Emit(OpCodes.And);
        }

        IL.Emit(OpCodes.Stloc, count);
        Repeat(count, 1, () => body(1));
    }

    /// <summary>Pushes a native integer.</summary>
    protected void PushNative(int value)
    {
        IL.Emit(OpCodes.Ldc_I4, value);
        IL.Emit(OpCodes.Conv_I);
    }
}
