using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypatia.Devices;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Cpu;

/// <summary>Elements at an address: memory of its own aligned to a cache line, a window's array, or part of another buffer.</summary>
internal sealed unsafe class CpuBuffer : Buffer
{
    private readonly Block? _block;
    private readonly bool _ownsBlock;
    private byte* _address;

    private CpuBuffer(DType dtype, long count, byte* address, Block? block, bool ownsBlock)
        : base(dtype, count)
    {
        _address = address;
        _block = block;
        _ownsBlock = ownsBlock;
    }

    /// <summary>Where the elements are.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public byte* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address is null, this);
            return _address;
        }
    }

    private long Bytes => Count * DType.Size();

    /// <summary>Memory of its own, not cleared.</summary>
    public static CpuBuffer Allocate(DType dtype, long count)
    {
        Block block = Block.Allocate((nuint)Math.Max(1, count * dtype.Size()));
        return new CpuBuffer(dtype, count, (byte*)block.DangerousGetHandle(), block, ownsBlock: true);
    }

    /// <summary>No elements until some are shown.</summary>
    public static CpuBuffer Empty(DType dtype) => new(dtype, 0, null, null, ownsBlock: false);

    /// <summary>Elements that somebody else keeps in place; none at address 0.</summary>
    public void Show(byte* address, long count)
    {
        _address = address;
        Count = count;
    }

    /// <inheritdoc/>
    public override Buffer Slice(long byteOffset, DType dtype, long count) =>
        byteOffset >= 0 && byteOffset % dtype.Size() == 0 && byteOffset + (count * dtype.Size()) <= Bytes
            ? new CpuBuffer(dtype, count, Address + byteOffset, _block, ownsBlock: false)
            : throw new ArgumentOutOfRangeException(nameof(byteOffset), byteOffset,
                $"{count} elements of {dtype.Name()} from this offset are not inside {Count} elements of {DType.Name()}.");

    /// <inheritdoc/>
    public override void CopyTo(Array destination)
    {
        Check(DTypes.Of(destination.GetType().GetElementType()!), destination.LongLength);
        fixed (byte* to = &MemoryMarshal.GetArrayDataReference(destination))
        {
            System.Buffer.MemoryCopy(Address, to, Bytes, Bytes);
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void CopyFrom(Array source)
    {
        Check(DTypes.Of(source.GetType().GetElementType()!), source.LongLength);
        fixed (byte* from = &MemoryMarshal.GetArrayDataReference(source))
        {
            System.Buffer.MemoryCopy(from, Address, Bytes, Bytes);
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void CopyFrom(Buffer source)
    {
        Check(source.DType, source.Count);
        System.Buffer.MemoryCopy(((CpuBuffer)source).Address, Address, Bytes, Bytes);
        GC.KeepAlive(source);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _address = null;
        if (_ownsBlock)
        {
            _block!.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check(DType dtype, long count)
    {
        if (dtype != DType || count != Count)
        {
            throw new ArgumentException($"{count} elements of {dtype.Name()} do not fit {Count} of {DType.Name()}.");
        }
    }

    /// <summary>Memory that is freed when nothing refers to it anymore.</summary>
    private sealed class Block : SafeHandle
    {
        private const nuint CacheLine = 64;

        private long _bytes;

        private Block()
            : base(0, ownsHandle: true)
        {
        }

        public override bool IsInvalid => handle == 0;

        public static Block Allocate(nuint bytes)
        {
            var block = new Block();
            try
            {
                block.SetHandle((nint)NativeMemory.AlignedAlloc(bytes, CacheLine));
            }
            catch (OutOfMemoryException e)
            {
                block.Dispose();
                throw new DeviceException($"There is no memory for a buffer of {bytes} bytes; free others first.", e);
            }

            block._bytes = (long)bytes;
            GC.AddMemoryPressure(block._bytes);
            return block;
        }

        protected override bool ReleaseHandle()
        {
            NativeMemory.AlignedFree((void*)handle);
            GC.RemoveMemoryPressure(_bytes);
            return true;
        }
    }
}
