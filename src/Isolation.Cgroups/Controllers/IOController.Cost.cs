using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

public sealed partial class IOController
{
    /// <summary>What devices have to achieve before weights slow anything down; in the root cgroup only (<c>io.cost.qos</c>, Linux 5.4).</summary>
    public IReadOnlyDictionary<BlockDevice, IOCostQuality> CostQualities
        => _directory.Parse("io.cost.qos", static t => NestedKeyed.Lines(t).ToDictionary(static l => BlockDevice.Parse(l.Key), static l => IOCostQuality.Parse(l.Values)));

    /// <summary>What requests to devices cost; in the root cgroup only (<c>io.cost.model</c>, Linux 5.4).</summary>
    public IReadOnlyDictionary<BlockDevice, IOCostModel> CostModels
        => _directory.Parse("io.cost.model", static t => NestedKeyed.Lines(t).ToDictionary(static l => BlockDevice.Parse(l.Key), static l => IOCostModel.Parse(l.Values)));

    /// <summary>Switches the controller of costs for a device, without which <see cref="Weight"/> needs the scheduler BFQ; in the root cgroup only (<c>io.cost.qos</c>, Linux 5.4).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A percentile, scale or latency cannot be.</exception>
    /// <exception cref="CgroupException">ENODEV: there is no such device; EOPNOTSUPP: it has no queue of its own.</exception>
    public void SetCostQuality(BlockDevice device, IOCostQuality quality)
    {
        ArgumentNullException.ThrowIfNull(quality);
        _directory.Write("io.cost.qos", $"{device} {quality.Checked()}");
    }

    /// <summary>Says what requests to a device cost; in the root cgroup only (<c>io.cost.model</c>, Linux 5.4).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A figure is not positive.</exception>
    /// <exception cref="CgroupException">ENODEV: there is no such device.</exception>
    public void SetCostModel(BlockDevice device, IOCostModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _directory.Write("io.cost.model", $"{device} {model.Checked()}");
    }
}
