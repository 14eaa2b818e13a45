using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Tests.Devices;

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
    protected override Device Device { get; } = new CpuDevice(new CpuOptions(1, 256));
}

public class CpuDevice512Tests : DeviceSuite
{
    protected override Device Device { get; } = new CpuDevice(new CpuOptions(2, 512));
}
