using Isolation.Fs;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// Shows a device of the host in the container, besides the harmless ones that <see cref="DefaultMounts.Dev"/> has. It is bound, so
    /// that an ordinary user can show those that he may use, with the owner and the permissions that it has on the host. Of a container
    /// with a cgroup of its own, <see cref="WithCgroupDevices"/> has to allow it, too.
    /// </summary>
    /// <param name="path">A character or block device, as an absolute path on the host, such as <c>/dev/fuse</c>.</param>
    /// <param name="target">An absolute path in the container; null for the same.</param>
    public ContainerBuilder WithDevice(string path, string? target = null)
        => With(new BindMountSpec(Absolute(path, "The device", nameof(path)), BelowRoot(target ?? path, "The target", nameof(target)), MountAccess.ReadWrite) { IsDevice = true });
}
