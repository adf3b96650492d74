using Isolation.Cgroups.Files;
using Isolation.Cgroups.Interop;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Says which devices it, and those below it, may use: by an eBPF program of the kind cgroup-device (cgroup-v2.rst, "Device controller").</summary>
    /// <exception cref="LinuxException">EPERM: this needs CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN.</exception>
    public DeviceFilter AttachDeviceRules(DeviceRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return new DeviceFilter(_directory, rules);
    }

    /// <summary>The programs of the kind cgroup-device that are attached to it, of whoever: the kernel's id of each, and its name where it can be seen.</summary>
    /// <exception cref="CgroupException">EPERM: this needs CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN.</exception>
    public IReadOnlyList<(long Id, string? Name)> ListDeviceFilters()
    {
        Errno errno = Bpf.Query(Handle, out uint[] ids);
        return errno == Errno.None ? [.. ids.Select(static id => ((long)id, Bpf.NameOf(id)))] : throw Hints.Failure("list the device filters of", Path, null, null, errno, "bpf");
    }
}
