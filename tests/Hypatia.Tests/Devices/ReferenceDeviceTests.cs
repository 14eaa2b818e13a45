using Hypatia.Devices;

namespace Hypatia.Tests.Devices;

public class ReferenceDeviceTests : DeviceSuite
{
    protected override Device Device { get; } = new ReferenceDevice();
}
