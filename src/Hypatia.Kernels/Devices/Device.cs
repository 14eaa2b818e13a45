using Hypatia.Loops;

namespace Hypatia.Devices;

/// <summary>Something that holds buffers and runs kernels. Safe to use from many threads.</summary>
public abstract class Device
{
    /// <summary>Name in plans and profiles, such as <c>cpu</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a buffer; its content is undefined.</summary>
    /// <exception cref="DeviceException">There is not enough memory.</exception>
    public abstract Buffer Allocate(DType dtype, long count);

    /// <summary>A buffer for host arrays that change from call to call, not copied where the device can do without.</summary>
    public abstract Window Window(DType dtype);

    /// <summary>A window that shows an array, of any rank, until it is disposed.</summary>
    public Window Open(Array array)
    {
        ArgumentNullException.ThrowIfNull(array);
        Window window = Window(DTypes.Of(array.GetType().GetElementType()!));
        window.Open(array);
        return window;
    }

    /// <summary>Translates a kernel into something the device can run.</summary>
    /// <exception cref="DeviceException">The kernel needs something that the device lacks.</exception>
    public abstract Executable Compile(Kernel kernel);
}

/// <summary>A flat array of elements on a device.</summary>
public abstract class Buffer(DType dtype, long count) : IDisposable
{
    /// <summary>Type of each element.</summary>
    public DType DType { get; } = dtype;

    /// <summary>Number of elements.</summary>
    public long Count { get; protected set; } = count;

    /// <summary>Part of this buffer, read as another dtype; valid as long as this buffer is.</summary>
    /// <param name="byteOffset">Where it starts: a multiple of the element's size.</param>
    /// <param name="dtype">How it is read.</param>
    /// <param name="count">Number of elements.</param>
    public abstract Buffer Slice(long byteOffset, DType dtype, long count);

    /// <summary>Copies all elements to a host array of as many elements of this dtype, whatever its rank.</summary>
    public abstract void CopyTo(Array destination);

    /// <summary>Copies all elements from a host array of as many elements of this dtype, whatever its rank.</summary>
    public abstract void CopyFrom(Array source);

    /// <summary>Copies all elements from another buffer of the same device, dtype and count.</summary>
    public abstract void CopyFrom(Buffer source);

    /// <summary>Frees the memory; further use is an error.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A buffer over a host array that may be another one in each call. For one call at a time.</summary>
public abstract class Window : IDisposable
{
    /// <summary>The elements of the array that is open.</summary>
    public abstract Buffer Buffer { get; }

    /// <summary>Shows an array of any rank, of the window's dtype, until it is closed.</summary>
    /// <param name="array">The array.</param>
    /// <param name="isPinned">Whether the collector never moves it, so that it can be shown where it is, and the caller keeps it alive.</param>
    public abstract void Open(Array array, bool isPinned = false);

    /// <summary>The array has what kernels wrote. It is no longer held on to, unless it is very small.</summary>
    public abstract void Close();

    /// <summary>Frees what the window needed; further use is an error.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the window needed.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A kernel made ready for one device. Safe to run from many threads at once.</summary>
public abstract class Executable(Kernel kernel)
{
    /// <summary>What it was made from.</summary>
    public Kernel Kernel { get; } = kernel;

    /// <summary>Begins, beside the caller, what the first run would otherwise wait for. Worth it where something is to be done before that.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Runs the kernel to its end.</summary>
    /// <param name="arguments">One buffer per parameter, in order, with its dtype and at least its count.</param>
    public abstract void Run(ReadOnlySpan<Buffer> arguments);
}

/// <summary>A device could not do what was asked: not enough memory, a missing library, an unsupported kernel.</summary>
public sealed class DeviceException : Exception
{
    /// <summary>No message.</summary>
    public DeviceException()
    {
    }

    /// <summary>A message that says what was asked, why it failed, and what to do.</summary>
    public DeviceException(string message)
        : base(message)
    {
    }

    /// <summary>A message, and what caused it.</summary>
    public DeviceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
