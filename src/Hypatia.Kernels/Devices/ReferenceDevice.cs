using Hypatia.Loops;

namespace Hypatia.Devices;

/// <summary>A device whose buffers are managed arrays and whose kernels are interpreted: slow, and right by definition.</summary>
public sealed class ReferenceDevice : Device
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override Buffer Allocate(DType dtype, long count) =>
        new ReferenceBuffer(new HostElements(Array.CreateInstance(dtype.ClrType(), count)));

    /// <inheritdoc/>
    public override Window Window(DType dtype) => new ReferenceWindow(dtype);

    /// <inheritdoc/>
    public override Executable Compile(Kernel kernel)
    {
        KernelVerifier.Verify(kernel);
        return new ReferenceExecutable(kernel);
    }

    private sealed class ReferenceWindow(DType dtype) : Window
    {
        private readonly ReferenceBuffer _buffer = new(new HostElements(Array.CreateInstance(dtype.ClrType(), 0)));

        public override Buffer Buffer => _buffer;

        public override void Open(Array array, bool isPinned = false) => _buffer.Show(new HostElements(array));

        public override void Close() => _buffer.Show(new HostElements(Array.CreateInstance(dtype.ClrType(), 0)));
    }

    private sealed class ReferenceBuffer(HostElements elements) : Buffer(elements.DType, elements.Count)
    {
        public HostElements Elements { get; private set; } = elements;

        public void Show(HostElements elements)
        {
            Elements = elements;
            Count = elements.Count;
        }

        public override Buffer Slice(long byteOffset, DType dtype, long count)
        {
            if (byteOffset < 0 || byteOffset % dtype.Size() != 0
                || byteOffset + (count * dtype.Size()) > Count * DType.Size())
            {
                throw new ArgumentOutOfRangeException(nameof(byteOffset), byteOffset,
                    $"{count} elements of {dtype.Name()} from this offset are not inside {Count} elements of {DType.Name()}.");
            }

            return new ReferenceBuffer(new HostElements(
                Elements.Array, Elements.ByteOffset + byteOffset, dtype, count));
        }

        public override void CopyTo(Array destination) => Copy(Elements, Checked(new HostElements(destination)));

        public override void CopyFrom(Array source) => Copy(Checked(new HostElements(source)), Elements);

        public override void CopyFrom(Buffer source) => Copy(Checked(((ReferenceBuffer)source).Elements), Elements);

        private static void Copy(HostElements from, HostElements to) => from.Bytes.CopyTo(to.Bytes);

        private HostElements Checked(HostElements other) =>
            other.DType == DType && other.Count == Count
                ? other
                : throw new ArgumentException(
                    $"{other.Count} elements of {other.DType.Name()} do not fit {Count} of {DType.Name()}.", nameof(other));
    }

    private sealed class ReferenceExecutable(Kernel kernel) : Executable(kernel)
    {
        public override void Run(ReadOnlySpan<Buffer> arguments)
        {
            var elements = new HostElements[arguments.Length];
            for (int i = 0; i < elements.Length; i++)
            {
                elements[i] = ((ReferenceBuffer)arguments[i]).Elements;
            }

            Interpreter.Run(Kernel, elements);
        }
    }
}
