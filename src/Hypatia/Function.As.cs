using System.Linq.Expressions;
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
        ParameterExpression[] parameters = [.. types.Select(Expression.Parameter)];
        ParameterExpression frame = Expression.Variable(typeof(Frame));
        List<Expression> body = [Expression.Assign(frame, On(typed, nameof(TypedCall.Rent), []))];
        for (int k = 0; k < types.Length; k++)
        {
            body.Add(k < _inputs.Length
                ? Passed(typed, frame, parameters[k], k)
                : On(frame, nameof(Frame.Give), [], Expression.Constant(k - _inputs.Length), Expression.Convert(parameters[k], typeof(object))));
        }

        body.Add(On(typed, nameof(TypedCall.Run), [], frame));
        if (invoke.ReturnType != typeof(void))
        {
            body.Add(Returned(typed, frame, invoke.ReturnType));
        }

        Expression call = Expression.TryFinally(
            Expression.Block(invoke.ReturnType, body), On(typed, nameof(TypedCall.Return), [], frame));
        return Expression.Lambda<TDelegate>(Expression.Block([frame], call), parameters).Compile();
    }

    private MethodCallExpression Passed(TypedCall typed, Expression frame, ParameterExpression parameter, int input)
    {
        TensorType type = _inputs[input].Variable.Type;
        Expression place = Expression.Constant(input);
        if (DTypes.TryOf(parameter.Type) is not { } given)
        {
            return On(typed, nameof(TypedCall.Pass), [], frame, place, Expression.Convert(parameter, typeof(object)));
        }

        if (type.Rank != 0 || (given == DType.Bool) != (type.DType == DType.Bool))
        {
            throw new FunctionException(
                $"A parameter of type {parameter.Type.Name} does not fit: {_inputs[input].Variable.Describe()}\n  Function: {Title()}\n"
                + "  Fix: use an array, or the C# type of the input's dtype.");
        }

        typed.ScalarInputs.Add(input);
        Type clr = type.DType.ClrType();
        return On(frame, nameof(Frame.Set), [clr], place, Expression.Convert(parameter, clr));
    }

    private Expression Returned(TypedCall typed, ParameterExpression frame, Type type)
    {
        if (type == typeof(Results))
        {
            return On(typed, nameof(TypedCall.All), [], frame);
        }

        bool isTuple = type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal);
        Type[] parts = isTuple ? type.GetGenericArguments() : [type];
        if (parts.Length != _outputs.Length)
        {
            throw new FunctionException(
                $"A delegate that returns {type.Name} does not fit: {Title()} has {_outputs.Length} outputs.\n"
                + "  Fix: return nothing, the only output, a tuple of all, or Results.");
        }

        Expression[] values = [.. parts.Select((part, k) => Output(typed, frame, part, k))];
        return isTuple ? Expression.New(type.GetConstructor(parts)!, values) : values[0];
    }

    private MethodCallExpression Output(TypedCall typed, Expression frame, Type type, int output)
    {
        TensorType of = _program.Outputs[output].Type;
        Expression place = Expression.Constant(output);
        Type clr = of.DType.ClrType();
        if (type == clr && of.Rank == 0)
        {
            typed.ScalarOutputs.Add(output);
            return On(frame, nameof(Frame.Get), [clr], place);
        }

        return type == typeof(NDArray) ? On(frame, nameof(Frame.Output), [], place)
            : type == clr.MakeArrayType() && of.Rank == 1 ? On(frame, nameof(Frame.Vector), [clr], place)
            : type == clr.MakeArrayType(2) && of.Rank == 2 ? On(frame, nameof(Frame.Matrix), [clr], place)
            : throw new FunctionException(
                $"A result of type {type.Name} does not fit output {output}, {of}, of {Title()}.\n"
                + "  Fix: use the C# type of its dtype, an array of its rank, or NDArray.");
    }

    private static MethodCallExpression On(object on, string method, Type[] types, params Expression[] arguments) =>
        Expression.Call(on as Expression ?? Expression.Constant(on), method, types, arguments);

    /// <summary>What a typed delegate calls.</summary>
    private sealed class TypedCall(Function function)
    {
        private readonly Pool<Frame> _frames = new();

        public List<int> ScalarInputs { get; } = [];

        public List<int> ScalarOutputs { get; } = [];

        public Frame Rent()
        {
            if (_frames.TryTake() is { } known)
            {
                return known;
            }

            var frame = new Frame(function._inputs.Length, function._shared.Length, function._outputs.Length, function._updated.Length);
            frame.Keep(
                ScalarInputs.Select(input => (input, NDArray.Zeros(function._inputs[input].Variable.DType, default))),
                ScalarOutputs.Select(output => (output, NDArray.Zeros(function._program.Outputs[output].DType, default))));
            return frame;
        }

        public void Return(Frame frame)
        {
            frame.Clear();
            _frames.Add(frame);
        }

        public void Pass(Frame frame, int input, object value) => frame.Values[input] = function.Value(input, value);

        public void Run(Frame frame) => function.Run(frame);

        public Results All(Frame frame) => new(frame.Results[..function._outputs.Length]!, function._outputs);
    }
}
