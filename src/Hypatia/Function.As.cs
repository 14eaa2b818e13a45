using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Hypatia.Compilation;

namespace Hypatia;

/// <summary>Typed delegates: calls that convert nothing and, with scalars, allocate nothing.</summary>
public sealed partial class Function
{
    /// <summary>
    /// This function as a delegate: <c>f.As&lt;Func&lt;double, double&gt;&gt;()</c>. Its parameters are the inputs in order, as
    /// C# scalars (converted to the input's dtype as a C# cast does), arrays, <c>Tensor&lt;T&gt;</c> or
    /// <see cref="NDArray"/>; the inputs at the end that have a default may be left out, in a delegate that returns
    /// something. Its result is the only output, as a C# scalar, an array or an <see cref="NDArray"/>; several outputs are a
    /// tuple, or <see cref="Results"/>. A delegate that returns nothing may have a further array for each output, which is
    /// written to.
    /// </summary>
    /// <typeparam name="TDelegate">A delegate type, such as <c>Func</c> or <c>Action</c>.</typeparam>
    /// <exception cref="FunctionException">A parameter or the result is of a type that does not fit.</exception>
    public TDelegate As<TDelegate>()
        where TDelegate : Delegate
    {
        var invoke = typeof(TDelegate).GetMethod("Invoke")!;
        Type[] types = [.. invoke.GetParameters().Select(parameter => parameter.ParameterType)];
        bool givesOutputs = types.Length > _inputs.Length;
        if (givesOutputs && (types.Length != _inputs.Length + _outputs.Length || invoke.ReturnType != typeof(void)))
        {
            throw new FunctionException(
                $"A delegate with {types.Length} parameters does not fit: {Title()} takes {_inputs.Length} and has {_outputs.Length} outputs.\n"
                + $"{Signature()}  Fix: use a parameter for each input, and none or one for each output.");
        }

        for (int k = types.Length; k < _inputs.Length; k++)
        {
            if (_defaults[k] is null)
            {
                throw new FunctionException(
                    $"Missing required input: {_inputs[k].Variable.Describe()}\n  Function: {Title()}\n{Signature()}"
                    + "  Fix: add a parameter for it, or give it a default with new In(variable, value).");
            }
        }

        var typed = new TypedCall(this);
        var method = new DynamicMethod(Name ?? "function", invoke.ReturnType, [typeof(TypedCall), .. types], typeof(Function), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.DeclareLocal(typeof(Frame));
        bool returns = invoke.ReturnType != typeof(void);
        if (returns)
        {
            il.DeclareLocal(invoke.ReturnType);
        }

        il.Emit(OpCodes.Ldarg_0);
        Call<TypedCall>(il, nameof(TypedCall.Rent));
        il.Emit(OpCodes.Stloc_0);
        il.BeginExceptionBlock();
        for (int k = 0; k < types.Length; k++)
        {
            Pass(il, typed, types[k], k);
        }

        CallWithFrame(il, nameof(TypedCall.Run));
        if (returns)
        {
            Return(il, typed, invoke.ReturnType);
            il.Emit(OpCodes.Stloc_1);
        }

        il.BeginFinallyBlock();
        CallWithFrame(il, nameof(TypedCall.Return));
        il.EndExceptionBlock();
        if (returns)
        {
            il.Emit(OpCodes.Ldloc_1);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>(typed);
    }

    private void Pass(ILGenerator il, TypedCall typed, Type type, int k)
    {
        bool isScalar = k < _inputs.Length && DTypes.TryOf(type) is not null;
        bool isObject = !type.IsByRef && !type.IsByRefLike && !type.IsPointer;
        TensorType of = k < _inputs.Length ? _inputs[k].Variable.Type : _program.Outputs[k - _inputs.Length].Type;
        if (!isObject || (isScalar && (of.Rank != 0 || (type == typeof(bool)) != (of.DType == DType.Bool))))
        {
            throw new FunctionException(
                $"A parameter of type {type.Name} does not fit: {(k < _inputs.Length ? _inputs[k].Variable.Describe() : $"output {k - _inputs.Length}, {of}")}\n"
                + $"  Function: {Title()}\n  Fix: use an array, or, for a scalar input, the C# type of its dtype.");
        }

        if (isScalar)
        {
            typed.ScalarInputs.Add(k);
            il.Emit(OpCodes.Ldloc_0);
            il.Emit(OpCodes.Ldc_I4, k);
            il.Emit(OpCodes.Ldarg, (short)(k + 1));
            Convert(il, DTypes.Of(type), of.DType);
            Call<Frame>(il, nameof(Frame.Set), of.DType.ClrType());
            return;
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ldc_I4, k);
        il.Emit(OpCodes.Ldarg, (short)(k + 1));
        if (type.IsValueType)
        {
            il.Emit(OpCodes.Box, type);
        }

        Call<TypedCall>(il, nameof(TypedCall.Pass));
    }

    private void Return(ILGenerator il, TypedCall typed, Type type)
    {
        if (type == typeof(Results))
        {
            CallWithFrame(il, nameof(TypedCall.All));
            return;
        }

        bool isTuple = type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal);
        Type[] parts = isTuple ? type.GetGenericArguments() : [type];
        if (parts.Length != _outputs.Length)
        {
            throw new FunctionException(
                $"A delegate that returns {type.Name} does not fit: {Title()} has {_outputs.Length} outputs.\n"
                + "  Fix: return nothing, the only output, a tuple of all, or Results.");
        }

        for (int k = 0; k < parts.Length; k++)
        {
            Output(il, typed, parts[k], k);
        }

        if (isTuple)
        {
            il.Emit(OpCodes.Newobj, type.GetConstructor(parts)!);
        }
    }

    private void Output(ILGenerator il, TypedCall typed, Type type, int output)
    {
        TensorType of = _program.Outputs[output].Type;
        Type clr = of.DType.ClrType();
        string method = type == clr && of.Rank == 0 ? nameof(Frame.Get)
            : type == typeof(NDArray) ? nameof(Frame.Output)
            : type == clr.MakeArrayType() && of.Rank == 1 ? nameof(Frame.Vector)
            : type == clr.MakeArrayType(2) && of.Rank == 2 ? nameof(Frame.Matrix)
            : throw new FunctionException(
                $"A result of type {type.Name} does not fit output {output}, {of}, of {Title()}.\n"
                + "  Fix: use the C# type of its dtype, an array of its rank, or NDArray.");
        if (method == nameof(Frame.Get))
        {
            typed.ScalarOutputs.Add(output);
        }

        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ldc_I4, output);
        Call<Frame>(il, method, method == nameof(Frame.Output) ? [] : [clr]);
    }

