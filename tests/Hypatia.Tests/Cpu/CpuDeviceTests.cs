using Hypatia.Cpu;
using Hypatia.Devices;
using Hypatia.Tests.Devices;

namespace Hypatia.Tests.Cpu;

public class ScalarCpuDeviceTests : DeviceSuite
{
    protected override Device Device { get; } = new CpuDevice(new CpuOptions(1, 0));
}
