using System.Globalization;
using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Block devices (cgroup-v2.rst, "IO"). Each property is a file, read or written when it is used.</summary>
/// <remarks>A file that is not there is a <see cref="CgroupException"/> with ENOENT; some depend on how the kernel was built (io.latency, io.cost) and on the device's scheduler.</remarks>
public sealed partial class IOController
{
    private readonly CgroupDirectory _directory;

    internal IOController(CgroupDirectory directory) => _directory = directory;

    /// <summary>The share beside its siblings where the device has none of its own: 1 to 10,000 (<c>io.weight</c>, default).</summary>
    /// <remarks>It is for <see cref="SetCostQuality"/>. The scheduler BFQ has a file of its own, <c>io.bfq.weight</c>, for <see cref="Cgroup.WriteFile"/>.</remarks>
    public int Weight
    {
        get => _directory.Parse("io.weight", static t => Weights(t).Default);
        set => _directory.Write("io.weight", string.Create(CultureInfo.InvariantCulture, $"default {CpuController.InRange(value, 1, 10_000)}"));
    }

    /// <summary>The limits of all devices that have some (<c>io.max</c>).</summary>
    public IReadOnlyDictionary<BlockDevice, IOLimits> Max
        => _directory.Parse("io.max", static t => NestedKeyed.Lines(t).ToDictionary(static l => BlockDevice.Parse(l.Key), static l => IOLimits.Parse(l.Values)));

    /// <summary>The shares of devices that have one of their own.</summary>
    public IReadOnlyDictionary<BlockDevice, int> DeviceWeights => _directory.Parse("io.weight", static t => Weights(t).Devices);

    /// <summary>The latencies that are aimed at (<c>io.latency</c>).</summary>
    public IReadOnlyDictionary<BlockDevice, TimeSpan> Latencies
        => _directory.Parse("io.latency", static t => NestedKeyed.Lines(t).ToDictionary(static l => BlockDevice.Parse(l.Key), static l => NestedKeyed.Microseconds(l.Values.FirstOrDefault(static v => v.Key == "target").Value)));

    /// <summary>What is done to the priority class of requests (<c>io.prio.class</c>, Linux 5.14).</summary>
    public IOPriorityClass PriorityClass
    {
        get => _directory.Parse("io.prio.class", static t => t switch
        {
            "no-change" => IOPriorityClass.NoChange,
            "promote-to-rt" or "none-to-rt" => IOPriorityClass.PromoteToRealTime,
            "restrict-to-be" => IOPriorityClass.RestrictToBestEffort,
            "idle" => IOPriorityClass.Idle,
            _ => throw new FormatException(),
        });
        set => _directory.Write("io.prio.class", value switch
        {
            IOPriorityClass.NoChange => "no-change",
            IOPriorityClass.PromoteToRealTime => "promote-to-rt",
            IOPriorityClass.RestrictToBestEffort => "restrict-to-be",
            IOPriorityClass.Idle => "idle",
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such class."),
        });
    }

    /// <summary>Limits what may be used of a device (<c>io.max</c>).</summary>
    /// <exception cref="CgroupException">ENODEV: there is no such device.</exception>
    public void SetMax(BlockDevice device, IOLimits limits) => _directory.Write("io.max", $"{device} {limits}");

    /// <summary>Gives a share of one device: 1 to 10,000; null for the default (<c>io.weight</c>).</summary>
    /// <exception cref="CgroupException">ENODEV: there is no such device; EOPNOTSUPP: its scheduler knows no weights.</exception>
    public void SetWeight(BlockDevice device, int? weight)
        => _directory.Write("io.weight", string.Create(CultureInfo.InvariantCulture, $"{device} {(weight is { } share ? CpuController.InRange(share, 1, 10_000) : (object)"default")}"));

    /// <summary>Aims at a latency of a device; zero for none (<c>io.latency</c>).</summary>
    public void SetLatency(BlockDevice device, TimeSpan target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target, TimeSpan.Zero);
        _directory.Write("io.latency", string.Create(CultureInfo.InvariantCulture, $"{device} target={target.Ticks / TimeSpan.TicksPerMicrosecond}"));
    }

    // "default 100", then "8:16 200".
    private static (int Default, IReadOnlyDictionary<BlockDevice, int> Devices) Weights(string text)
    {
        int ofAll = 100;
        var devices = new Dictionary<BlockDevice, int>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(' ');
            int weight = int.Parse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture);
            if (parts[0] == "default" || parts.Length == 1)
                ofAll = weight;
            else
                devices[BlockDevice.Parse(parts[0])] = weight;
        }

        return (ofAll, devices);
    }
}
