using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypatia.Devices;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Cpu;

/// <summary>Shows managed arrays where they are, each pinned while it is open. A pin costs 12 nanoseconds.</summary>
internal sealed unsafe class CpuWindow(DType dtype) : Window
{
    // So few stay pinned until another array comes: that costs less than letting go.
    private const long FewElements = 8;

    private readonly CpuBuffer _buffer = CpuBuffer.Empty(dtype);
    private PinnedGCHandle<Array?> _pin = new(null);
    private Array? _pinned;

    ~CpuWindow()
    {
        Dispose(disposing: false);
    }

    /// <inheritdoc/>
    public override Buffer Buffer => _buffer;

    /// <inheritdoc/>
    public override void Open(Array array, bool isPinned = false)
    {
        if (!isPinned && array != _pinned)
        {
            _pin.Target = _pinned = array;
        }

        _buffer.Show((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)), array.LongLength);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _buffer.Show(null, 0);
        if (_pinned is { LongLength: > FewElements })
        {
            _pin.Target = _pinned = null;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _pin.Dispose();
        base.Dispose(disposing);
    }
}