    private static void CallWithFrame(ILGenerator il, string method)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc_0);
        Call<TypedCall>(il, method);
    }

    private static void Call<T>(ILGenerator il, string method, params Type[] types)
    {
        MethodInfo called = typeof(T).GetMethod(method)!;
        il.Emit(OpCodes.Call, types.Length == 0 ? called : called.MakeGenericMethod(types));
    }

    // As a C# cast does, unchecked.
    private static void Convert(ILGenerator il, DType from, DType to)
    {
        bool isUnsigned = from is DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64;
        if (isUnsigned && to.IsFloat())
        {
            il.Emit(OpCodes.Conv_R_Un);
        }

        if (from != to)
        {
            il.Emit(to switch
            {
                DType.Int8 => OpCodes.Conv_I1,
                DType.Int16 => OpCodes.Conv_I2,
                DType.Int32 => OpCodes.Conv_I4,
                DType.Int64 => isUnsigned ? OpCodes.Conv_U8 : OpCodes.Conv_I8,
                DType.UInt8 => OpCodes.Conv_U1,
                DType.UInt16 => OpCodes.Conv_U2,
                DType.UInt32 => OpCodes.Conv_U4,
                DType.UInt64 => isUnsigned || from.IsFloat() ? OpCodes.Conv_U8 : OpCodes.Conv_I8,
                DType.Float32 => OpCodes.Conv_R4,
                _ => OpCodes.Conv_R8,
            });
        }
    }

    /// <summary>What a typed delegate calls. Not inlined: the JIT would take milliseconds to make each delegate, and none is faster.</summary>
    private sealed class TypedCall(Function function)
    {
        private readonly Pool<Frame> _frames = new();

        public List<int> ScalarInputs { get; } = [];

        public List<int> ScalarOutputs { get; } = [];

        [MethodImpl(MethodImplOptions.NoInlining)]
        public Frame Rent()
        {
            if (_frames.TryTake() is { } known)
            {
                return known;
            }

            var frame = new Frame(function._inputs.Length, function._shared.Length, function._outputs.Length, function._updated.Length);
            foreach (int input in ScalarInputs)
            {
                frame.KeepValue(input, function._inputs[input].Variable.DType);
            }

            foreach (int output in ScalarOutputs)
            {
                frame.KeepResult(output, function._program.Outputs[output].DType);
            }

            return frame;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Return(Frame frame)
        {
            frame.Clear();
            _frames.Add(frame);
        }

        public void Pass(Frame frame, int parameter, object value)
        {
            int inputs = function._inputs.Length;
            if (parameter < inputs)
            {
                frame.Values[parameter] = function.Value(parameter, value);
            }
            else
            {
                frame.Give(parameter - inputs, value);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run(Frame frame) => function.Run(frame);

        public Results All(Frame frame) => new(frame.Results[..function._outputs.Length]!, function._outputs);
    }
}
