using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypatia.Devices;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Cpu;

/// <summary>Shows managed arrays where they are, each pinned while it is open.</summary>
internal sealed unsafe class CpuWindow(DType dtype) : Window
{
    // So few stay pinned until the next call: that costs less than letting go.
    private const long FewElements = 8;

    private readonly CpuBuffer _buffer = CpuBuffer.Empty(dtype);
    private PinnedGCHandle<Array?> _pin = new(null);
    private Array? _array;

    ~CpuWindow()
    {
        Dispose(disposing: false);
    }

    /// <inheritdoc/>
    public override Buffer Buffer => _buffer;

    /// <inheritdoc/>
    public override void Open(Array array)
    {
        if (ReferenceEquals(array, _array))
        {
            return;
        }

        _pin.Target = _array = array;
        _buffer.Show((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)), array.LongLength);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_buffer.Count <= FewElements)
        {
            return;
        }

        _buffer.Show(null, 0);
        _pin.Target = _array = null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _pin.Dispose();
        base.Dispose(disposing);
    }
}
