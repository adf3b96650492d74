using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Remote direct memory access (cgroup-v2.rst, "RDMA"): handles and objects of each device.</summary>
public sealed class RdmaController
{
    private readonly CgroupDirectory _directory;

    internal RdmaController(CgroupDirectory directory) => _directory = directory;

    /// <summary>The limits: by device, <c>hca_handle</c> and <c>hca_object</c> (<c>rdma.max</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, CgroupLimit>> Max => _directory.Parse("rdma.max", NamedResources.Nested);

    /// <summary>What is used, by device (<c>rdma.current</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, CgroupLimit>> Current => _directory.Parse("rdma.current", NamedResources.Nested);

    /// <summary>Limits a device.</summary>
    /// <exception cref="CgroupException">ENODEV: there is no such device.</exception>
    public void SetMax(string device, CgroupLimit handles, CgroupLimit objects) => _directory.Write("rdma.max", $"{NamedResources.Check(device)} hca_handle={handles} hca_object={objects}");
}
