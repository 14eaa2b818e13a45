using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Tests.Devices;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Tests.Cpu;

public class CpuDeviceScalarTests : DeviceSuite
{
    protected override Device Device { get; } = new CpuDevice(new CpuOptions(1, 0));
}

public class CpuDevice128Tests : DeviceSuite
{
    protected override Device Device { get; } = new CpuDevice(new CpuOptions(1, 128));
}

public class CpuDevice256Tests : DeviceSuite
{
    protected override Device Device { get; } = new CpuDevice(new CpuOptions(3, 256));
}

public class CpuDevice512Tests : DeviceSuite
{
    protected override Device Device { get; } = new CpuDevice(new CpuOptions(2, 512));
}

public class CpuDeviceTests
{
    [Fact]
    public void Each_iteration_runs_once_where_the_length_is_read_from_memory()
    {
        const int most = 3000, n = 1000;
        var length = new Memory("n", DType.Int64, 1, MemoryScope.Global);
        var y = new Memory("y", DType.Int64, most, MemoryScope.Global);
        Variable i = Variable.Index("i", most), j = Variable.Index("j", most);
        Scalar extent = new Load(length, Scalar.Int(0));
        var kernel = new Kernel("counts", [new(length, false), new(y, true)], new Block(
            new For(i, extent, LoopKind.Parallel, new Block(
                new For(j, extent, LoopKind.Vector, new Block(new Accumulate(y, i, BinaryOp.Add, Scalar.Int(1))))))));
        long[] counts = new long[most];
        var device = new CpuDevice(new CpuOptions { Threads = 3 });
        using Window from = device.Open(new long[] { n }), to = device.Open(counts);
        device.Compile(kernel).Run([from.Buffer, to.Buffer]);
        Assert.Equal([.. Enumerable.Repeat((long)n, n), .. new long[most - n]], counts);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        const int rows = 500, columns = 301;
        var x = new Memory("x", DType.Float32, rows * columns, MemoryScope.Global);
        var y = new Memory("y", DType.Float32, rows, MemoryScope.Global);
        Variable i = Variable.Index("i", rows), j = Variable.Index("j", columns);
        var kernel = new Kernel("rows", [new(x, false), new(y, true)], new Block(
            new For(i, Scalar.Int(rows), LoopKind.Parallel, new Block(
                new For(j, Scalar.Int(columns), LoopKind.Vector, new Block(
                    new Accumulate(y, i, BinaryOp.Add, Scalar.Apply(
                        UnaryOp.Tanh, new Load(x, (i * Scalar.Int(columns)) + j)))))))));
        var random = new System.Random(1);
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextDouble())];

        float[] Run(int threads)
        {
            float[] result = new float[rows];
            var device = new CpuDevice(new CpuOptions(threads, new CpuOptions().VectorBits));
            using Window from = device.Open(values), to = device.Open(result);
            device.Compile(kernel).Run([from.Buffer, to.Buffer]);
            return result;
        }

        float[] one = Run(1);
        Assert.Equal(one, Run(2));
        Assert.Equal(one, Run(5));
    }

    [Fact]
    public void Buffers_that_do_not_fit_are_rejected()
    {
        var x = new Memory("x", DType.Float32, 4, MemoryScope.Global);
        var device = new CpuDevice();
        Executable executable = device.Compile(new Kernel("none", [new(x, false)], new Block()));
        using Buffer small = device.Allocate(DType.Float32, 3);
        ArgumentException error = Assert.Throws<ArgumentException>(() => executable.Run([small]));
        Assert.Equal("none needs 4 elements of float32 for x, got 3 of float32.", error.Message);
        error = Assert.Throws<ArgumentException>(() => executable.Run([]));
        Assert.Equal("none has 1 parameters, got 0 buffers.", error.Message);
    }
}
