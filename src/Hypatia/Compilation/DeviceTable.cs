using System.Collections.Concurrent;
using Hypatia.Devices;

namespace Hypatia.Compilation;

/// <summary>Devices by name, each made once.</summary>
internal static class DeviceTable
{
    private static readonly ConcurrentDictionary<Key, Device> Made = new();

    private sealed record Key(string Name, int Threads);

    /// <summary>The device that options choose.</summary>
    /// <exception cref="DeviceException">There is no such device.</exception>
    public static Device Of(Options options) => options.CustomDevice ?? Made.GetOrAdd(
        new Key(options.Device, options.Threads),
        key => key.Name switch
        {
            "reference" => new ReferenceDevice(),
            "cpu" when key.Threads > 0 => new Cpu.CpuDevice(new Cpu.CpuOptions { Threads = key.Threads }),
            "cpu" => new Cpu.CpuDevice(),
            _ => throw new DeviceException($"There is no device '{key.Name}'; use cpu or reference."),
        });
}
