using System.Runtime.InteropServices;
using System.Text;
using Hypatia.Benchmarks.Measuring;
using Microsoft.ML.OnnxRuntime;

namespace Hypatia.Benchmarks.Peers;

/// <summary>A model of ONNX, written as the protocol buffers of its format: nodes over named values.</summary>
/// <remarks>Source: onnx.proto of the ONNX project, version 17 of its operators.</remarks>
internal sealed class Onnx
{
    private readonly Message _graph = new();

    /// <summary>Adds a node.</summary>
    /// <param name="attributes">Its attributes: each a long or an array of longs.</param>
    public Onnx Node(string op, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new Message();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(4, op);
        foreach ((string name, object value) in attributes)
        {
            var attribute = new Message().Text(1, name);
            if (value is long[] numbers)
            {
                foreach (long number in numbers)
                {
                    attribute.Number(8, number);
                }

                attribute.Number(20, 7);
            }
            else
            {
                attribute.Number(3, (long)value).Number(20, 2);
            }

            node.Part(5, attribute);
        }

        _graph.Part(1, node);
        return this;
    }

    /// <summary>Adds a constant.</summary>
    public Onnx Constant(string name, NDArray value)
    {
        var tensor = new Message();
        foreach (long length in value.Shape)
        {
            tensor.Number(1, length);
        }

        tensor.Number(2, (int)ElementType(value.DType)).Text(8, name).Bytes(9, value.DType switch
        {
            DType.Float32 => MemoryMarshal.AsBytes(value.AsSpan<float>()),
            DType.Float64 => MemoryMarshal.AsBytes(value.AsSpan<double>()),
            _ => MemoryMarshal.AsBytes(value.AsSpan<long>()),
        });
        _graph.Part(5, tensor);
        return this;
    }

    /// <summary>The model as a contender, which writes into arrays that are given once.</summary>
    public Contender Contender(
        int threads, IReadOnlyList<(string Name, NDArray Value)> inputs, IReadOnlyList<(string Name, NDArray Value)> outputs)
    {
        foreach ((string name, NDArray value) in inputs)
        {
            _graph.Part(11, Declaration(name, value));
        }

        foreach ((string name, NDArray value) in outputs)
        {
            _graph.Part(12, Declaration(name, value));
        }

        byte[] model = new Message().Number(1, 8).Part(7, _graph.Text(2, "graph"))
            .Part(8, new Message().Text(1, "").Number(2, 17)).ToArray();
        return new Session(model, threads, inputs, outputs);
    }

    private static Message Declaration(string name, NDArray value)
    {
        var shape = new Message();
        foreach (long length in value.Shape)
        {
            shape.Part(1, new Message().Number(1, length));
        }

        Message tensor = new Message().Number(1, (int)ElementType(value.DType)).Part(2, shape);
        return new Message().Text(1, name).Part(2, new Message().Part(1, tensor));
    }

    private static Microsoft.ML.OnnxRuntime.Tensors.TensorElementType ElementType(DType dtype) => dtype switch
    {
        DType.Float32 => Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float,
        DType.Float64 => Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double,
        DType.Int64 => Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64,
        _ => throw new NotSupportedException($"{dtype}"),
    };

    private sealed class Session : Contender
    {
        private readonly InferenceSession _session;
        private readonly RunOptions _options = new();
        private readonly string[] _inputNames;
        private readonly string[] _outputNames;
        private readonly OrtValue[] _inputs;
        private readonly OrtValue[] _outputs;
        private readonly InProcess _call;

        public Session(
            byte[] model, int threads, IReadOnlyList<(string Name, NDArray Value)> inputs,
            IReadOnlyList<(string Name, NDArray Value)> outputs)
            : base("ONNX Runtime")
        {
            using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
            _session = new InferenceSession(model, options);
            _inputNames = [.. inputs.Select(input => input.Name)];
            _outputNames = [.. outputs.Select(output => output.Name)];
            _inputs = [.. inputs.Select(input => Value(input.Value))];
            _outputs = [.. outputs.Select(output => Value(output.Value))];
            _call = new InProcess(
                Name,
                () => _session.Run(_options, _inputNames, _inputs, _outputNames, _outputs),
                () => [.. outputs.Select(output => output.Value)]);
        }

        public override NDArray[] Result() => _call.Result();

        public override Timing Time(long calls) => _call.Time(calls);

        public override void Dispose()
        {
            foreach (OrtValue value in _inputs.Concat(_outputs))
            {
                value.Dispose();
            }

            _options.Dispose();
            _session.Dispose();
            base.Dispose();
        }

        // The arrays of benches are never moved: NDArray allocates them so.
        private static unsafe OrtValue Value(NDArray value)
        {
            long[] shape = [.. value.Shape];
            return value.DType switch
            {
                DType.Float32 => Of(value.AsSpan<float>(), shape, value.DType),
                DType.Float64 => Of(value.AsSpan<double>(), shape, value.DType),
                _ => Of(value.AsSpan<long>(), shape, value.DType),
            };

            static OrtValue Of<T>(ReadOnlySpan<T> elements, long[] shape, DType dtype)
                where T : unmanaged
            {
                fixed (T* pinned = elements)
                {
                    return OrtValue.CreateTensorValueWithData(
                        OrtMemoryInfo.DefaultInstance, ElementType(dtype), shape, (nint)pinned, elements.Length * sizeof(T));
                }
            }
        }
    }

    /// <summary>A message of protocol buffers: fields by number, in the order in which they are added.</summary>
    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public byte[] ToArray() => [.. _bytes];

        public Message Number(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Message Bytes(int field, ReadOnlySpan<byte> value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            _bytes.AddRange(value);
            return this;
        }

        public Message Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Message Part(int field, Message value) => Bytes(field, value.ToArray());

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                _bytes.Add((byte)(value | 0x80));
            }

            _bytes.Add((byte)value);
        }
    }
}
